"""Who has seen my record: in sentences, exported, and reported when it looks wrong."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.look_up import look_up
from fellesjournal.access.openings import break_glass
from fellesjournal.access.patients import PersonQuestion
from fellesjournal.access.policy.opening import BREAK_GLASS_REASONS
from fellesjournal.access.reported import decide_report, reported
from fellesjournal.access.review_decisions import decide
from fellesjournal.access.reviews import Outcome
from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.care.privacy import queries
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from tests.signing_in import employ
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser, child_of, switch

pytestmark = pytest.mark.django_db

GP, DPO = STAFF[0], next(each for each in STAFF if each.role == "data-protection-officer")
LEADER = next(each for each in STAFF if each.role == "unit-leader")
NURSE = next(each for each in STAFF if each.role == "home-care-nurse")
SYSTEM = system_session("system:test", purpose="HOPERAT")


@pytest.fixture
def aslaug() -> Client:
    """Aslaug at her phone; Ragna Lyngbakk is her GP."""
    employ(GP)
    return at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])


def at_work(member: Any = GP) -> Session:
    """A member of staff in her role today."""
    return staff_session(
        practitioner=f"Practitioner/{member.id}",
        role_id=member.role_id,
        role=member.role,
        unit=f"Organization/{member.unit_id}",
    )


def _page(client: Client, **query: str) -> str:
    answer = client.get(reverse("portal-seen"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def _lines_of(page: str) -> list[str]:
    return [part.split("</p>")[0] for part in page.split('<p class="visit__sentence">')[1:]]


def test_a_reading_by_the_gp_is_told_with_name_unit_and_reason(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    page = _page(aslaug)
    (told, *_) = _lines_of(page)
    assert told.startswith(f"{GP.name} ({GP.unit_name})")
    assert "for å gi deg helsehjelp (fastlege)" in told
    assert "navn, adresse og pårørende" in told


def test_each_of_staff_is_one_line_with_what_was_opened_and_why_folded_below(
    aslaug: Client,
) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    page = _page(aslaug)
    (line,) = re.findall(r'<p class="visit__line">([^<]+)</p>', page)
    assert re.fullmatch(rf"{GP.name}, [a-zæøå]+, leste journalen\.", line)
    shown, folded = page.split('<details class="visit__more">')[:2]
    assert "navn, adresse og pårørende" not in shown.split('<ol class="visits">')[1]
    assert "navn, adresse og pårørende" in folded.split("</details>")[0]
    assert GP.unit_name in shown.split('<ol class="visits">')[1]


def test_it_is_there_at_the_next_request_and_never_kept_by_the_browser(aslaug: Client) -> None:
    assert "Ingen på jobb har åpnet journalen." in _page(aslaug)
    records.read(at_work(), "Patient", ASLAUG.id)
    assert GP.name in _page(aslaug)
    assert aslaug.get(reverse("portal-seen"))["Cache-Control"] == "no-store"


def test_readings_of_one_visit_are_one_row(aslaug: Client) -> None:
    for _ in range(3):
        records.read(at_work(), "Patient", ASLAUG.id)
    told = [line for line in _lines_of(_page(aslaug)) if line.startswith(GP.name)]
    assert len(told) == 1
    assert "så på navn, adresse og pårørende for å" in told[0]


def test_no_number_of_staff_is_on_the_page_or_in_an_export(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    for name in ("portal-seen", "portal-seen-csv", "portal-seen-fhir"):
        text = aslaug.get(reverse(name)).content.decode()
        assert GP.name in text, name
        assert GP.number not in text, name
        assert GP.hpr not in text, name


def test_her_own_reading_and_that_of_her_mother_stand_apart(aslaug: Client) -> None:
    child_of(ASLAUG, "child")
    switch(aslaug, "child", ASLAUG.id)
    _page(aslaug)
    page = _page(aslaug)
    staff, apart = page.split("og de som kan opptre")
    assert ASLAUG.name in apart
    assert ASLAUG.family not in staff.split('id="staff-title"')[1]


def test_the_period_is_of_whole_days_in_norway(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    today = clock.today()
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert GP.name in _page(aslaug, **{"from": today.isoformat(), "to": today.isoformat()})
    assert GP.name not in _page(aslaug, **{"from": tomorrow})
    assert "i det du har valgt" in _page(aslaug, **{"from": tomorrow})


def test_the_unit_filters_page_and_export(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    elsewhere = {"unit": "Organization/elsewhere"}
    assert GP.name not in _page(aslaug, **elsewhere)
    assert GP.name not in aslaug.get(reverse("portal-seen-csv"), elsewhere).content.decode()
    assert GP.name in _page(aslaug, unit=f"Organization/{GP.unit_id}")


def test_a_nonsense_place_in_the_pages_leads_to_the_first(aslaug: Client) -> None:
    assert aslaug.get(reverse("portal-seen"), {"before": "x"}).status_code == 302


def test_the_table_has_a_row_for_each_line_and_no_formula(aslaug: Client) -> None:
    for _ in range(2):
        records.read(at_work(), "Patient", ASLAUG.id)
    text = aslaug.get(reverse("portal-seen-csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][:4] == ["Tid", "Navn", "Rolle", "Enhet"]
    assert sum(row[1] == GP.name for row in rows) == 2
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)


def test_the_bundle_has_audit_events_of_the_norwegian_profile(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    bundle = orjson.loads(aslaug.get(reverse("portal-seen-fhir")).content)
    assert bundle["type"] == "collection"
    profiles = [entry["resource"].get("meta") for entry in bundle["entry"]]
    assert any(
        profile and "Trustframework-Auditevent" in profile["profile"][0] for profile in profiles
    )


def _newest(client: Client) -> str:
    page = _page(client)
    return page.split("?line=")[1].split('"')[0].split("&")[0]


def test_a_report_becomes_a_task_that_the_data_protection_officer_owns(aslaug: Client) -> None:
    employ(DPO)
    records.read(at_work(), "Patient", ASLAUG.id)
    key = _newest(aslaug)
    form = {"line": key, "words": "Jeg var ikke hos lege", "subject": f"Patient/{ASLAUG.id}"}
    answer = aslaug.post(reverse("portal-seen-report"), form, follow=True)
    assert "Meldingen er sendt" in answer.content.decode()
    (stored,) = records.search(SYSTEM, "Task", [("patient", f"Patient/{ASLAUG.id}")]).matches
    task = orjson.loads(stored.body or b"")
    assert task["owner"]["reference"] == f"PractitionerRole/{DPO.role_id}"
    assert task["description"] == "Jeg var ikke hos lege"
    assert task["input"][0]["valueString"].startswith(f"AuditEvent/{key}.")
    (shown,) = reported(at_work(DPO), "nb")
    assert (shown.task, shown.words) == (stored.id, "Jeg var ikke hos lege")


def test_nobody_to_tell_is_said_and_nothing_is_written(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    form = {"line": _newest(aslaug), "words": "?", "subject": f"Patient/{ASLAUG.id}"}
    answer = aslaug.post(reverse("portal-seen-report"), form)
    assert answer.status_code == 422
    assert "kunne ikke sendes" in answer.content.decode()
    assert not records.search(SYSTEM, "Task", []).matches


def test_a_report_needs_words_and_lines_of_this_log(aslaug: Client) -> None:
    employ(DPO)
    records.read(at_work(), "Patient", ASLAUG.id)
    form = {"line": _newest(aslaug), "words": " ", "subject": f"Patient/{ASLAUG.id}"}
    assert aslaug.post(reverse("portal-seen-report"), form).status_code == 422
    other = at_browser(OTHER)
    stolen = {**form, "words": "x", "subject": f"Patient/{OTHER.id}"}
    assert other.post(reverse("portal-seen-report"), stolen).status_code == 404
    assert other.get(reverse("portal-seen-report"), {"line": form["line"]}).status_code == 404
    assert other.get(reverse("portal-seen-report")).status_code == 404


def test_to_look_at_the_log_is_in_the_log(aslaug: Client) -> None:
    _page(aslaug)
    assert "Du så på hvem som har åpnet journalen" in _page(aslaug)


def test_emergency_access_is_one_row_marked_with_the_stated_reason(aslaug: Client) -> None:
    employ(NURSE)
    nurse = at_work(NURSE)
    with pytest.raises(NotFound):
        records.read(nurse, "Patient", ASLAUG.id)
    break_glass(nurse, ASLAUG.id, next(iter(BREAK_GLASS_REASONS)), "Falt om i butikken")
    for _ in range(2):
        records.read(at_work(NURSE), "Patient", ASLAUG.id)
    page = _page(aslaug)
    assert page.count("visit--emergency") == 1
    assert "Oppgitt grunn: «Falt om i butikken»" in page
    assert NURSE.name in page


def test_what_was_found_not_justified_stands_beside_the_line_and_nowhere_else(
    aslaug: Client,
) -> None:
    for member in (NURSE, LEADER, DPO):
        employ(member)
    records.read(at_work(), "Patient", ASLAUG.id)
    opening = break_glass(at_work(NURSE), ASLAUG.id, next(iter(BREAK_GLASS_REASONS)), "Falt om der")
    records.read(at_work(NURSE), "Patient", ASLAUG.id)
    assert "Vurdert" not in _page(aslaug)
    decide(at_work(LEADER), opening.task, 1, Outcome.NOT_JUSTIFIED, "Hemmelig for henne")
    page = _page(aslaug)
    told = [row for row in page.split('<li class="visit') if "visit__outcome" in row]
    assert len(told) == 1
    assert told[0].startswith(" visit--emergency")
    assert "Vurdert: ikke begrunnet" in told[0]
    assert f"{NURSE.name} ({NURSE.unit_name})" in told[0]
    assert "ikke var begrunnet. Personvernombudet skal følge det opp" in told[0]
    assert "kontakte personvernombudet" in told[0]
    assert "Hemmelig for henne" not in page
    for number in (NURSE.number, NURSE.hpr, LEADER.number):
        assert number not in page


def test_what_was_found_stands_on_each_page_that_the_visit_is_split_over(
    aslaug: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in (NURSE, LEADER, DPO):
        employ(member)
    opening = break_glass(at_work(NURSE), ASLAUG.id, next(iter(BREAK_GLASS_REASONS)), "Falt om der")
    records.read(at_work(NURSE), "Patient", ASLAUG.id)
    decide(at_work(LEADER), opening.task, 1, Outcome.NOT_JUSTIFIED, "Kjent fra før")
    monkeypatch.setattr(queries, "_PAGE", 1)
    address, rows, told = reverse("portal-seen"), 0, 0
    for _ in range(30):
        page = aslaug.get(address).content.decode()
        rows += page.count("visit--emergency")
        told += page.count("visit__outcome")
        if "Vis tidligere" not in page:
            break
        further = page.split('data-variant="secondary" href="?')[1].split('"')[0]
        address = f"{reverse('portal-seen')}?{further}"
    assert rows == told == 2


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(Outcome.JUSTIFIED, "Vurdert: begrunnet"), (Outcome.NOT_JUSTIFIED, "Vurdert: ikke begrunnet")],
)
def test_what_came_of_a_report_stands_beside_the_reported_line(
    aslaug: Client, outcome: Outcome, told: str
) -> None:
    employ(DPO)
    records.read(at_work(), "Patient", ASLAUG.id)
    form = {"line": _newest(aslaug), "words": "Hvorfor?", "subject": f"Patient/{ASLAUG.id}"}
    aslaug.post(reverse("portal-seen-report"), form)
    (shown,) = reported(at_work(DPO), "nb")
    decide_report(at_work(DPO), shown.task, shown.version, outcome, "Spurt og svart")
    page = _page(aslaug)
    assert told in page
    assert page.count("visit__outcome") == 1
    assert "Spurt og svart" not in page


def test_a_look_up_before_emergency_access_is_told_as_one(aslaug: Client) -> None:
    employ(NURSE)
    look_up(at_work(NURSE), PersonQuestion(number=ASLAUG.number))
    page = _page(aslaug)
    assert f"{NURSE.name} ({NURSE.unit_name}) slo opp om du har en journal" in page


def test_earlier_visits_are_on_the_next_page(
    aslaug: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_PAGE", 1)
    records.read(at_work(), "Patient", ASLAUG.id)
    address, found = reverse("portal-seen"), 0
    for _ in range(20):
        page = aslaug.get(address).content.decode()
        found += GP.name in page.split('id="staff-title"')[1]
        if "Vis tidligere" not in page:
            break
        further = page.split('data-variant="secondary" href="?')[1].split('"')[0]
        address = f"{reverse('portal-seen')}?{further}"
    else:
        pytest.fail("the pages have no end")
    assert found == 1


def test_a_visit_is_not_told_in_two_parts_on_two_pages(
    aslaug: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    employ(NURSE)
    records.read(at_work(), "Patient", ASLAUG.id)
    records.read(at_work(), "Patient", ASLAUG.id)
    break_glass(at_work(NURSE), ASLAUG.id, next(iter(BREAK_GLASS_REASONS)), "Falt om i butikken")
    monkeypatch.setattr(queries, "_PAGE", 2)
    first = _page(aslaug)
    assert GP.name not in first.split('id="staff-title"')[1]
    further = first.split('data-variant="secondary" href="?')[1].split('"')[0]
    second = aslaug.get(f"{reverse('portal-seen')}?{further}").content.decode()
    assert len([line for line in _lines_of(second) if line.startswith(GP.name)]) == 1


def test_what_was_opened_by_who_acts_for_her_goes_on_to_the_earliest(
    aslaug: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("portal-medicines", "portal-results", "portal-notes"):
        aslaug.get(reverse(name))
    monkeypatch.setattr(queries, "_OTHERS", 1)
    address = reverse("portal-seen")
    for _ in range(60):
        page = aslaug.get(address).content.decode()
        if 'id="earlier-others"' not in page:
            break
        further = page.split('id="earlier-others" href="?')[1].split('"')[0]
        address = f"{reverse('portal-seen')}?{further}"
    else:
        pytest.fail("the pages have no end")
    assert "others=" in address


def test_what_the_platform_reads_pushes_nobody_at_work_off_the_first_page(
    aslaug: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_PAGE", 3)
    monkeypatch.setattr(queries, "_OTHERS", 3)
    records.read(at_work(), "Patient", ASLAUG.id)
    for _ in range(8):
        records.read(SYSTEM.again(), "Patient", ASLAUG.id)
    aslaug.cookies["language"] = "en"
    page = _page(aslaug)
    assert GP.name in page
    assert "Show earlier" not in page
    assert "All of it is in the files below." in page
