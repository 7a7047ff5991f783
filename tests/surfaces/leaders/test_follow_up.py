"""The pages of what is followed up: records that were moved, and tickets after go-live."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.rollout.migration import Mode, Source
from fellesjournal.leadership.rollout.tickets import Signal
from fellesjournal.leadership.rollout.trials import Result, Severity
from fellesjournal.surfaces.leaders import rollout_words as words
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
ROROS, TRONDHEIM = "5025", "5001"
MIGRATION = reverse("leaders-migration", args=[ROROS])
TICKETS = reverse("leaders-tickets", args=[ROROS])
JOB = {
    "source": "nursing-and-care", "object_type": "Notes", "mode": "auto", "source_count": "10000",
    "loaded": "9870", "rejected": "90", "left_out": "40", "left_out_why": "Test people",
    "sample_n": "59", "sample_errors": "0", "reason": "Rehearsal 1", "version": "0",
}  # fmt: skip
DAY = {"users": "1000", "day": "0", "tickets": "120", "reason": "Count", "version": "0"}


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_records_that_are_all_accounted_for_balance_and_a_sample_says_what_it_rules_out(
    lead: Client,
) -> None:
    assert lead.post(MIGRATION, JOB).status_code == 302
    page = read(lead, MIGRATION)
    assert "1 of 1 balance" in page
    assert "Test people: 40" in page
    assert "less than 5.0% errors" in page
    assert "is-red" not in page


def test_a_lost_record_is_red_and_a_job_is_written_once(lead: Client) -> None:
    assert lead.post(MIGRATION, {**JOB, "loaded": "9869"}).status_code == 302
    assert "not accounted for: +1" in read(lead, MIGRATION)
    again = {**JOB, "object_type": "notes", "version": "1", "sample_n": ""}
    assert lead.post(MIGRATION, again).status_code == 302
    page = read(lead, MIGRATION)
    assert "1 of 1 balance" in page
    assert "59 should be looked at" in page


@pytest.mark.parametrize(
    "said",
    [
        {"loaded": "-1"},
        {"loaded": "many"},
        {"left_out_why": ""},
        {"sample_n": "5", "sample_errors": "6"},
        {"sample_n": "10001"},
        {"source": "paper"},
        {"reason": ""},
    ],
)
def test_an_impossible_migration_is_told_and_not_saved(lead: Client, said: dict[str, str]) -> None:
    assert lead.post(MIGRATION, {**JOB, **said}).status_code == 422
    assert "Nothing is written down yet" in read(lead, MIGRATION)


def test_a_first_day_within_chance_is_no_signal(lead: Client) -> None:
    assert lead.post(TICKETS, DAY).status_code == 302
    page = read(lead, TICKETS)
    for said in ("140.0", "0.86", "0.71 to 1.02", "As expected", "is an assumption"):
        assert said in page, said
    assert "people may not be reporting" not in page


def test_very_few_tickets_show_what_tells_silence_from_peace(lead: Client) -> None:
    few = {"tickets": "20", "active_users": "400", "reopened": "5", "silent_failures": "7"}
    assert lead.post(TICKETS, {**DAY, **few}).status_code == 302
    page = read(lead, TICKETS)
    for said in ("people may not be reporting", "0.050", "25.0%", "Fewer than chance explains"):
        assert said in page, said
    assert "tickets__outside" in page


def test_the_curve_is_fitted_on_places_that_went_live_before_never_on_the_place_itself(
    lead: Client,
) -> None:
    assert lead.post(TICKETS, DAY).status_code == 302
    other = reverse("leaders-tickets", args=[TRONDHEIM])
    for day in range(14):
        said = {**DAY, "day": str(day), "tickets": "50", "version": str(day)}
        assert lead.post(other, said).status_code == 302
    assert "fitted on 1 place" in read(lead, TICKETS)
    assert "is an assumption" in read(lead, other)  # one day at Røros is too little
    assert "50.0" in read(lead, TICKETS)


@pytest.mark.parametrize(
    "said", [{"users": "0"}, {"day": "-1"}, {"tickets": ""}, {"reopened": "121"}, {"reason": " "}]
)
def test_an_impossible_day_is_told_and_not_saved(lead: Client, said: dict[str, str]) -> None:
    assert lead.post(TICKETS, {**DAY, **said}).status_code == 422
    assert "No day is counted yet" in read(lead, TICKETS)


@pytest.mark.parametrize(("address", "said"), [(MIGRATION, JOB), (TICKETS, DAY)])
def test_only_the_rollout_lead_writes_and_nothing_is_overwritten(
    lead: Client, address: str, said: dict[str, str]
) -> None:
    assert staff_client(BY_ROLE["unit-leader"]).post(address, said).status_code in {403, 404}
    assert staff_client(GP).get(address).status_code == 404
    assert lead.post(address, said).status_code == 302
    field = "loaded" if address == MIGRATION else "tickets"
    assert lead.post(address, {**said, field: "7"}).status_code == 302
    page = read(lead, address).split("<main")[1].split("<form")[0]
    assert ">7<" not in page


@pytest.mark.parametrize("route", ["leaders-migration", "leaders-tickets", "leaders-runs"])
def test_without_a_plan_there_is_no_page(lead: Client, route: str) -> None:
    for actor in ("5061", "9999"):
        assert lead.get(reverse(route, args=[actor])).status_code == 404
        assert lead.post(reverse(route, args=[actor]), {**JOB, **DAY}).status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [(MIGRATION, JOB), (TICKETS, DAY), (reverse("leaders-runs", args=[ROROS]), {})],
)
def test_the_pages_ask_the_database_little(
    lead: Client, address: str, said: dict[str, str]
) -> None:
    lead.post(address, said)
    lead.get(address)
    with counted() as statements:
        lead.get(address)
    assert len(statements) <= 20
    assert statements.asked_again() == []


RUNS = reverse("leaders-runs", args=[ROROS])
RUN = {
    "case": "Print a list", "tested_version": "2022.4", "role": "nurse", "day": "2022-09-01",
    "result": "failed", "defect": "D-1", "severity": "blocker", "reason": "Round 1", "version": "0",
}  # fmt: skip
PASSED = {**RUN, "result": "passed", "defect": "", "severity": "", "day": "2022-09-08"}


def test_a_blocker_shuts_the_last_gate_until_its_retest_passed(lead: Client) -> None:
    gates = reverse("leaders-heat-map", args=[ROROS])
    assert lead.post(RUNS, RUN).status_code == 302
    assert "which no waiver covers: D-1" in read(lead, gates)
    assert lead.post(RUNS, {**PASSED, "version": "1"}).status_code == 302
    assert "which no waiver covers: D-1" in read(lead, gates)  # passed, and not run for it
    assert lead.post(RUNS, {**PASSED, "retest_of": "D-1", "version": "2"}).status_code == 302
    assert "which no waiver covers" not in read(lead, gates)
    assert "run again for D-1" in read(lead, RUNS)


@pytest.mark.parametrize(
    "said",
    [
        {"result": "passed"},
        {"severity": ""},
        {"defect": ""},
        {"retest_of": "D-9"},
        {"day": "2022-02-30"},
        {"result": "fine"},
    ],
)
def test_an_impossible_run_is_told_and_not_saved(lead: Client, said: dict[str, str]) -> None:
    assert lead.post(RUNS, {**RUN, **said}).status_code == 422
    assert "Nothing is written down yet" in read(lead, RUNS)


def test_every_source_mode_and_signal_has_words() -> None:
    assert set(words.SOURCES) == set(Source)
    assert set(words.MODES) == set(Mode)
    assert set(words.SIGNALS) == set(Signal)
    assert set(words.RESULTS) == set(Result)
    assert set(words.DEFECTS) == set(Severity)
