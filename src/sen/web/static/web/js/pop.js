// Menus that open ([data-pop]) close by Escape, by a click elsewhere and when another one opens.
function closeAll(except) {
  for (const pop of document.querySelectorAll("details[data-pop][open]")) {
    if (pop !== except) pop.open = false;
  }
}

document.addEventListener("click", (event) => closeAll(event.target.closest("details[data-pop]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-pop][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
