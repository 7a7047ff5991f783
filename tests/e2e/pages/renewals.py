"""Renewals as a citizen asks for them and a GP answers, in English."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class OwnMedicinesPage:
    """What a citizen takes, and how far each renewal has come."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> OwnMedicinesPage:
        """Through the door on the first page."""
        self.page.goto("/helsami/")
        self.page.get_by_role("link", name="Medicines", exact=True).click()
        expect(self.page.get_by_role("heading", name="Medicines", exact=True)).to_be_visible()
        return self

    def ask(self) -> AskPage:
        """Begin to ask."""
        self.page.get_by_role("link", name="Ask for renewal").click()
        return AskPage(self.page)

    def line(self, name: str) -> Locator:
        """The card of a medicine in use."""
        listed = self.page.get_by_role("region", name="Medicines in use")
        return listed.get_by_role("listitem").filter(has_text=name)


class AskPage:
    """Choosing what is to be renewed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Ask for renewal")).to_be_visible()

    @property
    def offered(self) -> Locator:
        """What may be asked for."""
        return self.page.get_by_role("group", name="Medicines").get_by_role("checkbox")

    def choose(self, name: str) -> AskPage:
        """Choose one medicine."""
        self.page.get_by_role("group", name="Medicines").get_by_label(name).check()
        return self

    def tick(self, count: int) -> list[str]:
        """Choose the first so many; their names."""
        names = []
        for n in range(count):
            box = self.offered.nth(n)
            box.check()
            label = self.page.locator(f"label[for='{box.get_attribute('id')}']")
            names.append(label.inner_text().splitlines()[0])
        return names

    def send(self) -> None:
        """Send the request."""
        self.page.get_by_role("button", name="Send the request").click()


class RenewalsPage:
    """The work list of those who prescribe."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def way(self) -> Locator:
        """The link to it, on every page."""
        pages = self.page.get_by_role("navigation", name="Pages")
        return pages.get_by_role("link", name="Renewals")

    def row(self, name: str, medicine: str = "") -> Locator:
        """The row of a patient, or of her request for this medicine."""
        rows = self.page.get_by_role("row").filter(has_text=name).filter(has_text=medicine)
        return rows.get_by_role("link").first

    def wait_for(self, name: str, medicine: str = "") -> RenewalsPage:
        """Look until a request of a patient has come, by the worker."""
        for _ in range(30):
            self.page.goto("/renewals/")
            if self.row(name, medicine).is_visible():
                return self
            self.page.wait_for_timeout(300)
        raise AssertionError(f"no request of {name} came")


class RenewPage:
    """Renewing: what is asked for, or the whole list."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Renew medicines")).to_be_visible()

    @property
    def lines(self) -> Locator:
        """What can be renewed."""
        return self.page.get_by_role("main").get_by_role("checkbox")

    @property
    def not_yet_today(self) -> list[str]:
        """The medicines that can be renewed and that nobody has renewed today."""
        rows = self.page.locator(".renewal__line").filter(has=self.page.get_by_role("checkbox"))
        fresh = rows.filter(has_not_text="Renewed today already")
        return fresh.locator(".medicine__name").all_inner_texts()

    @property
    def renew(self) -> Locator:
        """The button."""
        return self.page.get_by_role("button", name=re.compile(r"^Renew( Ctrl Enter)?$"))

    def decline(self, why: str) -> None:
        """Say no to what is left, with a reason."""
        self.page.get_by_text("Do not renew", exact=True).first.click()
        self.page.get_by_role("textbox", name="Why not?").fill(why)
        self.page.get_by_role("button", name="Do not renew").click()
