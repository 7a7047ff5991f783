// Keyboard: "/" goes to the patient search, "?" shows all shortcuts. Typing in a field is never
// disturbed, and who dictates can turn single keys off (WCAG 2.1.4): the choice stays in the browser.
const CHOICE = "fellesjournal-single-keys";
const list = document.getElementById("shortcuts");

function search() {
  const field = document.querySelector("[data-shortcut='search']");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function show() {
  list?.showModal();
  return Boolean(list);
}

const keys = { "/": search, "?": show };

document.addEventListener("keydown", (event) => {
  if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  if (document.querySelector("dialog[open]") || localStorage.getItem(CHOICE) === "off") return;
  if (keys[event.key]()) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-opens='shortcuts']")) {
  opener.addEventListener("click", (event) => {
    if (show()) event.preventDefault();
  });
}

for (const choice of document.querySelectorAll("[data-single-keys]")) {
  const box = choice.querySelector("input");
  box.checked = localStorage.getItem(CHOICE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(CHOICE, box.checked ? "on" : "off"));
  choice.hidden = false;
}
