"""Rates from the record on screen: counted and kept by who may, seen by leaders, and projected with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import system_session
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.leadership.projections.people import Ages, Sex
from fellesjournal.leadership.projections.queries import projection
from fellesjournal.leadership.projections.rates import Cell, Flag, Use
from fellesjournal.leadership.projections.recorded import RECORDED, called, rates_of, with_rates
from fellesjournal.leadership.projections.resources import Table
from fellesjournal.leadership.projections.scenarios import Demography, Scenario, ScenarioStep
from fellesjournal.leadership.projections.sources import example
from tests.leadership.indicators.using import (
    BIG,
    DAY,
    SMALL,
    Resource,
    citizen,
    contact,
    keep,
    last_year,
)
from tests.leadership.projections.files import activity, population
from tests.signing_in import GP, staff_client
from tests.surfaces.leaders.test_projection_sources import read_in
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

BY_ROLE = {member.role: member for member in STAFF}
SYSTEM = system_session("system:test", purpose="HOPERAT")
OLDEST = Cell(Sex.FEMALE, Ages(80, 89), "hospital")


def _client(role: str, language: str = "en") -> Client:
    client = staff_client(BY_ROLE[role])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def _people(count: int, years: int, prefix: str, place: str = BIG) -> list[Resource]:
    born = last_year().end - timedelta(days=366 * years + 99)
    return [
        citizen(f"{prefix}{n}", born, "female" if n % 2 else "male", place) for n in range(count)
    ]


def _stays(prefix: str, count: int, days: int = 3, on: int = 200) -> list[Resource]:
    start = last_year().start + on * DAY
    return [contact(f"s{prefix}{n}", f"{prefix}{n}", "IMP", start, days=days) for n in range(count)]


def _region(**more: int) -> list[Resource]:
    """Half of those of eighty-five are in hospital, three nights each; so is one in six of the others."""
    old = contact("old", "a0", "IMP", last_year().start - 900 * DAY, days=1)
    return [
        *_people(60, 85, "a"), *_people(60, 30, "b"), *_people(8, 85, "c", SMALL),
        *_stays("a", 30, **more), *_stays("b", 10, **more), *_stays("c", 2, **more), *([] if more else [old]),
    ]  # fmt: skip


def _count(client: Client, reason: str = "planning of beds") -> str:
    ends = last_year().end.isoformat()
    answer = client.post(
        reverse("leaders-projection-count"), {"ends": ends, "reason": reason}, follow=True
    )
    return answer.content.decode()


def _text(client: Client, name: str, *args: str, **said: str) -> str:
    answer = client.get(reverse(name, args=args), said)
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_coordinator_counts_and_a_leader_projects_with_what_was_kept() -> None:
    keep(_region())
    coordinator = _client("benefits-coordinator")
    assert "Nothing has been counted yet." in _text(coordinator, "leaders-projection-recorded")
    page = _count(coordinator)
    assert "Counted and kept." in page
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    assert kept.body.checksum in page
    assert kept.reason == "planning of beds"
    assert "There are none in the record" in page  # no home care
    leader, name = _client("unit-leader"), f"{kept.key}.1"
    with counted() as statements:
        listed = _text(leader, "leaders-projections", rates=name, region=BIG, last_year="2040")
    assert len(statements) <= 20
    assert "From the record: 12 months to" in listed
    assert "of what was recorded until" in listed
    asked = Scenario(
        "", BIG, 2021, 2040, (ScenarioStep(1, "x", "y", demography=Demography()),)
    )  # fmt: skip
    found = projection(asked, with_rates(example(BIG), kept.body, BIG))
    assert f"{round(found.base):,}" in listed


def test_the_rate_of_an_age_is_its_nights_by_its_person_years() -> None:
    keep([*_people(60, 85, "a"), *_people(60, 30, "b"), *_stays("a", 40), *_stays("b", 20),
          contact("old", "a0", "IMP", last_year().start - 900 * DAY, days=1)])  # fmt: skip
    _count(_client("benefits-coordinator"))
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    rates = rates_of(kept.body.count, BIG)
    assert rates[OLDEST][Use.BED_DAYS].value == Fraction(20 * 3, 30)
    assert rates[OLDEST][Use.BED_DAYS].flag is Flag.OWN
    amounts = [
        rate.amount
        for rate in kept.body.count.rates
        if (rate.region, rate.use) == ("all", Use.BED_DAYS)
    ]
    assert sum(amounts) == 180
    shared = sum(of[Use.BED_DAYS].amount for of in rates.values())
    assert shared == 180  # each of those that were put together has its share


def test_a_small_place_has_the_rate_of_a_wider_one_and_no_page_tells_its_own() -> None:
    keep(_region())
    _count(_client("benefits-coordinator"))
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    assert not [rate for rate in kept.body.count.rates if rate.region == SMALL and rate.low >= 80]
    page = _text(
        _client("unit-leader"), "leaders-projection-recorded-one", f"{kept.key}.1", region=SMALL
    )
    assert "the rate of" in page
    assert "put together:" in page
    assert rates_of(kept.body.count, SMALL)[OLDEST][Use.BED_DAYS].flag is Flag.BORROWED


def test_other_roles_count_nothing_and_see_nothing() -> None:
    keep(_region())
    assert (
        _client("unit-leader").post(reverse("leaders-projection-count"), {}).status_code == 404
    )  # sees figures, and keeps none
    assert '<form method="post" action="/leaders/projections' not in _text(
        _client("unit-leader"), "leaders-projection-recorded"
    )
    doctor = staff_client(GP)
    assert doctor.get(reverse("leaders-projection-recorded")).status_code == 404
    assert doctor.post(reverse("leaders-projection-count"), {}).status_code == 404
    assert all_standing(SYSTEM.again(), RECORDED) == []


def test_what_can_not_be_counted_is_said_at_the_field_and_nothing_is_kept() -> None:
    keep([*_people(4, 85, "a"), *_stays("a", 3),
          contact("old", "a0", "IMP", last_year().start - 900 * DAY, days=1)])  # fmt: skip
    coordinator = _client("benefits-coordinator")
    url = reverse("leaders-projection-count")
    few = coordinator.post(url, {"ends": last_year().end.isoformat(), "reason": "x"})
    assert few.status_code == 422
    assert "it would tell of somebody" in few.content.decode()
    assert coordinator.post(url, {"ends": "2026-02-03", "reason": "x"}).status_code == 422
    assert coordinator.post(url, {"ends": last_year().end.isoformat()}).status_code == 422
    assert all_standing(SYSTEM.again(), RECORDED) == []
    for wrong in ("x", "2026-11-01.9", "..", "2026-11-01"):
        assert coordinator.get(reverse("leaders-projections"), {"rates": wrong}).status_code == 404
        one = reverse("leaders-projection-recorded-one", args=[wrong])
        assert coordinator.get(one).status_code == 404


def test_a_count_of_less_than_a_year_shows_its_days_and_its_factor() -> None:
    keep(_region(on=100))
    coordinator = _client("benefits-coordinator")
    keep(
        [contact(f"z{n}", f"a{n}", "IMP", last_year().start + 250 * DAY, days=2) for n in range(40)]
    )
    page = re.sub(r"\s+", " ", _count(coordinator))
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    hospital = kept.body.count.services[0]
    assert 90 <= hospital.days < 300
    assert f"{hospital.days} days: the rates of a year are what was counted times" in page


def test_a_version_stays_what_it_was_and_one_that_was_changed_is_refused() -> None:
    keep(_region())
    coordinator = _client("benefits-coordinator")
    _count(coordinator)
    _count(coordinator)  # the same: no second version
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    assert kept.version == 1
    keep(
        [
            contact(f"n{n}", f"a{n}", "IMP", last_year().start + 9 * DAY, days=9)
            for n in range(40, 50)
        ]
    )
    _count(coordinator)
    second = standing(SYSTEM.again(), RECORDED, kept.key)
    assert second.version == 2
    assert called(SYSTEM.again(), f"{kept.key}.1").body == kept.body
    old = _text(
        coordinator, "leaders-projections", rates=f"{kept.key}.1", region="all", last_year="2040"
    )
    assert "version 1" in old
    forged = replace(second.body, count=replace(second.body.count, definition="another"))
    save(SYSTEM.again(), RECORDED, key=kept.key, body=forged, seen=2, reason="x")
    with pytest.raises(PreconditionFailed):
        called(SYSTEM.again(), f"{kept.key}.3")
    for url in (
        reverse("leaders-projections") + f"?rates={kept.key}.3",
        reverse("leaders-projection-recorded-one", args=[f"{kept.key}.3"]),
    ):
        answer = coordinator.get(url, follow=True)
        assert "no longer those that were counted" in answer.content.decode()


def test_rates_that_do_not_fit_the_population_are_refused_at_their_field() -> None:
    keep(_region())
    coordinator = _client("benefits-coordinator")
    _count(coordinator)
    (kept,) = all_standing(SYSTEM.again(), RECORDED)
    read_in(coordinator, Table.POPULATION, population())
    read_in(coordinator, Table.ACTIVITY, activity())
    asked = {"rates": f"{kept.key}.1", "region": "all", "last_year": "2024"}
    answer = coordinator.get(reverse("leaders-projections"), asked)
    assert answer.status_code == 422
    assert "do not fit these rates" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Rater fra journalen"), ("nn", "Ratar frå journalen"), ("en", "Rates from the record")],
)
def test_it_is_said_in_three_languages(language: str, words: str) -> None:
    keep(_region())
    coordinator = _client("benefits-coordinator", language)
    assert words in _count(coordinator)
    assert words in _text(coordinator, "leaders-projection-recorded")
