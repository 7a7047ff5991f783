"""Appointments from a telephone to the GP's day list and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.interactions import Interactions
from tests.e2e.looking import DESK_FIRST, is_right
from tests.e2e.pages.appointments import DayList, MyAppointments
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.ways import to_part
from tests.e2e.schedules import open_around_the_clock
from tests.morning import MORNING
from tests.running import Platform

GP, ASLAUG = "Ragna Lyngbakk", "Aslaug Kvernbråten"
AROUND_THE_CLOCK = "Ragna (around the clock)"


@pytest.fixture(scope="module", autouse=True)
def around_the_clock(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A schedule that is open at whatever hour the tests are run."""
    folder = tmp_path_factory.mktemp("schedules")
    open_around_the_clock(platform, folder, "around-the-clock", AROUND_THE_CLOCK)


@pytest.fixture(params=DESK_FIRST, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def at_work(browser: Browser, platform: Platform, width: int) -> Iterator[Page]:
    """A page in another browser, for the GP."""
    context = browser.new_context(
        base_url=platform.url, viewport={"width": width, "height": 900}, locale="nb-NO"
    )
    page = context.new_page()
    work_as(page, GP)
    in_english(page)
    yield page
    context.close()


def _book(
    platform: Platform, folder: Path, key: str, patient: str, *, at: datetime, why: str
) -> None:
    """A twenty-minute appointment with the GP, which the demo does not have."""
    booked = {
        "resourceType": "Appointment",
        "id": key,
        "status": "booked",
        "start": at.isoformat(),
        "end": (at + timedelta(minutes=20)).isoformat(),
        "reasonCode": [{"text": why}],
        "participant": [
            {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/staff-gp-trondheim"}, "status": "accepted"},
        ],
    }
    file = folder / f"{key}.ndjson"
    file.write_text(json.dumps(booked) + "\n", encoding="utf-8")
    loaded = platform.command("load", str(file))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr


def test_an_82_year_old_books_and_moves_and_the_gp_sees_her_arrive(
    page: Page, at_work: Page, width: int
) -> None:
    HelsaMi(page).sign_in_as(ASLAUG)
    in_english(page)
    mine = MyAppointments(page).open()
    is_right(page)
    times = mine.book()
    is_right(page)
    day = times.choose(day=2, who=AROUND_THE_CLOCK)
    is_right(page)
    reason = f"Hovne ankler ({width})"
    first = times.confirm("Book this time", reason=reason)
    expect(mine.card(reason)).to_contain_text(first)
    is_right(page)

    days = DayList(at_work).open(day)
    expect(days.row(reason, first)).to_contain_text(ASLAUG)
    is_right(at_work)

    times = mine.move(reason)
    is_right(page)
    soon = times.choose(day=0)
    second = times.confirm("Move it here")

    at_work.reload()
    expect(days.row(reason, first)).to_have_count(0)
    days.open(soon)
    days.press(days.row(reason, second), "Arrived")
    expect(days.row(reason, second)).to_contain_text("arrived")
    is_right(at_work)
    page.reload()
    expect(mine.card(reason)).to_contain_text("you are registered as arrived")

    days.press(days.row(reason, second), "Start consultation")
    expect(at_work.get_by_role("region", name="Patient", exact=True)).to_contain_text(ASLAUG)
    days.open(soon)
    days.press(days.row(reason, second), "End consultation")
    expect(days.row(reason, second)).to_contain_text("done")


def test_a_return_appointment_is_booked_and_called_off_by_keyboard(
    at_work: Page, page: Page, width: int
) -> None:
    at_work.goto("/patients/cast-aslaug/")
    steps = Interactions(at_work)
    if width > 600:
        at_work.get_by_role("link", name="Appointments", exact=True).last.focus()
        steps.chord("Enter")
    else:
        to_part(at_work, "Appointments")
    at_work.get_by_role("button", name="In four weeks").focus()
    steps.chord("Enter")
    at_work.wait_for_url("**/appointments/?day=*")
    at_work.wait_for_load_state()
    is_right(at_work)
    reason = f"Kontroll ({width})"
    steps.write(at_work.get_by_label("What it is about"), reason)
    free = at_work.get_by_role("button", name="Ragna Lyngbakk,")
    free.first.focus()
    if width > 600:
        chosen = free.nth(1)
        at_work.keyboard.press("ArrowDown")
        expect(chosen).to_be_focused()
        at_work.keyboard.press("ArrowUp")
        expect(free.first).to_be_focused()
    steps.chord("Enter")
    steps.hold("book return")
    booked = at_work.get_by_role("listitem").filter(has_text=reason)
    expect(booked).to_have_count(1)
    is_right(at_work)
    HelsaMi(page).sign_in_as(ASLAUG)
    in_english(page)
    mine = MyAppointments(page).open()
    mine.cancel(reason, "Skal på ferie")
    is_right(page)
    at_work.reload()
    expect(booked).not_to_be_visible()
    is_right(at_work)


def test_who_does_not_come_is_noted_in_two_interactions_and_can_still_arrive(
    at_work: Page, platform: Platform, tmp_path: Path, width: int
) -> None:
    begun = datetime.now(MORNING).replace(second=0, microsecond=0) - timedelta(minutes=15)
    _book(
        platform, tmp_path, f"begun-{width}", "cast-thea", at=begun,
        why=f"Begynte nettopp ({width})",
    )  # fmt: skip
    steps = Interactions(at_work)
    steps.click(at_work.get_by_role("link", name="Day list"))
    row = at_work.get_by_role("row").filter(has_text=f"Begynte nettopp ({width})")
    steps.click(row.get_by_role("button", name="Did not come"))
    steps.hold("no-show")
    gone = at_work.get_by_role("region", name="Cancelled or not met").get_by_role("listitem")
    expect(gone.filter(has_text="did not come").filter(has_text="Thea").first).to_be_visible()
    is_right(at_work)
    gone.get_by_role("button", name="Arrived after all").first.click()
    expect(row).to_contain_text("arrived")


def test_calling_off_by_staff_asks_who_does_it(
    at_work: Page, platform: Platform, tmp_path: Path, width: int
) -> None:
    _book(
        platform, tmp_path, f"called-off-{width}", "cast-marit",
        at=datetime.now(MORNING).replace(second=0, microsecond=0) + timedelta(days=1, hours=width // 360),
        why="Kontroll av stoffskiftet",
    )  # fmt: skip
    at_work.goto("/patients/cast-marit/appointments/")
    at_work.get_by_role("link", name="Call off").first.click()
    at_work.get_by_role("button", name="Cancel the appointment").click()
    expect(at_work.get_by_role("link", name="Choose who cancels it.")).to_be_visible()
    is_right(at_work)
    at_work.get_by_label("The patient cancels it").check()
    at_work.get_by_role("button", name="Cancel the appointment").click()
    expect(at_work.get_by_text("The appointment is cancelled.")).to_be_visible()


def test_booking_works_without_scripts(browser_without_scripts: Page) -> None:
    page = browser_without_scripts
    HelsaMi(page).sign_in_as("Håvard Vollseter")
    page.get_by_role("button", name="English").click()
    mine = MyAppointments(page).open()
    times = mine.book()
    times.choose(day=1, who=AROUND_THE_CLOCK)
    times.confirm("Book this time", reason="Stiv rygg i dag")
    expect(mine.card("Stiv rygg i dag")).to_be_visible()
