"""Pathways as leaders improve them and as clinicians follow them, in English."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive, work_as
from tests.e2e.pages.language import in_english


class PathwayPage:
    """One pathway on the leaders' pages."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str, title: str) -> PathwayPage:
        """Sign in and go there by the leaders' front page."""
        arrive(self.page, "staff", name)
        self.page.wait_for_load_state()
        in_english(self.page)
        self.page.get_by_role("link", name="Figures and plans").first.click()
        self.page.get_by_role("main").get_by_role("link", name="Pathways", exact=True).click()
        self.page.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self

    def drawing(self, title: str) -> Locator:
        """A drawing as lanes."""
        return self.page.get_by_role("img", name=f"{title}, drawn as lanes")

    def draw(self, title: str) -> PathwayPage:
        """Open a drawing to be changed."""
        link = re.compile(rf"Draw\s*:\s*{re.escape(title)}")
        self.page.get_by_role("main").get_by_role("link", name=link).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self

    def drawn_steps(self) -> int:
        """How many steps the list of the drawing that is changed has, each of which is drawn."""
        return self.page.get_by_role("table", name="Steps").get_by_role("row").count() - 1

    def step(self, purpose: str) -> Locator:
        """A step in the table that says the same."""
        rows = self.page.get_by_role("table", name="Step by step").get_by_role("row")
        header = self.page.get_by_role("rowheader", name=purpose, exact=True)
        return rows.filter(has=header)

    def part(self, title: str) -> PathwayPage:
        """Another part of the pathway."""
        parts = self.page.get_by_role("navigation", name="Parts of the pathway")
        parts.get_by_role("link", name=title).click()
        expect(parts.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")
        return self

    def add_measure(self, title: str, gap: str, *, within_platform: bool) -> Locator:
        """Write down a measure that gives the first organisation something; its row."""
        self.page.get_by_label("Measure", exact=True).fill(title)
        self.page.get_by_role("checkbox", name=gap).first.check()
        answer = "Yes" if within_platform else "No, the platform must be developed"
        self.page.get_by_role("radio", name=answer, exact=True).check()
        self.page.get_by_label("municipality: Trondheim").fill("50000")
        self.page.get_by_role("button", name="Add the measure").click()
        row = self.page.get_by_role("row").filter(has_text=title).first
        expect(row).to_be_visible()
        return row

    def hand_over(self, numbers: dict[str, str]) -> None:
        """Fill in what the queue of usability needs to know."""
        for label, value in numbers.items():
            self.page.get_by_label(label, exact=True).fill(value)
        self.page.get_by_role("button", name="Hand it over").click()
        expect(self.page.get_by_text("It is in the queue.")).to_be_visible()


class Following:
    """The pathways of one patient, and what awaits a unit."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> Following:
        """A member of staff at work, in English."""
        work_as(self.page, name)
        in_english(self.page)
        return self

    def of(self, patient: str) -> Following:
        """A patient's page of pathways, as the tab of her record leads there."""
        self.page.goto(f"/patients/{patient}/")
        self.page.get_by_role("link", name="Pathways", exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1, name="Pathways")).to_be_visible()
        return self

    def begin(self, title: str, units: dict[str, str]) -> None:
        """Begin a pathway, with a unit for each who acts."""
        self.page.get_by_role("link", name=title).click()
        for lane, unit in units.items():
            self.page.get_by_label(lane).select_option(label=unit)
        self.page.get_by_role("button", name="Begin the pathway").click()
        expect(self.page.get_by_text("Each unit has its steps.")).to_be_visible()

    def step(self, purpose: str) -> Locator:
        """A step of the pathway."""
        return self.page.get_by_role("listitem").filter(has_text=purpose)

    def awaits(self, purpose: str) -> Locator:
        """A step in the list of the unit; it comes by a job when those before it have ended."""
        link = self.page.get_by_role("main").get_by_role("link", name=purpose)
        for _ in range(20):
            self.page.goto("/pathways/")
            if link.count():
                break
            self.page.wait_for_timeout(500)
        expect(link.first).to_be_visible()
        return link.first

    def stop(self, why: str) -> None:
        """The patient follows the pathway no more."""
        self.page.get_by_text("Stop the pathway").first.click()
        self.page.get_by_label("Why").fill(why)
        self.page.get_by_role("button", name="Stop the pathway").click()
        expect(self.page.get_by_text("What was left is cancelled.")).to_be_visible()
