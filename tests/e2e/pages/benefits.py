"""Benefits as their coordinator sees them, in English."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.language import in_english


class BenefitsPage:
    """The front page, and the ways from it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> BenefitsPage:
        """Sign in and go there by the leaders' front page."""
        arrive(self.page, "staff", name)
        self.page.wait_for_load_state()
        in_english(self.page)
        return self.open()

    def open(self) -> BenefitsPage:
        """By the menu."""
        self.page.get_by_role("link", name="Figures and plans").first.click()
        self.page.get_by_role("main").get_by_role("link", name="Benefits", exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name="Benefits")).to_be_visible()
        return self

    def item(self, title: str) -> Locator:
        """One indicator of the selection list; its row."""
        self.page.get_by_role("link", name="Selection list", exact=True).click()
        row = self.page.get_by_role("row").filter(has_text=title)
        row.get_by_role("link", name=title).click()
        return self.page.get_by_role("main")

    def plan(self, unit: str) -> PlanPage:
        """The plan of an organisation."""
        plans = self.page.get_by_role("table", name="Plans")
        plans.get_by_role("link", name=unit).click()
        expect(self.page.get_by_role("heading", level=1, name="Benefits plan")).to_be_visible()
        return PlanPage(self.page)

    def worksheet(self, title: str) -> Worksheet:
        """The worksheet of a workshop."""
        self.page.get_by_role("link", name="Workshops", exact=True).click()
        self.page.get_by_role("link", name=title).click()
        return Worksheet(self.page)


class PlanPage:
    """A benefits plan."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def phase(self) -> Locator:
        """The phase it is in."""
        return self.page.get_by_role("list", name="Phases").locator("[aria-current=step]")

    @property
    def lines(self) -> Locator:
        """Its indicators."""
        return self.page.get_by_role("table", name="Indicators of the plan")

    def add_benefit(self, title: str, indicator: str) -> None:
        """A benefit with an indicator that is picked."""
        self.page.get_by_role("link", name="Add a benefit").click()
        self.page.get_by_label("Benefit", exact=True).fill(title)
        for label, choice in (
            ("Goal", "Logistics"), ("Type", "Better quality"),
            ("What becomes of it", "Time moved to other work"),
        ):  # fmt: skip
            self.page.get_by_label(label, exact=True).select_option(label=choice)
        self.page.get_by_label("Who answers for it").fill("Marthe Solgård")
        self.page.get_by_role("checkbox", name=indicator).check()
        self.page.get_by_role("button", name="Save").click()

    def go_on(self, why: str) -> None:
        """To the next phase."""
        section = self.page.get_by_role("region", name="Before the next phase")
        section.locator("summary", has_text="Go to the next phase").click()
        section.get_by_label("Why").fill(why)
        section.get_by_role("button", name="Go to the next phase").click()

    def line(self, title: str) -> LinePage:
        """The page of one indicator."""
        self.lines.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return LinePage(self.page)


class LinePage:
    """One indicator of a plan."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def baseline(self) -> Locator:
        """What is said of the baseline."""
        return self.page.get_by_role("region", name="Baseline")

    def freeze(self, why: str) -> None:
        """The last month that is over."""
        self.baseline.get_by_label("Why").fill(why)
        self.baseline.get_by_role("button", name="Freeze").click()


class Worksheet:
    """What tasks take now and afterwards."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def rows(self) -> Locator:
        """All rows."""
        return self.page.get_by_role("table", name="Worksheet")

    def add(self, task: str, service: str, numbers: dict[str, str]) -> None:
        """A row more; numbers by their labels."""
        self.page.get_by_role("link", name="Add a row").click()
        self.page.get_by_label("Task").fill(task)
        self.page.get_by_label("Service").select_option(service)
        for label, value in numbers.items():
            self.page.get_by_label(label, exact=True).fill(value)
        self.page.get_by_role("button", name="Save").click()

    def count_in(self, task: str, benefit: str) -> None:
        """Count the hours of a row in a benefit of the plan."""
        self.rows.get_by_role("link", name=task).click()
        self.page.locator("summary", has_text="Count these hours in the plan").click()
        self.page.get_by_label("Benefit", exact=True).select_option(label=benefit)
        self.page.get_by_role("button", name="Count them here").click()
