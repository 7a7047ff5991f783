// Keyboard: "/" goes to the patient search. Typing in a field is never disturbed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-shortcut='search']");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
