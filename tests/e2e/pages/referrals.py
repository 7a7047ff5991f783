"""Referrals as GP, office and citizen see them. In English, whatever language one begins in."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english


class Clinic:
    """Somebody at work, in English."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        arrive(page, "staff", name)
        expect(page.get_by_role("button", name="English")).to_be_visible()
        in_english(page)

    def refer(self, patient_id: str) -> ReferralForm:
        """Begin a referral from the patient's record."""
        self.page.goto(f"/patients/{patient_id}/referrals/")
        self.page.get_by_role("link", name="New referral").click()
        return ReferralForm(self.page)

    def office(self) -> Office:
        """The worklist of the office."""
        self.page.goto("/referrals/")
        return Office(self.page)

    def own(self) -> Locator:
        """What the unit has referred."""
        self.page.goto("/referrals/sent/")
        return self.page.get_by_role("main")


class ReferralForm:
    """Writing a referral."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="New referral")).to_be_visible()

    def fill(self, *, to: str, what: str, diagnosis: str) -> ReferralForm:
        """Fill in what must be said; ``to`` begins the name of a receiver."""
        chosen = next(name for name in self.receivers if name.startswith(to))
        self.page.get_by_label("To", exact=True).fill(chosen)
        self.page.get_by_label("What you ask for").fill(what)
        self.page.get_by_label("Diagnosis or problem").fill(diagnosis)
        self.page.get_by_label("History and findings").fill("Pain for two years.")
        return self

    @property
    def receivers(self) -> list[str]:
        """The names offered, in their order."""
        options = self.page.locator("#receivers-known option")
        return [option.get_attribute("value") or "" for option in options.all()]

    def send(self) -> None:
        """Sign and send."""
        self.page.get_by_role("button", name="Sign and send").click()


class Office:
    """The worklist of a referral office."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", name="Referrals to us")).to_be_visible()

    def tab(self, name: str) -> Locator:
        """The link to one of the lists, with its count."""
        return self.page.get_by_role("navigation", name="Which referrals").get_by_role(
            "link", name=name
        )

    def row(self, what: str) -> Locator:
        """The line about one thing asked for."""
        return self.page.get_by_role("row").filter(has_text=what)

    def open(self, what: str) -> ReferralPage:
        """Open the referral that asks for this."""
        self.row(what).get_by_role("link").first.click()
        return ReferralPage(self.page)


class ReferralPage:
    """One referral, with its steps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("region", name="The referral")).to_be_visible()

    def step(self, title: str) -> Locator:
        """Unfold a step; its form."""
        group = self.page.get_by_role("group").filter(has=self.page.get_by_text(title, exact=True))
        if group.get_by_role("button").count() == 0 or not group.get_by_role("button").is_visible():
            self.page.get_by_text(title, exact=True).click()
        return group

    def ask(self, text: str) -> None:
        """Ask the referrer."""
        form = self.step("Ask the referrer")
        form.get_by_label("What do you ask?").fill(text)
        form.get_by_role("button", name="Send the question").click()

    def answer(self, text: str) -> None:
        """Answer the office."""
        form = self.step("Answer the question")
        form.get_by_label("Your answer").fill(text)
        form.get_by_role("button", name="Send the answer").click()

    def reject(self, reason: str) -> None:
        """No right to care."""
        form = self.step("Reject")
        form.get_by_label("Why, in words the patient understands").fill(reason)
        form.get_by_role("button", name="Reject the referral").click()

    def book(self, day: str, at: str) -> None:
        """Give an appointment (ISO day, 24-hour time)."""
        form = self.step("Give an appointment")
        form.get_by_label("Day").fill(day)
        form.get_by_label("Time").fill(at)
        form.get_by_role("button", name="Give this time").click()


class MyReferrals:
    """The citizen's page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        HelsaMi(page).sign_in_as(name)
        in_english(page)
        self.look()

    def look(self) -> Locator:
        """Open it anew."""
        self.page.goto("/helsami/referrals/")
        expect(self.page.get_by_role("heading", name="My referrals")).to_be_visible()
        return self.page.get_by_role("main")

    def card(self, what: str) -> Locator:
        """What is told of one referral."""
        return self.look().get_by_role("listitem").filter(has_text=what)
