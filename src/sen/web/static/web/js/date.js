// Dates: [data-date] writes the slashes of dd/mm/yyyy while digits are typed (numeric keyboards of
// phones have none). What is pasted or typed with other marks is left to the server to read.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-date]") || event.inputType?.startsWith("delete")) return;
  if (!/^[\d/]*$/.test(field.value) || field.selectionStart !== field.value.length) return;
  const digits = field.value.replaceAll("/", "").slice(0, 8);
  const parts = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  if (/^\d\/|^\d\d\/\d\//.test(field.value)) return; // 3/4/2026 typed with its own slashes
  field.value =
    parts[0] + (digits.length >= 2 ? "/" : "") + parts[1] + (digits.length >= 4 ? "/" : "") + parts[2];
});
