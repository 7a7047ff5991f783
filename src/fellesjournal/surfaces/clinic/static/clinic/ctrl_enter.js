// Ctrl+Enter presses the button of the form the cursor is in, and that button says so. Where the
// cursor is in no form it is the page's key button. While something else is opened that is done
// instead ([data-instead]), or a folded form that the cursor has not reached, no other button is.
const LABEL = "Ctrl Enter";
const main = document.querySelector("main");
const sends = (each) => each.type === "submit" && !each.disabled;

function buttonOf(form) {
  const buttons = [...form.elements].filter(sends);
  return buttons.find((each) => each.matches("[data-ctrl-enter]")) ?? (buttons.length === 1 ? buttons[0] : null);
}

function target(at) {
  const form = at instanceof Element ? (at.form ?? at.closest("form")) : null;
  const opened = [...main.querySelectorAll("details[open]")].filter((each) => each.querySelector("form"));
  if (form && main.contains(form)) {
    const another = opened.some((each) => each.matches("[data-instead]") && !each.contains(form));
    return another ? null : buttonOf(form);
  }
  const key = main.querySelector("[data-ctrl-enter]");
  return key && opened.every((each) => each.contains(key)) ? key : null;
}

function say() {
  const now = target(document.activeElement);
  for (const each of main.querySelectorAll("button[data-ctrl-enter], button[aria-keyshortcuts='Control+Enter']")) {
    if (each === now) continue;
    each.removeAttribute("aria-keyshortcuts");
    each.querySelector("kbd")?.remove();
  }
  if (!now) return;
  now.setAttribute("aria-keyshortcuts", "Control+Enter");
  if (now.querySelector("kbd")) return;
  now.append(" ", Object.assign(document.createElement("kbd"), { textContent: LABEL }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  if (document.querySelector("dialog[open]")) return;
  const button = target(event.target);
  // A key that the page has given away does nothing by itself either.
  if (button || main.contains(event.target)) event.preventDefault();
  if (button) button.form.requestSubmit(button);
});
for (const each of ["focusin", "focusout"]) document.addEventListener(each, () => setTimeout(say));
document.addEventListener("toggle", say, true);
say();
