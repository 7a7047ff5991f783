// A form is saved as a draft when typing pauses, so that nothing typed is lost (INV-50). The
// address and version of the draft come back and are used from then on. Without scripts the same
// form is saved by its button.
const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-status]");
const PAUSE = 1500;
const RETRY = 5000;
let timer = null;
let flight = null;
let isStopped = false;
let saved = contents();

function contents() {
  const data = new FormData(form);
  for (const name of ["csrfmiddlewaretoken", "request_version"]) data.delete(name);
  return new URLSearchParams(data).toString();
}

function say(kind, values = {}) {
  line.textContent = line.dataset[kind].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

async function send() {
  const sent = contents();
  const body = new URLSearchParams(new FormData(form));
  body.set("save", "1");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { Accept: "application/json" },
    });
    if (answer.status === 409) {
      isStopped = true;
      say("refused");
      return;
    }
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const stands = await answer.json();
    if (stands.patient !== form.dataset.draft) return;
    form.action = stands.address;
    form.elements.namedItem("request_version").value = stands.version;
    window.history.replaceState(null, "", stands.address);
    saved = sent;
    say("saved", stands);
  } catch {
    say("failed");
  }
}

function save() {
  if (flight || isStopped || contents() === saved) return;
  flight = send().finally(() => {
    flight = null;
    if (!isStopped && contents() !== saved) schedule();
  });
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(save, line.textContent === line.dataset.failed ? RETRY : PAUSE);
}

form.addEventListener("input", schedule);
// A button sends all there is; what is on its way comes first, for it makes the draft's version.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!flight) {
    isStopped = true;
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  flight.then(() => {
    clearTimeout(timer);
    form.requestSubmit(submitter);
  });
});
window.addEventListener("beforeunload", (event) => {
  if (!isStopped && contents() !== saved) event.preventDefault();
});
