"""Home care: an application by phone, a decision, a plan, a visit with a late dose, a shift's end."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.looking import DESK, PHONE, PHONE_FIRST, is_right
from tests.e2e.pages.homecare import HomeCare, Office, Services
from tests.morning import MORNING
from tests.running import Platform

THEA, OFFICER, NURSE = "Thea Brandhaugen", "Randulf Stokkanmo", "Gunnhild Tverrelv"
CARER, LEADER = "Amir Nordlykkja", "Marthe Solgård"


@pytest.fixture
def now() -> datetime:
    """A time of day with some hours before and after it: the dose is two hours late."""
    return datetime.now(MORNING)


@pytest.fixture
def late_dose(platform: Platform, now: datetime, tmp_path: Path) -> None:
    """A prescription of Thea's that was due two hours ago."""
    at = (now - timedelta(hours=2)).strftime("%H:%M:00")
    order = {
        "resourceType": "MedicationRequest", "id": "e2e-late-dose", "status": "active",
        "intent": "order", "medicationCodeableConcept": {"text": "Metoprolol 50 mg"},
        "subject": {"reference": "Patient/cast-thea"}, "authoredOn": "2026-01-05",
        "dosageInstruction": [
            {
                "text": "1 tablett",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": [at]}},
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
    }  # fmt: skip
    file = tmp_path / "order.ndjson"
    file.write_text(json.dumps(order) + "\n", encoding="utf-8")
    done = platform.command("load", str(file), "--rejects", str(tmp_path / "rejects.ndjson"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.thorough  # the golden journey plays it too
@pytest.mark.usefixtures("late_dose")
def test_from_application_on_a_phone_to_the_end_of_the_shift(
    open_page: Open, now: datetime
) -> None:
    # given an application that a citizen sends from her phone
    services = Services(open_page(PHONE)).open_as(THEA)
    is_right(services.page)
    services.apply("Health care at home", "Jeg trenger hjelp til å huske medisinene")
    expect(services.main).to_contain_text("The application is received.")
    is_right(services.page)

    # when the case officer assesses and decides
    office = Office(open_page(DESK)).open_as(OFFICER)
    is_right(office.page)
    office.open_application(THEA)
    expect(office.page.get_by_role("main")).to_contain_text("huske medisinene")
    office.assess("3 Medium need of help")
    is_right(office.page)
    office.grant("3,5", "Trenger bistand til medisiner")

    # then she sees decision, reason and how to appeal
    services.page.reload()
    expect(services.main).to_contain_text("Decided")
    services.page.get_by_text("Granted: Helsetjenester i hjemmet").click()
    expect(services.main).to_contain_text("Trenger bistand til medisiner")
    expect(services.main).to_contain_text("How to appeal")

    # when the nurse plans, and the carer makes the visit on her phone
    nurse = HomeCare(open_page(DESK)).open_as(NURSE)
    begins, ends = now - timedelta(hours=3), now + timedelta(hours=2)
    nurse.plan(THEA, "Medisiner", begins.strftime("%H:%M"), ends.strftime("%H:%M"))
    is_right(nurse.page)
    carer = HomeCare(open_page(PHONE)).open_as(CARER)
    is_right(carer.page)
    carer.open_visit(THEA)
    carer.page.get_by_role("button", name="Start the visit").click()
    expect(carer.page.get_by_text("Under way since")).to_be_visible()
    is_right(carer.page)
    carer.give_late("Metoprolol 50 mg: 1 tablett", "Kø i trafikken")
    expect(carer.page.get_by_role("region", name="Medicines to give")).to_contain_text(
        "Kø i trafikken"
    )
    carer.done("Medisiner")
    carer.note_deviation("Nøkkelboksen var tom")
    carer.page.get_by_role("button", name="End the visit").click()
    expect(carer.card(THEA).first).to_contain_text("2 of 2 documented")

    # then the leader has the deviation, and the shift closes only with a name on what is open
    leader = HomeCare(open_page(DESK)).open_as(LEADER)
    leader.page.goto("/homecare/work/")
    expect(leader.page.get_by_role("main")).to_contain_text("Nøkkelboksen var tom")
    is_right(leader.page)
    _close_the_shift(carer.page)


def _close_the_shift(page: Page) -> None:
    page.goto("/homecare/shift/")
    is_right(page)
    handing = page.get_by_role("button", name="Hand over and close the shift")
    if handing.count():
        handing.click()
        expect(page.get_by_role("alert")).to_contain_text("Choose who takes over")
        is_right(page)
        page.get_by_label("Who takes over what is open?").select_option(index=1)
        handing.click()
    else:
        page.get_by_role("button", name="Close the shift").click()
    expect(page.get_by_text("The shift is closed.")).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("width", PHONE_FIRST)
def test_each_page_has_no_accessibility_fault_and_fits_its_window(
    open_page: Open, width: int
) -> None:
    nurse = HomeCare(open_page(width)).open_as(NURSE)
    for address in ("/homecare/", "/homecare/shift/", "/homecare/work/",
                    "/patients/cast-aslaug/homecare/"):  # fmt: skip
        nurse.page.goto(address)
        is_right(nurse.page)
    nurse.page.goto("/homecare/")
    nurse.open_visit("Aslaug")
    is_right(nurse.page)
    services = Services(open_page(width)).open_as("Aslaug Kvernbråten")
    is_right(services.page)
    services.page.goto("/helsami/services/new/")
    is_right(services.page)


def test_on_a_phone_a_visit_begins_in_the_upper_half_below_every_warning(open_page: Open) -> None:
    carer = HomeCare(open_page(PHONE)).open_as(CARER)
    carer.open_visit("Aslaug")
    page = carer.page
    page.set_viewport_size({"width": PHONE, "height": 740})
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading is not None
    assert heading["y"] < 740 / 2.5
    for warning in carer.warnings():
        box = warning.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < heading["y"]
    bar = page.get_by_role("navigation", name="Main pages")
    visit = page.url
    bar.get_by_role("link", name="Medicines").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Medicines in use")
    bar.get_by_role("link", name="The visit").click()
    expect(page).to_have_url(visit)
    bar.get_by_text("More").click()
    bar.get_by_role("link", name="Overview").click()
    expect(page).to_have_url(re.compile(r"/patients/cast-aslaug/$"))


def test_a_visit_is_made_without_scripts(browser_without_scripts: Page, open_page: Open) -> None:
    now = datetime.now(MORNING)
    begins, ends = now - timedelta(hours=1), now + timedelta(hours=2)
    nurse = HomeCare(open_page(DESK)).open_as(NURSE)
    nurse.page.goto("/patients/cast-marit/homecare/")
    nurse.add_action("Øvelser", f"{begins:%H:%M}", f"{ends:%H:%M}")
    carer = HomeCare(browser_without_scripts).open_as(CARER)
    carer.open_visit("Marit")
    carer.page.get_by_role("button", name="Start the visit").click()
    expect(carer.page.get_by_text("Under way since")).to_be_visible()
    carer.page.get_by_role("button", name="End the visit").click()  # nobody else finds it under way
    expect(carer.page.get_by_text("Under way since")).to_have_count(0)
