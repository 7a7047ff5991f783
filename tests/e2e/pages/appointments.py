"""Appointments as a citizen and a GP see them, in English: the language the texts are written in."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class MyAppointments:
    """HelsaMi's list."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> MyAppointments:
        """Through the door on the first page."""
        self.page.goto("/helsami/")
        self.page.get_by_role("link", name="Appointments").click()
        expect(self.heading).to_be_visible()
        return self

    @property
    def heading(self) -> Locator:
        """The page's title."""
        return self.page.get_by_role("heading", name="Appointments", exact=True)

    def card(self, text: str) -> Locator:
        """The appointment that says this."""
        return self.page.get_by_role("main").get_by_role("listitem").filter(has_text=text)

    def book(self) -> TimesPage:
        """To the free times."""
        self.page.get_by_role("link", name="Book with the GP").click()
        return TimesPage(self.page, "Choose a time")

    def move(self, text: str) -> TimesPage:
        """To the free times, for one that stands."""
        self.card(text).get_by_role("link", name="Move").click()
        return TimesPage(self.page, "Choose a new time")

    def cancel(self, text: str, why: str) -> None:
        """Call one off."""
        self.card(text).get_by_role("link", name="Cancel the appointment").click()
        self.page.get_by_label("Why?").fill(why)
        self.page.get_by_role("button", name="Yes, cancel it").click()
        expect(self.page.get_by_text("The appointment is cancelled.")).to_be_visible()


class TimesPage:
    """Free times by day."""

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        expect(page.get_by_role("heading", name=title)).to_be_visible()

    def choose(self, *, day: int, who: str | None = None) -> str:
        """The first time of the n-th day shown, with this person if there are several; the date."""
        days = self.page.get_by_role("region").filter(has=self.page.get_by_role("list"))
        chosen = days.nth(day).get_attribute("aria-labelledby") or ""
        links = days.nth(day).get_by_role("link")
        (links if who is None else links.filter(has_text=who)).first.click()
        expect(self.page.get_by_role("heading", name="Is this right?")).to_be_visible()
        return chosen.removeprefix("day-")

    def confirm(self, button: str, *, reason: str = "") -> str:
        """Say why, and go on; answers the clock time that was chosen."""
        shown = self.page.get_by_role("main").inner_text()
        if reason:
            self.page.get_by_label("What is it about?").fill(reason)
        self.page.get_by_role("button", name=button).click()
        expect(self.page.get_by_role("heading", name="Appointments", exact=True)).to_be_visible()
        found = re.search(r" at (\d\d:\d\d)", shown)
        assert found is not None, shown
        return found[1]


class DayList:
    """The GP's day."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, day: str) -> DayList:
        """A day by its date."""
        self.page.goto(f"/day/?day={day}")
        return self

    def row(self, name: str, time: str) -> Locator:
        """The line of one patient at one time."""
        return self.page.get_by_role("row").filter(has_text=name).filter(has_text=time)

    def press(self, row: Locator, name: str) -> None:
        """A button in a row, by keyboard."""
        row.get_by_role("button", name=name).focus()
        self.page.keyboard.press("Enter")
