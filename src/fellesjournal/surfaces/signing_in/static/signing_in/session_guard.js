// The session guard: warns two minutes before a session ends for idleness, and when it has
// ended lets the user sign in beside the page. What she had sent is sent again; what stood in
// a form stands there still. For another person the page is loaded anew.
const guard = document.getElementById("session-guard");
const WARNING_SECONDS = 120;
const channel = new BroadcastChannel("fellesjournal-session");
let ends = 0;
let pending = null;

function alive(tell = true) {
  ends = Date.now() + Number(guard.dataset.idle) * 1000;
  if (guard.open && guard.dataset.shows === "warning") guard.close();
  if (tell) channel.postMessage("alive");
}

function show(what, title) {
  guard.dataset.shows = what;
  for (const part of guard.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== what;
  const heading = guard.querySelector("h2");
  heading.dataset.first ??= heading.textContent;
  heading.textContent = title ?? heading.dataset.first;
  if (!guard.open) guard.showModal();
}

function ended(reason) {
  const heading = guard.querySelector("h2");
  const again = guard.querySelector("[data-act='again']");
  const address = new URL(again.href);
  if (reason === "step-up") address.searchParams.set("step_up", "1");
  else address.searchParams.delete("step_up");
  again.href = address.href;
  show("ended", reason === "step-up" ? heading.dataset.textStepUp : heading.dataset.textEnded);
}

function over() {
  return Date.now() >= ends;
}

async function goOn() {
  const answer = await fetch(guard.dataset.state, { headers: { Accept: "application/json" } });
  const { mark } = await answer.json();
  if (!mark) return;
  if (mark !== guard.dataset.mark) {
    location.reload();
    return;
  }
  guard.dataset.shows = "";
  if (guard.open) guard.close();
  alive(false);
  const send = pending;
  pending = null;
  send?.();
}

function again(detail) {
  const { verb, path, elt, target, formData } = detail.requestConfig;
  return () => htmx.ajax(verb, path, { source: elt, target, values: Object.fromEntries(formData) });
}

document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401 && xhr.getResponseHeader("X-Sign-In")) {
    pending = again(event.detail);
    ended(xhr.getResponseHeader("X-Sign-In"));
  } else if (xhr.status) alive();
});

// Scripts that ask the server by themselves (autosave) tell here how it went.
document.addEventListener("session:alive", () => alive());
document.addEventListener("session:needed", ({ detail }) => {
  pending = detail.send;
  ended(detail.reason);
});

document.addEventListener("submit", (event) => {
  if (!over() || event.target.closest("#session-guard")) return;
  event.preventDefault();
  const form = event.target;
  const { submitter } = event;
  pending = () => form.requestSubmit(submitter);
  ended("again");
}, true);

channel.addEventListener("message", ({ data }) => {
  if (data === "alive" && guard.dataset.shows !== "ended") alive(false);
  if (data === "signed-in" && guard.dataset.shows) goOn();
});

guard.addEventListener("cancel", (event) => event.preventDefault());
guard.querySelector("[data-act='stay']").addEventListener("click", async () => {
  const answer = await fetch(guard.dataset.state, { headers: { Accept: "application/json" } });
  const { mark } = await answer.json();
  if (mark === guard.dataset.mark) alive();
  else ended("again");
});

setInterval(() => {
  if (over() && guard.dataset.shows !== "ended") ended("again");
  else if (Date.now() >= ends - WARNING_SECONDS * 1000 && !guard.open) show("warning");
}, 1000);
alive();
