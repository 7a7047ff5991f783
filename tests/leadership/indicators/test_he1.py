"""HE1: who has taken HelsaMi into use. The vector, what never falls, and what is never told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.access import portal_use
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.demo.people import municipality_code
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.wiring import timers
from fellesjournal.leadership.figures.audit.spans import exactly
from fellesjournal.leadership.figures.series import Point
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.dialect import check
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1 import jobs
from fellesjournal.leadership.indicators.he1.assumptions import AGES
from fellesjournal.leadership.indicators.he1.counting import count, monday
from fellesjournal.leadership.indicators.he1.definition import STATEMENTS
from fellesjournal.leadership.indicators.he1.growth import previous_level, roros
from fellesjournal.leadership.indicators.he1.reading import counted_until, counts, weeks_until
from fellesjournal.leadership.indicators.he1.series import (
    ALL,
    Counts,
    Place,
    ages,
    places,
)
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.registry.municipalities import municipalities
from tests.leadership.indicators.views import FLATTENER
from tests.owner import as_owner
from tests.staff import SYSTEM, employ, put

COUNTER = system_session("system:count-portal-use", purpose="HOPERAT")
OPEN = Rule(denominator=0, count=0)
W1, W2, W3 = (date(2026, 11, 2) + timedelta(weeks=n) for n in range(3))
TRONDHEIM, ROROS = "5001", "5025"


def test_v_he1_twelve_thousand_after_a_fifth_more_implies_ten_thousand() -> None:
    assert previous_level(exactly(12_000), exactly(Fraction(1, 5))) == exactly(10_000)


def test_roros_the_level_before_is_an_interval_and_the_day_is_the_sunday_of_week_45() -> None:
    found = roros()
    assert found.day.isocalendar()[:] == (2022, 45, 7)
    low, high = found.before.low, found.before.high
    assert low is not None
    assert high is not None
    assert (round(low), round(high)) == (25_733, 26_230)
    assert found.phone == Fraction(3, 4)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_statements_are_written_in_the_dialect(statement: str) -> None:
    check(statement)


def of(place: str, found: tuple[Place, ...]) -> Place:
    return next(each for each in found if each.number == place)


def some(users: int, residents: int, week: date = W1) -> Counts:
    """So many users of one place who began in one week, all of them forty, and still there."""
    return Counts(
        {TRONDHEIM: {week: users}}, {(TRONDHEIM, 25): {week: users}}, {(TRONDHEIM, 25): residents}
    )


def test_the_gross_series_keeps_who_moved_and_the_living_series_does_not() -> None:
    moved = Counts(
        {TRONDHEIM: {W1: 30}},
        {(TRONDHEIM, 25): {W1: 20}, (ROROS, 25): {W1: 10}},
        {(TRONDHEIM, 25): 100, (ROROS, 25): 100},
    )
    found = places(moved, [W1, W2])
    here, there, whole = of(TRONDHEIM, found), of(ROROS, found), of(ALL, found)
    assert (here.last.gross.value, here.last.living.value) == (30, 20)
    assert (there.last.gross.value, there.last.living.value) == (0, 10)
    assert (whole.last.gross.value, whole.last.living.value) == (30, 30)


def test_a_step_of_a_few_is_not_told_until_it_is_five() -> None:
    steps = Counts(
        {TRONDHEIM: {W1: 20, W2: 3, W3: 2}}, {(TRONDHEIM, 25): {W1: 20, W2: 3, W3: 2}},
        {(TRONDHEIM, 25): 100},
    )  # fmt: skip
    shown = of(TRONDHEIM, places(steps, [W1, W2, W3])).weeks
    assert [each.gross for each in shown] == [
        Point(20, is_carried=False), Point(20, is_carried=True), Point(25, is_carried=False),
    ]  # fmt: skip


def test_a_total_does_not_tell_what_one_place_has_more_than_is_shown_of_it() -> None:
    one = Counts(
        {TRONDHEIM: {W1: 20, W2: 3}, ROROS: {W1: 10, W2: 7}}, {}, {(TRONDHEIM, 25): 90, (ROROS, 25): 90}
    )  # fmt: skip
    whole = of(ALL, places(one, [W1, W2]))
    assert whole.last.gross == Point(37, is_carried=True)  # 20 as before, and 17; not 40


def test_a_total_of_many_small_places_is_told_when_it_could_be_shared_out_in_several_ways() -> None:
    small = Counts({str(n): {W1: 1 + n % 4} for n in range(12)}, {}, {})
    whole = of(ALL, places(small, [W1]))
    assert whole.last.gross == Point(30, is_carried=False)
    least = Counts({str(n): {W1: 1} for n in range(12)}, {}, {})
    assert of(ALL, places(least, [W1])).last.gross.value == 0  # 12 of 12 would tell each


def test_a_few_who_died_or_moved_are_not_told_by_the_difference_of_two_series() -> None:
    left = Counts({TRONDHEIM: {W1: 20}}, {(TRONDHEIM, 25): {W1: 18}}, {(TRONDHEIM, 25): 90})
    assert of(TRONDHEIM, places(left, [W1])).last.living == Point(20, is_carried=True)


def test_rates_are_of_residents_from_16_on() -> None:
    young = Counts(
        {TRONDHEIM: {W1: 40}}, {(TRONDHEIM, 0): {W1: 10}, (TRONDHEIM, 25): {W1: 30}},
        {(TRONDHEIM, 0): 500, (TRONDHEIM, 25): 120},
    )  # fmt: skip
    rate = of(TRONDHEIM, places(young, [W1])).rate
    assert (rate.users, rate.residents, rate.share) == (30, 120, Fraction(1, 4))
    assert rate.interval is not None


@pytest.mark.parametrize(("users", "residents"), [(3, 40), (38, 40), (0, 4)])
def test_small_rates_are_held_back_and_not_told_by_the_total(users: int, residents: int) -> None:
    found = places(some(users if users != 3 else 0, residents), [W1])
    if users == 3:
        assert of(TRONDHEIM, places(some(3, 40), [W1])).last.gross == Point(0, is_carried=True)
        return
    assert of(TRONDHEIM, found).rate.is_hidden
    assert of(ALL, found).rate.is_hidden


def test_the_rate_of_all_is_held_back_where_it_would_tell_a_small_place() -> None:
    none = Counts({}, {}, {(TRONDHEIM, 25): 100, (ROROS, 25): 4})
    found = places(none, [W1])
    assert of(ROROS, found).rate.is_hidden
    assert of(ALL, found).rate.is_hidden  # 0 of 104 is 0 of 4


def test_who_signed_in_is_held_back_when_they_are_few_and_so_is_the_sum_that_would_tell() -> None:
    base = some(40, 100)
    few = Counts(base.users, base.living, base.residents, active={(TRONDHEIM, W1): 3})
    found = places(few, [W1])
    assert of(TRONDHEIM, found).last.active is None
    assert of(ALL, found).last.active is None
    many = Counts(base.users, base.living, base.residents, active={(TRONDHEIM, W1): 12})
    assert of(ALL, places(many, [W1])).last.active == 12


def test_age_groups_have_their_gap_to_all_grown_ups() -> None:
    both = Counts(
        {TRONDHEIM: {W1: 60}}, {(TRONDHEIM, 25): {W1: 50}, (TRONDHEIM, 80): {W1: 10}},
        {(TRONDHEIM, 25): 100, (TRONDHEIM, 80): 100},
    )  # fmt: skip
    found = {each.age: each for each in ages(both, TRONDHEIM, W1, AGES)}
    assert found[25].gap == Fraction(1, 2) - Fraction(3, 10)
    assert found[80].gap == Fraction(1, 10) - Fraction(3, 10)


_STEPS = st.dictionaries(
    st.sampled_from([TRONDHEIM, ROROS, ""]),
    st.dictionaries(st.sampled_from([W1, W2, W3]), st.integers(0, 12), max_size=3),
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(_STEPS, _STEPS)
def test_the_gross_series_never_falls_and_no_series_tells_a_few(
    users: dict[str, dict[date, int]], others: dict[str, dict[date, int]]
) -> None:
    living = {(place, 25): steps for place, steps in others.items()}
    every = sum(sum(each.values()) for each in users.values())
    for place in places(Counts(users, living, {}), [W1, W2, W3]):
        values = [each.gross.value for each in place.weeks]
        steps = [after - before for before, after in zip([0, *values], values, strict=False)]
        assert all(step >= 0 for step in steps)
        assert values[-1] <= every
        if place.number != ALL:
            assert all(step == 0 or step >= 5 for step in steps)
        for week in place.weeks:
            assert not 0 < abs(week.gross.value - week.living.value) < 5
            assert place.number != ALL or week.living.value <= week.gross.value


def test_the_clock_counts_each_minute_with_a_purpose() -> None:
    timer = timers()["count-portal-use"]
    assert timer.job is jobs.count_use
    assert timer.every <= timedelta(minutes=1)
    assert timer.purpose == "HOPERAT"


# --- from the record --------------------------------------------------------------------------


@pytest.fixture
def _record(empty_record: None) -> None:
    del empty_record
    with_no_sign_ins()


def with_no_sign_ins() -> None:
    with as_owner() as database:
        database.execute("truncate access.web_session, access.terms_accepted")


def person(
    name: str, municipality: str = TRONDHEIM, born: str = "1980-01-01", **more: object
) -> None:
    place = municipalities()[municipality]
    home = {
        "use": "home",
        "district": place.name,
        "_district": {"extension": [municipality_code(place)]},
    }
    put("Patient", name, birthDate=born, address=[home], **more)


def signed_in(name: str, at: datetime, *, kind: str = "citizen", accepts: bool = True) -> None:
    connection().execute(
        "insert into access.web_session (id, kind, person, name, provider, subject, security_level,"
        " authenticated_at, started, seen, ends) values (%s, %s, %s, '', 'idporten', %s, '4',"
        " %s, %s, %s, %s)",
        [uuid4(), kind, f"Patient/{name}", name, at, at, at, at + timedelta(hours=1)],
    )
    if accepts:
        connection().execute(
            "insert into access.terms_accepted values (%s, '1', %s) on conflict do nothing",
            [f"Patient/{name}", at + timedelta(minutes=1)],
        )


def taken_in(*, leader: Session = SYSTEM) -> Counts:
    keep_up(FLATTENER, [RESIDENT], seconds=60)
    with clock.at(NOW + timedelta(hours=2)):
        assert count(COUNTER)
        return counts(leader, weeks_until(THIS, 4))


NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
THIS = monday(NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_who_signs_in_and_accepts_the_terms_is_counted_once_where_she_lives() -> None:
    person("kari")
    person("ola", ROROS)
    signed_in("kari", NOW)
    signed_in("kari", NOW)
    signed_in("ola", NOW)
    found = taken_in()
    assert found.users == {TRONDHEIM: {THIS: 1}, ROROS: {THIS: 1}}
    assert found.active == {(TRONDHEIM, THIS): 1, (ROROS, THIS): 1}
    assert taken_in() == found


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_signing_in_without_accepting_the_terms_counts_nowhere() -> None:
    person("kari")
    signed_in("kari", NOW, accepts=False)
    found = taken_in()
    assert (found.users, found.active) == ({}, {})
    assert found.residents == {(TRONDHEIM, 45): 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_a_week_in_which_the_terms_were_not_accepted_yet_is_none_of_hers() -> None:
    person("kari")
    signed_in("kari", NOW - timedelta(days=7), accepts=False)
    signed_in("kari", NOW)
    assert taken_in().active == {(TRONDHEIM, THIS): 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_who_moves_stays_counted_where_she_began_and_lives_where_she_lives() -> None:
    person("kari")
    signed_in("kari", NOW)
    taken_in()
    person("kari", ROROS)
    found = taken_in()
    assert found.users == {TRONDHEIM: {THIS: 1}}
    assert {place for place, _ in found.living} == {ROROS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_who_dies_stays_in_the_gross_series_and_leaves_the_living() -> None:
    person("kari")
    signed_in("kari", NOW)
    taken_in()
    person("kari", deceasedDateTime=NOW.isoformat())
    found = taken_in()
    assert found.users == {TRONDHEIM: {THIS: 1}}
    assert (found.living, found.residents, found.active) == ({}, {}, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_a_secret_address_counts_without_a_municipality() -> None:
    put("Patient", "kari", birthDate="1980-01-01")
    signed_in("kari", NOW)
    assert taken_in().users == {"": {THIS: 1}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_nothing_is_counted_before_it_is_known_where_people_live() -> None:
    assert not count(COUNTER)
    assert counted_until(SYSTEM) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_only_the_platform_takes_sign_ins_and_only_leaders_read_the_counts() -> None:
    doctor = employ("d")
    for take in (portal_use.first_uses, portal_use.sign_ins, portal_use.represented):
        with pytest.raises(NotAllowed, match="signed in"):
            take(doctor, datetime(2026, 1, 1, tzinfo=UTC), NOW)
    with pytest.raises(NotFound):
        counts(doctor, [THIS])
    leader = employ("l", "unit-leader")
    person("kari")
    signed_in("kari", NOW)
    assert taken_in(leader=leader).users == {TRONDHEIM: {THIS: 1}}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_who_is_represented_is_counted_apart_and_her_representative_as_herself() -> None:
    person("kari")
    person("ola", born="2015-01-01")
    signed_in("kari", NOW)
    number = rid("ola")
    person("per")
    act("parent", "kari", number)
    act("parent", "kari", rid("kari"))  # what she did in her own record meanwhile
    act("citizen", "kari", rid("per"))
    with clock.at(clock.now()):
        keep_up(FLATTENER, [RESIDENT], seconds=60)
        assert count(COUNTER)
        week = monday(clock.now())
        found = counts(SYSTEM, weeks_until(max(week, THIS), 60))
    assert found.users == {TRONDHEIM: {THIS: 1}}
    # on a Monday the week before is counted too, and has none
    assert {key: n for key, n in found.represented.items() if n} == {(TRONDHEIM, week): 1}


def rid(name: str) -> int:
    row = connection().execute(
        "select rid from store.resource where fhir_id = %s", [name]
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def act(role: str, who: str, patient: int) -> None:
    """A line of the log: a citizen in a role opened a record."""
    connection().execute(
        "select access.log_line(%s, %s, '', '', 'PATRQT', '', %s::smallint, 0::smallint, 0, %s, %s)",
        [f"Patient/{who}", role, int(Act.CHART), [patient], [patient]],
    )
