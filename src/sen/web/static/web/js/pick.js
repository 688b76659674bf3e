// One of many: [data-pick="url"] opens a list of what the server finds for what is typed. Arrow
// keys walk it, Enter takes, Escape closes; what is taken sends its code beside the text, and a
// changed text takes the code back.
const state = new WeakMap();
let count = 0;

function hidden(input) {
  return state.get(input).code;
}

function begin(input) {
  if (state.has(input)) return;
  const list = Object.assign(document.createElement("ul"), { id: `pick-${(count += 1)}`, hidden: true });
  list.className = "pick-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.firstChild?.textContent?.trim() ?? "");
  const code = Object.assign(document.createElement("input"), {
    type: "hidden", name: input.dataset.name, value: input.dataset.code ?? "",
  });
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  input.after(code, list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  })) input.setAttribute(name, value);
  state.set(input, { list, code, said, at: -1, asked: 0, timer: 0 });
  for (const radio of document.querySelectorAll(`input[type=radio][name="${input.dataset.name}"]`)) {
    radio.addEventListener("change", () => {
      code.value = radio.value;
      code.disabled = true;
    });
  }
}

function close(input) {
  const held = state.get(input);
  held.list.hidden = true;
  held.at = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function move(input, to) {
  const held = state.get(input);
  const options = [...held.list.querySelectorAll("[role=option][data-value]")];
  if (!options.length) return;
  held.at = (to + options.length) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", String(place === held.at)));
  options[held.at].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[held.at].id);
}

function take(input, option) {
  input.value = option.dataset.label;
  hidden(input).value = option.dataset.value;
  hidden(input).disabled = false;
  close(input);
}

function draw(input, found) {
  const held = state.get(input);
  held.list.replaceChildren(...found.map(({ code, text, hint }, place) => {
    const option = Object.assign(document.createElement("li"), { id: `${held.list.id}-${place}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.value = code;
    option.dataset.label = text;
    option.textContent = text;
    if (hint) option.append(Object.assign(document.createElement("small"), { textContent: hint }));
    return option;
  }));
  held.said.textContent = found.length ? String(found.length) : input.dataset.empty;
  if (!found.length) {
    const none = Object.assign(document.createElement("li"), { textContent: input.dataset.empty });
    none.className = "quiet";
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    held.list.append(none);
  }
  held.at = -1;
  held.list.hidden = false;
  input.setAttribute("aria-expanded", "true");
}

async function find(input) {
  const held = state.get(input);
  const asked = (held.asked += 1);
  const joint = input.dataset.pick.includes("?") ? "&" : "?";
  const answer = await fetch(`${input.dataset.pick}${joint}q=${encodeURIComponent(input.value)}`);
  if (!answer.ok || asked !== held.asked || document.activeElement !== input) return;
  draw(input, await answer.json());
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-pick]")) return;
  begin(input);
  const held = state.get(input);
  held.code.value = "";
  clearTimeout(held.timer);
  if (input.value.trim().length < 2) close(input);
  else held.timer = setTimeout(() => find(input), 150);
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-pick]")) return;
  const held = state.get(input);
  if (!held || held.list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(input, event.key === "ArrowDown" ? held.at + 1 : held.at < 0 ? -1 : held.at - 1);
  } else if (event.key === "Enter" && held.at >= 0) {
    event.preventDefault();
    take(input, held.list.querySelectorAll("[data-value]")[held.at]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(input);
  }
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.(".pick-list [data-value]");
  if (!option) return;
  event.preventDefault();
  take(option.closest(".pick").querySelector("[data-pick]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-pick]") && state.has(event.target)) close(event.target);
});

function start(root) {
  for (const input of root.querySelectorAll("[data-pick]")) begin(input);
}

document.addEventListener("htmx:afterSwap", (event) => start(event.target));
start(document);
