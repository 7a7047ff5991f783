"""A plan line on its page: the baseline is the record's own figure, and stays what it was."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import system_session
from fellesjournal.care.homecare import codes
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import listing, planning
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Phase,
    PlanLine,
    Realisation,
)
from fellesjournal.leadership.benefits.resources import PLAN
from fellesjournal.leadership.benefits.selection import Criterion, Item, Listed
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import put, staff_client
from tests.staff import register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

COORDINATOR = next(member for member in STAFF if member.role == "benefits-coordinator")
LEADER = next(member for member in STAFF if member.role == "unit-leader")
UNIT = COORDINATOR.unit_id
LINE = reverse("leaders-benefit-line", args=[UNIT, "LE1"])
PLATFORM = system_session("system:test", purpose="HOPERAT")


def last_day(months_ago: int) -> datetime:
    """Noon of the last day of a month that is over."""
    day = clock.now().replace(day=1, hour=12) - timedelta(days=1)
    for _ in range(months_ago - 1):
        day = day.replace(day=1) - timedelta(days=1)
    return day


def give(name: str, at: datetime, *, late_minutes: int = 0) -> None:
    """A dose given in a visit of the unit."""
    put(
        "MedicationAdministration", name, status="completed",
        medicationCodeableConcept={"text": "x"}, subject={"reference": "Patient/kari"},
        context={"reference": "Encounter/visit"}, effectiveDateTime=at.isoformat(),
        extension=[{
            "url": codes.PLANNED_AT,
            "valueDateTime": (at - timedelta(minutes=late_minutes)).isoformat(),
        }],
    )  # fmt: skip


def given_in(months_ago: int, *, on_time: int, late: int) -> None:
    at = last_day(months_ago)
    for n in range(on_time + late):
        give(f"m{months_ago}-{n}", at, late_minutes=0 if n < on_time else 95)
    flatten_all()


@pytest.fixture
def client() -> Client:
    """A coordinator whose plan has LE1 in a benefit and is at measurement."""
    client = staff_client(COORDINATOR)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    register("kari")
    put(
        "Encounter", "visit", status="in-progress",
        **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
        subject={"reference": "Patient/kari"},
        serviceProvider={"reference": f"Organization/{UNIT}"},
        period={"start": last_day(6).isoformat()},
    )  # fmt: skip
    roles = planning.Roles(
        "Kari Nordmo", "", owner_is_director=True, coordinator="Ola Vik", coordinator_title="",
        coordinator_leads_implementation=False,
    )  # fmt: skip
    met = Criterion(is_met=True, reason="it can")
    item = Item("LE1", "LE1", "home care", Listed(met, met, met))
    listing.propose_item(PLATFORM, item, reason="proposed")
    planning.fill_roles(PLATFORM, UNIT, roles, seen=0, reason="begun")
    planning.go_to(PLATFORM, UNIT, Phase.INDICATORS, seen=1, reason="owned")
    planning.pick(PLATFORM, UNIT, "LE1", seen=2)
    benefit = Benefit(
        "b", "Legemiddelhåndtering", "On time", BenefitType.QUALITY, Realisation.NON_PRICED,
        "Kari", ("LE1",),
    )  # fmt: skip
    planning.keep_benefit(PLATFORM, UNIT, benefit, seen=3)
    planning.go_to(PLATFORM, UNIT, Phase.MEASUREMENT, seen=4, reason="picked")
    return client


def read(client: Client) -> str:
    answer = client.get(LINE)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def act(client: Client, what: str, /, **said: Any) -> str:
    expected = said.pop("expected", 302)
    version = standing(PLATFORM.again(), PLAN, UNIT).version
    address = reverse("leaders-benefit-line-act", args=[UNIT, "LE1", what])
    answer = client.post(address, {"version": str(version), **said})
    assert answer.status_code == expected, answer.content.decode()
    return answer.content.decode()


def month(months_ago: int) -> str:
    return last_day(months_ago).date().isoformat()


def line() -> PlanLine:
    found = queries.plan(PLATFORM.again(), UNIT)
    assert found is not None
    return found.body.lines[0]


WANTED = {
    "target": "90", "day": "2099-01-01", "approved_by": "The council", "reason": "Agreed",
}  # fmt: skip


def realised(client: Client) -> None:
    """A frozen baseline of 60 %, 90 % wanted, something done, and the plan being realised."""
    given_in(3, on_time=18, late=12)
    act(client, "freeze", month=month(3), reason="Before the rounds")
    act(client, "ambition", **WANTED)
    act(client, "measure", title="Round at noon", responsible="Ola", cost="1000")
    version = standing(PLATFORM.again(), PLAN, UNIT).version
    planning.go_to(PLATFORM.again(), UNIT, Phase.REALISE, seen=version, reason="ready")


def test_the_baseline_is_what_the_record_says_and_stays_when_more_is_written(
    client: Client,
) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "freeze", month=month(2), reason="Before the rounds")
    page = read(client)
    assert "60.0%" in page
    assert "18 / 30" in page
    give("afterthought", last_day(2))
    flatten_all()
    assert "18 / 30" in read(client)
    baseline = line().baseline
    assert baseline is not None
    assert baseline.definition_hash in page
    assert baseline.unit == f"Organization/{UNIT}"


def test_a_figure_that_is_held_back_is_not_frozen(client: Client) -> None:
    given_in(1, on_time=6, late=2)
    page = act(client, "freeze", expected=422, month=month(1), reason="x")
    assert "held back because few" in page
    shown = re.sub(r"\d{4}-\d\d-\d\d|[0-9a-f-]{36}", "", read(client)).partition("<h1")[2]
    assert not re.search(r"\b75\b", shown)
    assert line().baseline is None


def test_a_month_without_anything_and_one_that_is_not_over_are_not_frozen(client: Client) -> None:
    flatten_all()
    page = act(client, "freeze", expected=422, month=month(1), reason="x")
    assert "nothing to count" in page
    today = clock.today().isoformat()
    assert "Select a valid choice" in act(client, "freeze", expected=422, month=today, reason="x")


def test_nothing_is_frozen_before_the_record_is_counted(client: Client) -> None:
    act(client, "freeze", expected=422, month=month(1), reason="x")
    assert line().baseline is None


def test_what_is_registered_is_told_from_chance_or_not(client: Client) -> None:
    realised(client)
    given_in(2, on_time=20, late=10)
    act(client, "register", month=month(2))
    page = read(client)
    assert "66.7%" in page
    assert "22.2%" in page  # of the way from 60 to 90
    assert "not distinguishable from chance" in page
    given_in(1, on_time=29, late=1 + 9)
    act(client, "register", month=month(1))
    assert "The way that is planned" in read(client)
    act(client, "register", expected=422, month=month(2))
    assert len(line().followed) == 2


def test_when_the_definition_has_changed_the_comparison_is_refused(client: Client) -> None:
    realised(client)
    given_in(2, on_time=20, late=10)
    before = standing(PLATFORM.again(), PLAN, UNIT)
    found = before.body.lines[0]
    assert found.baseline is not None
    other = replace(found, baseline=replace(found.baseline, definition_hash="of-last-year"))
    save(
        PLATFORM.again(), PLAN, key=UNIT, body=before.body.with_line(other), seen=before.version,
        reason="as if it was frozen then",
    )  # fmt: skip
    page = read(client)
    assert "The definition of the indicator has changed" in page
    assert "/register/" not in page
    page = act(client, "register", expected=422, month=month(2))
    assert "The two are not compared" in page
    assert line().measured == ()


@pytest.mark.parametrize(("wrong", "field"), [
    ({"target": ""}, "target"), ({"target": "101"}, "target"), ({"target": "-1"}, "target"),
    ({"target": "NaN"}, "target"), ({"day": "soon"}, "day"), ({"approved_by": ""}, "approved_by"),
    ({"step_1": "70"}, "step_1"), ({"step_2_day": "2030-01-01"}, "step_2"),
])  # fmt: skip
def test_what_is_wanted_is_refused_at_its_field(
    client: Client, wrong: dict[str, str], field: str
) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "freeze", month=month(2), reason="x")
    page = act(client, "ambition", expected=422, **{**WANTED, **wrong})
    assert f'id="ambition_{field}-error"' in page


def test_what_is_to_be_kept_is_kept_within_its_tolerance(client: Client) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "freeze", month=month(2), reason="x")
    said = {**WANTED, "keeps": "on", "target": "", "tolerance": "5"}
    act(client, "ambition", **said)
    wanted, baseline = line().ambition, line().baseline
    assert wanted is not None
    assert baseline is not None
    assert wanted.target == baseline.value
    given_in(1, on_time=17, late=13)
    act(client, "register", month=month(1))
    assert ">kept as it was<" in read(client)


def test_measures_and_owner_are_written_on_the_page(client: Client) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "measure", title="Round at noon", responsible="Ola", hypothesis="Fewer are late")
    act(client, "status", title="Round at noon", status="under-way")
    act(client, "line", owner="Liv Berg", next_measurement="2099-02-01")
    page = read(client)
    assert "Fewer are late" in page
    assert "Liv Berg answers for it" in page
    assert 'value="under-way" selected' in page
    assert act(client, "status", expected=422, title="Unknown", status="done")
    assert act(client, "unknown", expected=404)


def on_measure(client: Client, what: str, /, place: int = 1, **said: Any) -> str:
    expected = said.pop("expected", 302)
    version = standing(PLATFORM.again(), PLAN, UNIT).version
    address = reverse("leaders-benefit-measure-act", args=[UNIT, "LE1", place, what])
    answer = client.post(address, {"version": str(version), **said})
    assert answer.status_code == expected, answer.content.decode()
    return answer.content.decode()


def test_a_measure_is_changed_and_taken_away_on_its_page(client: Client) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "measure", title="Round at noon", responsible="Ola", cost="1000")
    address = reverse("leaders-benefit-measure", args=[UNIT, "LE1", 1])
    assert address in read(client)
    assert 'value="Round at noon"' in client.get(address).content.decode()
    on_measure(client, "change", title="Round at one", responsible="Liv", due="2099-01-01")
    assert "Round at one" in read(client)
    assert '<span class="ds-tag" data-size="sm" data-color="danger">late' not in read(client)
    on_measure(client, "change", title="Round at one", responsible="Liv", due="2020-01-01")
    assert '<span class="ds-tag" data-size="sm" data-color="danger">late' in read(client)
    assert "Fill in" in on_measure(client, "change", title="", responsible="Liv", expected=422)
    assert on_measure(client, "drop", reason="", expected=422)
    assert on_measure(client, "other", expected=404)
    assert on_measure(client, "drop", place=2, reason="Twice", expected=404)
    on_measure(client, "drop", reason="Written twice")
    assert "Round at one" not in read(client)


def test_who_only_reads_a_plan_is_told_so_and_gets_no_page_of_a_measure(client: Client) -> None:
    given_in(2, on_time=18, late=12)
    act(client, "measure", title="Round at noon", responsible="Ola")
    address = reverse("leaders-benefit-measure", args=[UNIT, "LE1", 1])
    told = "written by those who coordinate"
    assert told not in read(client)
    leader = staff_client(LEADER)
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert told in read(leader)
    assert address not in read(leader)
    assert leader.get(address).status_code == 404
