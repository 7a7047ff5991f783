// Writes beside each place of the bar how much awaits there. Asked once, when the page has come: a
// page left open must not keep a session alive. Without a script the places stand without numbers.
const bars = document.querySelectorAll("[data-waiting]");

async function count() {
  const answer = await fetch(bars[0].dataset.waiting, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const places = await answer.json();
  for (const link of document.querySelectorAll("[data-waiting] a")) {
    const found = places[new URL(link.href).pathname];
    if (found) mark(link, found);
  }
}

// The name of the link stays what it is: who speaks to her browser says what she sees. The number is
// drawn by the style sheet, so that it is no part of the text either.
function mark(link, { n, words }) {
  const number = document.createElement("span");
  number.className = "waiting";
  number.ariaHidden = "true";
  number.dataset.n = n > 99 ? "99+" : n;
  link.append(number);
  link.setAttribute("aria-description", words);
  link.title = words;
}

if (bars.length) count();
