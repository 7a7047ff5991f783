"""The ward and the stays of a patient, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class WardPage:
    """The board of a ward."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> WardPage:
        """By the header."""
        self.page.goto("/ward/")
        expect(self.page.get_by_role("table", name="In the ward, by bed")).to_be_visible()
        return self

    def row(self, name: str) -> Locator:
        """One who is in."""
        return self.page.get_by_role("row").filter(has_text=name)

    @property
    def rows(self) -> Locator:
        """All who are in."""
        return self.page.locator("tbody").get_by_role("row")

    def stay(self, name: str) -> StayPage:
        """Open one."""
        self.page.get_by_role("link", name=name).click()
        return StayPage(self.page)


class StayPage:
    """One stay."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Facts")).to_be_attached()

    def press(self, name: str, message: str) -> StayPage:
        """A button, and what the page answers."""
        self.page.get_by_role("button", name=name).click()
        expect(self.page.get_by_text(message)).to_be_visible()
        return self


def admit(page: Page, patient: str, *, reason: str, bed: str, doctor: str) -> StayPage:
    """From the record that is open, acute."""
    page.goto(f"/patients/{patient}/stays/")
    page.get_by_role("link", name="Admit", exact=True).click()
    page.get_by_label("Acute").check()
    page.get_by_label("Reason for admission").fill(reason)
    page.get_by_label("Room and bed").fill(bed)
    page.get_by_label("Responsible doctor").select_option(label=doctor)
    page.get_by_role("button", name="Admit", exact=True).click()
    expect(page.get_by_text("is admitted.")).to_be_visible()
    return StayPage(page)
