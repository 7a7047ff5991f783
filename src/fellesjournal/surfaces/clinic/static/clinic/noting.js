// Noting down: Ctrl+Enter saves the form one is in; diagnoses are suggested while one types.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-save-with-enter]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

const list = document.getElementById("diagnoses");
const field = document.querySelector(`input[list='${list.id}']`);
let latest = 0;
field.addEventListener("input", async () => {
  const asked = ++latest;
  const answer = await fetch(`${list.dataset.from}?q=${encodeURIComponent(field.value)}`);
  if (!answer.ok || asked !== latest) return;
  const { found } = await answer.json();
  list.replaceChildren(...found.map((text) => Object.assign(document.createElement("option"), { value: text })));
});
