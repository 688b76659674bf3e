// Dialogs: [data-opens="id"] shows the <dialog id="id">; without scripts a link goes to its href.
// [data-confirms="id"] asks in that dialog before its form is sent; [data-closes] closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens], [data-confirms]");
  const id = opener?.dataset.opens ?? opener?.dataset.confirms;
  const dialog = id && document.getElementById(id);
  if (opener?.dataset.confirms && !opener.form.noValidate && !opener.form.reportValidity()) {
    event.preventDefault();
    return;
  }
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  } else if (event.target instanceof HTMLDialogElement && event.target.matches("[data-dialog]")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close(); // a click on the veil
  }
});
