"""A citizen's control over her record: who has seen it, blocks, acting for others."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import PHONE_FIRST, is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.running import Platform

NURSE, GP = "Gunnhild Tverrelv", "Ragna Lyngbakk"
UNIT = "Trondheim hjemmetjeneste"
ASLAUG, MOTHER, CHILD = "Aslaug Kvernbråten", "Sunniva Vollseter", "Emrik Vollseter"


@pytest.fixture(params=PHONE_FIRST, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def at_work(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A page in another browser, for somebody at work."""
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    yield context.new_page()
    context.close()


def test_what_staff_read_is_on_the_phone_within_a_second(page: Page, at_work: Page) -> None:
    helsami = HelsaMi(page).sign_in_as(ASLAUG)
    seen = helsami.who_has_seen()
    before = seen.visits.filter(has_text=GP).count()
    patients = work_as(at_work, GP)
    patients.search("Kvernbråten").open(ASLAUG)
    done = time.monotonic()
    page.reload()
    expect(seen.visits.filter(has_text=GP).first).to_be_visible(timeout=1000)
    assert time.monotonic() - done < 1
    told = seen.visits.filter(has_text=GP).first
    expect(told).to_contain_text("Trondheim legesenter")
    expect(told).to_contain_text("for å gi deg helsehjelp")
    assert seen.visits.filter(has_text=GP).count() in {before, before + 1}  # one visit, one row
    is_right(page)
    with page.expect_download() as table:
        page.get_by_role("link", name="tabell (CSV)").click()
    assert GP in table.value.path().read_text(encoding="utf-8")


def test_citizen_reports_a_reading_that_looks_wrong(page: Page, at_work: Page) -> None:
    work_as(at_work, GP).search("Kvernbråten").open(ASLAUG)
    seen = HelsaMi(page).sign_in_as(ASLAUG).who_has_seen()
    seen.visits.filter(has_text=GP).first.get_by_role("link", name="Dette ser feil ut").click()
    is_right(page)
    page.get_by_label("Hva ser feil ut?").fill("Jeg har ikke vært hos legen i dag")
    page.get_by_role("button", name="Send meldingen").click()
    expect(page.get_by_role("heading", name="Meldingen er sendt")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Personvernombudet")
    is_right(page)


def test_blocked_unit_no_longer_finds_the_patient(page: Page, at_work: Page) -> None:
    patients = work_as(at_work, NURSE)
    patients.search("Kvernbråten")
    expect(patients.people.filter(has_text=ASLAUG)).to_be_visible()

    blocks = HelsaMi(page).sign_in_as(ASLAUG).blocks()
    is_right(page)
    new = blocks.new()
    new.find("Trondheim hjemme")
    is_right(page)
    new.choose(UNIT)
    new.review()
    expect(page.get_by_role("main")).to_contain_text(UNIT)
    expect(page.get_by_role("main")).to_contain_text("I en nødssituasjon kan den åpnes.")
    is_right(page)
    page.get_by_role("button", name="Sperr", exact=True).click()
    expect(page.get_by_text("Sperringen gjelder fra nå av.")).to_be_visible()
    is_right(page)

    at_work.reload()
    patients.search("Kvernbråten ")
    expect(patients.people.filter(has_text=ASLAUG)).to_have_count(0)
    at_work.goto("/patients/cast-aslaug/")
    expect(at_work.get_by_role("main")).not_to_contain_text("Granlivegen")

    page.get_by_role("button", name="Avslutt sperringen").first.click()
    expect(page.get_by_text("Sperringen er avsluttet.")).to_be_visible()
    at_work.goto("/patients/")
    patients.search("Kvernbråten")
    expect(patients.people.filter(has_text=ASLAUG)).to_be_visible()


def test_mother_acts_for_her_child_under_a_banner_and_goes_back(page: Page) -> None:
    helsami = HelsaMi(page).sign_in_as(MOTHER)
    others = helsami.others()
    is_right(page)
    others.open_record_of(CHILD)
    banner = page.get_by_role("complementary", name="Hvem journalen gjelder")
    expect(banner).to_contain_text(f"Du ser journalen til {CHILD}")
    expect(page.locator(".acting-how")).to_contain_text("Som forelder")
    is_right(page)
    helsami.who_has_seen()
    expect(banner).to_be_visible()
    is_right(page)
    banner.get_by_role("button", name="Tilbake til min").click()
    expect(banner).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "title"),
    [("Nynorsk", "Kven har sett i journalen min"), ("English", "Who has seen my record")],
)
def test_the_pages_speak_nynorsk_and_english(page: Page, language: str, title: str) -> None:
    HelsaMi(page).sign_in_as(ASLAUG).who_has_seen()
    page.get_by_role("button", name=language).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_blocks_are_made_without_scripts(browser_without_scripts: Page) -> None:
    page = browser_without_scripts
    new = HelsaMi(page).sign_in_as(MOTHER).blocks().new()
    new.find(NURSE)
    new.choose(NURSE)
    page.get_by_label("Bare disse slags opplysninger").check()
    new.show_kinds()
    page.get_by_label("legemidler").check()
    new.review()
    expect(page.get_by_role("main")).to_contain_text("Stengt: legemidler")
    page.get_by_role("button", name="Endre").click()
    expect(page.get_by_label("legemidler")).to_be_checked()
