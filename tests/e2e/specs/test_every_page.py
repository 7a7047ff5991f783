"""Requirement 15: every page of ours, for who may see it, has no accessibility fault where it is mostly
used, at a desk or on a phone, and is wider than neither window. With ``make thorough`` in the other
window too, and in nynorsk and English.

The pages are found by following links; what no link leads to has its address here. An address
that answers a GET and is neither met nor explained fails: a new page can't escape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from fellesjournal.demo.benefits import TRONDHEIM
from tests.access.test_routes import address as address_of
from tests.e2e.looking import AXE, DESK, PHONE, WIDTHS, accessibility_faults, beside
from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.conversations import MessagesPage
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.letters import LettersPage
from tests.e2e.pages.readings import OwnMeasurementsPage
from tests.e2e.pages.renewals import OwnMedicinesPage
from tests.e2e.walk import Found, follow
from tests.morning import MORNING
from tests.routes import routes
from tests.running import Platform

NOBODY = "nobody signed in"
GP, ADMINISTRATOR = "Ragna Lyngbakk", "Solfrid Grindhaugen"
ASLAUG, DAUGHTER = "Aslaug Kvernbråten", "Marit Kvernbråten Lyngstad"
OUT_OF_HOURS, HOME_NURSE = "Ingeborg Haukdalsmo", "Gunnhild Tverrelv"
ROLLOUT_LEAD, COORDINATOR = "Oddbjørg Lauvsnesmo", "Tarald Vinjefossen"
STAFF = (
    GP, ROLLOUT_LEAD, "Amir Nordlykkja", HOME_NURSE, "Randulf Stokkanmo",
    "Iselin Gravråk",
    "Sigbjørn Løkkvang", "Anne-Grethe Bjørnsvik", "Marthe Solgård", ADMINISTRATOR,
    "Halvard Brattstigen", "Ylva Storøysund", OUT_OF_HOURS, COORDINATOR,
)  # fmt: skip
CITIZENS = (DAUGHTER, ASLAUG)
STARTS = (
    "/",
    "/patients/cast-aslaug/",
    "/patients/cast-zbigniew/",
    "/sessions/",
    "/oauth/apps/",
    "/admin/",
    "/leaders/",
)
KEPT_OPEN = "Scripts may close only the windows that were opened by them."
"""Said of /sign-in/done/, which closes the window it was opened in by another page."""
AGAIN = (("nb", False), ("nn", True), ("en", True))
"""Languages, and whether in the windows that pages are mostly used in: a telephone for citizens, a desk."""

NO_PAGE = {
    "language/": "switches the language and leads back",
    "": "leads on to the first page of who is signed in",
    "sign-in/<kind_of_person:kind>/": "leads on to the provider",
    "sign-in/back/<provider:name>/": "comes back from the provider and leads on",
    "sign-out/front-channel/<provider:name>/": "for the provider, in a frame nobody sees",
    "session/": "JSON for the session guard",
    "waiting/": "JSON for the numbers beside the places of the bar",
    "diagnoses/": "JSON for the field of a diagnosis",
    "patients/<fhir_id:patient_id>/letters/<fhir_id:document_id>/pdf/": "a file",
    "helsami/letters/<str:document_id>/pdf/": "a file",
    "helsami/seen/csv/": "a file",
    "helsami/seen/fhir/": "a file",
    "leaders/pathways/<slug:key>/drawings/<slug:part>/bpmn/": "a file",
    "oauth/authorize": "leads on to its pages",
    "oauth/jwks": "JSON",
    "oauth/style": "a style sheet's data for apps",
    "stand-in/<provider:name>/.well-known/openid-configuration": "JSON",
    "stand-in/<provider:name>/jwks": "JSON",
    "stand-in/<provider:name>/userinfo": "JSON",
    "stand-in/<provider:name>/logout": "leads back",
}
"""What answers a GET with something else than a page of its own."""


@dataclass(frozen=True)
class Region:
    """Who is signed in, each in a browser of her own, and a page for each route."""

    people: dict[str, BrowserContext]
    pages: dict[str, Found]


@pytest.fixture(scope="module")
def region(browser: Browser, platform: Platform) -> Iterator[Region]:
    """Everybody signed in, what pages need made, and all pages found."""
    people: dict[str, BrowserContext] = {}

    def sign_in(name: str, act: Callable[[Page], object]) -> None:
        people[name] = browser.new_context(base_url=platform.url, locale="nb-NO")
        people[name].add_init_script(path=AXE)
        page = people[name].new_page()
        act(page)
        page.wait_for_load_state()

    sign_in(NOBODY, lambda page: page.goto("/sign-in/"))
    for name in STAFF:
        sign_in(name, partial(_at_work, name=name))
    for name in CITIZENS:
        sign_in(name, partial(_in_helsami, name=name))
    made = _made(people, platform)
    pages: dict[str, Found] = {}
    for name in (*STAFF, *CITIZENS):
        starts = ("/helsami/",) if name in CITIZENS else STARTS
        for route, found in follow(name, people[name], starts).items():
            pages.setdefault(route, found)
    yield Region(people, pages | made)
    for context in people.values():
        context.close()


def _in_helsami(page: Page, name: str) -> None:
    HelsaMi(page).sign_in_as(name)


def _at_work(page: Page, name: str) -> None:
    arrive(page, "staff", name)
    expect(page.get_by_text(name).first).to_be_visible()


def _made(people: dict[str, BrowserContext], platform: Platform) -> dict[str, Found]:
    """Pages that no link leads to, or not before something is done."""
    gp = people[GP].new_page()
    _message(people[ASLAUG].pages[0])
    _renewal(people[ASLAUG].pages[0])
    _measurement(people[DAUGHTER].pages[0])
    _contact(people[DAUGHTER].pages[0])
    _count(people[COORDINATOR].pages[0])
    return {
        "sign-in/": Found(NOBODY, "/sign-in/"),
        "patients/<fhir_id:patient_id>/out-of-hours/new/": Found(
            OUT_OF_HOURS, "/patients/cast-storm/out-of-hours/new/"
        ),
        "sign-in/done/": Found(NOBODY, "/sign-in/done/"),
        "stand-in/<provider:name>/authorize": Found(NOBODY, _provider(people[NOBODY].pages[0])),
        # of the organisation where somebody lacks a course, and of the one that has rehearsed
        "leaders/rollout/training/<slug:actor>/leave/<fhir_id:role_id>/": Found(
            ROLLOUT_LEAD, "/leaders/rollout/training/5001/leave/staff-midwife-role/"
        ),
        "leaders/rollout/rehearsals/<slug:actor>/<slug:key>/": Found(
            ROLLOUT_LEAD, "/leaders/rollout/rehearsals/5025/d1/"
        ),
        "leaders/benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/measures/<int:place>/": (
            Found(COORDINATOR, _measure(people[COORDINATOR].pages[0]))
        ),
        "helsami/terms/": Found(ASLAUG, "/helsami/terms/"),
        "helsami/seen/reported/<str:task_id>/": Found(ASLAUG, "/helsami/seen/reported/12345678/"),
        "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/sign/": Found(GP, _note(gp)),
        "helsami/letters/<str:document_id>/": Found(ASLAUG, _letter(gp, people[ASLAUG].pages[0])),
        "patients/<fhir_id:patient_id>/homecare/visits/<fhir_id:visit_id>/": Found(
            HOME_NURSE, _visit(people[HOME_NURSE].new_page())
        ),
        **_agreeing(gp, _client(people[ADMINISTRATOR].new_page()), platform),
    }


def _visit(page: Page) -> str:
    """A visit of tomorrow: late in the evening the list of today has none that is still to come."""
    page.goto(f"/homecare/?day={datetime.now(MORNING).date() + timedelta(days=1)}")
    link = page.get_by_role("main").locator("a[href*='/homecare/visits/']")
    return link.first.get_attribute("href") or ""


def _provider(page: Page) -> str:
    """The stand-in's page, where somebody is chosen."""
    page.get_by_role("link", name="Helsepersonell").click()
    expect(page.get_by_text("ERSTATNING for")).to_be_visible()
    return page.url


def _note(page: Page) -> str:
    """One note is signed, another is a draft: the page on which that is signed."""
    for act in ("Control+Enter", ""):
        page.goto("/patients/cast-aslaug/notes/")
        page.get_by_role("button", name="Skriv notat").click()
        page.get_by_role("textbox").last.fill("Kontroll")
        page.get_by_role("button", name="Signer …").click()
        expect(page.get_by_role("heading", name="Signer notat")).to_be_visible()
        if act:
            page.keyboard.press(act)
            expect(page.get_by_role("article")).to_be_visible()
    return page.url


def _letter(page: Page, hers: Page) -> str:
    """A letter has come: its address in HelsaMi."""
    page.goto("/patients/cast-aslaug/")
    LettersPage(page).open().write("Svar på prøver", "Prøvene er fine.").send()
    link = hers.get_by_role("main").get_by_role("link", name="Svar på prøver")
    for _ in range(20):
        hers.goto("/helsami/letters/")
        if link.count():
            return link.first.get_attribute("href") or ""
        hers.wait_for_timeout(500)  # it comes by a job
    raise AssertionError("the letter never came")


def _message(page: Page) -> None:
    """A citizen has written to her GP's office: it is linked to in HelsaMi and in the queue."""
    in_english(page)
    new = MessagesPage(page).open().begin()
    new.to("Trondheim legesenter").say("Ankler", "De er hovne igjen.").send()


def _renewal(page: Page) -> None:
    """She has asked for a renewal: it is linked to in the list of those who await the GP."""
    asking = OwnMedicinesPage(page).open().ask()
    asking.tick(1)
    asking.send()


def _measurement(page: Page) -> None:
    """A citizen has measured at home: linked to from her course."""
    OwnMeasurementsPage(page).open().write("128", "76", "64").save()
    expect(page.get_by_role("heading", name="Own measurements")).to_have_count(0)


def _contact(page: Page) -> None:
    """A citizen has named somebody to turn to: linked to from what is registered about her."""
    page.goto("/helsami/own/people/new/")
    page.get_by_label("Name", exact=True).fill("Torbjørn Lyngstad")
    page.get_by_label("What is this person to you?").select_option(index=1)
    page.get_by_label("Telephone").fill("99999999")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Torbjørn Lyngstad").first).to_be_visible()


def _count(page: Page) -> None:
    """Rates have been counted in the record: linked to from the list of them."""
    reason = page.get_by_label("Hva de skal brukes til")
    for _ in range(120):
        page.goto("/leaders/projections/recorded/")
        if reason.count():
            break
        page.wait_for_timeout(500)  # the tables are made by a job
    reason.fill("Sengeplan")
    page.get_by_role("button", name="Tell og ta vare på").click()
    expect(page.get_by_text("Talt og tatt vare på.")).to_be_visible()


def _measure(page: Page) -> str:
    """Something is done for a benefit of her own plan: its address."""
    page.goto(f"/leaders/benefits/plans/{TRONDHEIM}/indicator/LE1/")
    page.get_by_text("Legg til et tiltak").click()
    form = page.locator("form[action$='/measure/']")
    form.get_by_label("Hva som gjøres").fill("Runde klokka tolv")
    form.get_by_label("Hvem gjør det").fill("Ola Vik")
    form.get_by_role("button", name="Lagre").click()
    link = page.get_by_role("link", name="Runde klokka tolv")
    expect(link).to_be_visible()
    return link.get_attribute("href") or ""


def _client(page: Page) -> str:
    """An app is registered; its client id."""
    page.goto("/admin/clients/new/")
    page.get_by_label("Navn slik folk ser det").fill("Vekstkurver")
    page.get_by_label("Adresser å vende tilbake til").fill("http://127.0.0.1:9/back")
    page.get_by_label("Tilgangsområder (scopes)").fill(
        "launch/patient launch/encounter patient/Patient.r"
    )
    page.get_by_role("button", name="Registrer").click()
    expect(page.get_by_role("heading", name="Vekstkurver")).to_be_visible()
    return page.locator("dd code").first.inner_text()


def _agreeing(page: Page, client: str, platform: Platform) -> dict[str, Found]:
    """The three pages on which an app is let in, each of a request of its own."""
    asked = urlencode(
        {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": "http://127.0.0.1:9/back",
            "scope": "launch/patient launch/encounter patient/Patient.r",
            "state": "kept",
            "aud": f"{platform.url}/fhir",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",  # RFC 7636, appendix B
            "code_challenge_method": "S256",
        }
    )
    found = {}
    for choices, step in enumerate(("patient", "encounter", "consent")):
        page.goto(f"/oauth/authorize?{asked}")
        if choices > 0:
            page.get_by_role("searchbox").fill("Kvernbråten")
            page.get_by_role("button", name="Søk").click()
            page.get_by_role("button", name="Aslaug Kvernbråten").click()
            expect(page.get_by_role("heading", name="Hvilken kontakt")).to_be_visible()
        if choices > 1:
            page.get_by_role("link", name="Eldre kontakter").click()
            page.get_by_role("main").get_by_role("listitem").get_by_role("button").first.click()
            expect(page.get_by_role("heading", name="Gi Vekstkurver tilgang?")).to_be_visible()
        found[f"oauth/authorize/<str:key>/{step}/"] = Found(GP, page.url)
    return found


def test_every_address_that_answers_has_a_page_here_or_is_known_to_have_none(
    region: Region,
) -> None:
    unseen = set(routes()) - set(region.pages) - set(NO_PAGE)
    only_posted_to = {route for route in unseen if _takes_no_get(region, route)}
    assert unseen - only_posted_to == set(), "lead to these by a link, or say where they are"
    assert set(NO_PAGE) & set(region.pages) == set(), "these are pages"
    assert set(NO_PAGE) - set(routes()) == set(), "these addresses are gone"


def _takes_no_get(region: Region, route: str) -> bool:
    """Whether a GET is refused for who may come there, as where something is only done."""
    refused = 405
    return any(
        region.people[name]
        .request.get(address_of(route, patient_id="cast-aslaug"), max_redirects=0)
        .status
        == refused
        for name in (GP, "Marthe Solgård", "Halvard Brattstigen", ASLAUG, NOBODY)
    )


@pytest.mark.parametrize(
    ("language", "is_at_home"),
    [("nb", True), *(pytest.param(*each, marks=pytest.mark.thorough) for each in AGAIN)],
)
def test_every_page_has_no_accessibility_fault_and_fits_its_window(
    region: Region, platform: Platform, language: str, *, is_at_home: bool
) -> None:
    faults: list[str] = []
    for name, context in region.people.items():
        context.add_cookies([{"name": "language", "value": language, "url": platform.url}])
        page = context.new_page()
        page.on("console", partial(_complaint, faults))
        for route, found in region.pages.items():
            if found.who == name:
                mostly = PHONE if route.startswith("helsami/") else DESK
                width = mostly if is_at_home else min({*WIDTHS} - {mostly})
                faults += [
                    f"{route} {fault}" for fault in _faults(page, found.address, language, width)
                ]
        page.close()
    assert faults == []


def _complaint(faults: list[str], message: ConsoleMessage) -> None:
    """What a browser complains of is a fault: a script that fails, a policy that is broken."""
    if message.type in {"error", "warning"} and message.text != KEPT_OPEN:
        faults.append(f"{message.text} {message.location.get('url', '')}")


def _faults(page: Page, address: str, language: str, width: int) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    if (lang := page.evaluate("document.documentElement.lang")) != language:
        yield f"is in {lang}"
    # contrast takes most of the time, and is the same in every language
    yield from accessibility_faults(page, colours=language == "nb")
    for each in (width, min({*WIDTHS} - {width})):
        for element in beside(page, each):
            yield f"{each} {element}"
