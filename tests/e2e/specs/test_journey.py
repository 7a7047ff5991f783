"""The golden journey, chapters 1 to 8, in one go: each person in a browser of her own.

A citizen of 82 sees her GP, is referred and admitted, comes home with another medication list and
more home nursing, and reads it all; her daughter acts for her; both see who has opened the record.
Leaders see what it gives, and bring the next municipality onto it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Open
from tests.e2e.looking import DESK, PHONE
from tests.e2e.pages.access import ClosedPage
from tests.e2e.pages.appointments import DayList, MyAppointments
from tests.e2e.pages.clinic import SignInPage
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.homecare import HomeCare, Office, Services
from tests.e2e.pages.language import in_english
from tests.e2e.pages.leaders import Leaders
from tests.e2e.pages.medicines import MedicinesPage
from tests.e2e.pages.notes import NotesPage
from tests.e2e.pages.referrals import Clinic, ReferralForm
from tests.e2e.pages.results import InboxPage, LaboratoryPage, ReportPage
from tests.e2e.pages.ward import WardPage, admit
from tests.e2e.schedules import open_around_the_clock
from tests.e2e.story import Story
from tests.morning import MORNING
from tests.running import Platform

HER_NUMBER = "14834447836"
ASLAUG, HER_ID, DAUGHTER = "Aslaug Kvernbråten", "cast-aslaug", "Marit Kvernbråten Lyngstad"
GP, SECRETARY, SPECIALIST = "Ragna Lyngbakk", "Anne-Grethe Bjørnsvik", "Sigbjørn Løkkvang"
NURSE, DOCTOR = "Benedikte Osvoll", "Iselin Gravråk"
LEADER, COORDINATOR, ROLLOUT_LEAD = "Marthe Solgård", "Tarald Vinjefossen", "Oddbjørg Lauvsnesmo"
OFFICER, HOME_NURSE, CARER = "Randulf Stokkanmo", "Gunnhild Tverrelv", "Amir Nordlykkja"
CLINIC = "Ortopedisk og kirurgisk poliklinikk, St. Olavs hospital"
ALWAYS_OPEN = "Ragna (journey)"
LATE_DOSE = "Kalsiumkarbonat 500 mg: 1 tablett"


@pytest.fixture(scope="module", autouse=True)
def always_open(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A schedule of the GP that is open at whatever hour the journey is played."""
    open_around_the_clock(platform, tmp_path_factory.mktemp("journey"), "journey", ALWAYS_OPEN)


@pytest.fixture(scope="module", autouse=True)
def late_dose(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A medicine of hers that is due an hour ago at whatever hour the journey is played."""
    due = datetime.now(MORNING) - timedelta(hours=2)
    order = {
        "resourceType": "MedicationRequest", "id": "journey-late-dose", "status": "active",
        "intent": "order", "medicationCodeableConcept": {"text": LATE_DOSE.partition(":")[0]},
        "subject": {"reference": f"Patient/{HER_ID}"}, "authoredOn": "2026-01-05",
        "dosageInstruction": [
            {
                "text": "1 tablett",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d",
                                      "timeOfDay": [f"{due:%H:%M}:00"]}},
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
    }  # fmt: skip
    file: Path = tmp_path_factory.mktemp("dose") / "dose.ndjson"
    file.write_text(json.dumps(order) + "\n", encoding="utf-8")
    loaded = platform.command("load", str(file))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr


@pytest.fixture
def story() -> Iterator[Story]:
    """What is told of it."""
    told = Story()
    yield told
    told.write()


def test_the_golden_journey(open_page: Open, story: Story) -> None:
    citizen, gp = open_page(PHONE), open_page(DESK)
    ward_nurse, ward_doctor = open_page(DESK), open_page(DESK)
    home_nurse, carer = HomeCare(open_page(DESK)), HomeCare(open_page(PHONE))
    _books_and_is_seen(citizen, gp, story)
    _is_referred(citizen, gp, open_page(DESK), open_page(DESK), story)
    _is_admitted(ward_nurse, home_nurse, story)
    _is_treated_and_discharged(ward_doctor, story)
    _reaches_gp_and_citizen(gp, citizen, story)
    _is_granted_help(citizen, open_page(DESK), story)
    _begins_again(home_nurse, story)
    _is_visited(home_nurse, carer, story)
    daughter = open_page(PHONE)
    _measures_and_asks(citizen, daughter, home_nurse.page, story)
    _sees_who_has_seen(citizen, daughter, story)
    _sees_what_it_gives(Leaders(open_page(DESK)), Leaders(open_page(DESK)), story)
    _brings_the_next_one(Leaders(open_page(DESK)), story)


def _books_and_is_seen(citizen: Page, gp: Page, story: Story) -> None:
    story.begin("1. Booking, and the GP")
    HelsaMi(citizen).sign_in_as(ASLAUG)
    in_english(citizen)
    story.scene(citizen, "Aslaug, 82, on her phone", "HelsaMi begins with what comes next.")
    times = MyAppointments(citizen).open().book()
    day = times.choose(day=0, who=ALWAYS_OPEN)
    at = times.confirm("Book this time", reason="Tung pust")
    story.scene(citizen, "Aslaug", "She has booked a time with her GP.")
    SignInPage(gp).sign_in_as(GP)
    in_english(gp)
    days = DayList(gp).open(day)
    expect(days.row("Tung pust", at)).to_contain_text(ASLAUG)
    story.scene(gp, "Ragna, her GP", "The time stands on the day list at once.")
    gp.goto(f"/patients/{HER_ID}/")
    expect(gp.get_by_role("region", name="Patient", exact=True)).to_contain_text(ASLAUG)
    story.scene(gp, "Ragna", "The whole record on one page, from every provider.")


def _is_referred(citizen: Page, gp: Page, office: Page, specialist: Page, story: Story) -> None:
    story.begin("2. Note, laboratory, referral")
    draft = NotesPage(gp).open(HER_ID).begin()
    draft.type("Reason for contact", "Tung pust ved gange, vondt kne")
    draft.type("Plan and measures", "Blodprøver. Henviser til ortoped.")
    story.scene(gp, "Ragna", "A note saves itself while she writes.")
    gp.keyboard.press("Control+Enter")
    expect(gp.get_by_role("heading", name="Sign note")).to_be_visible()
    gp.keyboard.press("Control+Enter")
    expect(gp.get_by_role("article")).to_contain_text("Signed by Ragna Lyngbakk")
    laboratory = LaboratoryPage(gp, HER_ID).open()
    laboratory.begin().choose("Infection").because("Tung pust").send()
    laboratory.wait_until("answered")
    inbox = InboxPage(gp).open()
    story.scene(gp, "Ragna", "The laboratory has answered: the result is hers until acknowledged.")
    inbox.rows(ASLAUG).first.click()
    ReportPage(gp).no_action.click()
    gp.goto(f"/patients/{HER_ID}/referrals/")
    gp.get_by_role("link", name="New referral").click()
    what = "Vurdering av kneet (reisen)"
    ReferralForm(gp).fill(to=CLINIC, what=what, diagnosis="Kneartrose").send()
    expect(gp.get_by_text("The referral is signed")).to_be_visible()
    worklist = Clinic(specialist, SPECIALIST).office()
    worklist.row(what).get_by_role("link").first.click()
    begin_by = (datetime.now(MORNING) + timedelta(days=90)).date().isoformat()
    specialist.get_by_label("Care is to begin by").fill(begin_by)
    story.scene(
        specialist, "Sigbjørn, orthopaedist", "The office assesses within ten working days."
    )
    specialist.get_by_role("button", name="Accept").click()
    expect(specialist.get_by_text("the patient is on the waiting list")).to_be_visible()
    waiting = Clinic(office, SECRETARY).office()
    waiting.tab("Waiting list").click()
    waiting.open(what).book(
        (datetime.now(MORNING) + timedelta(days=30)).date().isoformat(), "10:30"
    )
    expect(office.get_by_text("The patient has an appointment.")).to_be_visible()
    citizen.goto("/helsami/referrals/")
    card = citizen.get_by_role("main").get_by_role("listitem").filter(has_text=what)
    expect(card).to_contain_text("10:30")
    story.scene(citizen, "Aslaug", "She follows the referral at each step, to the appointment.")


def _is_admitted(nurse: Page, home_nurse: HomeCare, story: Story) -> None:
    story.begin("3. In hospital")
    _arrives_in_a_hurry(nurse)
    in_english(nurse)
    admit(nurse, HER_ID, reason="Tung pust", bed="205-2", doctor=DOCTOR)
    WardPage(nurse).open()
    story.scene(nurse, "Benedikte, ward nurse", "Admitted: the board shows who is in, by bed.")
    home_nurse.open_as(HOME_NURSE)
    stay = home_nurse.stay_of(ASLAUG, "Admitted: services are paused")
    story.scene(
        home_nurse.page, "Gunnhild, home-care nurse", "Told at once: her visits are paused."
    )
    expect(stay).not_to_contain_text("Save the decision")


def _is_treated_and_discharged(doctor: Page, story: Story) -> None:
    SignInPage(doctor).sign_in_as(DOCTOR)
    doctor.goto(f"/patients/{HER_ID}/medicines/")
    medicines = MedicinesPage(doctor)
    medicines.change("Furosemid").write("1 tablett 2 ganger hver dag", "Hjertesvikt").go_on()
    expect(medicines.line("Furosemid")).to_contain_text("2 ganger hver dag")
    medicines.change("Metoprolol").write("2 tabletter morgen hver dag", "Rask puls").go_on()
    expect(medicines.line("Metoprolol")).to_contain_text("2 tabletter morgen hver dag")
    in_english(doctor)
    story.scene(doctor, "Iselin, ward doctor", "Two medicines are changed, on the one list.")
    stay = WardPage(doctor).open().stay("Aslaug")
    stay.press("Mark as ready for discharge", "Marked as ready for discharge, with your name.")
    doctor.get_by_role("link", name="Write summary and discharge").click()
    doctor.get_by_label("Course and treatment").fill("Behandlet med vanndrivende, god bedring.")
    doctor.get_by_label("Diagnoses", exact=True).fill("Hjertesvikt (I50)")
    doctor.get_by_label("Follow-up and who answers for it").fill("Kontroll hos fastlegen.")
    doctor.get_by_role("button", name="Show as it will be received").click()
    expect(doctor.get_by_role("heading", name="As it will be received")).to_be_visible()
    story.scene(doctor, "Iselin", "The summary as each recipient will get it.")
    doctor.get_by_role("button", name="Sign, send and discharge").click()
    expect(doctor.get_by_text("The summary is signed and on its way.")).to_be_visible()


def _arrives_in_a_hurry(nurse: Page) -> None:
    """Nobody at the ward has a ground yet: who opens the record says why, and is reviewed."""
    patients = SignInPage(nurse).sign_in_as(NURSE)
    patients.search(HER_NUMBER)
    patients.field.press("Enter")
    patients.people.filter(has_text="trenger nødtilgang").get_by_role("link").click()
    ClosedPage(nurse).break_glass(
        "Pasienten trenger øyeblikkelig hjelp her og nå", "Kommer med ambulanse, tung pust"
    )
    nurse.goto("/patients/")


def _reaches_gp_and_citizen(gp: Page, citizen: Page, story: Story) -> None:
    story.begin("4. Home again, one list for all")
    gp.goto("/deliveries/")
    letter = (
        gp.get_by_role("region", name="To read").get_by_role("listitem").filter(has_text=ASLAUG)
    )
    _shown_at_last(gp, letter)
    story.scene(gp, "Ragna", "The discharge letter lies on her desk; its delivery is known.")
    citizen.goto("/helsami/medicines/")
    expect(citizen.get_by_role("region", name="Medicines in use")).to_be_visible()
    hers = citizen.get_by_role("region", name="Medicines in use").get_attribute("data-fingerprint")
    gp.goto(f"/patients/{HER_ID}/medicines/")
    seen = gp.locator("[data-fingerprint]").first
    assert seen.get_attribute("data-fingerprint") == hers  # INV-17
    expect(seen).to_contain_text("Furosemid")
    story.scene(citizen, "Aslaug", "The same medication list as GP, hospital and home care.")


def _is_granted_help(citizen: Page, officer: Page, story: Story) -> None:
    story.begin("5. Home care")
    citizen.goto("/helsami/")
    citizen.get_by_role("link", name="Municipal services").click()
    Services(citizen).apply("Health care at home", "Jeg trenger hjelp til å huske medisinene")
    story.scene(citizen, "Aslaug", "She applies for help at home.")
    office = Office(officer).open_as(OFFICER)
    # the newest: an older one of hers waits in the demo
    officer.get_by_role("main").get_by_role("link", name=ASLAUG).last.click()
    office.assess("3 Medium need of help")
    office.grant("3,5", "Trenger bistand til medisiner etter innleggelse")
    story.scene(officer, "Randulf, case officer", "Assessed and decided, with reasons and appeal.")


def _begins_again(home_nurse: HomeCare, story: Story) -> None:
    stay = home_nurse.stay_of(ASLAUG, "Discharged: decide what follows")
    story.scene(home_nurse.page, "Gunnhild", "Home again: she decides what becomes of the visits.")
    stay.get_by_label("Start again as before").check()
    stay.get_by_role("button", name="Save the decision").click()
    expect(home_nurse.page.get_by_role("article").filter(has_text=ASLAUG)).not_to_contain_text(
        "services are paused"
    )


def _is_visited(home_nurse: HomeCare, carer: HomeCare, story: Story) -> None:
    now = datetime.now(MORNING)
    # before any visit of hers that gives medicines too: the dose is of the one that begins first
    begins, ends = now - timedelta(hours=6, minutes=30), now + timedelta(hours=2)
    home_nurse.plan(ASLAUG, "Medisiner", f"{begins:%H:%M}", f"{ends:%H:%M}")
    carer.open_as(CARER)
    story.scene(carer.page, "Amir, carer, on his phone", "Today's visits.")
    carer.open_visit_with(ASLAUG, "Medisiner", begins)
    carer.page.get_by_role("button", name="Start the visit").click()
    expect(carer.page.get_by_text("Under way since")).to_be_visible()
    story.scene(carer.page, "Amir", "The visit: what to do, and the doses that are due.")
    carer.give_late(LATE_DOSE, "Kø i trafikken")
    expect(carer.page.get_by_role("region", name="Medicines to give")).to_contain_text(
        "Kø i trafikken"
    )
    carer.give_rest("Kom sent")
    carer.done("Medisiner")
    carer.note_deviation("Nøkkelboksen var tom")
    story.scene(carer.page, "Amir", "Given late, with the reason; what went wrong is told.")
    carer.page.get_by_role("button", name="End the visit").click()


def _measures_and_asks(citizen: Page, daughter: Page, nurse: Page, story: Story) -> None:
    story.begin("6. HelsaMi, for her and her daughter")
    citizen.goto("/helsami/measurements/")
    citizen.get_by_role("textbox", name="Upper pressure").fill("138")
    citizen.get_by_role("textbox", name="Lower pressure").fill("82")
    citizen.get_by_role("button", name="Save the measurement").click()
    expect(citizen.get_by_role("heading", name="The measurement is saved")).to_be_visible()
    story.scene(citizen, "Aslaug", "Her own blood pressure, against the limits agreed with her.")
    HelsaMi(daughter).sign_in_as(DAUGHTER).others().open_record_of(ASLAUG)
    in_english(daughter)
    story.scene(daughter, "Marit, her daughter", "She acts for her mother under a banner.")
    daughter.goto("/helsami/messages/new/")
    daughter.get_by_role("radio", name=re.compile("hjemmetjeneste")).first.check()
    daughter.get_by_label("What is it about?").fill("Nøkkelboksen")
    daughter.get_by_label("Your message").fill("Den var tom i dag. Er nøkkelen på plass?")
    story.scene(daughter, "Marit", "She writes to home care, in her own name, for her mother.")
    daughter.get_by_role("button", name="Send the message").click()
    nurse.goto("/messages/")
    row = nurse.get_by_role("row").filter(has_text="Nøkkelboksen")
    _shown_at_last(nurse, row)
    story.scene(nurse, "Gunnhild", "It waits with an owner and a deadline.")
    row.get_by_role("link").first.click()
    nurse.get_by_role("textbox", name="Answer to").fill("Ja, Amir la den på plass etter besøket.")
    nurse.get_by_role("button", name="Send the answer").click()
    citizen.goto("/helsami/messages/")
    answered = citizen.get_by_role("main").get_by_role("link", name="Nøkkelboksen")
    _shown_at_last(citizen, answered)
    answered.first.click()
    expect(citizen.get_by_role("main")).to_contain_text("Ja, Amir la den på plass")
    story.scene(citizen, "Aslaug", "The answer, which both she and her daughter can read.")


def _sees_who_has_seen(citizen: Page, daughter: Page, story: Story) -> None:
    citizen.goto("/helsami/notes/")
    expect(citizen.get_by_role("main")).to_contain_text("Trondheim legesenter")
    story.scene(
        citizen, "Aslaug", "Notes and visit summaries, as their authors have released them."
    )
    citizen.goto("/helsami/results/")
    story.scene(citizen, "Aslaug", "Test results with reference range and course.")
    for page in (citizen, daughter):
        page.goto("/helsami/seen/")
        for name in (GP, OFFICER, CARER):
            expect(page.get_by_role("main")).to_contain_text(name)
    story.scene(citizen, "Aslaug", "Who has opened her record, where and why.")
    story.scene(daughter, "Marit", "Her daughter sees it too.")


def _sees_what_it_gives(leader: Leaders, coordinator: Leaders, story: Story) -> None:
    story.begin("7. What it gives")
    on_time = leader.open_as(LEADER).indicator("Medication on time")
    home_care = on_time.row("hjemmetjeneste")
    expect(home_care).to_contain_text("%")
    home_care.get_by_text("Show").click()
    expect(home_care).to_contain_text("Definition")
    story.scene(
        leader.page, "Marthe, unit leader", "Doses on time, minutes old; each number opens."
    )
    leader.through("Indicators")
    for title in ("Carer continuity", "Messages from citizens answered in time"):
        expect(leader.page.get_by_role("link", name=title)).to_be_visible()
    story.scene(leader.page, "Marthe", "Few faces, messages answered, and more.")
    coordinator.open_as(COORDINATOR).through("Benefits")
    coordinator.follow("Røros")
    coordinator.follow("Medication on time")
    expect(coordinator.main).to_contain_text("Baseline")
    story.scene(
        coordinator.page, "Tarald, benefits coordinator",
        "Against the frozen baseline and what was agreed to reach, with chance told.",
    )  # fmt: skip


def _brings_the_next_one(lead: Leaders, story: Story) -> None:
    story.begin("8. The next municipality")
    lead.open_as(ROLLOUT_LEAD).through("Readiness")
    lead.follow("Røros")
    expect(lead.main).to_contain_text("90 days before")
    story.scene(lead.page, "Oddbjørg, rollout lead", "The gates 90, 60 and 30 days before.")
    lead.follow("Migration")
    expect(lead.main).to_contain_text("2 of 3 balance")
    story.scene(lead.page, "Oddbjørg", "What was moved; three lists are missing, and it says so.")
    lead.through("Organisations")
    lead.follow("Malvik")
    lead.follow("Tickets after go-live")
    story.scene(lead.page, "Oddbjørg", "How it went where it is in use, against what was expected.")
    lead.through("Use of HelsaMi")
    story.scene(lead.page, "Oddbjørg", "Who has signed in, by municipality.")
    lead.through("Costs")
    lead.follow("Røros")
    story.scene(lead.page, "Oddbjørg", "What it costs, with its uncertainty, and what must be won.")
    lead.through("Waves")
    lead.page.get_by_label("If this wave slips").select_option("PD3")
    lead.page.get_by_label("by so many months").fill("6")
    lead.page.get_by_role("button", name="What if this slips").click()
    expect(lead.main).to_contain_text("12 May 2023")
    story.scene(lead.page, "Oddbjørg", "A slip redraws dates, money and checks at once.")


def _shown_at_last(page: Page, what: Locator) -> None:
    """Within twenty seconds: it comes by a job."""
    deadline = time.monotonic() + 20
    while not what.first.is_visible() and time.monotonic() < deadline:
        page.reload()
    expect(what.first).to_be_visible()
