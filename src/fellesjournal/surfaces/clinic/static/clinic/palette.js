// The command palette: Ctrl+K opens it, typing narrows it, Enter goes to the first place left, or
// searches for a patient when none is. Where no place fits, patients with such a name are shown, with
// birth date and age. Arrow keys move among the places and the patients; Enter in the field opens a
// record only when there is one.
const palette = document.getElementById("palette");
const field = palette.querySelector("input[type='search']");
const stop = (place) => place.querySelector("a, button");
const places = [...palette.querySelectorAll("[data-place]")];
const people = palette.querySelector("[data-people]");
const found = palette.querySelector("[data-found]");
const none = palette.querySelector("[data-none]");

const shown = () => places.filter((place) => !place.hidden);
const LEAST = 3;
let timer = null;
let latest = 0;

async function find() {
  const asked = ++latest;
  const answer = await fetch(people.dataset.from, { method: "POST", body: new FormData(field.form) });
  if (!answer.ok || asked !== latest) return;
  people.innerHTML = (await answer.text()).trim();
  const n = people.children.length;
  found.textContent = n ? found.dataset.many.replace("{n}", n) : "";
}

function forget() {
  clearTimeout(timer);
  latest += 1;
  people.replaceChildren();
  found.textContent = "";
}

function narrow() {
  const words = field.value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const place of places) {
    const title = place.textContent.toLocaleLowerCase();
    place.hidden = !words.every((word) => title.includes(word));
  }
  none.hidden = shown().length > 0;
  forget();
  if (!none.hidden && field.value.trim().length >= LEAST) timer = setTimeout(find, 250);
}

function open() {
  field.value = "";
  narrow();
  palette.showModal();
  field.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  if (!palette.open) open();
});

document.querySelector("[data-opens='palette']")?.addEventListener("click", open);
field.addEventListener("input", narrow);

palette.querySelector("form[data-find]").addEventListener("submit", (event) => {
  const [first] = shown();
  if (!first) return;
  event.preventDefault();
  stop(first).click();
});

palette.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [field, ...[...shown(), ...people.children].map(stop)];
  const at = stops.indexOf(document.activeElement);
  stops[(at + step + stops.length) % stops.length].focus();
});
