// Ctrl+Enter presses the page's key button, as the button itself says.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  const button = document.querySelector("[data-ctrl-enter]");
  if (!button || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
