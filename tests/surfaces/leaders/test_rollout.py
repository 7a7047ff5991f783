"""The rollout lead's pages: waves and what-if, plans, readiness, costs and the grant budget."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import staff_session
from fellesjournal.config.cli.demo_wave import with_wave_ahead
from fellesjournal.demo.cast import STAFF
from fellesjournal.demo.rollout import BEHIND
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import queries
from fellesjournal.leadership.rollout.actions import save_programme, show_check
from fellesjournal.leadership.rollout.findings import Code
from fellesjournal.leadership.rollout.fixtures import package_data, readiness_data
from fellesjournal.leadership.rollout.packages import Phase
from fellesjournal.surfaces.leaders import rollout_words as words
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
ROROS = "5025"
PAGES = (
    reverse("leaders-rollout"),
    reverse("leaders-rollout") + "?wave=PD3&months=6&day=2022-03-01",
    reverse("leaders-organisations"),
    reverse("leaders-plan", args=[ROROS]),
    reverse("leaders-plan", args=["5061"]),
    reverse("leaders-readiness"),
    reverse("leaders-heat-map", args=[ROROS]),
    reverse("leaders-check", args=[ROROS, 30, "devices-accepted"]),
    reverse("leaders-costs"),
    reverse("leaders-cost-model", args=[ROROS]),
    reverse("leaders-grant"),
)


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("address", PAGES)
def test_each_page_asks_the_database_little(lead: Client, address: str) -> None:
    with counted() as statements:
        assert lead.get(address).status_code == 200
    assert len(statements) <= 20
    assert statements.asked_again() == []


@pytest.mark.parametrize("address", PAGES)
def test_a_unit_leader_reads_and_changes_nothing(db: None, address: str) -> None:
    del db
    leader = staff_client(BY_ROLE["unit-leader"])
    page = leader.get(address).content.decode()
    assert 'name="reason"' not in page
    assert 'class="lead-form"' not in page


@pytest.mark.parametrize("address", PAGES)
def test_who_has_no_such_duty_finds_no_page(db: None, address: str) -> None:
    del db
    assert staff_client(GP).get(address).status_code == 404


def test_a_slip_of_pd3_shows_dates_gates_money_and_the_broken_promise(lead: Client) -> None:
    page = read(lead, PAGES[1])
    assert "Everyone was promised a place by" in page
    assert "12 May 2023" in page
    assert re.search(
        r"NOK -100,382</strong>\s+of what is stated", page.replace("\N{MINUS SIGN}", "-")
    )
    assert "follows the main project" in page
    assert "moves by whole quarters" in page


@pytest.mark.parametrize(
    "said", ["wave=PD9&months=6", "wave=PD3&months=many", "wave=PD3&months=999"]
)
def test_an_impossible_slip_is_told_on_the_form(lead: Client, said: str) -> None:
    answer = lead.get(reverse("leaders-rollout") + "?" + said)
    assert answer.status_code == 422
    assert b"ds-validation-message" in answer.content


def post(client: Client, address: str, **said: str) -> int:
    return client.post(address, said).status_code


def test_a_slip_becomes_the_plan_once_with_its_reason(lead: Client) -> None:
    assert post(lead, PAGES[1], reason="", version="0") == 422
    assert post(lead, PAGES[1], reason="The supplier is late", version="0") == 302
    assert "Q2 2023" in read(lead, reverse("leaders-plan", args=[ROROS]))
    assert post(lead, PAGES[1], reason="The same again", version="0") == 302
    assert "Q2 2023" in read(lead, reverse("leaders-plan", args=[ROROS]))
    assert post(lead, reverse("leaders-rollout"), reason="Nothing slips", version="1") == 404


def test_a_leader_who_may_not_plan_saves_nothing(db: None) -> None:
    del db
    leader = staff_client(BY_ROLE["unit-leader"])
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert post(leader, PAGES[1], reason="I want it", version="0") in {403, 404}
    check = reverse("leaders-check", args=[ROROS, 30, "rollback-plan"])
    said = {"stage": "done", "evidence": "x", "reason": "x", "version": "0"}
    assert post(leader, check, **said) in {403, 404}
    assert "not shown" in read(leader, check).lower()


def test_a_plan_is_changed_and_one_that_the_wave_refuses_is_not(lead: Client) -> None:
    address = reverse("leaders-plan", args=["5061"])
    said = {"status": "decided", "reason": "Council, 3 May", "version": "0"}
    answer = lead.post(address, {**said, "wave": "PD1"})
    assert answer.status_code == 422
    assert "may not be in PD1" in answer.content.decode()
    assert post(lead, address, **said, wave="SW1", project_start="2021-11-30") == 302
    page = read(lead, address)
    assert "Goes live on 30 Jun 2023, in SW1" in page
    assert "30 Nov 2021" in page
    assert post(lead, address, **{**said, "version": "1"}, wave="SW9") == 422


CHECK = reverse("leaders-check", args=[ROROS, 60, "devices-accepted"])


def test_what_is_shown_is_green_with_evidence_only(lead: Client) -> None:
    said = {"value": "75", "evidence": "", "owner": "ICT", "reason": "Count", "version": "0"}
    assert post(lead, CHECK, **said) == 302
    assert "No evidence" in read(lead, reverse("leaders-heat-map", args=[ROROS]))
    assert post(lead, CHECK, **{**said, "evidence": "List of 1 September", "version": "1"}) == 302
    page = read(lead, reverse("leaders-heat-map", args=[ROROS]))
    assert "No evidence" not in page
    assert "75 %" in page or "75%" in page
    assert "heat__cell--green" in page


def test_a_waiver_needs_a_risk_and_carries_who_signed(lead: Client) -> None:
    said = {"waive": "1", "waiver-reason": "Printers come later", "waiver-version": "0"}
    assert post(lead, CHECK, **said, **{"waiver-risk": ""}) == 422
    assert post(lead, CHECK, **said, **{"waiver-risk": "Paper for a week"}) == 302
    page = read(lead, CHECK)
    assert "Paper for a week" in page
    assert BY_ROLE["rollout-lead"].name in page
    assert "heat__cell--waived" in read(lead, reverse("leaders-heat-map", args=[ROROS]))


def test_a_check_that_somebody_else_has_overtaken_is_not_saved(lead: Client) -> None:
    said = {"value": "75", "evidence": "List", "owner": "ICT", "reason": "Count", "version": "0"}
    assert post(lead, CHECK, **said) == 302
    assert post(lead, CHECK, **{**said, "value": "99"}) == 302
    assert "99" not in read(lead, CHECK).split("<main")[1].split("<form")[0]


@pytest.mark.parametrize(
    "address",
    [
        reverse("leaders-plan", args=["9999"]),
        reverse("leaders-heat-map", args=["5061"]),
        reverse("leaders-check", args=[ROROS, 45, "devices-accepted"]),
        reverse("leaders-check", args=[ROROS, 90, "rehearsal-blockers"]),
        reverse("leaders-check", args=[ROROS, 30, "luck"]),
        reverse("leaders-check", args=["9999", 30, "devices-accepted"]),
        reverse("leaders-cost-model", args=["9999"]),
    ],
)
def test_what_is_not_there_is_no_page(lead: Client, address: str) -> None:
    assert lead.get(address).status_code == 404
    assert lead.post(address, {"version": "0"}).status_code in {404, 405}


def test_impossible_values_are_told_and_not_saved(lead: Client) -> None:
    said = {"evidence": "x", "owner": "x", "reason": "x", "version": "0"}
    for value in ("-1", "much", ""):
        assert post(lead, CHECK, **said, value=value) == 422
    drill = reverse("leaders-check", args=[ROROS, 60, "downtime-drill"])
    assert post(lead, drill, **said, stage="somewhere") == 422


# --- money


MODEL = reverse("leaders-cost-model", args=[ROROS])


def test_the_cost_of_roros_with_bands_break_even_and_what_is_unclear(lead: Client) -> None:
    page = read(lead, MODEL)
    for said in ("21,302,000", "P85", "2,827,108", "4,349", "2.49", "2.05", "1,968,316", "200,764"):
        assert said in page, said


def test_a_line_is_changed_into_a_new_version_beside_the_old(lead: Client) -> None:
    said = {
        "line-line": "one-off-rest", "line-amount": "5000000", "line-low": "4500000",
        "line-high": "6000000", "line-reason": "Offer of May", "line-version": "0",
    }  # fmt: skip
    assert post(lead, MODEL, **{**said, "line-low": "5500000"}) == 422
    assert post(lead, MODEL, **{**said, "line-low": ""}) == 422
    assert post(lead, MODEL, **said) == 302
    page = read(lead, MODEL)
    assert "+643,000" in page
    assert "Version 1 against 2022-11" in page
    cleared = {"clarification": "shared costs", "reason": "Agreed", "version": "1"}
    assert post(lead, MODEL, **cleared) == 302
    assert "Cleared up: shared costs" in read(lead, MODEL)
    assert post(lead, MODEL, **{**cleared, "clarification": "luck", "version": "2"}) == 422


def test_the_grant_budget_names_what_is_missing_and_fills_nothing_in(lead: Client) -> None:
    page = read(lead, reverse("leaders-grant"))
    for said in ("+60,000", "+20,000", "+80,000", "Other costs", "blank", "75.5", "differs by"):
        assert said.lower() in page.lower(), said
    assert page.count('class="is-red"') == 3 + 2  # three sums, and the two rows they concern


# --- words


def test_every_code_state_criterion_stage_and_phase_has_words() -> None:
    assert set(words._SENTENCES) == set(Code)
    assert {each.id for each in readiness_data().criteria} == set(words.CRITERIA)
    stages = {stage for each in readiness_data().criteria for stage in each.stages}
    assert stages == set(words.STAGES)
    assert {each.phase for each in package_data().phases} == set(Phase) == set(words.PHASES)
    packages = {title for each in package_data().phases for title in each.packages}
    assert packages == set(words.PACKAGES)


def test_who_goes_live_next_is_told_with_how_ready_each_is(lead: Client) -> None:
    who = BY_ROLE["rollout-lead"]
    session = staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip
    stands = queries.programme(session)
    ahead = with_wave_ahead(stands.body, clock.today())
    save_programme(session.again(), ahead, seen=stands.version, reason="To come")
    show_check(
        session.again(), BEHIND, criterion="super-users", gate=90, value=None, stage="named",
        evidence="A list", owner="Lead", seen=0, reason="Met",
    )  # fmt: skip
    with counted() as statements:
        page = read(lead, reverse("leaders-rollout"))
    assert len(statements) <= 20
    rows = re.findall(r"<li>(.*?)</li>", page[page.index('id="next"') :], re.DOTALL)[:3]
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", row)).strip() for row in rows]
    assert [row for row in told if "Åfjord" in row and "does not pass" in row]
    assert [row for row in told if "Ørland" in row and "Nothing is written down" in row]
    plan = read(lead, reverse("leaders-plan", args=[BEHIND]))
    assert "does not pass" in plan
    assert plan.count("criteria") >= 3
