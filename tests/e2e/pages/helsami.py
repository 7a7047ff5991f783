"""HelsaMi as a citizen sees it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import SignInPage


class HelsaMi:
    """The citizens' pages."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in_as(self, name: str) -> HelsaMi:
        """Sign in as a citizen and accept the terms, if they are asked for."""
        self.page.goto("/helsami/")
        SignInPage(self.page).choose("HelsaMi", name)
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
