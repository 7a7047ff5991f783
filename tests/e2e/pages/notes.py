"""Notes as those who write them see them, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class NotesPage:
    """The notes of a patient."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, patient: str) -> NotesPage:
        """Go there by its address."""
        self.page.goto(f"/patients/{patient}/notes/")
        return self

    @property
    def write(self) -> Locator:
        """The key action."""
        return self.page.get_by_role("button", name="Write note")

    def begin(self) -> DraftPage:
        """Begin a note."""
        self.write.click()
        return DraftPage(self.page)

    @property
    def drafts(self) -> Locator:
        """The drafts listed."""
        return self.page.get_by_role("region", name="Drafts").get_by_role("listitem")

    @property
    def signed(self) -> Locator:
        """The signed notes listed."""
        return self.page.get_by_role("region", name="Signed").get_by_role("listitem")


class DraftPage:
    """A draft, being written in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("button", name="Sign …")).to_be_visible()
        page.wait_for_load_state()

    def field(self, title: str) -> Locator:
        """A section by its title."""
        return self.page.get_by_label(title, exact=True)

    @property
    def status(self) -> Locator:
        """What is said of the last saving."""
        return self.page.locator("[data-status]")

    def type(self, title: str, words: str) -> None:
        """Type at the end of a section, as with a keyboard, and wait until it is saved."""
        field = self.field(title)
        field.focus()
        self.page.keyboard.press("Control+End")
        before = self.version
        self.page.keyboard.type(words)
        expect(self.status).not_to_contain_text(f"version {before}")
        expect(self.status).to_contain_text("version")

    @property
    def version(self) -> str:
        """The number of the version saved last."""
        return self.status.inner_text().rpartition("version ")[2].split(",")[0].split(".")[0]
