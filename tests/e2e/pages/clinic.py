"""The clinic's pages as a user sees them: things are found by role and visible name."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.surfaces.stand_in.people import choices

_FIRST_PAGE = re.compile(r"Finn pasient|Besøk i dag|legevakt|dag \d+\.")


def sign_out(page: Page) -> None:
    """End the session, and be on the page that follows."""
    page.get_by_role("button", name="Logg ut", exact=True).click()
    page.wait_for_url("**/sign-in/**")


class SignInPage:
    """Signing in through the stand-in: as staff or as a citizen, then whom to be.

    It begins at the address that the two doors of the first page lead to; test_sign_in walks through them.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def choose(self, kind: str, name: str) -> None:
        """Go to the provider as ``staff`` or ``citizen`` and choose one of the demo's people."""
        self.page.goto(f"/sign-in/{kind}/")
        expect(self.page.get_by_text("ERSTATNING for")).to_be_visible()
        self.page.get_by_role("button", name=name).click()

    def sign_in_as(self, name: str) -> PatientsPage:
        """A member of staff, with the one role she has; some come to their own work first."""
        self.choose("staff", name)
        expect(self.page.get_by_role("heading", level=1, name=_FIRST_PAGE)).to_be_visible()
        return _patients(self.page)


def arrive(page: Page, kind: str, name: str) -> None:
    """As ``SignInPage.choose`` for whom signing in is not what is looked at: the same requests
    from the same browser, and the first page drawn is the one it ends at.
    """
    page.goto(_back_from_the_provider(page, kind, name))


def work_as(page: Page, name: str) -> PatientsPage:
    """As ``SignInPage.sign_in_as``, in the same way."""
    _asked(page, "get", _back_from_the_provider(page, "staff", name))
    return _patients(page)


def _back_from_the_provider(page: Page, kind: str, name: str) -> str:
    provider = ProviderName.HELSEID if kind == "staff" else ProviderName.IDPORTEN
    (person,) = (each.id for each in choices(provider) if name.lower() in each.name.lower())
    at_provider = _asked(page, "get", f"/sign-in/{kind}/")
    form = page.request.get(at_provider).text()
    proof = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert proof is not None, form
    sent = {"person": person, "csrfmiddlewaretoken": proof[1]}
    return _asked(page, "post", at_provider, form=sent)


def _asked(page: Page, verb: str, address: str, **more: Any) -> str:
    """Where the answer leads."""
    answer = getattr(page.request, verb)(address, max_redirects=0, **more)
    assert answer.status == 302, answer.text()
    return str(answer.headers["location"])


def _patients(page: Page) -> PatientsPage:
    if not page.url.endswith("/patients/"):
        page.goto("/patients/")
    expect(page.get_by_role("heading", name="Finn pasient")).to_be_visible()
    # The scripts of the page, whose clocks a test may move, have begun.
    page.wait_for_load_state()
    return PatientsPage(page)


class ClinicBar:
    """The bar of pages below the header."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bar = page.locator(".site-nav")

    @property
    def links(self) -> Locator:
        """Every page in it, those under "More" too."""
        return self.bar.locator("a")

    @property
    def more(self) -> Locator:
        """What opens the rare ones."""
        return self.bar.locator("summary")

    def overflow(self) -> int:
        """How many pixels of it are out of sight."""
        return int(self.bar.locator("> ul").evaluate("e => e.scrollWidth - e.clientWidth"))


class PatientsPage:
    """Finding a patient."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def field(self) -> Locator:
        """The one search field."""
        return self.page.get_by_role("searchbox", name="Fødselsnummer, navn eller fødselsdato")

    @property
    def people(self) -> Locator:
        """The people listed."""
        return self.page.get_by_role("main").get_by_role("listitem")

    def search(self, text: str) -> PatientsPage:
        """Type a question; the list follows by itself, once the scripts of the page are there."""
        self.page.wait_for_load_state()
        self.field.fill(text)
        return self

    def open(self, name: str) -> ChartPage:
        """Open a listed patient."""
        self.page.get_by_role("link", name=name).click()
        expect(self.page.get_by_role("region", name="Pasient")).to_be_visible()
        return ChartPage(self.page)


class ChartPage:
    """The overview of a record."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def banner(self) -> Locator:
        """Whose record it is."""
        return self.page.get_by_role("region", name="Pasient", exact=True)

    def panel(self, title: str) -> Locator:
        """A titled part of the overview."""
        heading = self.page.get_by_role("heading", name=title)
        return self.page.get_by_role("region").filter(has=heading)

    @property
    def timeline(self) -> Locator:
        """Everything that happened."""
        return self.page.get_by_role("complementary", name="Tidslinje")

    def filter(self, name: str) -> None:
        """Choose a filter of the timeline."""
        self.timeline.get_by_role("link", name=name).click()
