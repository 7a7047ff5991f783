// Arrow keys move between the free times of a calendar; Tab leaves it. Without this script each
// free time is a stop of its own.
const place = (button) => {
  const { left, top } = button.getBoundingClientRect();
  return { x: Math.round(left), y: Math.round(top) };
};

const nearest = (from, all, key) => {
  const here = place(from);
  const ahead = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[key];
  let best = null;
  let least = Infinity;
  for (const other of all) {
    const there = place(other);
    const dx = there.x - here.x;
    const dy = there.y - here.y;
    if (dx * ahead[0] + dy * ahead[1] <= 0) continue;
    const far = ahead[0] ? Math.abs(dy) + Math.abs(dx) / 1000 : Math.abs(dx) * 1000 + Math.abs(dy);
    if (far < least) [best, least] = [other, far];
  }
  return best;
};

for (const table of document.querySelectorAll("[data-arrow-keys]")) {
  const all = [...table.querySelectorAll("button")];
  all.forEach((button, n) => { button.tabIndex = n === 0 ? 0 : -1; });
  table.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = event.target.closest("button");
    if (!from) return;
    event.preventDefault();
    const next = nearest(from, all, event.key);
    if (!next) return;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
