"""Worksheets on pages: rows saved one by one, what clashes is shown, and the worksheet as a file."""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.benefits import sheets
from tests.signing_in import GP, put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
COORDINATOR, LEADER = BY_ROLE["benefits-coordinator"], BY_ROLE["unit-leader"]
WORKSHOP = {
    "title": "Medicines in home care", "day": "2026-05-01", "reason": "Held",
    "areas": "Home care; 6; 42 000\nHealth house", "materials": "", "version": "0",
    "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
}  # fmt: skip
KEY = WORKSHOP["once"]
PAGE = reverse("leaders-workshop", args=[KEY])
ROW = {
    "task": "Ring round", "service_area": "Home care", "role": "nurse", "minutes_now": "15",
    "low": "5", "mode": "5", "high": "5", "occurrences": "30", "per": "week", "weeks": "52",
    "staff": "1", "depends_on": "", "certainty": "", "comment": "", "claimed_by": "",
    "version": "0",
}  # fmt: skip


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    client = staff_client(COORDINATOR)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.post(reverse("leaders-workshop-new"), WORKSHOP).status_code == 302
    return client


@pytest.fixture
def leader(coordinator: Client) -> Client:
    """A leader of a unit below the workshop's."""
    del coordinator
    client = staff_client(LEADER)
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name,
        partOf={"reference": f"Organization/{COORDINATOR.unit_id}"},
    )  # fmt: skip
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def send(client: Client, row: str = "new", *, expected: int = 302, **said: str) -> str:
    answer = client.post(reverse("leaders-worksheet-row", args=[KEY, row]), {**ROW, **said})
    assert answer.status_code == expected, answer.content.decode()
    return answer.content.decode()


def read(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def rows_of(page: str) -> list[str]:
    return re.findall(rf"/workshops/{KEY}/rows/([\w-]+)/", page.replace("/rows/new/", ""))


def test_v_ws_on_the_page_hours_positions_and_money(coordinator: Client) -> None:
    send(coordinator)
    page = read(coordinator)
    assert "260.0" in page
    assert "0.15" in page
    assert "NOK 169,000" in page
    send(coordinator, task="Log in", minutes_now="5", low="8", mode="8", high="8",
         occurrences="200", weeks="46")  # fmt: skip
    page = read(coordinator)
    assert "-200.0" in page.replace("\N{MINUS SIGN}", "-")
    assert "takes longer" in page
    assert "capacity" in page


def test_a_small_time_a_week_is_not_rounded_away(coordinator: Client) -> None:
    send(coordinator, minutes_now="39", low="0", mode="0", high="0", occurrences="1", weeks="46")
    assert "29.9" in read(coordinator)


def test_two_who_open_one_row_lose_nothing(coordinator: Client, leader: Client) -> None:
    send(coordinator)
    (row,) = rows_of(read(coordinator))
    send(leader, row, version="1", comment="Hers", minutes_now="20")
    page = send(coordinator, row, expected=422, version="1", comment="Mine")
    assert "Somebody else has changed this row" in page
    assert 'value="Mine"' in page
    assert "Hers" in page
    assert LEADER.name in page
    assert 'name="version" value="2"' in page
    assert "Hers" in read(coordinator)
    send(coordinator, row, version="2", comment="Mine and hers", minutes_now="20")
    assert "Mine and hers" in read(leader)


def test_two_who_add_rows_at_the_same_time_both_have_them(
    coordinator: Client, leader: Client
) -> None:
    assert coordinator.get(reverse("leaders-worksheet-row", args=[KEY, "new"])).status_code == 200
    assert leader.get(reverse("leaders-worksheet-row", args=[KEY, "new"])).status_code == 200
    send(leader, task="Hers")
    send(coordinator, task="Mine")
    page = read(coordinator)
    assert len(rows_of(page)) == 2
    assert "Hers" in page
    assert "Mine" in page


def test_a_row_that_is_sent_twice_is_one_row(coordinator: Client) -> None:
    once = "6b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22"
    send(coordinator, once=once)
    send(coordinator, once=once)
    assert len(rows_of(read(coordinator))) == 1


@pytest.mark.parametrize(("name", "value"), [
    ("task", ""), ("minutes_now", "-1"), ("minutes_now", "NaN"), ("minutes_now", "1e99"),
    ("mode", "9"), ("weeks", "54"), ("per", "month"), ("service_area", "Elsewhere"),
    ("occurrences", ""), ("staff", "many"), ("comment", "x" * 501),
])  # fmt: skip
def test_a_row_that_can_not_be_is_refused_at_its_field(
    coordinator: Client, name: str, value: str
) -> None:
    page = send(coordinator, expected=422, **{name: value})
    assert f'id="id_{name}-error"' in page
    assert rows_of(read(coordinator)) == []


@pytest.mark.parametrize("areas", [
    "", "Home care; six", "Home care; 1; many", "a; 1\nA; 2", "; 3", "a; -1", "a; 1; -5",
])  # fmt: skip
def test_services_that_can_not_be_read_are_told(coordinator: Client, areas: str) -> None:
    answer = coordinator.post(reverse("leaders-workshop-new"), {**WORKSHOP, "areas": areas})
    assert answer.status_code == 422
    assert 'id="id_areas-error"' in answer.content.decode()


def test_more_hours_than_the_service_has_are_refused(coordinator: Client) -> None:
    page = send(coordinator, expected=422, staff="200")
    assert "More hours would be freed" in page


def file_of(client: Client) -> bytes:
    answer = client.get(PAGE, {"as": "xlsx"})
    assert answer.status_code == 200
    assert ".xlsx" in answer["Content-Disposition"]
    return bytes(answer.content)


def upload(client: Client, content: bytes) -> HttpResponse:
    sent = SimpleUploadedFile("w.xlsx", content)
    address = reverse("leaders-worksheet-read", args=[KEY])
    answer = client.post(address, {"file": sent})
    assert isinstance(answer, HttpResponse)
    return answer


def edited(content: bytes, **cells: Any) -> bytes:
    book = load_workbook(BytesIO(content))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_the_worksheet_goes_out_and_comes_in(coordinator: Client) -> None:
    send(coordinator)
    send(coordinator, task="Log in")
    content = file_of(coordinator)
    assert upload(coordinator, content).status_code == 302
    assert "2 as before" in read(coordinator)
    first, task = edited(content, F2=25), "Ask the ward"
    more = edited(
        first, C4=task, D4="Home care", F4=10, G4=1, H4=2, I4=3, J4=1, K4="Week", L4=52, M4=1
    )
    assert upload(coordinator, more).status_code == 302
    page = read(coordinator)
    assert "1 new row, 1 changed, 1 as before" in page
    assert task in page


def test_a_third_is_not_made_less_by_changing_a_comment(coordinator: Client) -> None:
    send(coordinator)
    thirds = edited(file_of(coordinator), F2="46/3", L2="155/3", M2="1/3")
    assert upload(coordinator, thirds).status_code == 302
    (row,) = rows_of(read(coordinator))
    page = read(coordinator, reverse("leaders-worksheet-row", args=[KEY, row]))
    shown = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("weeks", "minutes_now", "staff")
    }  # fmt: skip
    said = {name: found[1] for name, found in shown.items() if found is not None}
    assert said == {"weeks": "51.6667", "minutes_now": "15.3333", "staff": "0.3333"}
    send(coordinator, row, version="2", comment="Other words", **said)
    ((kept, _),) = sheets.read(file_of(coordinator))[0]
    assert (kept.weeks, kept.minutes_now, kept.staff, kept.comment) == (
        Fraction(155, 3), Fraction(46, 3), Fraction(1, 3), "Other words",
    )  # fmt: skip
    send(coordinator, row, version="3", **{**said, "staff": "0.5"})
    ((kept, _),) = sheets.read(file_of(coordinator))[0]
    assert (kept.weeks, kept.staff) == (Fraction(155, 3), Fraction(1, 2))


def test_a_file_with_a_fault_changes_nothing_and_says_where(coordinator: Client) -> None:
    send(coordinator)
    answer = upload(coordinator, edited(file_of(coordinator), F2="some", C2=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "row 2" in page
    assert "F (Minutes now)" in page
    assert "This is no number." in page
    assert "C (Task)" in page
    assert "260.0" in read(coordinator)
    assert upload(coordinator, b"no workbook").status_code == 422
    empty = coordinator.post(reverse("leaders-worksheet-read", args=[KEY]), {})
    assert empty.status_code == 422


def test_a_file_that_somebody_has_overtaken_is_not_read_in(
    coordinator: Client, leader: Client
) -> None:
    send(coordinator)
    content = edited(file_of(coordinator), F2=25)
    (row,) = rows_of(read(coordinator))
    send(leader, row, version="1", comment="Hers")
    answer = upload(coordinator, content)
    assert answer.status_code == 422
    assert "Somebody else has changed it since" in answer.content.decode()
    assert "Hers" in read(coordinator)


def test_hours_are_counted_in_a_benefit_once(coordinator: Client) -> None:
    unit = COORDINATOR.unit_id
    roles = {
        "owner": "Kari", "owner_is_director": "on", "coordinator": "Ola", "reason": "x",
        "version": "0",
    }  # fmt: skip
    plan_act = "leaders-benefit-plan-act"
    coordinator.post(reverse(plan_act, args=[unit, "roles"]), roles)
    coordinator.post(
        reverse(plan_act, args=[unit, "phase"]), {"version": "1", "phase": "2", "reason": "x"}
    )
    benefit = {
        "title": "Less ringing", "goal": "Logistikk", "type": "efficiency",
        "realisation": "reallocated-capacity", "version": "2",
    }  # fmt: skip
    address = reverse("leaders-benefit", args=[unit, "new"])
    assert coordinator.post(address, benefit).status_code == 302
    send(coordinator)
    (row,) = rows_of(read(coordinator))
    page = read(coordinator, reverse("leaders-worksheet-row", args=[KEY, row]))
    key = re.search(r'<option value="([\w-]{36})">Less ringing', page)
    assert key is not None
    claim = reverse("leaders-worksheet-act", args=[KEY, row, "claim"])
    said = {"benefit": key[1], "version": "1"}
    assert coordinator.post(claim, said).status_code == 302
    assert "Less ringing" in read(coordinator)
    assert coordinator.post(claim, {**said, "version": "2"}).status_code == 422
    page = read(coordinator, reverse("leaders-worksheet-row", args=[KEY, row]))
    assert "/claim/" not in page
    assert "/remove/" not in page
    send(coordinator, row, version="2", claimed_by=f"plan:{unit}/{key[1]}", comment="Still")
    assert "260.0" in read(coordinator)


def test_a_row_that_is_taken_away_is_named_with_its_reason(coordinator: Client) -> None:
    send(coordinator)
    (row,) = rows_of(read(coordinator))
    remove = reverse("leaders-worksheet-act", args=[KEY, row, "remove"])
    assert coordinator.post(remove, {"version": "1", "reason": ""}).status_code == 422
    assert coordinator.post(remove, {"version": "1", "reason": "Twice"}).status_code == 302
    page = read(coordinator)
    assert "1 row was taken away" in page
    assert "Twice" in page


def test_who_takes_no_part_reads_and_writes_nothing(coordinator: Client) -> None:
    send(coordinator)
    (row,) = rows_of(read(coordinator))
    elsewhere = staff_client(LEADER)  # her unit is below no other
    assert rows_of(read(elsewhere)) == []
    assert elsewhere.get(reverse("leaders-worksheet-row", args=[KEY, row])).status_code == 404
    assert elsewhere.post(
        reverse("leaders-worksheet-row", args=[KEY, "new"]), ROW
    ).status_code == 404  # fmt: skip
    assert upload(elsewhere, file_of(coordinator)).status_code == 404
    assert staff_client(GP).get(PAGE).status_code == 404


def test_pages_of_workshops_ask_the_database_little(coordinator: Client) -> None:
    send(coordinator)
    (row,) = rows_of(read(coordinator))
    for address in (
        reverse("leaders-workshops"), PAGE, reverse("leaders-workshop-new"),
        reverse("leaders-worksheet-row", args=[KEY, row]),
        reverse("leaders-worksheet-row", args=[KEY, "new"]),
    ):  # fmt: skip
        with counted() as statements:
            assert coordinator.get(address).status_code == 200
        assert len(statements) <= 20, address
        assert statements.asked_again() == [], address
