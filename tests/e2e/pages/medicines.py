"""The medication list and the pages that change it, as a clinician at a keyboard meets them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class MedicinesPage:
    """The list of one patient."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_from_the_record(self) -> MedicinesPage:
        """Through the tabs of the record, by keyboard."""
        tab = self.page.get_by_role("navigation").get_by_role("link", name="Legemidler")
        tab.first.focus()
        self.page.keyboard.press("Enter")
        expect(self.heading).to_be_visible()
        return self

    @property
    def heading(self) -> Locator:
        """The title of the page."""
        return self.page.get_by_role("heading", name="Legemidler i bruk")

    @property
    def list(self) -> Locator:
        """The lines."""
        return self.page.get_by_role("region", name="Legemidler i bruk")

    def line(self, name: str) -> Locator:
        """The line of a medicine."""
        return self.list.get_by_role("article").filter(has_text=name)

    def shown(self) -> tuple[str, str]:
        """The number of the list and its fingerprint, as this page shows them."""
        region = self.list
        number = region.get_attribute("data-list-number") or ""
        return number, region.get_attribute("data-fingerprint") or ""

    def prescribe(self, words: str, name: str, dose: str) -> OrderPage:
        """Find a medicine and write the dose, without the mouse."""
        self.page.get_by_role("link", name="Forskriv", exact=True).focus()
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("searchbox", name="Legemiddel")).to_be_focused()
        self.page.keyboard.type(words)
        found = self.page.get_by_role("link", name=name)
        expect(found).to_be_visible()
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Tab")
        expect(found).to_be_focused()
        self.page.keyboard.press("Enter")
        return OrderPage(self.page).write(dose)

    def change(self, name: str) -> OrderPage:
        """Begin to change a line."""
        self.line(name).get_by_role("link", name="Endre").focus()
        self.page.keyboard.press("Enter")
        return OrderPage(self.page)


class OrderPage:
    """A dose on its way onto the list."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def dose(self) -> Locator:
        """Where the dose is written."""
        return self.page.get_by_role("textbox", name="Dose", exact=True)

    @property
    def said_back(self) -> Locator:
        """The dose as the page understood it."""
        return self.page.get_by_role("region", name="Dette forskriver du").or_(
            self.page.get_by_role("region", name="Dette er den nye dosen")
        )

    @property
    def alert(self) -> Locator:
        """What must be answered before going on."""
        return self.page.get_by_role("alertdialog")

    def write(self, dose: str, why: str = "") -> OrderPage:
        """Write the dose, and why it is changed, and see it said back."""
        expect(self.dose).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(dose)
        if why:
            self.page.get_by_role("textbox", name="Hvorfor det endres").focus()
            self.page.keyboard.type(why)
        self.page.keyboard.press("Enter")
        expect(self.said_back).to_be_visible()
        return self

    def go_on(self) -> None:
        """Confirm what was said back."""
        self.page.keyboard.press("Control+Enter")
