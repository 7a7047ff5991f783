// Counts the minutes of an emergency access down. When they are up the page is loaded anew, so
// that no closed record stays on a screen. Asks nothing of the server: a page left open must
// not keep a session alive.
const line = document.querySelector("[data-countdown]");

function tick() {
  const left = new Date(line.dataset.countdown) - Date.now();
  if (left <= 0) {
    line.textContent = line.dataset.countdownOver;
    window.location.reload();
    return;
  }
  line.querySelector("[data-minutes]").textContent = Math.ceil(left / 60000);
  setTimeout(tick, Math.min(left, 10000));
}

if (line) tick();
