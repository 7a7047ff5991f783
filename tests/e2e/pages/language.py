"""The language of a page, switched at its foot."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def in_english(page: Page) -> None:
    """Choose English, in which most texts of pages are looked for by tests."""
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_load_state()
