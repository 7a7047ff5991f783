"""Every page, at a desk and on a phone, in three languages, without accessibility faults."""

from __future__ import annotations

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from fellesjournal.surfaces.clinic.gallery import gallery
from tests.e2e.looking import accessibility_faults, is_right
from tests.e2e.pages.clinic import work_as

GP = "Ragna Lyngbakk"
TREND = "/patients/cast-aslaug/results/?of=http://loinc.org%7C85354-9"
PAGES = (
    "/sign-in/",
    "/patients/",
    "/patients/cast-aslaug/",
    "/patients/cast-aslaug/?kind=document",
    "/patients/cast-aslaug/?setting=nursing-home",
    TREND,
)


@pytest.fixture(
    params=[320, pytest.param(1280, marks=pytest.mark.thorough)], ids=lambda width: f"{width}px"
)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_pages_have_no_accessibility_fault_and_fit_their_window(page: Page, width: int) -> None:
    work_as(page, GP)
    faults = []
    for address in PAGES:
        page.goto(address)
        faults += [f"{address} {fault}" for fault in accessibility_faults(page)]
        wide, window = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= window <= width, address
    assert faults == []


def test_answers_to_a_search_have_no_accessibility_fault_and_fit_their_window(page: Page) -> None:
    patients = work_as(page, GP)
    for question in ("kari", "zzzzzz", "quigley"):
        patients.search(question)
        patients.field.press("Enter")
        page.wait_for_load_state()
        expect(patients.field).to_have_value(question)
        assert question not in page.url
        is_right(page)


def test_document_page_has_no_accessibility_fault(page: Page) -> None:
    work_as(page, GP)
    page.goto("/patients/cast-aslaug/?kind=document")
    page.get_by_role("complementary", name="Tidslinje").get_by_role("listitem").get_by_role(
        "link"
    ).first.click()
    expect(page.get_by_role("article")).to_be_visible()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize(
    ("button", "language", "heading"),
    [("English", "en", "Find patient"), ("Nynorsk", "nn", "Finn pasient")],
)
def test_language_is_switched_on_the_spot(
    page: Page, button: str, language: str, heading: str
) -> None:
    work_as(page, GP)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == language
    assert accessibility_faults(page) == []


def test_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page) -> None:
    page.goto("/sign-in/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hopp til hovedinnhold")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def _gallery(page: Page, rf: RequestFactory) -> None:
    """The gallery is served in development only, so its page is put on the platform's address."""
    request = rf.get("/ui/")
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    shown = gallery(request).content
    page.route("**/ui/", lambda route: route.fulfill(body=shown, content_type="text/html"))
    page.goto("/ui/")
    expect(page.get_by_role("region", name="Pasient", exact=True)).to_have_count(3)


def test_every_component_in_every_state_has_no_accessibility_fault(
    page: Page, rf: RequestFactory
) -> None:
    _gallery(page, rf)
    is_right(page)


def test_on_paper_stands_what_is_read_and_nothing_to_press(page: Page, rf: RequestFactory) -> None:
    _gallery(page, rf)
    header = page.get_by_text("Utskrift").or_(page.get_by_text("av Ragna Lyngbakk, Trondheim"))
    expect(header.first).to_be_hidden()
    page.emulate_media(media="print")
    expect(header.first).to_be_visible()
    expect(page.get_by_text("Warfarin 2,5 mg tablett")).to_be_visible()
    expect(page.get_by_role("region", name="Pasient", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Angre")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)
    stuck = (
        "[...document.querySelectorAll('*')].some(e => getComputedStyle(e).position === 'sticky')"
    )
    assert page.evaluate(stuck) is False


def test_what_is_not_accessible_is_told(page: Page) -> None:
    """The looking itself: a picture without words, a field without a label, grey on grey."""
    page.set_content(
        "<html lang='nb'><title>x</title><img src='data:,'><input>"
        "<p style='color: #999; background: #aaa'>grått</p>"
    )
    told = {fault.partition(":")[0] for fault in accessibility_faults(page)}
    assert {"image-alt", "label", "color-contrast"} <= told
