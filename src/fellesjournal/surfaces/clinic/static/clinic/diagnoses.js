// Diagnoses by words while one types in a field ([data-diagnoses]: the id of the field): each that
// fits is a button below it. A chosen one takes the place of the line one was writing; where the code
// has a field of its own ([data-code]), it goes there. Without scripts the code is written.
const PAUSE = 200;

for (const place of document.querySelectorAll("[data-diagnoses]")) {
  const field = document.getElementById(place.dataset.diagnoses);
  const code = place.dataset.code ? document.getElementById(place.dataset.code) : null;
  const list = place.querySelector("ul");
  const said = place.querySelector("[role='status']");
  let timer = null;
  let latest = 0;
  let chosen = null;

  const ends = () => {
    const at = field.selectionStart ?? field.value.length;
    const end = field.value.indexOf("\n", at);
    return [field.value.lastIndexOf("\n", at - 1) + 1, end < 0 ? field.value.length : end];
  };
  const line = () => field.value.slice(...ends()).trim();

  function choose(text) {
    const [from, to] = ends();
    const words = code ? text.slice(text.indexOf(" ") + 1) : text;
    field.setRangeText(words, from, to, "end");
    if (code) {
      code.value = text.slice(0, text.indexOf(" "));
      chosen = { words: field.value, code: code.value };
    }
    show([]);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(timer);
    field.focus();
  }

  function show(found) {
    list.replaceChildren(
      ...found.map((text) => {
        const item = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
        button.addEventListener("click", () => choose(text));
        item.append(button);
        return item;
      }),
    );
    place.classList.toggle("own-problems--found", found.length > 0);
    if (found.length) place.scrollIntoView({ block: "nearest" }); // never below the foot of the page
    said.textContent = found.length ? said.dataset.many.replace("{n}", found.length) : "";
  }

  async function ask() {
    const asked = ++latest;
    const words = line();
    if (words.length < 3) return show([]);
    const answer = await fetch(`${place.dataset.from}?q=${encodeURIComponent(words)}`);
    if (!answer.ok || asked !== latest) return;
    const { found } = await answer.json();
    // what stands there already is no suggestion
    show(found.filter((text) => text !== words).slice(0, 6));
  }

  field.addEventListener("input", () => {
    // another diagnosis is not sent with the code of the one that was chosen before
    if (chosen && field.value !== chosen.words) {
      if (code.value === chosen.code) code.value = "";
      chosen = null;
    }
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
