"""Benefits on pages: a plan from ownership to measurement, the selection list, and who may do what."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.benefits import plan
from fellesjournal.leadership.benefits.goals import ALL_GOALS, HEADLINES
from fellesjournal.surfaces.leaders import benefit_words as words
from tests.signing_in import GP, put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
COORDINATOR, LEADER = BY_ROLE["benefits-coordinator"], BY_ROLE["unit-leader"]
UNIT = COORDINATOR.unit_id
FRONT, PLAN, LIST = "leaders-benefits", "leaders-benefit-plan", "leaders-selection"
ROLES = {
    "owner": "Kari Nordmo", "owner_title": "kommunedirektør", "owner_is_director": "on",
    "coordinator": "Tarald Vinjefossen", "coordinator_title": "rådgiver", "reason": "Begun",
}  # fmt: skip
ITEM = {
    "indicator": "IM2", "title": "", "service_group": "Home care", "reason": "Worth it",
    **dict.fromkeys(("can_be_measured", "can_be_reused", "can_be_influenced"), "yes"),
    **{f"{name}_why": "It can"
       for name in ("can_be_measured", "can_be_reused", "can_be_influenced")},
}  # fmt: skip
BENEFIT = {
    "title": "Medicines on time", "goal": "Legemiddelhåndtering", "type": "quality",
    "realisation": "non-priced", "owner": "Kari Nordmo", "indicators": ["LE1"],
}  # fmt: skip


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    client = staff_client(COORDINATOR)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def leader(coordinator: Client) -> Client:
    """A leader of a unit below the coordinator's."""
    del coordinator
    client = staff_client(LEADER)
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name,
        partOf={"reference": f"Organization/{UNIT}"},
    )  # fmt: skip
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def version_of(page: str, act: str) -> str:
    """The version that the form of an act on a page carries."""
    form = re.search(
        rf'/{act}/(?:#\w+)?" class[^>]*>.*?name="version" value="(\d+)"', page, re.DOTALL
    )
    assert form is not None, f"no form for {act}"
    return form[1]


def act(client: Client, what: str, /, **said: Any) -> str:
    status = said.pop("expected", 302)
    version = said.pop("version", None) or version_of(read(client, PLAN, UNIT), what)
    address = reverse("leaders-benefit-plan-act", args=[UNIT, what])
    answer = client.post(address, {"version": version, **said})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def begun(client: Client) -> None:
    act(client, "roles", **ROLES)


def listed(client: Client, **said: Any) -> None:
    answer = client.post(reverse(LIST), {**ITEM, "version": "0", **said})
    assert answer.status_code == 302, answer.content.decode()


def picked(client: Client) -> None:
    """A plan in its second phase, with LE1 picked and in a benefit."""
    begun(client)
    act(client, "phase", phase="2", reason="Owned")
    listed(client)
    address = reverse("leaders-selection-act", args=["LE1", "pick"])
    assert client.post(address, {"version": "2"}).status_code == 302
    address = reverse("leaders-benefit", args=[UNIT, "new"])
    assert client.post(address, {**BENEFIT, "version": "3"}).status_code == 302


def test_goals_of_both_sectors_and_the_three_headlines_are_on_the_front_page(
    coordinator: Client,
) -> None:
    page = read(coordinator, FRONT)
    assert all(words.goal(each) for each in ALL_GOALS)
    assert "Quality registries" in page
    assert "Logistics" in page
    assert "Working together and patient logistics" in page
    assert "More satisfied residents and patients" in page
    assert len(words.HEADLINES) == len(HEADLINES)
    assert set(words.GOALS) == set(ALL_GOALS)
    assert "Begin a plan" in page


def test_a_plan_is_begun_and_held_until_two_people_fill_the_roles(coordinator: Client) -> None:
    begun(coordinator)
    same = {**ROLES, "coordinator": "kari nordmo"}
    act(coordinator, "roles", **same)
    page = read(coordinator, PLAN, UNIT)
    assert "One person can’t both" in page.replace("&#x27;", "’")
    assert "/phase/" not in page
    held = act(coordinator, "phase", expected=422, version="2", phase="2", reason="Owned")
    assert "One person" in held
    act(coordinator, "roles", **{**ROLES, "owner_is_director": ""})
    page = read(coordinator, PLAN, UNIT)
    assert "should be a municipal director" in page
    act(coordinator, "phase", phase="2", reason="Owned")
    page = read(coordinator, PLAN, UNIT)
    assert "No indicator is picked" in page
    assert "should be a municipal director" in page


def test_one_indicator_under_several_names_is_one_item(coordinator: Client) -> None:
    listed(coordinator, indicator="iu3")
    assert "LE1" in read(coordinator, LIST)
    answer = coordinator.post(reverse(LIST), {**ITEM, "version": "0"})
    assert answer.status_code == 422
    assert "on the list already" in answer.content.decode()
    answer = coordinator.post(reverse(LIST), {**ITEM, "indicator": "X1", "version": "0"})
    assert 'id="id_title-error"' in answer.content.decode()


def test_several_score_and_a_wide_spread_is_to_be_discussed(
    coordinator: Client, leader: Client
) -> None:
    listed(coordinator)
    address = reverse("leaders-selection-act", args=["LE1", "score"])
    score = {"size": "5", "difficulty": "1", "fit": "4"}
    assert coordinator.post(address, score).status_code == 302
    page = read(coordinator, LIST)
    assert "low-hanging" in page
    assert "none beats it" in page
    assert "discuss" not in page
    assert "20.00" in page
    assert leader.post(address, {**score, "size": "2"}).status_code == 302
    assert "discuss: spread 3" in read(leader, LIST)
    page = read(leader, "leaders-selection-item", "LE1")
    assert LEADER.name in page
    assert "3.5" in page
    assert leader.post(address, {**score, "size": "6"}).status_code == 422


def test_what_is_retired_is_off_the_list_and_stays_with_its_reason(coordinator: Client) -> None:
    listed(coordinator)
    address = reverse("leaders-selection-act", args=["LE1", "retire"])
    said = {"version": "1", "reason": "Counted otherwise"}
    assert coordinator.post(address, {"version": "1", "reason": ""}).status_code == 422
    assert coordinator.post(address, said).status_code == 302
    page = read(coordinator, LIST)
    assert "1 is retired" in page
    assert "Counted otherwise" in page
    address = reverse("leaders-selection-act", args=["LE1", "restore"])
    assert coordinator.post(address, {**said, "version": "2"}).status_code == 302
    assert "is retired" not in read(coordinator, LIST)


def test_a_benefit_gets_a_line_and_a_place_on_the_map(coordinator: Client) -> None:
    picked(coordinator)
    page = read(coordinator, PLAN, UNIT)
    assert "Medicines on time" in page
    assert reverse("leaders-benefit-line", args=[UNIT, "LE1"]) in page
    address = reverse("leaders-benefit-map", args=[UNIT])
    key = re.search(rf"/plans/{UNIT}/benefit/([\w-]+)/", page.replace("/benefit/new/", ""))
    assert key is not None
    way = {
        "version": "4", "functionality": "Scanning", "process": "Rounds at the bedside",
        "benefit": key[1], "onward": "",
    }  # fmt: skip
    assert coordinator.post(address, way).status_code == 302
    page = read(coordinator, "leaders-benefit-map", UNIT)
    assert "Rounds at the bedside" in page
    assert "Handling of medicines" in page
    round_ = {**way, "version": "5", "onward": key[1]}
    answer = coordinator.post(address, round_)
    assert answer.status_code == 422
    assert "go in a circle" in answer.content.decode()
    off = {"version": "5", "before": "functionality:Scanning",
           "after": "process:Rounds at the bedside"}  # fmt: skip
    assert coordinator.post(address, off).status_code == 302
    assert "Scanning" not in read(coordinator, "leaders-benefit-map", UNIT)


@pytest.mark.parametrize("name", ["title", "goal", "type", "realisation"])
def test_what_is_not_said_of_a_benefit_is_asked_for(coordinator: Client, name: str) -> None:
    picked(coordinator)
    address = reverse("leaders-benefit", args=[UNIT, "new"])
    answer = coordinator.post(address, {**BENEFIT, "version": "4", name: ""})
    assert answer.status_code == 422
    assert f'id="id_{name}-error"' in answer.content.decode()


def test_a_rung_above_a_gap_is_kept_and_is_not_where_they_stand(coordinator: Client) -> None:
    begun(coordinator)
    rung = {"rung": "ambassadors", "day": "2026-01-01", "evidence": "Six are named"}
    act(coordinator, "rung", version="0", **rung)
    page = read(coordinator, PLAN, UNIT)
    assert "Six are named" in page
    assert ">here<" not in page
    act(coordinator, "rung", version="1", **{**rung, "rung": "leadership-owns-it"})
    assert ">here<" in read(coordinator, PLAN, UNIT)


def test_somebody_else_s_version_is_not_overwritten(coordinator: Client) -> None:
    begun(coordinator)
    act(coordinator, "roles", **{**ROLES, "owner": "Liv Berg"})
    act(coordinator, "roles", version="1", **{**ROLES, "owner": "Too late"})
    page = read(coordinator, PLAN, UNIT)
    assert "Liv Berg" in page
    assert "Too late" not in page


def test_a_leader_reads_the_plan_and_changes_nothing(coordinator: Client, leader: Client) -> None:
    picked(coordinator)
    for name, args in (
        (FRONT, ()), (PLAN, (UNIT,)), ("leaders-benefit-map", (UNIT,)),
        ("leaders-benefit-line", (UNIT, "LE1")), (LIST, ()),
    ):  # fmt: skip
        assert 'name="version"' not in read(leader, name, *args)
    refused = [
        leader.post(reverse("leaders-benefit-plan-act", args=[UNIT, "roles"]), ROLES),
        leader.post(reverse(LIST), {**ITEM, "version": "0"}),
        leader.post(reverse("leaders-benefit-map", args=[UNIT]), {"version": "4"}),
        leader.post(reverse("leaders-selection-act", args=["LE1", "retire"]),
                    {"version": "1", "reason": "x"}),
        leader.get(reverse("leaders-benefit", args=[UNIT, "new"])),
    ]  # fmt: skip
    assert [each.status_code for each in refused] == [404] * len(refused)


def test_a_coordinator_does_not_plan_for_another_unit(coordinator: Client) -> None:
    put("Organization", "org-5025", name="Røros kommune")
    assert coordinator.get(reverse(PLAN, args=["org-5025"])).status_code == 404
    answer = coordinator.post(
        reverse("leaders-benefit-plan-act", args=["org-5025", "roles"]), {**ROLES, "version": "0"}
    )
    assert answer.status_code == 404


def test_what_else_moves_the_figures_is_corrected_and_taken_out(coordinator: Client) -> None:
    picked(coordinator)
    said = {"day": "2026-05-01", "what": "Sterik", "direction": "up", "indicators": ["LE1"]}

    act(coordinator, "confounder", **said)
    page = read(coordinator, PLAN, UNIT)
    # whole, for the page that answers a form has another address
    assert f'href="{reverse(PLAN, args=[UNIT])}?correct=0#confounder"' in page
    asked = coordinator.get(reverse(PLAN, args=[UNIT]), {"correct": "0"}).content.decode()
    assert 'value="Sterik"' in asked
    act(coordinator, "confounder", number="0", **{**said, "what": "Streik"})
    page = read(coordinator, PLAN, UNIT)
    assert "Streik" in page
    assert "Sterik" not in page
    act(coordinator, "confounder", expected=422, number="7", **said)
    act(coordinator, "confounder", number="0", out="on", **said)
    assert "Streik" not in read(coordinator, PLAN, UNIT)
    for odd in ("x", "-1", "²", "99999"):
        answer = coordinator.get(reverse(PLAN, args=[UNIT]), {"correct": odd})
        assert answer.status_code == 200


@pytest.mark.parametrize(("what", "wrong"), [
    ("phase", {"phase": "9", "reason": "x"}), ("phase", {"phase": "x", "reason": "x"}),
    ("rung", {"rung": "x", "day": "2026-01-01", "evidence": "x"}),
    ("rung", {"rung": "ambassadors", "day": "soon", "evidence": "x"}),
    ("confounder", {"day": "2026-01-01", "what": "x", "direction": "x", "indicators": []}),
    ("roles", {"owner": "x" * 200, "reason": "x"}), ("roles", {"reason": ""}),
])  # fmt: skip
def test_what_can_not_be_read_is_said_and_nothing_is_kept(
    coordinator: Client, what: str, wrong: dict[str, object]
) -> None:
    begun(coordinator)
    act(coordinator, what, expected=422, version="1", **wrong)
    assert coordinator.post(
        reverse("leaders-benefit-plan-act", args=[UNIT, "unknown"]), {"version": "1"}
    ).status_code == 404  # fmt: skip


def test_pages_of_benefits_ask_the_database_little(coordinator: Client) -> None:
    picked(coordinator)
    for name, args in (
        (FRONT, ()), (PLAN, (UNIT,)), ("leaders-benefit-map", (UNIT,)), (LIST, ()),
        ("leaders-benefit", (UNIT, "new")), ("leaders-selection-item", ("LE1",)),
        ("leaders-benefit-line", (UNIT, "LE1")),
    ):  # fmt: skip
        address = reverse(name, args=args)
        with counted() as statements:
            assert coordinator.get(address).status_code == 200
        assert len(statements) <= 20, address
        assert statements.asked_again() == [], address


@pytest.mark.parametrize("unit", ["%00", "a%20b", "x" * 65, "none", "org-5001%2F"])
def test_an_address_of_no_unit_is_no_page(coordinator: Client, unit: str) -> None:
    assert coordinator.get(f"/leaders/benefits/plans/{unit}/").status_code == 404


def test_who_has_no_such_duty_finds_no_page(db: None) -> None:
    del db
    for name, args in ((FRONT, ()), (LIST, ()), (PLAN, (UNIT,))):
        assert staff_client(GP).get(reverse(name, args=args)).status_code == 404


def test_each_thing_that_can_be_missing_has_its_sentence() -> None:
    codes = set(
        re.findall(r'(?:Finding\(|^        )"([a-z-]+)"', inspect.getsource(plan), re.MULTILINE)
    )
    codes |= set(re.findall(r'^            "([a-z-]+)": ', inspect.getsource(plan), re.MULTILINE))
    assert codes == set(words._FINDINGS)
