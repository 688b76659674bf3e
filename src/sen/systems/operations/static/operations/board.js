// The board: [data-print] prints it. On a map, pointing at a place or reaching it by the keyboard
// says its name and figures in [data-pointed]; a finger's first tap says them, the second opens.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const map of document.querySelectorAll("[data-map]")) {
  const said = map.querySelector("[data-pointed]");
  let shown = null;

  const show = (mark) => {
    if (!mark || mark === shown) return;
    shown?.removeAttribute("data-shown");
    shown = mark;
    mark.setAttribute("data-shown", "");
    const link = document.createElement("a");
    link.href = mark.getAttribute("href");
    link.textContent = mark.dataset.name;
    const words = document.createElement("span");
    words.textContent = mark.dataset.words;
    said.replaceChildren(link, words);
  };

  let touched = null;
  map.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest("a.op-mark");
    touched = event.pointerType === "mouse" || mark === shown ? null : mark;
  });
  map.addEventListener("click", (event) => {
    const mark = event.target.closest("a.op-mark");
    if (mark && mark === touched) event.preventDefault();
    touched = null;
    show(mark);
  });
  map.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") show(event.target.closest("a.op-mark"));
  });
  map.addEventListener("focusin", (event) => {
    if (!touched) show(event.target.closest("a.op-mark"));
  });
}
