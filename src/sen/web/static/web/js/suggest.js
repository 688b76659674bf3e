// Places: [data-suggest="url"] offers what the server finds for what is typed, in the browser's own
// list; taking one sends its code beside the text, changing the text takes the code back.
const waiting = new WeakMap();

function codeField(input) {
  let field = input.parentElement.querySelector(`input[type=hidden][name="${input.dataset.name}"]`);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: input.dataset.name });
    input.after(field);
  }
  return field;
}

function take(input) {
  const options = [...(input.list?.options ?? [])];
  const found = options.find((option) => option.value === input.value);
  codeField(input).value = found ? found.dataset.code : "";
  return Boolean(found);
}

async function find(input) {
  const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`);
  if (!answer.ok) return;
  const places = await answer.json();
  input.list.replaceChildren(...places.map(({ code, text }) => {
    const option = document.createElement("option");
    option.value = text;
    option.dataset.code = code;
    return option;
  }));
  take(input);
}

function start(root) {
  for (const input of root.querySelectorAll("[data-suggest][data-code]")) {
    if (input.dataset.code) codeField(input).value = input.dataset.code;
  }
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-suggest]")) return;
  clearTimeout(waiting.get(input));
  if (!take(input) && input.value.trim().length > 1) {
    waiting.set(input, setTimeout(() => find(input), 200));
  }
});

document.addEventListener("htmx:afterSwap", (event) => start(event.target));
start(document);
