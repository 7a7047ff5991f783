"""Working a page by keyboard alone, as somebody without a mouse does.

Every stop is looked at: the focus must be seen, in the window, and not behind the patient's banner
(WCAG 2.4.7, 2.4.11). A stop that is not reached within a round of the page is a trap or a gap.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

_FOCUS = """() => {
  const it = document.activeElement;
  // the content, to which the first stop leads, is none itself
  if (!it || it === document.body || it.matches("main")) return {name: "", faults: []};
  const faults = [];
  const style = getComputedStyle(it);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!seen && style.boxShadow === "none") faults.push("the focus can't be seen");
  const box = it.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (!inside) faults.push("is outside the window");
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const banner = document.querySelector(".patient-banner");
  if (inside && banner && !banner.contains(it) && banner.contains(top)) faults.push("is behind the banner");
  if (it.tabIndex > 0) faults.push("jumps the order");
  const label = it.labels?.[0]?.textContent ?? it.getAttribute("aria-label") ?? it.textContent ?? "";
  return {name: it.tagName + " " + label.trim().replace(/\\s+/g, " ").slice(0, 60), faults};
}"""
_POINTERS = """() => {
  for (const kind of ["pointerdown", "mousedown", "touchstart"])
    addEventListener(kind, () => { sessionStorage.pointed = "yes"; }, true);
}"""
_MOST = 150


class Keyboard:
    """Somebody's keys on one page; ``faults`` is what was wrong with the stops she passed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.presses = 0
        page.add_init_script(f"({_POINTERS})()")

    def press(self, *keys: str) -> None:
        """One key or chord after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        """Words, where the focus is."""
        assert self.page.evaluate("document.activeElement.matches('input, textarea')"), words
        self.page.keyboard.type(words)

    def tab_to(self, what: Locator, *, most: int = _MOST) -> int:
        """Press Tab until ``what`` has the focus; how often that took. Each stop is looked at."""
        expect(what).to_be_visible()
        for presses in range(1, most + 1):
            self.press("Tab")
            self.look()
            if what.evaluate("each => each === document.activeElement"):
                return presses
        raise AssertionError(f"never reached within {most} stops: {what}")

    def to_content(self) -> None:
        """Past the menus, by the first stop of the page."""
        self.press("Tab", "Enter")
        expect(self.page.get_by_role("main")).to_be_focused()

    def go_to(self, words: str) -> None:
        """A page, or something to begin, by the palette."""
        self.page.wait_for_load_state()
        before = self.page.url
        self.press("Control+k")
        expect(self.page.get_by_role("dialog", name="Gå til")).to_be_visible()
        self.type(words)
        self.press("Enter")
        self.page.wait_for_url(lambda address: address != before)
        self.page.wait_for_load_state()

    def look(self) -> None:
        """Note what is wrong with where the focus is."""
        found = self.page.evaluate(_FOCUS)
        self.faults += [f"{self.page.url}: {found['name']} {fault}" for fault in found["faults"]]

    def go_round(self) -> list[str]:
        """Through the whole page and back to where the round began: the stops in their order.

        Fails when the round never ends or leaves out something that can be acted on.
        """
        stops: list[str] = []
        for _ in range(_MOST):
            self.press("Tab")
            self.look()
            found = self.page.evaluate(_FOCUS)
            if not found["name"]:
                continue  # out of the page, into the browser; the next is the first stop
            if self.page.evaluate(_MET):
                break
            stops.append(str(found["name"]))
        else:
            raise AssertionError(f"{self.page.url}: no end to it: {stops[-10:]}")
        left_out = self.page.evaluate(_LEFT_OUT)
        assert left_out == [], f"{self.page.url}: never reached: {left_out}"
        return stops

    def used_a_pointer(self) -> bool:
        """Whether a mouse or a finger was used after all."""
        return bool(self.page.evaluate("'pointed' in sessionStorage"))


_MET = """() => {
  const before = "met" in document.activeElement.dataset;
  document.activeElement.dataset.met = "";
  return before;
}"""
_LEFT_OUT = """() => {
  const stops = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const chosen = (each) => each.type !== "radio" || each.checked ||
    !each.form || !each.form.querySelector(`[name="${each.name}"]:checked, [name="${each.name}"][data-met]`);
  return [...document.querySelectorAll(stops)]
    .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.disabled)
    .filter((each) => !("met" in each.dataset) && each.tabIndex >= 0 && chosen(each))
    .map((each) => each.outerHTML.slice(0, 120));
}"""

__all__ = ["Keyboard"]
