"""Rates from the record: what is counted is what stands there, as it stands there."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from fellesjournal.access.sessions import staff_session, system_session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.used.counting import Count, Spot, counted
from fellesjournal.leadership.indicators.used.pooling import ALL
from fellesjournal.leadership.indicators.used.reading import (
    OfService,
    Why,
    Year,
    twelve_months_to,
    used_in,
)
from fellesjournal.leadership.indicators.used.services import SERVICES, LeftOut
from fellesjournal.registry.municipalities import municipalities
from tests.leadership.indicators.using import (
    BIG,
    DAY,
    SMALL,
    Resource,
    at_random,
    by_hand,
    citizen,
    contact,
    keep,
    last_year,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

SYSTEM = system_session("system:test", purpose="HOPERAT")
EVERYTHING = Rule(denominator=0, count=0)


def _year(rule: Rule = RULE, period: Period | None = None) -> Year:
    found = used_in(SYSTEM.again(), period or last_year(), rule)
    assert isinstance(found, Year)
    return found


def _service(found: Year, name: str) -> OfService:
    return next(each for each in found.services if each.name == name)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_counted_is_what_stands_in_the_resources(seed: int) -> None:
    resources, period = at_random(seed), last_year()
    keep(resources)
    some = 0
    for service in SERVICES:
        found = counted(connection(), service, period, sorted(municipalities()))
        told = {
            (place, spot): each for place, of in found.counts.items() for spot, each in of.items()
        }
        by_day = by_hand(resources, period, service.name)
        assert told == by_day
        some += sum(each.acts for each in by_day.values())
    assert some > 20
    year = _year(EVERYTHING)
    for service in SERVICES:
        whole = sum(by_hand(resources, period, service.name).values(), Count())
        of_all = [each for each in _service(year, service.name).used if each.place == ALL]
        assert sum(each.acts for each in of_all) == whole.acts
        assert sum((each.amount for each in of_all), Fraction()) == whole.amount
        assert sum(each.days for each in of_all) == whole.days


def test_every_contact_of_the_period_is_counted_or_left_out_for_one_reason() -> None:
    resources, period = at_random(5), last_year()
    keep(resources)
    for service in SERVICES:
        found = counted(connection(), service, period, sorted(municipalities()))
        acts = sum(each.acts for of in found.counts.values() for each in of.values())
        assert set(found.left_out) <= set(LeftOut)
        ids = {
            "hospital": "select count(*) from figures.stay"
            " where coalesce(ended_day, began_day) between %s and %s",
            "home-care": "select count(*) from figures.home_visit where began_day between %s and %s",
        }.get(service.name)
        if ids:
            ((all_,),) = connection().execute(ids, [period.start, period.end - DAY]).fetchall()
            assert acts + sum(found.left_out.values()) == all_


def _people(count: int, place: str, years: int, prefix: str) -> list[Resource]:
    born = last_year().end - timedelta(days=366 * years + 99)
    return [
        citizen(f"{prefix}{n}", born, "female" if n % 2 else "male", place) for n in range(count)
    ]


def _stays(prefix: str, count: int, on: int = 200, days: int = 3) -> list[Resource]:
    start = last_year().start
    return [
        contact(f"s{prefix}{n}", f"{prefix}{n}", "IMP", start + on * DAY, days=days)
        for n in range(count)
    ]


def _long_ago(name: str = "s-old", who: str = "a0") -> Resource:
    return contact(name, who, "IMP", last_year().start - 900 * DAY, days=1)


def test_a_small_place_has_no_row_of_its_own_and_no_sum_tells_it() -> None:
    keep([
        *_people(60, BIG, 85, "a"), *_people(60, BIG, 30, "b"), *_people(40, SMALL, 85, "c"),
        *_stays("a", 30), *_stays("c", 3), _long_ago(),
    ])  # fmt: skip
    hospital = _service(_year(), "hospital")
    old = [each for each in hospital.used if each.low == 80]
    assert {each.place for each in old} == {
        ALL,
        "county-50",
    }  # with the big place it would be a difference
    assert sum(each.amount for each in old if each.place == ALL) == 33 * 3


def test_ages_with_few_are_put_together_with_their_neighbours() -> None:
    keep([
        *_people(60, BIG, 85, "a"), *_people(60, BIG, 70, "b"), *_people(60, BIG, 30, "c"),
        *_stays("a", 40), *_stays("b", 4), _long_ago(),
    ])  # fmt: skip
    used = [each for each in _service(_year(), "hospital").used if each.place == ALL]
    pools = {(each.sex, each.low, each.high) for each in used}
    assert any(low <= 67 and (high is None or high >= 80) for _, low, high in pools)
    assert not any((low, high) == (67, 79) for _, low, high in pools)
    assert sum(each.acts for each in used) == 44


def test_a_second_count_tells_no_few_who_came_between_them() -> None:
    people = [*_people(60, BIG, 85, "a"), *_people(60, BIG, 30, "b")]
    keep([*people, *_stays("a", 20), _long_ago()])
    first = _service(_year(), "hospital")
    assert _service(_year(), "hospital") == first  # nothing is new
    keep([contact("more", "a30", "IMP", last_year().start + 9 * DAY, days=5)])
    again = _service(_year(), "hospital")
    assert again.why is Why.TOO_FEW
    assert not again.used
    keep([contact("same", "a1", "IMP", last_year().start + 9 * DAY, days=77)])  # no new user
    assert _service(_year(), "hospital").why is Why.TOO_FEW
    month_later = twelve_months_to(
        last_year().start.replace(day=1)
    )  # does not overlap: free to tell
    assert _service(_year(period=month_later), "hospital").why is not Why.TOO_SHORT
    keep([
        contact(f"n{n}", f"a{n}", "IMP", last_year().start + 9 * DAY, days=5) for n in range(35, 49)
    ])  # fmt: skip
    assert sum(each.acts for each in _service(_year(), "hospital").used if each.place == ALL) == 36


def test_a_record_of_less_than_a_year_says_how_many_days_were_counted() -> None:
    period = last_year()
    keep([*_people(60, BIG, 85, "a"), *_stays("a", 30, on=100)])
    hospital = _service(_year(), "hospital")
    assert hospital.since is not None
    assert hospital.since > period.start + 100 * DAY
    assert hospital.since.day == 1
    assert _service(_year(), "gp").why is Why.NONE_KNOWN


def test_too_few_days_give_no_rate() -> None:
    keep([*_people(60, BIG, 85, "a"), *_stays("a", 30, on=330)])
    hospital = _service(_year(), "hospital")
    assert hospital.why is Why.TOO_SHORT


def test_who_is_nobody_of_the_leaders_counts_nothing_and_no_month_that_is_not_over_is_counted() -> (
    None
):
    keep(_people(9, BIG, 85, "a"))
    doctor = staff_session(
        practitioner="Practitioner/d", role_id="d-role", role="doctor", unit="Organization/u"
    )
    with pytest.raises(NotFound):
        used_in(doctor, last_year())
    coming = twelve_months_to(last_year().end + 40 * DAY)
    assert used_in(SYSTEM.again(), coming) is Why.NOT_OVER
    with pytest.raises(ValueError, match="twelve whole months"):
        used_in(SYSTEM.again(), Period(last_year().start, last_year().end + DAY))


def test_a_spot_is_a_sex_and_ages() -> None:
    keep([citizen("a", last_year().end - DAY, "female", BIG)])  # born on the last day
    found = counted(connection(), SERVICES[0], last_year(), [BIG])
    assert found.counts == {BIG: {Spot("female", 0): Count(residents=1, days=1)}}
