"""The leaders' first page and the register of assumptions."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve, reverse

from fellesjournal.access.sessions import staff_session
from fellesjournal.config.cli.demo_benefits import fill_benefits
from fellesjournal.config.cli.demo_decisions import fill_decisions, fill_follow_up
from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.config.cli.demo_rollout import fill_rollout
from fellesjournal.demo.benefits import MALVIK, ROROS, TRONDHEIM
from fellesjournal.demo.cast import STAFF
from fellesjournal.demo.region import Region
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.settings import Setting, set_value
from fellesjournal.leadership.figures.assumptions import Assumption
from fellesjournal.surfaces.leaders.assumption_views import ALL
from tests.leadership.indicators.records import load
from tests.running import PROJECT
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
COORDINATOR = BY_ROLE["benefits-coordinator"]
LIST, ONE = "leaders-assumptions", "leaders-assumption"


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    return staff_client(BY_ROLE["benefits-coordinator"])


def _set(client: Client, **said: str) -> int:
    form = {"value": "4", "valid_from": "2026-01-01", "reason": "Small units", "version": "0"}
    return client.post(reverse(ONE, args=["cost-of-hour"]), {**form, **said}).status_code


def test_a_value_is_set_with_who_when_and_why(coordinator: Client) -> None:
    assert _set(coordinator) == 302
    page = coordinator.get(reverse(ONE, args=["cost-of-hour"])).content.decode()
    assert "Small units" in page
    assert BY_ROLE["benefits-coordinator"].name in page
    assert _set(coordinator, reason="") == 422
    assert _set(coordinator, value="much") == 422


def test_a_leader_sees_and_does_not_set(db: None) -> None:
    del db
    leader = staff_client(BY_ROLE["unit-leader"])
    page = leader.get(reverse(ONE, args=["cost-of-hour"])).content.decode()
    assert 'name="reason"' not in page
    assert _set(leader) == 404
    assert leader.get(reverse("leaders")).status_code == 200


def test_somebody_else_s_value_is_not_overwritten(coordinator: Client) -> None:
    assert _set(coordinator) == 302
    assert _set(coordinator, value="5") == 302
    page = coordinator.get(reverse(LIST)).content.decode()
    assert '<td data-label="Verdi">4' in page or ">4 " in page


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("smallest-count", "0", "kan ikke settes"),
        ("bed-occupancy", "0", "Det minste"),
        ("bed-occupancy", "1.01", "Det meste"),
        ("horizon-years", "2.5", "helt tall"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    coordinator: Client, key: str, value: str, why: str
) -> None:
    said = {"value": value, "valid_from": "2026-01-01", "reason": "Try", "version": "0"}
    answer = coordinator.post(reverse(ONE, args=[key]), said)
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_what_is_fixed_has_no_form(coordinator: Client) -> None:
    assert 'name="value"' in coordinator.get(reverse(ONE, args=["cost-of-hour"])).content.decode()
    page = coordinator.get(reverse(ONE, args=["smallest-count"])).content.decode()
    assert 'name="value"' not in page


def test_what_can_be_set_is_read_where_figures_are_made() -> None:
    """A value that is set without effect would be a lie to who set it."""
    source = PROJECT / "src" / "fellesjournal"
    folder = source / "leadership"
    program = "".join(each.read_text(encoding="utf-8") for each in source.rglob("*.py"))
    names = {
        each.key: name
        for file in folder.rglob("assumptions.py")
        for name, each in vars(import_module(_module(file))).items()
        if isinstance(each, Assumption)
    }
    assert set(names) == {each.key for each in ALL}
    settable = {each.key for each in ALL if not each.is_fixed}
    read = {key for key in settable if re.search(_reading(names[key]), program)}
    assert settable - read == set()


def _reading(name: str) -> str:
    return rf"\b{name}\.key\b|(?:reads=|known = )\([^)]*\b{name}\b"


def _module(file: Path) -> str:
    return ".".join(file.relative_to(PROJECT / "src").with_suffix("").parts)


@pytest.mark.parametrize("end", ["least", "most"])
def test_every_page_stands_with_all_at_their_ends(coordinator: Client, end: str) -> None:
    for role in ("rollout-lead", "unit-leader"):
        staff_client(BY_ROLE[role])
    of_the_demo = {each["id"]: each for each in Region(1, 1).resources()}
    load(of_the_demo[unit] for unit in (TRONDHEIM, ROROS, MALVIK))
    for fill in (fill_decisions, fill_benefits, fill_follow_up, fill_pathways, fill_rollout):
        fill()
    session = staff_session(
        practitioner=f"Practitioner/{COORDINATOR.id}", role_id=COORDINATOR.role_id,
        role=COORDINATOR.role, unit=f"Organization/{COORDINATOR.unit_id}",
    )  # fmt: skip
    for each in ALL:
        if not each.is_fixed:
            value = Setting(getattr(each, end), clock.today())
            set_value(session, each, value, seen=0, reason="the end of what makes sense")
    for client in (coordinator, staff_client(BY_ROLE["rollout-lead"])):
        assert _faults(client) == {}


def _faults(client: Client) -> dict[str, int]:
    """Pages of the leaders that links lead to and that fail, a few of each kind."""
    seen, ahead, kinds = {reverse("leaders")}, [reverse("leaders")], Counter[str]()
    faults = {}
    while ahead:
        address = ahead.pop()
        kinds[resolve(address).view_name] += 1
        if kinds[resolve(address).view_name] > 3:
            continue
        answer = client.get(address)
        if answer.status_code != 200:
            faults[address] = answer.status_code
        elif answer.headers["Content-Type"].startswith("text/html"):
            found = set(re.findall(r'href="(/leaders/[^"?#]*)', answer.content.decode())) - seen
            seen |= found
            ahead += sorted(found)
    assert len(kinds) > 20
    return faults


def test_who_has_no_such_duty_finds_no_page(db: None) -> None:
    del db
    other = staff_client(GP)
    for address in (reverse("leaders"), reverse(LIST), reverse(ONE, args=["cost-of-hour"])):
        assert other.get(address).status_code == 404
    assert Client().get(reverse("leaders")).status_code == 302


def test_an_assumption_that_is_none_is_no_page(coordinator: Client) -> None:
    assert coordinator.get(reverse(ONE, args=["nothing"])).status_code == 404


def test_the_pages_ask_the_database_little(coordinator: Client) -> None:
    with counted() as statements:
        coordinator.get(reverse(LIST))
    assert len(statements) <= 20
