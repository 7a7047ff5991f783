"""The out-of-hours clinic: from the call to the GP's desk, and two doctors for one patient."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.interactions import Interactions
from tests.e2e.looking import DESK_FIRST, is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.language import in_english
from tests.e2e.pages.triage import WaitingRoom

NURSE, DOCTOR, GP = "Ingeborg Haukdalsmo", "Sindre Hellbakken", "Ragna Lyngbakk"
NUMBERS = {1280: ("27828612994", "Håvard"), 360: ("11908804270", "Sunniva")}


@pytest.fixture(params=DESK_FIRST, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_who_calls_is_triaged_comes_is_taken_once_and_the_gp_is_told(
    open_page: Open, width: int
) -> None:
    page, doctors_page, gps_page = open_page(width), open_page(width), open_page(width)
    number, name = NUMBERS[width]
    nurse = WaitingRoom(page).open_as(NURSE)
    before = nurse.count()
    is_right(page)
    nurse.find(number)
    is_right(page)
    nurse.take_in(reason="Vondt i brystet ved hosting", then="Called: comes in", urgency="Yellow")
    expect(nurse.row(name)).to_contain_text("on the way")
    nurse.has_counted(before + 1)
    nurse.row(name).get_by_role("button", name="Is here").click()
    expect(page.get_by_text("Marked as here. Triage again.")).to_be_visible()
    is_right(page)
    page.get_by_label("Orange", exact=True).check()
    page.get_by_label("What was seen (optional)").fill("Blek, puster fort")
    page.get_by_role("button", name="Set urgency").click()
    expect(nurse.row(name)).to_contain_text("Orange")
    is_right(page)

    doctor = WaitingRoom(doctors_page).open_as(DOCTOR)
    doctor.row(name).get_by_role("button", name="Take").click()
    expect(doctors_page.get_by_text("You have taken the patient.")).to_be_visible()
    nurse.row(name).get_by_role("button", name="Take").click()  # her page is a little behind
    expect(page.get_by_text(f"{DOCTOR} has taken this patient.")).to_be_visible()
    is_right(page)

    doctor.end("Seen, and sent home", "kort")
    expect(doctors_page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(doctors_page)
    doctor.end("Seen, and sent home", "Muskelsmerter etter hoste. Kontroll ved behov.")
    expect(doctors_page.get_by_text("The contact is ended. The GP is told.")).to_be_visible()
    doctor.has_counted(before)
    _reaches_the_gp(gps_page, name)


def _reaches_the_gp(page: Page, name: str) -> None:
    work_as(page, GP)
    in_english(page)
    page.goto("/deliveries/")
    letter = (
        page.get_by_role("region", name="To read").get_by_role("listitem").filter(has_text=name)
    ).filter(has_text="Epikrise fra legevakt")
    deadline = time.monotonic() + 20
    while not letter.first.is_visible() and time.monotonic() < deadline:
        page.reload()
    letter.first.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("Muskelsmerter etter hoste.")
    is_right(page)


def test_advice_by_telephone_is_written_down_and_nobody_waits_for_it(
    open_page: Open, width: int
) -> None:
    page = open_page(width)
    nurse = WaitingRoom(page).open_as(NURSE)
    before = nurse.count()
    nurse.find(NUMBERS[width][0])
    nurse.take_in(reason="Forkjølet", then="Called: advice only", urgency="Green")
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(page)
    page.get_by_label("What was heard and advised").fill("Drikke rikelig. Ring ved feber.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The contact is ended. The GP is told.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Drikke rikelig. Ring ved feber.")
    nurse.open().has_counted(before)


def test_urgency_is_set_anew_from_the_board(page: Page, width: int) -> None:
    nurse = WaitingRoom(page).open_as(NURSE)
    steps = Interactions(page)
    steps.click(nurse.row("Oddmund").get_by_role("link"))
    steps.click(page.get_by_label("Green" if width == 360 else "Orange", exact=True))
    steps.click(page.get_by_role("button", name="Set urgency"))
    expect(page.get_by_text("The urgency is set, with your name and the time.")).to_be_visible()
    steps.hold("set triage")
    expect(nurse.row("Oddmund")).to_contain_text("Green" if width == 360 else "Orange")


def test_patient_is_taken_from_the_board_by_keyboard(page: Page) -> None:
    doctor = WaitingRoom(page).open_as(DOCTOR)
    doctor.row("Ingebrigt").get_by_role("button", name="Take").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have taken the patient.")).to_be_visible()
    page.get_by_role("button", name="Back to waiting").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The patient waits again, and the clinic answers.")).to_be_visible()
    expect(doctor.open().row("Ingebrigt")).to_contain_text("Trondheim legevakt")
    is_right(page)
