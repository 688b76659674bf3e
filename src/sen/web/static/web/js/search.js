// Search boxes: [data-suggest-at="url"] opens a list of what somebody may mean while they type.
// Arrow keys walk it, Enter goes there, Escape closes; Enter in the field searches as without
// script. Nothing is asked while an input method composes a word, and nobody waits for old answers.
const WAIT = 180, SHORTEST = 2, KEPT = 60;
const kept = new Map();
let count = 0;

function begin(input) {
  const list = Object.assign(document.createElement("ul"), { id: `found-${(count += 1)}`, hidden: true });
  list.className = "pick-list search-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.list);
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  said.setAttribute("role", "status");
  input.form.append(list, said);
  input.type = "text"; // a combobox may not be a searchbox
  input.inputMode = input.enterKeyHint = "search";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  })) input.setAttribute(name, value);

  let at = -1, timer = 0, request = null;
  const options = () => [...list.children];

  function mark(to) {
    at = to;
    options().forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    const one = options()[at];
    if (one) {
      one.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", one.id);
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function open() {
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function draw(rows) {
    list.replaceChildren(...rows.map(({ href, pieces, hint }, place) => {
      const one = Object.assign(document.createElement("li"), { id: `${list.id}-${place}` });
      one.setAttribute("role", "option");
      one.dataset.href = href;
      for (const [text, meant] of pieces) {
        one.append(meant ? Object.assign(document.createElement("mark"), { textContent: text }) : text);
      }
      one.append(Object.assign(document.createElement("small"), { textContent: hint }));
      return one;
    }));
    mark(-1);
    open();
    said.textContent = rows.length ? input.dataset.many.replace("{n}", rows.length) : input.dataset.none;
  }

  async function find() {
    const typed = input.value.normalize("NFC").replace(/\s+/g, " ").trimStart();
    request?.abort();
    if (typed.trim().length < SHORTEST) return close();
    if (kept.has(typed)) return draw(kept.get(typed));
    const own = (request = new AbortController());
    try {
      const answer = await fetch(`${input.dataset.suggestAt}?q=${encodeURIComponent(typed)}`, { signal: own.signal });
      if (!answer.ok) return close();
      const { rows } = await answer.json();
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
      kept.set(typed, rows);
      if (document.activeElement === input && !own.signal.aborted) draw(rows);
    } catch {
      if (!own.signal.aborted) close();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(find, WAIT);
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) clearTimeout(timer);
    else later();
  });
  input.addEventListener("compositionstart", () => clearTimeout(timer));
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const many = list.children.length;
    if (step && many) {
      event.preventDefault();
      if (list.hidden) open();
      // The field itself stands between the last and the first.
      mark(((at + 1 + step + many + 1) % (many + 1)) - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      location.assign(options()[at].dataset.href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[data-href]");
    if (one) location.assign(one.dataset.href);
  });
}

for (const input of document.querySelectorAll("[data-suggest-at]")) begin(input);
