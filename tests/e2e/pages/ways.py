"""The ways to pages: strips at a desk, the bar at the foot of a phone."""

from __future__ import annotations

from playwright.sync_api import Page


def to_part(page: Page, title: str, *, tabs: str = "Deler av journalen") -> None:
    """Open a part of the record at hand by its name."""
    _by(page, tabs, title, "I denne journalen")


def to_place(page: Page, title: str, *, places: str = "Sider") -> None:
    """Open a page of one's work by its name."""
    _by(page, places, title, "Alle sider")


def _by(page: Page, strip: str, title: str, sheet: str) -> None:
    found = page.get_by_role("navigation", name=strip).get_by_role("link", name=title, exact=True)
    if found.count() and found.first.is_visible():
        found.first.click()
        return
    bar = page.get_by_role("navigation", name="Hovedsider")
    bar.get_by_text("Mer", exact=True).click()
    bar.get_by_role("list", name=sheet).get_by_role("link", name=title, exact=True).click()


__all__ = ["to_part", "to_place"]
