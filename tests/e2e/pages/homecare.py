"""Home care and municipal services as people see them, in English."""

from __future__ import annotations

import re
from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive, work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english


def named(act: str, what: str) -> re.Pattern[str]:
    """The name of a button: what it does, and to what (read, not shown)."""
    return re.compile(rf"{re.escape(act)}\s*: {re.escape(what)}")


class Services:
    """Municipal services in HelsaMi."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> Services:
        """Sign in as a citizen, and go through the door."""
        HelsaMi(self.page).sign_in_as(name)
        in_english(self.page)
        self.page.get_by_role("link", name="Municipal services").click()
        expect(self.page.get_by_role("heading", name="Municipal services")).to_be_visible()
        return self

    def apply(self, service: str, words: str) -> None:
        """Fill in the form and send it."""
        self.page.get_by_role("link", name="Apply for a service").click()
        self.page.get_by_label(service).check()
        self.page.get_by_label("Tell in your own words").fill(words)
        self.page.get_by_role("button", name="Send the application").click()
        expect(self.page.get_by_text("Answer by").first).to_be_visible()

    @property
    def main(self) -> Locator:
        """The page itself."""
        return self.page.get_by_role("main")


class Office:
    """The case officer's pages."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> Office:
        """Sign in, and go to the worklist."""
        work_as(self.page, name)
        in_english(self.page)
        self.page.get_by_role("link", name="Applications", exact=True).click()
        expect(self.page.get_by_role("heading", name="Applications")).to_be_visible()
        return self

    def open_application(self, name: str) -> None:
        """Open somebody's application."""
        self.page.get_by_role("main").get_by_role("link", name=name).click()
        expect(self.page.get_by_role("heading", name="Application for")).to_be_visible()

    def assess(self, score: str) -> None:
        """Give every function the same score."""
        panel = self.page.get_by_role("region", name="Assessment")
        for field in panel.get_by_role("combobox").all():
            field.select_option(label=score)
        self.page.get_by_role("button", name="Save the assessment").click()
        expect(self.page.get_by_text("The assessment is saved.")).to_be_visible()

    def grant(self, hours: str, reason: str) -> None:
        """Grant the service that was asked for."""
        self.page.get_by_role("radio", name="Granted").check()
        self.page.get_by_label("Hours a week").fill(hours)
        self.page.get_by_label("Reason for the decision").fill(reason)
        self.page.get_by_role("button", name="Make the decision").click()
        expect(self.page.get_by_text("The decision is made.")).to_be_visible()


class HomeCare:
    """The pages of the home-care unit."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_as(self, name: str) -> HomeCare:
        """Sign in, and go to the day list."""
        arrive(self.page, "staff", name)
        self.page.wait_for_load_state()
        in_english(self.page)
        self.page.goto("/homecare/")
        expect(self.page.get_by_role("heading", name="Visits today")).to_be_visible()
        return self

    def plan(self, name: str, what: str, begins: str, ends: str) -> None:
        """Plan a granted service: one action at which medicines are given."""
        self.page.goto("/homecare/work/")
        self.page.get_by_role("link", name=named("Plan the service", name)).first.click()
        self.add_action(what, begins, ends)

    def add_action(self, what: str, begins: str, ends: str) -> None:
        """Add an action to the plan that is open, each day, at which medicines are given."""
        self.page.get_by_label("What is to be done").fill(what)
        self.page.get_by_label("From (clock)").fill(begins)
        self.page.get_by_label("Until (clock)").fill(ends)
        self.page.get_by_label("Medicines are given at this visit").check()
        self.page.get_by_role("button", name="Add to the plan").click()
        expect(self.page.get_by_text("The plan is saved.")).to_be_visible()

    def warnings(self) -> list[Locator]:
        """Each line of the patient's banner that warns of something."""
        banner = self.page.get_by_role("region", name="Patient", exact=True)
        return banner.locator(".safety").all()

    def card(self, name: str) -> Locator:
        """Somebody's visit in the list."""
        return self.page.get_by_role("main").get_by_role("listitem").filter(has_text=name)

    def wait_for(self, words: str) -> None:
        """Look again until a visit says this: visits are made by a job."""
        for _ in range(20):
            if self.card(words).count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()

    def stay_of(self, name: str, stage: str) -> Locator:
        """What is known of somebody's stay in hospital, once it has come so far."""
        self.page.goto("/homecare/work/")
        stay = self.page.get_by_role("region", name="In hospital, and home again").get_by_role(
            "article"
        )
        found = stay.filter(has_text=name).filter(has_text=stage)
        for _ in range(20):
            if found.count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        expect(found).to_be_visible()
        return found

    def open_visit_with(self, name: str, what: str, begins: datetime) -> None:
        """Open somebody's visit that begins then, in which this is done."""
        visit = self.card(name).filter(has_text=what).filter(has_text=f"{begins:%H:%M}")
        for _ in range(20):
            if visit.count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        visit.first.get_by_role("link").click()
        expect(self.page.get_by_role("region", name="Patient", exact=True)).to_contain_text(name)

    def open_visit(self, name: str) -> None:
        """Open somebody's first visit, as soon as it has been made."""
        self.wait_for(name)
        self.card(name).first.get_by_role("link").click()
        expect(self.page.get_by_role("region", name="Patient", exact=True)).to_contain_text(name)

    def give_late(self, dose: str, why: str) -> None:
        """Give a dose that is late, with a word on why."""
        self.page.get_by_text(named("Given now, late …", dose)).click()
        row = self.page.get_by_role("group").filter(has_text=named("Given now, late …", dose))
        row.get_by_label("Why late?").fill(why)
        self.page.get_by_role("button", name=named("Given now", dose)).click()

    def give_rest(self, why: str) -> None:
        """Give what else is due at the visit, with a word on those that are off their time."""
        doses = self.page.get_by_role("region", name="Medicines to give")
        off = doses.get_by_role("group").filter(has_text=re.compile("Given now, (late|early) …"))
        now = doses.get_by_role("button", name=re.compile(r"^Given\s*: "))
        while off.count() or now.count():
            left = off.count() + now.count()
            if off.count():
                off.first.locator("summary").click()
                off.first.get_by_role("textbox").fill(why)
                off.first.get_by_role("button", name=re.compile("^Given now")).click()
            else:
                now.first.click()
            expect(off.or_(now)).to_have_count(left - 1)

    def done(self, what: str) -> None:
        """Tick an action off."""
        self.page.get_by_role("button", name=named("Done", what)).click()

    def note_deviation(self, words: str) -> None:
        """Tell the leader what went wrong."""
        self.page.get_by_text("Note a deviation").click()
        self.page.get_by_label("Something else").check()
        self.page.get_by_label("Not hurt").check()
        self.page.get_by_label("What happened?").fill(words)
        self.page.get_by_role("button", name="Send to the leader").click()
        expect(self.page.get_by_role("region", name="Deviations")).to_contain_text(words)
