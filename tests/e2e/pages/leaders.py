"""What leaders see, in English."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.language import in_english


class Leaders:
    """The leaders' half."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> Leaders:
        """Sign in, and go to its front page."""
        arrive(self.page, "staff", name)
        in_english(self.page)
        self.page.goto("/leaders/")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self

    def through(self, door: str) -> None:
        """Open a part by its door on the front page."""
        self.page.goto("/leaders/")
        self.page.get_by_role("main").get_by_role("link", name=door, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    @property
    def main(self) -> Locator:
        """The page itself."""
        return self.page.get_by_role("main")

    def follow(self, words: str) -> None:
        """Go on by a link of the page."""
        self.main.get_by_role("link", name=words).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def indicator(self, title: str) -> IndicatorPage:
        """Open an indicator by its tile."""
        self.through("Indicators")
        self.page.get_by_role("main").get_by_role("link", name=title).first.click()
        return IndicatorPage(self.page)


class IndicatorPage:
    """One indicator."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def row(self, unit: str) -> Locator:
        """The row of a unit."""
        table = self.page.get_by_role("table", name="By unit")
        return table.get_by_role("row").filter(has_text=unit)

    def counted(self, unit: str) -> tuple[int, int]:
        """Numerator and denominator of a unit."""
        words = self.row(unit).get_by_role("cell").nth(2).inner_text()
        above, below = ("".join(filter(str.isdigit, part)) for part in words.split("/"))
        return int(above), int(below)

    def wait_for_more_than(self, counted: int, unit: str, *, seconds: float) -> None:
        """Look again until the denominator of a unit has grown."""
        deadline = time.monotonic() + seconds
        while self.counted(unit)[1] <= counted:
            assert time.monotonic() < deadline, f"{unit} still counts {counted}"
            self.page.wait_for_timeout(1000)
            self.page.reload()


__all__ = ["IndicatorPage", "Leaders"]
