"""The out-of-hours clinic as its nurse and doctor see it, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.language import in_english


class WaitingRoom:
    """Who waits, and who is being seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> WaitingRoom:
        """Sign in; the waiting room comes first."""
        arrive(self.page, "staff", name)
        self.page.wait_for_url("**/out-of-hours/")
        in_english(self.page)
        return self

    def open(self) -> WaitingRoom:
        """By the menu."""
        self.page.get_by_role("navigation", name="Pages").get_by_role(
            "link", name="Waiting room"
        ).click()
        expect(self.waiting).to_be_visible()
        return self

    @property
    def waiting(self) -> Locator:
        """Those who wait."""
        return self.page.get_by_role("table", name="Waiting, the most urgent first")

    @property
    def taken(self) -> Locator:
        """Those somebody sees to."""
        return self.page.get_by_role("table", name="Being seen")

    def row(self, name: str) -> Locator:
        """One who waits."""
        return self.waiting.get_by_role("row").filter(has_text=name)

    def count(self) -> int:
        """How many are on the board, row by row."""
        return sum(
            each.locator("tbody").get_by_role("row").count() for each in (self.waiting, self.taken)
        )

    def has_counted(self, number: int) -> None:
        """The heading says as many as there are rows."""
        words = "patient is" if number == 1 else "patients are"
        expect(self.page.get_by_text(f"{number} {words} on the board.")).to_be_visible()
        assert self.count() == number

    def find(self, number: str) -> WaitingRoom:
        """Somebody who calls or comes, by her whole number; then the form."""
        self.page.get_by_role("link", name="Take a call, or register who comes").click()
        field = self.page.get_by_role("main").get_by_role("searchbox")
        field.fill(number)
        field.press("Enter")
        self.page.get_by_role("link", name="Call or arrival").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Call or arrival")
        return self

    def take_in(self, *, reason: str, then: str, urgency: str, words: str = "") -> WaitingRoom:
        """Fill in the form."""
        self.page.get_by_label("Why the patient calls or comes").fill(reason)
        self.page.get_by_label(urgency, exact=True).check()
        self.page.get_by_label(then).check()
        self.page.get_by_label("What was heard and advised").fill(words)
        self.page.get_by_role("button", name="Save", exact=True).click()
        return self

    def end(self, outcome: str, words: str) -> WaitingRoom:
        """How it ended, on the page of the contact."""
        self.page.get_by_label(outcome).check()
        self.page.get_by_label("To the GP: what was found, done and advised").fill(words)
        self.page.get_by_role("button", name="End the contact").click()
        return self
