"""Closed records, emergency access and its review, as staff see them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import ChartPage


class ClosedPage:
    """Why a record is closed, with the form of emergency access."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(
            page.get_by_role("heading", name="Hvorfor er denne journalen lukket?")
        ).to_be_visible()

    @property
    def open_button(self) -> Locator:
        """Breaks the glass."""
        return self.page.get_by_role("button", name="Åpne journalen til")

    def break_glass(self, reason: str, words: str) -> ChartPage:
        """State a reason and open the record."""
        self.page.get_by_label(reason).check()
        self.page.get_by_label("Hva som har hendt").fill(words)
        self.open_button.click()
        expect(self.page.get_by_role("region", name="Pasient", exact=True)).to_be_visible()
        return ChartPage(self.page)


class ReviewsPage:
    """What awaits the leader."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Nødtilgang å gå gjennom")).to_be_visible()

    def of(self, words: str) -> Locator:
        """The review in which these words stand."""
        return self.page.get_by_role("article").filter(has_text=words)

    def decide(self, words: str, outcome: str, why: str = "") -> None:
        """Decide the review in which these words stand."""
        review = self.of(words)
        review.get_by_label(outcome, exact=True).check()
        review.get_by_label("Hvorfor, eller hva du spør om").fill(why)
        review.get_by_role("button", name="Lagre avgjørelsen").click()
