// Autosave: what is typed in a draft is sent when typing pauses, and when the page goes away.
// The server merges it with what others have written; what it could not merge stands beside,
// and both texts stay on the page. Without scripts the same form is sent by its button.
const form = document.querySelector("form[data-autosave]");
const line = form.querySelector("[data-status]");
const PAUSE = 800;
const LONGEST = 5000;
const RETRY = [1000, 3000, 8000, 15000];
let timer = null;
let since = 0;
let flight = null;
let inFlight = null;
let failures = 0;
let stopped = false;

const boxes = () => [...form.querySelectorAll("textarea[data-section]")];
const texts = () => new Map(boxes().map((box) => [box.name, box.value]));
let saved = texts();
const changed = () => boxes().some((box) => box.value !== saved.get(box.name));
const field = (name) => form.elements.namedItem(name);

function say(kind, values = {}) {
  line.dataset.state = kind;
  line.textContent = line.dataset[kind].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function body() {
  const data = new URLSearchParams(new FormData(form));
  // What is on its way already: the server may have it before this comes.
  if (inFlight) for (const [name, text] of inFlight) data.set(`sent-${name}`, text);
  return data;
}

function put(box, text) {
  const { selectionStart, selectionEnd } = box;
  const before = box.value;
  let same = 0;
  while (same < before.length && before[same] === text[same]) same += 1;
  const shift = text.length - before.length;
  const moved = (at) => (at <= same ? at : Math.max(same, at + shift));
  box.value = text;
  if (document.activeElement === box) box.setSelectionRange(moved(selectionStart), moved(selectionEnd));
}

// Her text met another in the same lines: the note's text gets a field of its own beside it.
function beside(box, text) {
  const name = box.name;
  const side = box.closest("[data-side]");
  const other = form.querySelector(`template[data-beside="${name}"]`).content.cloneNode(true);
  const label = side.querySelector("label");
  box.name = box.id = label.htmlFor = `mine-${name}`;
  label.textContent = label.dataset.own;
  const theirs = other.querySelector("textarea");
  theirs.value = text;
  side.append(other.querySelector("[data-acts]"));
  side.before(other);
  side.parentElement.classList.add("note-sides--two");
}

function apply(answer, sent) {
  let merged = false;
  for (const [name, text] of Object.entries(answer.sections)) {
    const box = field(name);
    const base = field(`base-${name}`);
    if (!box || !base) continue;
    const mine = sent.get(name);
    if (answer.collided.includes(name)) {
      if (field(`mine-${name}`)) put(box, text);
      else beside(box, text);
      base.value = text;
      sent.set(name, text);
      sent.set(`mine-${name}`, mine);
    } else if (text === mine || !(text + mine).trim()) {
      base.value = mine;
    } else if (box.value === mine) {
      put(box, text);
      base.value = text;
      sent.set(name, text);
      merged = true;
    } else base.value = mine; // she types on: hers is in the note, the rest comes with the next
  }
  saved = sent;
  const said = { time: answer.time, version: answer.version, name: answer.authors.join(", ") };
  if (answer.collided.length) {
    say("collided", said);
    line.setAttribute("role", "alert");
  } else say(merged ? "merged" : "saved", said);
}

// She has signed out and in again in another window: the form's token is out of date. Only the
// same person goes on in it.
async function renewed() {
  const page = await (await fetch(form.action, { headers: { Accept: "text/html" } })).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-autosave]");
  if (!fresh || fresh.dataset.who !== form.dataset.who) return false;
  const token = fresh.elements.namedItem("csrfmiddlewaretoken").value;
  field("csrfmiddlewaretoken").value = token;
  return true;
}

async function send(keepalive, again = false) {
  const sent = texts();
  const asked = fetch(form.action, {
    method: "POST",
    body: body(),
    keepalive,
    headers: { Accept: "application/json", "HX-Request": "true" },
  });
  inFlight = sent;
  const response = await asked;
  if (response.status === 401) {
    say("waiting");
    const detail = { reason: response.headers.get("X-Sign-In"), send: () => save() };
    document.dispatchEvent(new CustomEvent("session:needed", { detail }));
    return;
  }
  if (response.status === 403 && !again && (await renewed())) {
    await send(keepalive, true);
    return;
  }
  const answer = await response.json();
  if (response.status === 409) {
    stopped = true;
    say("refused", answer);
    line.setAttribute("role", "alert");
    return;
  }
  if (!response.ok) throw new Error(String(response.status));
  document.dispatchEvent(new CustomEvent("session:alive"));
  // Never another patient's words on this page, however late they come.
  if (answer.patient !== form.dataset.patient || answer.note !== form.dataset.note) return;
  failures = 0;
  since = 0;
  apply(answer, sent);
}

function save(keepalive = false) {
  clearTimeout(timer);
  if (stopped) return Promise.resolve();
  if (flight && !keepalive) return flight.then(() => (changed() ? save() : undefined));
  flight = send(keepalive)
    .catch(() => {
      say("failed");
      timer = setTimeout(save, RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    })
    .finally(() => {
      flight = inFlight = null;
      if (changed() && !failures && line.dataset.state !== "waiting") schedule();
    });
  return flight;
}

function schedule() {
  if (stopped) return;
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
}

form.addEventListener("input", () => {
  if (line.dataset.state !== "failed" && !stopped) say("typing");
  schedule();
});

// A button sends all there is; what is on its way comes first, so that it meets nothing of itself.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!flight) {
    stopped = true;
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  flight.then(() => {
    clearTimeout(timer);
    form.requestSubmit(submitter);
  });
});

function leave() {
  if (changed() && !stopped) save(true);
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave();
});
window.addEventListener("pagehide", leave);
window.addEventListener("beforeunload", (event) => {
  if (changed() && failures) event.preventDefault();
});
