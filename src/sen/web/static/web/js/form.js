// Forms: [data-focus] takes the focus when it appears; [data-guard] asks before leaving what was
// typed; [data-autosave="url"] sends what was typed a moment after the last change and says so in
// the form's [data-saved] (its texts: data-saving, data-done, data-failed). [data-keep] holds what
// is sent in this tab until an answer shows that it arrived: if the session had ended, it stands on
// the page again after signing in, and the form's [data-restored] says so.
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

// A file field that sends nothing by itself says which files were chosen.
document.addEventListener("change", (event) => {
  const { target } = event;
  const place = target.type === "file" && target.closest(".drop")?.querySelector("[data-chosen]");
  if (!place || target.closest("[data-upload]")) return;
  place.textContent = [...target.files].map((file) => file.name).join(", ");
});

const KEPT = "sen-typed";
const SIGNING_IN = /^\/(dang-nhap|demo)\//;

function keep(form) {
  const values = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "version", "key"].includes(name),
  );
  const version = form.elements.version?.value ?? "";
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, version, values }));
}

function putBack() {
  const text = sessionStorage.getItem(KEPT);
  if (!text || SIGNING_IN.test(location.pathname)) return;
  sessionStorage.removeItem(KEPT);
  const { path, version, values } = JSON.parse(text);
  const form = document.querySelector("form[data-keep]");
  if (!form || path !== location.pathname || version !== (form.elements.version?.value ?? "")) return;
  for (const field of form.querySelectorAll("input, select, textarea")) {
    const typed = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!field.name || field.readOnly || field.type === "hidden" || field.type === "file") continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = typed.includes(field.value);
    else if (typed.length) field.value = typed[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dataset.dirty = "1";
  const note = form.querySelector("[data-restored]");
  if (note) note.hidden = false;
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]") && !event.defaultPrevented) keep(event.target);
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
putBack();
