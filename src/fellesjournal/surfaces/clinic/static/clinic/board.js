// The waiting room is looked at anew every half minute, as long as somebody is there: not while
// the focus is inside the list (it would be lost), and not when nobody has touched the page for
// ten minutes, or an empty room would keep the session open.
const EVERY = 30_000;
const SOMEBODY_IS_THERE = 10 * 60_000;
let touched = Date.now();
for (const name of ["pointermove", "keydown", "touchstart"]) {
  document.addEventListener(name, () => { touched = Date.now(); }, { passive: true });
}

async function lookAnew() {
  const board = document.querySelector("[data-board]");
  if (document.hidden || board.contains(document.activeElement)) return;
  if (Date.now() - touched > SOMEBODY_IS_THERE) return;
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-board]");
  if (fresh && !board.contains(document.activeElement)) board.replaceWith(fresh);
}

setInterval(() => { lookAnew().catch(() => {}); }, EVERY);
