// Makes a list of suggestions beside a field into buttons: each puts its words into the field, on
// a line of its own below what stands there. Without scripts the list is read and typed from.
for (const list of document.querySelectorAll("[data-suggests]")) {
  for (const line of list.querySelectorAll("li")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = line.textContent;
    button.addEventListener("click", () => {
      const field = document.getElementById(list.dataset.suggests);
      const before = field.value.trimEnd();
      field.value = before ? `${before}\n${button.textContent}` : button.textContent;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    line.replaceChildren(button);
  }
}
