"""The ways to pages, in any language: strips at a desk, with "More" for the rare; the bar at the
foot of a phone.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def to_part(page: Page, title: str) -> None:
    """Open a part of the record at hand by its name."""
    _by(page, "nav.tabs", title, "#phone-record")


def to_place(page: Page, title: str) -> None:
    """Open a page of one's work by its name."""
    _by(page, ".site-nav", title, "#phone-places")


def _by(page: Page, strip: str, title: str, sheet: str) -> None:
    at_desk = page.locator(strip)
    if not at_desk.is_visible():
        bar = page.locator(".phone-bar")
        bar.locator("summary").click()
        _link(bar.locator(f"{sheet} + ul"), title).click()
        return
    rare = at_desk.locator("details").get_by_role(
        "link", name=title, exact=True, include_hidden=True
    )
    if rare.count():
        at_desk.locator("summary").click()
    _link(at_desk, title).click()


def _link(where: Locator, title: str) -> Locator:
    return where.get_by_role("link", name=title, exact=True)


__all__ = ["to_part", "to_place"]
