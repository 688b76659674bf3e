// Forms: [data-focus] takes the focus when it appears; [data-guard] asks before leaving what was
// typed; [data-autosave="url"] sends what was typed a moment after the last change and says so in
// the form's [data-saved] (its texts: data-saving, data-done, data-failed).
const PAUSE = 1500;
const timers = new WeakMap();

function focusFirst(root) {
  root.querySelector("[data-focus]")?.focus({ preventScroll: false });
}

function say(form, word) {
  const place = form.querySelector("[data-saved]");
  if (!place) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  place.textContent = word === "done" ? `${place.dataset.done} ${time}` : place.dataset[word] ?? "";
  place.dataset.state = word;
}

async function save(form) {
  say(form, "saving");
  const body = new FormData(form);
  for (const [key, value] of [...body]) if (value instanceof File) body.delete(key);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST", body, headers: { "X-Autosave": "1" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const version = answer.headers.get("X-Version");
    if (version && form.elements.version) form.elements.version.value = version;
    delete form.dataset.dirty;
    say(form, "done");
  } catch {
    say(form, "failed");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-guard], [data-autosave]")) return;
  form.dataset.dirty = "1";
  if (!form.dataset.autosave) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), PAUSE));
});

document.addEventListener("submit", (event) => {
  clearTimeout(timers.get(event.target));
  delete event.target.dataset.dirty;
  const pressed = event.submitter;
  if (event.target.method === "post" && pressed && !event.defaultPrevented) {
    setTimeout(() => pressed.setAttribute("aria-disabled", "true")); // after its value is taken
    setTimeout(() => pressed.removeAttribute("aria-disabled"), 8000);
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});

document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.target));
focusFirst(document);
