"""Messages as a citizen and as a unit see them, in English."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect


class MessagesPage:
    """A citizen's conversations."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> MessagesPage:
        """Through the door on the first page."""
        self.page.goto("/helsami/")
        self.page.get_by_role("link", name="Messages", exact=True).click()
        expect(self.page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()
        return self

    def begin(self) -> NewMessagePage:
        """Write a message."""
        self.page.get_by_role("link", name="Write a message").click()
        return NewMessagePage(self.page)


class NewMessagePage:
    """Writing to a unit."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Write a message")).to_be_visible()

    def to(self, unit: str) -> NewMessagePage:
        """Choose whom to write to."""
        self.page.get_by_role("radio", name=unit).check()
        return self

    def say(self, about: str, words: str) -> NewMessagePage:
        """What it is about, and the words."""
        self.page.get_by_label("What is it about?").fill(about)
        self.page.get_by_label("Your message").fill(words)
        return self

    def send(self) -> ConversationPage:
        """Send it."""
        self.page.get_by_role("button", name="Send the message").click()
        return ConversationPage(self.page)


class ConversationPage:
    """One conversation, as the citizen reads it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(self.said.first).to_be_visible()
        self.address = urlsplit(page.url).path

    @property
    def said(self) -> Locator:
        """The messages, oldest first."""
        return self.page.get_by_role("main").get_by_role("list").first.get_by_role("listitem")


class FirstPage:
    """The first page of HelsaMi, with the answers that wait there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> FirstPage:
        """By its address."""
        self.page.goto("/helsami/")
        return self

    def answer_in(self, conversation: ConversationPage) -> Locator:
        """The way to the unread answer in one conversation; others may have one too."""
        return self.page.get_by_role("main").locator(f'a[href="{conversation.address}"]')


class QueuePage:
    """The messages that await a unit."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> QueuePage:
        """Through the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name="Messages").first.click()
        expect(self.page.get_by_role("heading", name="Messages")).to_be_visible()
        return self

    def row(self, about: str) -> Locator:
        """The row of a message by what it is about."""
        return self.page.get_by_role("row").filter(has_text=about)

    def read(self, about: str) -> StaffConversationPage:
        """Open it."""
        self.row(about).get_by_role("link").click()
        return StaffConversationPage(self.page, about)


class StaffConversationPage:
    """One conversation, as the unit answers it."""

    def __init__(self, page: Page, about: str) -> None:
        self.page = page
        expect(page.get_by_role("heading", name=about)).to_be_visible()

    @property
    def words(self) -> Locator:
        """The field of the answer."""
        return self.page.get_by_role("textbox", name="Answer to")

    def take(self) -> None:
        """Make it one's own."""
        self.page.get_by_role("button", name="Take it").click()

    def answer(self, words: str) -> None:
        """Write and send."""
        self.words.fill(words)
        self.page.get_by_role("button", name="Send the answer").click()
