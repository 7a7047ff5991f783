"""Signing in, choosing, being signed out, and going on without losing anything."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.looking import PHONE_FIRST, is_right
from tests.e2e.pages.clinic import PatientsPage, SignInPage
from tests.e2e.pages.helsami import HelsaMi
from tests.running import Platform

GP = "Ragna Lyngbakk"
ASLAUG = "Aslaug Kvernbråten"


@pytest.fixture(params=PHONE_FIRST, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_way_in_has_no_accessibility_fault_at_any_step(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    is_right(page)
    page.get_by_role("link", name="Helsepersonell").click()
    expect(page.get_by_role("heading", name="Hvem er du i dag?")).to_be_visible()
    is_right(page)
    page.get_by_role("button", name=GP).click()
    expect(page.get_by_role("navigation", name="Dager")).to_be_visible()
    expect(page.get_by_role("link", name="Fastlege, Trondheim legesenter")).to_be_visible()
    for address in ("/role/", "/sessions/"):
        page.goto(address)
        is_right(page)


def test_citizen_accepts_the_terms_once_and_is_greeted(page: Page) -> None:
    HelsaMi(page).sign_in_as(ASLAUG)
    is_right(page)
    page.goto("/helsami/terms/")
    is_right(page)
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    page.get_by_role("link", name="HelsaMi").click()
    page.get_by_role("button", name=ASLAUG).click()
    expect(page.get_by_role("heading", name="Hei, ")).to_be_visible()


def test_signing_in_works_without_scripts(browser_without_scripts: Page) -> None:
    SignInPage(browser_without_scripts).sign_in_as(GP)


def test_refusal_is_said_in_plain_words(context: BrowserContext) -> None:
    page = context.new_page()  # the browser writes the status into its console
    page.goto("/sign-in/back/helseid/?state=x&code=y")
    expect(page.get_by_role("heading", name="Ikke logget inn")).to_be_visible()
    is_right(page)


def test_signing_out_leads_to_the_sign_in_page_by_way_of_the_provider(page: Page) -> None:
    SignInPage(page).sign_in_as(GP)
    with page.expect_response(re.compile("/stand-in/helseid/logout")):
        page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()


def test_signing_out_everywhere_reaches_another_browser_at_its_next_step(
    page: Page, browser: Browser, platform: Platform
) -> None:
    SignInPage(page).sign_in_as(GP)
    other = browser.new_context(base_url=platform.url)
    elsewhere = other.new_page()
    SignInPage(elsewhere).sign_in_as(GP)
    elsewhere.get_by_role("link", name=GP).click()
    elsewhere.get_by_role("button", name="Logg ut overalt").click()
    expect(elsewhere.get_by_role("heading", name="Logg inn")).to_be_visible()
    other.close()
    page.goto("/patients/")
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()


def _sign_out_from_elsewhere(browser: Browser, platform: Platform) -> None:
    other = browser.new_context(base_url=platform.url)
    page = other.new_page()
    SignInPage(page).sign_in_as(GP)
    page.goto("/sessions/")
    page.get_by_role("button", name="Logg ut overalt").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    other.close()


def test_search_goes_on_where_it_was_after_signing_in_again_in_place(
    context: BrowserContext, browser: Browser, platform: Platform
) -> None:
    page = context.new_page()  # the browser writes the 401 into its console
    SignInPage(page).sign_in_as(GP)
    _sign_out_from_elsewhere(browser, platform)
    patients = PatientsPage(page).search("Kvernbråten")
    dialog = page.get_by_role("dialog", name="Du er blitt logget ut")
    expect(dialog).to_be_visible()
    is_right(page)
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Logg inn på nytt").click()
    opened.value.get_by_role("button", name=GP).click()
    expect(dialog).to_be_hidden()
    expect(patients.field).to_have_value("Kvernbråten")
    expect(patients.people.filter(has_text=ASLAUG)).to_be_visible()


def test_page_of_one_person_does_not_go_on_as_another(
    context: BrowserContext, browser: Browser, platform: Platform
) -> None:
    page = context.new_page()
    SignInPage(page).sign_in_as(GP)
    _sign_out_from_elsewhere(browser, platform)
    patients = PatientsPage(page).search("Kvernbråten")
    dialog = page.get_by_role("dialog", name="Du er blitt logget ut")
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Logg inn på nytt").click()
    opened.value.get_by_role("button", name="Gunnhild Tverrelv").click()
    expect(page.get_by_role("link", name="Gunnhild Tverrelv")).to_be_visible()
    expect(patients.field).to_have_value("")


def test_warning_comes_two_minutes_before_the_end_and_working_on_is_one_click(page: Page) -> None:
    page.clock.install()
    SignInPage(page).sign_in_as(GP)
    page.clock.fast_forward("27:00")
    dialog = page.get_by_role("dialog", name="Du blir snart logget ut")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()
    is_right(page)
    dialog.get_by_role("button", name="Fortsett å arbeide").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("27:00")
    expect(dialog).to_be_hidden()


def test_form_sent_after_the_end_waits_for_signing_in_again(page: Page) -> None:
    """The page knows that its time is over before the server is asked."""
    page.clock.install()
    patients = SignInPage(page).sign_in_as(GP)
    page.clock.fast_forward("31:00")
    dialog = page.get_by_role("dialog", name="Du er blitt logget ut")
    expect(dialog).to_be_visible()
    patients.field.evaluate("field => { field.value = 'Kvernbråten'; field.form.requestSubmit(); }")
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Logg inn på nytt").click()
    opened.value.get_by_role("button", name=GP).click()
    expect(dialog).to_be_hidden()
    expect(patients.people.filter(has_text=ASLAUG)).to_be_visible()
