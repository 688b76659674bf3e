// Light, dark, as the device: shown at once; the same choice is sent so that the server keeps it.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-switch]");
  const chosen = event.submitter;
  if (!form || !chosen) return;
  event.preventDefault();
  const root = document.documentElement;
  if (chosen.value) root.dataset.theme = chosen.value;
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-switch] [name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === chosen.value));
  }
  const body = new FormData(form);
  body.set("theme", chosen.value);
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});
