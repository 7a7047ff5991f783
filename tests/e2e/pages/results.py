"""Requisitions and results as staff and citizens see them, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

_ROUNDS = 60
"""How often to look again, each time half a second or more."""


class LaboratoryPage:
    """What is ordered and answered for a patient."""

    def __init__(self, page: Page, patient: str) -> None:
        self.page = page
        self.address = f"/patients/{patient}/laboratory/"

    def open(self) -> LaboratoryPage:
        """Go there by its address."""
        self.page.goto(self.address)
        expect(self.page.get_by_role("heading", name="Laboratory", exact=True)).to_be_visible()
        return self

    def begin(self) -> RequisitionForm:
        """Begin a requisition."""
        self.page.get_by_role("link", name="Order analyses").click()
        return RequisitionForm(self.page)

    @property
    def requisitions(self) -> Locator:
        """What is ordered, newest first."""
        return self.page.get_by_role("region", name="Requisitions").get_by_role("listitem")

    @property
    def results(self) -> Locator:
        """What is answered, newest first."""
        return self.page.get_by_role("region", name="Results").get_by_role("listitem")

    def wait_until(self, status: str) -> None:
        """Look again until the newest requisition has this status."""
        tag = self.requisitions.first.get_by_text(status, exact=True)
        for _ in range(_ROUNDS):
            self.page.reload(wait_until="networkidle")
            if tag.count():
                return
        raise AssertionError(f"never {status}: {self.requisitions.first.inner_text()}")


class RequisitionForm:
    """Ordering analyses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Order analyses")).to_be_visible()

    def choose(self, panel: str) -> RequisitionForm:
        """Choose a panel."""
        self.page.get_by_role("checkbox", name=panel, exact=True).check()
        return self

    def because(self, words: str) -> RequisitionForm:
        """Say why."""
        self.page.get_by_label("Why, and what the laboratory must know").fill(words)
        self.page.get_by_role("radio", name="Taken here now").check()
        return self

    def send(self) -> None:
        """Send it."""
        self.page.get_by_role("button", name="Send the requisition for").click()
        expect(
            self.page.get_by_role("status").or_(self.page.get_by_text("is sent.")).first
        ).to_be_visible()


class InboxPage:
    """The results that await somebody."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> InboxPage:
        """Go there by its address."""
        self.page.goto("/results/")
        expect(self.page.get_by_role("heading", name="Results to acknowledge")).to_be_visible()
        return self

    def rows(self, name: str) -> Locator:
        """The results of somebody that await her who is signed in."""
        return self.page.get_by_role("region", name="Awaits you").get_by_role("link", name=name)


class ReportPage:
    """One result."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def no_action(self) -> Locator:
        """The key action."""
        return self.page.get_by_role("button", name="Acknowledge: no action")

    def values(self) -> Locator:
        """The values, a row each."""
        return self.page.get_by_role("region", name="Values").get_by_role("row")

    def tab_to_the_key_action(self, most: int = 60) -> int:
        """Press Tab until the key action has the focus; how many times that took."""
        for presses in range(1, most):
            self.page.keyboard.press("Tab")
            if self.no_action.evaluate("each => each === document.activeElement"):
                return presses
        raise AssertionError("the key action can't be reached by keyboard")


class TestResultsPage:
    """A citizen's results."""

    __test__ = False  # no test, whatever its name

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> TestResultsPage:
        """Through the door on the first page, in English."""
        self.page.get_by_role("button", name="English").click()
        self.page.get_by_role("link", name="Test results").click()
        expect(self.page.get_by_role("heading", name="Test results", exact=True)).to_be_visible()
        return self

    @property
    def newest(self) -> Locator:
        """The newest result."""
        return self.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first
