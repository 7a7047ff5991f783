"""A stay, from the ward's board to the GP's desk: admitted, ready and not, discharged, received."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.access import ClosedPage
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.language import in_english
from tests.e2e.pages.ward import StayPage, WardPage, admit
from tests.running import Platform

NURSE, DOCTOR, GP = "Benedikte Osvoll", "Iselin Gravråk", "Ragna Lyngbakk"
SUNNIVA = ("cast-sunniva", "11908804270", "Sunniva")


def _other(browser: Browser, platform: Platform, width: int) -> Page:
    context = browser.new_context(
        base_url=platform.url, viewport={"width": width, "height": 900}, locale="nb-NO"
    )
    return context.new_page()


@pytest.fixture
def doctors_page(browser: Browser, platform: Platform, width: int) -> Iterator[Page]:
    """The doctor of the ward, in another browser."""
    page = _other(browser, platform, width)
    yield page
    page.context.close()


@pytest.fixture
def gps_page(browser: Browser, platform: Platform, width: int) -> Iterator[Page]:
    """The GP."""
    page = _other(browser, platform, width)
    yield page
    page.context.close()


def _signed_in(page: Page, name: str) -> Page:
    work_as(page, name)
    in_english(page)
    return page


def _emergency(page: Page, number: str) -> None:
    """An acute patient nobody here has a ground for: who opens the record says why."""
    patients = work_as(page, NURSE)
    patients.search(number)
    patients.field.press("Enter")
    patients.people.filter(has_text="trenger nødtilgang").get_by_role("link").click()
    closed = ClosedPage(page)
    closed.break_glass(
        "Pasienten trenger øyeblikkelig hjelp her og nå", "Kommer med ambulanse, tung pust"
    )


@pytest.mark.thorough  # the golden journey plays it too
def test_patient_is_admitted_ready_and_not_discharged_and_the_gp_has_the_summary(
    page: Page, doctors_page: Page, gps_page: Page, width: int
) -> None:
    patient, number, name = SUNNIVA
    _emergency(page, number)
    page.goto("/patients/")
    in_english(page)
    admit(page, patient, reason="Tung pust", bed="205-1", doctor=DOCTOR)
    is_right(page)
    board = WardPage(page).open()
    expect(board.row(name)).to_contain_text("205-1")
    count = board.rows.count()
    expect(page.get_by_text(f"{count} patients are in.")).to_be_visible()
    is_right(page)

    doctor = _signed_in(doctors_page, DOCTOR)
    stay = WardPage(doctor).open().stay(name)
    stay.press("Mark as ready for discharge", "Marked as ready for discharge, with your name.")
    is_right(doctor)
    doctor.get_by_label("Why", exact=True).fill("Feber i natt")
    stay.press("Not ready after all", "Withdrawn, with your name.")
    stay.press("Mark as ready for discharge", "Marked as ready for discharge, with your name.")
    said = doctor.get_by_role("region", name="What was said about discharge")
    expect(said.get_by_role("listitem")).to_have_count(3)
    expect(said).to_contain_text("Feber i natt")
    board.open()
    expect(board.row(name)).to_contain_text("ready")

    _discharge(doctor)
    board.open()
    expect(board.rows).to_have_count(count - 1)
    _reaches_the_gp(gps_page, name)


def _discharge(page: Page) -> None:
    page.get_by_role("link", name="Write summary and discharge").click()
    is_right(page)
    page.get_by_label("Course and treatment").fill("Behandlet med oksygen, god bedring.")
    page.get_by_label("Diagnoses", exact=True).fill("Lungebetennelse (J189)")
    page.get_by_role("button", name="Show as it will be received").click()
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(page)
    page.get_by_label("Follow-up and who answers for it").fill(
        "Kontroll om to uker. Ansvar: fastlegen."
    )
    page.get_by_label("Course and treatment").press("Control+Enter")
    expect(page.get_by_role("heading", name="As it will be received")).to_be_visible()
    recipients = page.get_by_role("region", name="Recipients")
    expect(recipients).to_contain_text("Trondheim legesenter")
    expect(page.get_by_role("article")).to_contain_text("god bedring")
    is_right(page)
    page.get_by_role("button", name="Sign, send and discharge").click()
    expect(page.get_by_text("is discharged. The summary is signed and on its way.")).to_be_visible()
    StayPage(page)
    is_right(page)


def _reaches_the_gp(page: Page, name: str) -> None:
    _signed_in(page, GP)
    page.goto("/deliveries/")
    to_read = page.get_by_role("region", name="To read").get_by_role("listitem")
    # the out-of-hours clinic may have written of the same patient
    letter = to_read.filter(has_text=name).filter(has_not_text="legevakt")
    deadline = time.monotonic() + 20
    while not letter.first.is_visible() and time.monotonic() < deadline:
        page.reload()
    expect(letter.first).to_contain_text("Epikrise")
    letter.first.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("Behandlet med oksygen, god bedring.")
    is_right(page)


def test_board_is_worked_by_keyboard_and_a_stay_ends_not_without_a_reason(
    doctors_page: Page, width: int
) -> None:
    page = _signed_in(doctors_page, DOCTOR)
    board = WardPage(page).open()
    link = board.row("Zbigniew").get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    stay = StayPage(page)
    is_right(page)
    page.get_by_text("Change bed or who answers").click()
    page.get_by_label("Room and bed").fill(f"20{width}")
    stay.press("Save", "Saved.")
    page.get_by_role("link", name="Write summary and discharge").click()
    page.get_by_text("End the stay without a summary now").click()
    page.get_by_label("In words").fill("kort")
    page.get_by_role("button", name="End the stay without a summary").click()
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(page)


def test_inv_44_form_of_another_patients_page_changes_nothing(doctors_page: Page) -> None:
    page = _signed_in(doctors_page, DOCTOR)
    WardPage(page).open().stay("Thea")
    page.evaluate(
        "document.querySelectorAll('input[name=patient]').forEach(i => { i.value = 'cast-aslaug' })"
    )
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Mark as ready for discharge").click()
    assert answered.value.status == 409
    WardPage(page).open()
    expect(WardPage(page).row("Thea")).not_to_contain_text("ready")
