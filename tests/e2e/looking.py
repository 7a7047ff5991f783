"""Looking at a page as it stands: whether everybody can use it, and whether it fits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.running import PROJECT
from tests.tries import is_thorough

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = 1280, 360
WIDTHS = (DESK, PHONE)
DESK_FIRST = (DESK, pytest.param(PHONE, marks=pytest.mark.thorough))
"""The windows of a test of what is mostly done at a desk; PHONE_FIRST: on a telephone."""
PHONE_FIRST = (pytest.param(DESK, marks=pytest.mark.thorough), PHONE)
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


def is_right(page: Page) -> None:
    """As it stands it has no accessibility fault, and it fits a desk and a telephone.

    What a narrow window hides or moves is looked at with axe on each page of its own, by
    test_every_page, and so are its colours, which every state has from the components of the
    gallery; here they take as long as all else that a test does.
    """
    assert accessibility_faults(page, colours=is_thorough()) == []
    assert [line for width in WIDTHS for line in beside(page, width)] == [], page.url


def accessibility_faults(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA: rule and element, one line each. ``colours``: contrast too,
    which takes most of the time, and is the same in every language.
    """
    page.wait_for_load_state()  # a page on its way to another has nothing to look at
    # what is fetched into it fades in: half-way it has no colours of its own
    expect(page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)
    page.evaluate("Promise.all(document.getAnimations().map(a => a.finished))")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # resultTypes: what is right is not told, only counted, which halves the time
    found = page.evaluate(
        "([rules, colours]) => axe.run({runOnly: rules, preload: false,"
        " rules: {'color-contrast': {enabled: colours}}, resultTypes: ['violations']})"
        ".then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html)))",
        [_RULES, colours],
    )
    return [str(line) for line in found]


def beside(page: Page, width: int) -> list[str]:
    """What reaches beyond a window so wide, if that can be scrolled to; the window is afterwards as it was."""
    before = page.viewport_size
    assert before is not None
    if width != before["width"]:
        page.set_viewport_size({"width": width, "height": before["height"]})
    found = page.evaluate(
        "width => document.documentElement.scrollWidth <= width ? []"
        " : ['wider than ' + width, ...[...document.body.querySelectorAll('*')]"
        ".filter(e => e.getBoundingClientRect().right > width).map(e => e.outerHTML.slice(0, 200))]",
        width,
    )
    if width != before["width"]:
        page.set_viewport_size(before)
    return [str(element) for element in found]


__all__ = [
    "AXE",
    "DESK",
    "DESK_FIRST",
    "PHONE",
    "PHONE_FIRST",
    "WIDTHS",
    "accessibility_faults",
    "beside",
    "is_right",
]
