"""HelsaMi as a citizen sees it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive


class HelsaMi:
    """The citizens' pages."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in_as(self, name: str) -> HelsaMi:
        """Sign in as a citizen and accept the terms, if they are asked for."""
        arrive(self.page, "citizen", name)
        expect(self.heading.or_(self.terms)).to_be_visible()
        if self.terms.is_visible():
            self.page.get_by_role("button", name="Jeg godtar vilkårene").click()
        expect(self.heading).to_be_visible()
        return self

    @property
    def heading(self) -> Locator:
        """The greeting."""
        return self.page.get_by_role("heading", name="Hei, ")

    @property
    def terms(self) -> Locator:
        """The page of the terms."""
        return self.page.get_by_role("heading", name="Før du begynner")

    def who_has_seen(self) -> SeenPage:
        """Through the door on the first page."""
        self.page.get_by_role("link", name="Hvem har sett").click()
        return SeenPage(self.page)

    def blocks(self) -> BlocksPage:
        """Through the door on the first page."""
        self.page.get_by_role("link", name="Sperringer").click()
        return BlocksPage(self.page)

    def others(self) -> OthersPage:
        """Through the door on the first page."""
        self.page.get_by_role("link", name="Opptre for andre").click()
        return OthersPage(self.page)


class SeenPage:
    """Who has seen the record."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Hvem har sett")).to_be_visible()

    @property
    def visits(self) -> Locator:
        """Visits by staff."""
        staff = self.page.get_by_role("region", name="Personell")
        return staff.get_by_role("listitem")


class BlocksPage:
    """The blocks that hold."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Sperringer", exact=True)).to_be_visible()

    def new(self) -> NewBlockPage:
        """Begin to make one."""
        self.page.get_by_role("link", name="Lag en sperring").click()
        return NewBlockPage(self.page)


class NewBlockPage:
    """Making a block."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Lag en sperring")).to_be_visible()

    def find(self, words: str) -> None:
        """Look for people and units by name."""
        self.page.get_by_role("searchbox", name="Finn andre").fill(words)
        self.page.get_by_role("button", name="Finn").click()
        expect(self.page.get_by_text("Funnet", exact=True)).to_be_visible()

    def choose(self, name: str) -> None:
        """Choose the first of the listed with this name."""
        self.page.get_by_role("checkbox", name=name).first.check()

    def show_kinds(self) -> None:
        """Unfold the kinds of information."""
        self.page.get_by_text("Slags opplysninger", exact=True).click()

    def review(self) -> None:
        """Go on to what it means."""
        self.page.get_by_role("button", name="Se hva det betyr").click()
        expect(self.page.get_by_role("heading", name="Hva sperringen betyr")).to_be_visible()


class OthersPage:
    """Whom one acts for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Opptre for andre")).to_be_visible()

    def open_record_of(self, name: str) -> None:
        """Act for somebody."""
        self.page.get_by_role("button", name=f"Åpne journalen til {name}").click()
        expect(self.page.get_by_role("heading", name=f"Journalen til {name}")).to_be_visible()
