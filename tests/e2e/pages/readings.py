"""Own measurements and home follow-up as citizens and staff see them, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class OwnMeasurementsPage:
    """A citizen's own measurements."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> OwnMeasurementsPage:
        """Through the door on the first page, in English."""
        self.page.goto("/helsami/")
        english = self.page.get_by_role("button", name="English")
        if english.is_visible():
            english.click()
        self.page.get_by_role("link", name="Own measurements").click()
        expect(self.page.get_by_role("heading", name="Own measurements")).to_be_visible()
        return self

    def write(self, upper: str, lower: str, pulse: str = "") -> OwnMeasurementsPage:
        """Fill in the numbers."""
        self.page.get_by_label("Upper pressure (mmHg)").fill(upper)
        self.page.get_by_label("Lower pressure (mmHg)").fill(lower)
        self.page.get_by_label("Pulse (/min)").fill(pulse)
        return self

    def once_more(self, upper: str) -> OwnMeasurementsPage:
        """Repeat an unusual number."""
        self.page.get_by_label("Upper pressure, once more").fill(upper)
        return self

    def save(self) -> None:
        """Send the form."""
        self.page.get_by_role("button", name="Save the measurement").click()


class AtHomePage:
    """What awaits staff."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> AtHomePage:
        """Go there by its address."""
        self.page.goto("/readings/")
        expect(self.page.get_by_role("heading", name="Measurements outside limits")).to_be_visible()
        return self

    def rows(self, name: str) -> Locator:
        """What awaits her who is signed in, of somebody."""
        return self.page.get_by_role("region", name="Awaits you").get_by_role("link", name=name)


class FollowUpPage:
    """Home follow-up of one patient."""

    def __init__(self, page: Page, patient: str) -> None:
        self.page = page
        self.address = f"/patients/{patient}/follow-up/"

    def open(self) -> FollowUpPage:
        """Go there by its address."""
        self.page.goto(self.address)
        expect(self.page.get_by_role("heading", name="Home follow-up", exact=True)).to_be_visible()
        return self

    def close(self, words: str) -> None:
        """Say that the patient is contacted."""
        for row in self.page.locator("input[name='task']").all():
            row.check()
        self.page.get_by_label("I have contacted the patient").check()
        self.page.get_by_label("In a few words").fill(words)
        self.page.get_by_role("button", name="Close th").click()
        expect(self.page.get_by_text("closed:")).to_be_visible()
