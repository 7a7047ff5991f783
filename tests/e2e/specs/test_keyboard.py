"""Requirement 7: a GP's morning without a mouse, and what a keyboard needs on every page of it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.keyboard import Keyboard
from tests.e2e.looking import accessibility_faults
from tests.e2e.pages.clinic import work_as
from tests.morning import MORNING
from tests.running import Platform

GP, ASLAUG, ASLAUG_ID = "Ragna Lyngbakk", "Aslaug Kvernbråten", "cast-aslaug"
NEXT = "Thea Brandhaugen"
CLINIC = "Ortopedisk og kirurgisk poliklinikk, St. Olavs hospital"
VISIT = "Tung pust (tastatur)"


@pytest.fixture
def booked(platform: Platform, tmp_path: Path) -> None:
    """An appointment of Aslaug's that has just begun."""
    begun = datetime.now(MORNING).replace(second=0, microsecond=0) - timedelta(minutes=5)
    appointment = {
        "resourceType": "Appointment",
        "id": "keyboard",
        "status": "booked",
        "start": begun.isoformat(),
        "end": (begun + timedelta(minutes=20)).isoformat(),
        "reasonCode": [{"text": VISIT}],
        "participant": [
            {"actor": {"reference": f"Patient/{ASLAUG_ID}"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/staff-gp-trondheim"}, "status": "accepted"},
        ],
    }
    file = tmp_path / "appointment.ndjson"
    file.write_text(json.dumps(appointment) + "\n", encoding="utf-8")
    assert platform.command("load", str(file)).returncode == 0


@pytest.fixture
def keys(page: Page) -> Keyboard:
    """The keys of somebody who has no mouse."""
    return Keyboard(page)


def _sign_in(keys: Keyboard) -> None:
    keys.page.goto("/")
    keys.page.wait_for_load_state()
    keys.tab_to(keys.page.get_by_role("link", name="Helsepersonell"))
    keys.press("Enter")
    expect(keys.page.get_by_text("ERSTATNING for")).to_be_visible()
    keys.tab_to(keys.page.get_by_role("button", name=GP))
    keys.press("Enter")
    expect(keys.page.get_by_role("navigation", name="Dager")).to_be_visible()
    keys.look()


@pytest.mark.usefixtures("booked")
def test_a_gp_does_her_morning_without_a_mouse(keys: Keyboard) -> None:
    page = keys.page
    _sign_in(keys)
    _receives(keys)
    _writes_and_signs(keys)
    _measures(keys)
    _prescribes(keys)
    _orders(keys)
    _refers(keys)
    _acknowledges(keys)
    _goes_to_the_next(keys)
    expect(page.get_by_role("region", name="Pasient", exact=True)).to_contain_text(NEXT)
    assert keys.faults == []
    assert not keys.used_a_pointer()


def _receives(keys: Keyboard) -> None:
    """Day list, the first page: she has come, and the consultation begins; the focus stays in her
    row.
    """
    page = keys.page
    page.reload()  # the appointment may have been booked since
    keys.to_content()
    row = page.get_by_role("row").filter(has_text=VISIT)
    keys.tab_to(row.get_by_role("button", name="Kommet", exact=False).first)
    keys.press("Enter")
    expect(row).to_contain_text("møtt")
    assert keys.tab_to(row.get_by_role("link").first, most=1) == 1
    keys.tab_to(row.get_by_role("button", name="Start konsultasjon"), most=2)
    keys.press("Enter")
    expect(page.get_by_role("region", name="Pasient", exact=True)).to_contain_text(ASLAUG)


def _writes_and_signs(keys: Keyboard) -> None:
    page = keys.page
    keys.go_to("skriv notat")
    expect(page.get_by_role("button", name="Signer …")).to_be_visible()
    keys.look()
    keys.type("Tung pust ved gange")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Signer notat")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Signert av Ragna Lyngbakk")


def _measures(keys: Keyboard) -> None:
    page = keys.page
    keys.go_to("registrer")
    keys.to_content()
    keys.tab_to(page.get_by_label("Blodtrykk, øvre"), most=2)
    keys.type("148")
    keys.press("Tab")
    keys.type("86")
    keys.press("Control+Enter")
    expect(page.get_by_text("Lagret: blodtrykk 148/86.")).to_be_visible()


def _prescribes(keys: Keyboard) -> None:
    page = keys.page
    keys.go_to("forskriv")
    expect(page.get_by_role("searchbox", name="Legemiddel")).to_be_focused()
    keys.type("folsyre")
    found = page.get_by_role("link", name="Folsyre").first
    expect(found).to_be_visible()
    keys.tab_to(found, most=2)
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Dose", exact=True)).to_be_focused()
    keys.type("1x1")
    keys.press("Control+Enter")
    expect(page.get_by_role("region", name="Dette forskriver du")).to_be_visible()
    keys.look()
    keys.press("Control+Enter")
    expect(page.get_by_text("Forskrevet: Folsyre")).to_be_visible()


def _orders(keys: Keyboard) -> None:
    page = keys.page
    keys.go_to("rekvirer")
    keys.to_content()
    keys.tab_to(page.get_by_role("checkbox", name="Infeksjon"), most=12)
    keys.press("Space")
    keys.tab_to(page.get_by_label("Hvorfor, og hva laboratoriet må vite"))
    keys.type("Tung pust")
    keys.tab_to(page.get_by_role("radio", name="Tatt her nå"), most=6)
    keys.press("Space")
    keys.press("Control+Enter")
    expect(page.get_by_text("er sendt").first).to_be_visible()


def _refers(keys: Keyboard) -> None:
    page = keys.page
    keys.go_to("ny henvisning")
    keys.to_content()
    keys.tab_to(page.get_by_label("Til", exact=True), most=3)
    page.keyboard.type(CLINIC)
    keys.tab_to(page.get_by_label("Hva du ber om"), most=2)
    keys.type("Vurdering av kneet (tastatur)")
    keys.press("Tab")
    keys.type("Kneartrose")
    keys.press("Control+Enter")
    expect(page.get_by_text("Henvisningen er signert")).to_be_visible()


def _acknowledges(keys: Keyboard) -> None:
    page = keys.page
    rows = page.get_by_role("region", name="Venter på deg").get_by_role("row")
    # the laboratory may still add to one that is preliminary, and then it is another
    done = rows.filter(has_not_text=re.compile("foreløpig", re.IGNORECASE))
    mine = done.get_by_role("link", name=ASLAUG)
    for _ in range(30):
        keys.go_to("svar" if "/results/" not in page.url else "dagliste")
        if mine.count():
            break
    keys.to_content()
    keys.tab_to(mine.first, most=8)
    keys.press("Enter")
    acknowledge = page.get_by_role("button", name="Kvitter: ingen tiltak")
    expect(acknowledge).to_be_visible()
    keys.to_content()
    keys.tab_to(acknowledge, most=15)
    keys.press("Enter")
    expect(page.get_by_text(f"Kvittert: {ASLAUG}")).to_be_visible()


def _goes_to_the_next(keys: Keyboard) -> None:
    page = keys.page
    page.wait_for_load_state()
    keys.press("/")
    keys.type("Brandhaugen")
    keys.press("Enter")
    found = page.get_by_role("main").get_by_role("link", name=NEXT)
    expect(found).to_be_visible()
    keys.tab_to(found, most=3)
    keys.press("Enter")


def test_shortcuts_are_listed_by_a_question_mark_and_can_be_turned_off(keys: Keyboard) -> None:
    page = keys.page
    work_as(page, GP)
    page.goto(f"/patients/{ASLAUG_ID}/")
    page.wait_for_load_state()
    link = page.get_by_role("navigation", name="Deler av journalen").get_by_role("link").nth(2)
    link.focus()
    listed = page.get_by_role("dialog", name="Hurtigtaster")
    keys.press("?")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Ctrl K")
    page.wait_for_timeout(500)  # it fades in, and what is half there has no contrast
    assert accessibility_faults(page) == []
    keys.press("Escape")
    expect(listed).to_be_hidden()
    expect(link).to_be_focused()  # back where she was

    keys.press("?")
    keys.tab_to(listed.get_by_role("checkbox"), most=3)
    keys.press("Space", "Escape")
    keys.press("?", "/")
    expect(listed).to_be_hidden()
    expect(link).to_be_focused()
    page.reload()
    page.wait_for_load_state()
    keys.press("?")
    expect(listed).to_be_hidden()


def test_single_keys_typed_in_a_field_are_letters(keys: Keyboard) -> None:
    page = keys.page
    work_as(page, GP)
    page.goto(f"/patients/{ASLAUG_ID}/note-down/")
    page.wait_for_load_state()
    field = page.get_by_label("Problem: ICPC-2-kode eller ord")
    field.focus()
    page.keyboard.type("og/eller?")
    expect(field).to_have_value("og/eller?")
    expect(page.get_by_role("dialog", name="Hurtigtaster")).to_be_hidden()


def test_focus_stays_on_the_filter_that_was_chosen(keys: Keyboard) -> None:
    page = keys.page
    work_as(page, GP)
    page.goto(f"/patients/{ASLAUG_ID}/")
    chosen = page.get_by_role("complementary", name="Tidslinje").get_by_role("link").nth(2)
    chosen.focus()
    keys.press("Enter")
    page.wait_for_url("**kind=**")
    expect(chosen).to_be_focused()


PAGES = ("/patients/", "/day/", "/results/", f"/patients/{ASLAUG_ID}/",
         f"/patients/{ASLAUG_ID}/note-down/", f"/patients/{ASLAUG_ID}/medicines/new/",
         f"/patients/{ASLAUG_ID}/laboratory/new/", f"/patients/{ASLAUG_ID}/referrals/new/",
         f"/patients/{ASLAUG_ID}/letters/new/", f"/patients/{ASLAUG_ID}/appointments/",
         "/deliveries/", "/shortcuts/")  # fmt: skip


@pytest.mark.thorough
def test_tab_goes_through_every_page_of_the_morning_and_out_again(keys: Keyboard) -> None:
    page = keys.page
    work_as(page, GP)
    for address in PAGES:
        page.goto(address)
        page.wait_for_load_state()
        stops = keys.go_round()
        assert "A Hopp til hovedinnhold" in stops, address
    assert keys.faults == []


BAD = """<style>*:focus-visible {{ outline: 3px solid; }} #dim:focus-visible {{ outline: none; box-shadow: none; }}
.patient-banner {{ position: fixed; inset: 0 0 auto; height: 90px; z-index: 1; background: white; }}</style>
<div class="patient-banner"></div><a href="#" style="position: absolute; top: 20px">behind</a>
<p style="margin-top: 120px"><a href="#" id="dim">dim</a> <a href="#" tabindex="1">first</a>
<a href="#" style="position: absolute; left: -999px">away</a> {more}</p>"""


def test_what_is_wrong_with_a_focus_is_seen(keys: Keyboard) -> None:
    keys.page.set_content(BAD.format(more=""))
    keys.go_round()
    told = [fault.partition(": A ")[2] for fault in keys.faults]
    assert set(told) == {
        "behind is behind the banner",
        "dim the focus can't be seen",
        "first jumps the order",
        "away is outside the window",
    }


def test_a_trap_and_a_gap_are_seen(keys: Keyboard) -> None:
    trap = '<button onkeydown="event.preventDefault()">trap</button> <a href="#">after</a>'
    keys.page.set_content(BAD.format(more=trap))
    with pytest.raises(AssertionError, match=r"never reached.*after"):
        keys.go_round()
