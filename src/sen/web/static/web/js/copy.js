// Codes: [data-copy] puts its value on the clipboard and says so in words.
function reveal(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

if (navigator.clipboard) {
  reveal(document);
  document.addEventListener("htmx:afterSwap", (event) => reveal(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.parentElement.querySelector("[role=status]");
    said.textContent = button.dataset.done;
    setTimeout(() => { said.textContent = ""; }, 2500);
  });
}
