"""Emergency access: the nurse opens, the citizen sees it at once, the leader reviews it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.access import ClosedPage, ReviewsPage
from tests.e2e.pages.clinic import PatientsPage, arrive, sign_out, work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.ways import to_place
from tests.running import Platform

NURSE = "Gunnhild Tverrelv"
LEADER = "Marthe Solgård"
ASLAUG = "Aslaug Kvernbråten"


@pytest.fixture
def elsewhere(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A page in another browser."""
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    yield context.new_page()
    context.close()


def _find_closed(page: Page, question: str) -> ClosedPage:
    patients = work_as(page, NURSE)
    patients.search(question)
    patients.field.press("Enter")
    found = patients.people.filter(has_text="trenger nødtilgang")
    found.get_by_role("link").click()
    return ClosedPage(page)


def test_nurse_opens_the_citizen_sees_it_and_the_leader_reviews_it(
    page: Page, elsewhere: Page
) -> None:
    number, name, year = "05925431542", "Oddmund Skarvøy", "1954"
    words = f"Falt om i butikken, {name} er ikke kontaktbar"

    closed = _find_closed(page, number)
    expect(page.get_by_role("main")).to_contain_text(f"{name}, født {year}")
    is_right(page)
    closed.open_button.click()
    expect(page.get_by_role("heading", name="Dette må rettes")).to_be_visible()
    is_right(page)
    chart = closed.break_glass("Fare for liv", words)
    line = page.get_by_role("region", name="Tilgang")
    expect(line).to_contain_text("60 minutter igjen")
    expect(chart.panel("Problemer").get_by_role("listitem").first).to_be_visible()
    is_right(page)

    HelsaMi(elsewhere).sign_in_as(name)
    elsewhere.goto("/helsami/seen/")
    told = elsewhere.get_by_role("listitem").filter(has_text=words)
    expect(told.first).to_contain_text(NURSE)
    elsewhere.context.clear_cookies()

    line.get_by_role("link", name="Hvorfor kan jeg se dette?").click()
    expect(page.get_by_role("main")).to_contain_text(words)
    is_right(page)

    sign_out(page)
    arrive(page, "staff", LEADER)
    reviews = ReviewsPage(page)
    expect(reviews.of(words)).to_contain_text(f"{name}, født {year}")
    expect(reviews.of(words)).to_contain_text("diagnoser og prøvesvar")
    is_right(page)
    reviews.decide(words, "Spør den som åpnet")
    expect(reviews.of(words).get_by_text("Skriv hvorfor")).to_be_visible()
    is_right(page)
    reviews.decide(words, "Begrunnet", "Riktig gjort")
    expect(reviews.of(words).get_by_role("button")).to_have_count(0)

    sign_out(page)
    work_as(page, NURSE)
    to_place(page, "Min nødtilgang")
    expect(page.get_by_role("article").filter(has_text=words)).to_contain_text("Riktig gjort")
    is_right(page)


def test_closed_record_can_be_opened_without_scripts(browser_without_scripts: Page) -> None:
    page = browser_without_scripts
    patients = work_as(page, NURSE)
    patients.search("Ingebrigt Nesjevoll 17.11.1959")
    page.get_by_role("button", name="Søk").click()
    patients.people.filter(has_text="trenger nødtilgang").get_by_role("link").click()
    ClosedPage(page).break_glass("Pasienten trenger øyeblikkelig hjelp", "Står i døra, blør mye")
    expect(page.get_by_role("region", name="Tilgang")).to_contain_text("Nødtilgang")


def test_open_record_says_why_it_is_open(page: Page) -> None:
    patients: PatientsPage = work_as(page, NURSE)
    patients.search("Kvernbråten").open(ASLAUG)
    line = page.get_by_role("region", name="Tilgang")
    expect(line).to_contain_text("Åpen fordi")
    line.get_by_role("link", name="Hvorfor").click()
    expect(page.get_by_role("heading", name="Hvorfor kan jeg se dette?")).to_be_visible()
    is_right(page)
    page.get_by_label("Psykisk helse").check()
    page.get_by_label("Trengs til helsehjelpen").check()
    page.get_by_role("button", name="Ta det ekstra steget").click()
    expect(page.get_by_text("Det ekstra steget er tatt")).to_be_visible()
    is_right(page)
    page.goto("/patients/cast-aslaug/access/emergency/")
    expect(page.get_by_role("heading", name="Nødtilgang", exact=True)).to_be_visible()
    is_right(page)
