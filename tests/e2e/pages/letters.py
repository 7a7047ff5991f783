"""Letters, as they are written, followed and opened."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.ways import to_part


class LettersPage:
    """The letters of the record that is open."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> LettersPage:
        """As a part of the record."""
        to_part(self.page, "Brev")
        expect(self.page.get_by_role("heading", name="Brev", exact=True)).to_be_visible()
        return self

    def write(self, title: str, text: str, *, unit: str = "") -> LettersPage:
        """Fill in a letter and have it shown."""
        self.page.get_by_role("link", name="Skriv et brev").click()
        self.page.get_by_label("Tittel").fill(title)
        self.page.get_by_label("Tekst").fill(text)
        self.page.get_by_role("group", name="Til").get_by_role("checkbox").check()
        self.page.get_by_label("En enhet, ved navn").fill(unit)
        self.page.get_by_role("button", name="Vis slik det blir mottatt").click()
        expect(self.page.get_by_role("heading", name="Slik det blir mottatt")).to_be_visible()
        return self

    def send(self) -> LettersPage:
        """Sign what is shown."""
        self.page.get_by_role("button", name="Signer og send").click()
        expect(self.page.get_by_text("Brevet er signert og står i journalen.")).to_be_visible()
        return self

    def letter(self, title: str) -> Locator:
        """One letter with its deliveries."""
        return self.page.get_by_role("article").filter(has_text=title)
