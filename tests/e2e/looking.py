"""Looking at a page as it stands: whether everybody can use it, and whether it fits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.running import PROJECT
from tests.tries import is_thorough

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = 1280, 360
WIDTHS = (DESK, PHONE)
DESK_FIRST = (DESK, pytest.param(PHONE, marks=pytest.mark.thorough))
"""The windows of a test of what is mostly done at a desk; PHONE_FIRST: on a telephone."""
PHONE_FIRST = (pytest.param(DESK, marks=pytest.mark.thorough), PHONE)
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
# In one go: each question to the browser takes as long as a small page. What is fetched into a page
# fades in, and half-way it has no colours of its own. resultTypes: what is right is not told, only
# counted, which halves the time.
_LOOK = """async ([rules, colours]) => {
  const until = Date.now() + 5000;
  while (document.querySelector('.htmx-request, .htmx-swapping')) {
    if (Date.now() > until) return ['what was asked for never came'];
    await new Promise(requestAnimationFrame);
  }
  await Promise.all(document.getAnimations().map(each => each.finished));
  if (!window.axe) return null;
  const found = await axe.run({
    runOnly: rules, preload: false, resultTypes: ['violations'],
    rules: {'color-contrast': {enabled: colours}},
  });
  return found.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html));
}"""
_BESIDE = """width => document.documentElement.scrollWidth <= width ? [] : [
  'wider than ' + width,
  ...[...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > width).map(e => e.outerHTML.slice(0, 200)),
]"""


def is_right(page: Page) -> None:
    """As it stands it has no accessibility fault, and it fits a desk and a telephone.

    What a narrow window hides or moves is looked at with axe on each page of its own, by
    test_every_page, and so are its colours, which every state has from the components of the
    gallery; here they take as long as all else that a test does.
    """
    assert accessibility_faults(page, colours=is_thorough()) == []
    assert beside_any(page) == [], page.url


def accessibility_faults(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA: rule and element, one line each. ``colours``: contrast too,
    which takes most of the time, and is the same in every language.
    """
    page.wait_for_load_state()  # a page on its way to another has nothing to look at
    found = page.evaluate(_LOOK, [_RULES, colours])
    if found is None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(_LOOK, [_RULES, colours])
    return [str(line) for line in found]


def beside(page: Page, width: int) -> list[str]:
    """What reaches beyond a window so wide, if that can be scrolled to; the window is left so wide."""
    now = page.viewport_size
    assert now is not None
    if width != now["width"]:
        page.set_viewport_size({"width": width, "height": now["height"]})
    return [str(element) for element in page.evaluate(_BESIDE, width)]


def beside_any(page: Page) -> list[str]:
    """What reaches beyond a window of a desk or of a telephone; the window is afterwards as it was."""
    before = page.viewport_size
    assert before is not None
    nearest_first = sorted(WIDTHS, key=lambda width: width != before["width"])
    found = [f"{width} {line}" for width in nearest_first for line in beside(page, width)]
    page.set_viewport_size(before)
    return found


__all__ = [
    "AXE",
    "DESK",
    "DESK_FIRST",
    "PHONE",
    "PHONE_FIRST",
    "WIDTHS",
    "accessibility_faults",
    "beside",
    "beside_any",
    "is_right",
]
