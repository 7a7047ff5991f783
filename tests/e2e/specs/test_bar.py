"""The bar of pages fits at a desk: nobody has to scroll it sideways to find a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.looking import accessibility_faults
from tests.e2e.pages.clinic import ClinicBar, work_as
from tests.e2e.pages.language import in_english

STAFF = (
    "Ragna Lyngbakk", "Jorid Ekremsbakk", "Gunnhild Tverrelv", "Amir Nordlykkja",
)  # fmt: skip


WIDTHS = (1280, 1024)


@pytest.mark.parametrize("name", STAFF)
def test_the_bar_of_pages_fits_for_each_role(open_page: Open, name: str) -> None:
    page = open_page(max(WIDTHS))
    work_as(page, name)
    assert _wider(page) == [], "in Norwegian"
    in_english(page)
    assert _wider(page) == [], "in English"


def _wider(page: Page) -> list[int]:
    """In which windows some of the bar is out of sight."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if ClinicBar(page).overflow() > 0:
            found.append(width)
    return found


def test_what_is_rare_stands_under_more_which_opens_and_closes(open_page: Open) -> None:
    page = open_page(1024)
    work_as(page, "Ragna Lyngbakk")
    in_english(page)
    bar = ClinicBar(page)
    rare = bar.links.filter(has_text="My emergency access")
    expect(rare).to_be_hidden()
    bar.more.click()
    expect(rare).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    expect(rare).to_be_hidden()
    expect(bar.more).to_be_focused()
    page.keyboard.press("Enter")
    rare.click()
    expect(page.get_by_role("heading", level=1, name="My emergency access")).to_be_visible()
