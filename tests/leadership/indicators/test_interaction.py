"""The indicators of interaction: the vectors of the management specification, and the edges it names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import State
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.readiness import Said
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import INTERACTION
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.sa1 import SA1
from fellesjournal.leadership.indicators.sa2 import SA2
from fellesjournal.leadership.indicators.sa3 import SA3
from fellesjournal.leadership.indicators.sa4 import SA4
from fellesjournal.leadership.indicators.sa5 import SA5
from fellesjournal.leadership.indicators.sa6 import SA6
from fellesjournal.leadership.indicators.sa7 import SA7
from fellesjournal.leadership.indicators.sa8 import SA8
from fellesjournal.leadership.indicators.sa9 import SA9
from fellesjournal.leadership.indicators.sa10 import SA10
from tests.leadership.indicators.records import (
    DAY,
    HIDDEN,
    HOUR,
    NOON,
    beside,
    closed,
    counts,
    document,
    figure,
    lives,
    load,
    medication_list,
    notice,
    outcome,
    person,
    plan,
    prescribed,
    question,
    ready,
    referral,
    sent,
    service,
    stay,
    taken_up,
    unit,
    visited,
    works,
)
from tests.leadership.indicators.views import FLATTENER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

MINUTE = timedelta(minutes=1)
UNITS = [unit("ward"), unit("home"), unit("gp"), unit("office"), unit("far", outside=True)]


def people(count: int) -> list[dict[str, Any]]:
    return [person(f"p{n}") for n in range(count)]


# --- SA1 ------------------------------------------------------------------------------------------


def test_v_sa1_early_notice_is_45_of_60() -> None:
    load(UNITS + people(60))
    load(stay(f"s{n}", f"p{n}", NOON) for n in range(60))
    load(service(f"m{n}", f"p{n}") for n in range(60))
    load(
        notice(f"n{n}", f"s{n}", f"p{n}", codes.ADMITTED, NOON + (24 if n < 45 else 25) * HOUR)
        for n in range(60)
    )
    found = figure(SA1)
    assert counts(found) == (45, 60)
    assert found.figure.value == Fraction(75, 100)
    assert counts(figure(SA1, "home", side=Side.TO)) == (45, 60)
    assert counts(figure(SA1, "home")) == (None, None)


def test_a_notice_of_just_24_hours_is_early_and_a_second_later_is_not() -> None:
    load(UNITS + people(2))
    load([stay("s0", "p0", NOON), stay("s1", "p1", NOON), service("m0", "p0"), service("m1", "p1")])
    load([
        notice("n0", "s0", "p0", codes.ADMITTED, NOON + DAY),
        notice("n1", "s1", "p1", codes.ADMITTED, NOON + DAY + timedelta(seconds=1)),
    ])  # fmt: skip
    assert counts(figure(SA1)) == (1, 2)


def test_who_needs_nothing_stayed_shortly_died_or_has_closed_something_is_left_out() -> None:
    load(UNITS + people(6) + [person("baby", birthDate="2022-05-05")])
    load([
        stay("s0", "p0", NOON), stay("s1", "p1", NOON, hours=23), stay("s2", "p2", NOON, to="exp"),
        stay("s3", "p3", NOON, to="other-hcf"), stay("s4", "p4", NOON), stay("s5", "p5", NOON),
        stay("s6", "baby", NOON),
    ])  # fmt: skip
    load(service(f"m{n}", f"p{n}") for n in range(5))
    load([service("m6", "baby"), closed("c4", "p4")])
    found = figure(SA1)
    assert counts(found) == (0, 1)
    assert found.figure.excluded == {"died": 1, "moved": 1, "newborn": 1, "blocked": 1, "short": 1}


def test_a_stay_at_a_nursing_home_is_no_stay_in_hospital() -> None:
    load([*UNITS, *people(1)])
    kind = [{"coding": [{"system": codes.ENCOUNTER_TYPE, "code": "nursing-home"}]}]
    load([stay("s0", "p0", NOON, type=kind), service("m0", "p0")])
    assert counts(figure(SA1)) == (None, None)


def test_ready_times_are_told_as_completeness_and_withdrawn_ones_as_the_balance() -> None:
    load(UNITS + people(3))
    back = Said("r1", NOON + 2 * HOUR, "Practitioner/d", "d", None)
    load([
        stay("s0", "p0", NOON, said=[ready("r0", NOON + HOUR)]),
        stay("s1", "p1", NOON, said=[ready("r1", NOON + HOUR), back]),
        stay("s2", "p2", NOON),
    ])  # fmt: skip
    load(service(f"m{n}", f"p{n}") for n in range(3))
    found = figure(SA1)
    assert beside(found, "complete") == (2, 3)
    assert beside(found, "withdrawn") == (1, 2)


def test_coverage_is_the_share_with_both_ends_on_the_platform() -> None:
    load(UNITS + people(4))
    load(stay(f"s{n}", f"p{n}", NOON) for n in range(4))
    load(service(f"m{n}", f"p{n}") for n in range(3))
    # a unit on another system that was told of an admission alone is not known to have a need
    load([
        notice("n3", "s3", "p3", codes.ADMITTED, NOON + HOUR, to="far"),
        notice("r2", "s2", "p2", codes.READY, NOON + HOUR, to="far"),
    ])  # fmt: skip
    assert beside(figure(SA1), "coverage") == (2, 3)


# --- SA2 ------------------------------------------------------------------------------------------


def _answered(n: int, minutes: int, at: datetime = NOON - 3 * HOUR) -> list[dict[str, Any]]:
    """A notice at 9 in the morning, and the answer so much later."""
    return [
        stay(f"s{n}", f"p{n}", NOON - DAY),
        notice(f"n{n}", f"s{n}", f"p{n}", codes.READY, at),
        sent(f"d{n}", f"p{n}", at + minutes * MINUTE, by="home", to="ward"),
    ]


def test_v_sa2_median_p90_and_share() -> None:
    load(UNITS + people(6))
    for n, minutes in enumerate((20, 35, 50, 90, 240)):
        load(_answered(n, minutes))
    load([stay("s5", "p5", NOON), notice("n5", "s5", "p5", codes.READY, NOON)])
    found = figure(SA2)
    assert found.figure.value == 50
    assert {each.key: each.value for each in found.companions if each.key == "p90"} == {"p90": 240}
    assert beside(found, "within") == (3, 5)
    assert beside(found, "answered") == (5, 6)
    assert found.figure.excluded == {"unanswered": 1}


def test_another_value_of_an_assumption_is_another_definition() -> None:
    of = month(2022, 5)
    shipped, same = Asked(SA2, of), Asked(SA2, of, values={"answer-within": Decimal(60)})
    assert shipped.definition == same.definition == SA2.definition
    for other in ({"answer-within": Decimal(30)}, {"agreed-hours-to": Decimal(16)}):
        assert Asked(SA2, of, values=other).definition.hash != SA2.hash
    assert Asked(SA6, of, values={"answer-within": Decimal(30)}).definition.hash == SA6.hash


def test_the_clock_of_an_answer_runs_in_the_agreed_hours_alone() -> None:
    load(UNITS + people(2))
    # 12:00 to 15:30 on Friday 13 May; Tuesday 17 May is a holiday: 8:00 to 10:00 on Monday
    friday = datetime(2022, 5, 13, 10, 0, tzinfo=UTC)
    load([
        stay("s0", "p0", friday - DAY), notice("n0", "s0", "p0", codes.READY, friday),
        sent("d0", "p0", datetime(2022, 5, 16, 8, 0, tzinfo=UTC), by="home", to="ward"),
    ])  # fmt: skip
    assert figure(SA2).figure.value == (3.5 + 2) * 60
    monday = datetime(2022, 5, 16, 12, 30, tzinfo=UTC)  # 14:30
    load([
        stay("s1", "p1", monday - DAY), notice("n1", "s1", "p1", codes.READY, monday, to="office"),
        sent("d1", "p1", datetime(2022, 5, 18, 6, 30, tzinfo=UTC), by="office", to="ward"),
    ])  # fmt: skip
    assert figure(SA2, "office", side=Side.TO).figure.value == 60 + 30


def test_who_is_answered_before_the_agreed_hours_begin_has_not_waited() -> None:
    load(UNITS + people(1))
    saturday = datetime(2022, 5, 14, 10, 0, tzinfo=UTC)
    load([
        stay("s0", "p0", saturday - DAY), notice("n0", "s0", "p0", codes.READY, saturday),
        sent("d0", "p0", saturday + 20 * HOUR, by="home", to="ward"),
    ])  # fmt: skip
    assert figure(SA2).figure.value == 0


def test_an_answer_across_both_changes_of_the_clock_is_counted_in_instants() -> None:
    load(UNITS + people(2))
    for n, (asked, answered, of) in enumerate([
        ("2022-03-25T14:30:00+01:00", "2022-03-28T09:00:00+02:00", month(2022, 3)),
        ("2022-10-28T14:30:00+02:00", "2022-10-31T09:00:00+01:00", month(2022, 10)),
    ]):  # fmt: skip
        at = datetime.fromisoformat(asked)
        load([
            stay(f"s{n}", f"p{n}", at - DAY), notice(f"n{n}", f"s{n}", f"p{n}", codes.READY, at),
            sent(f"d{n}", f"p{n}", datetime.fromisoformat(answered), by="home", to="ward"),
        ])  # fmt: skip
        assert figure(SA2, period=of).figure.value == 120


# --- SA3 ------------------------------------------------------------------------------------------


def _residents() -> None:
    """A tenth of the vector, as rows of the table: six thousand writes would say no more."""
    keep_up(FLATTENER, SA3.tables, seconds=60)
    people = [
        ("5001", "1990-01-01", 5000 - 5),
        ("5001", "1940-01-01", 1000 - 5),
        ("5006", "1990-01-01", 667),
    ]
    with connection().cursor() as cursor:
        (generation,) = cursor.execute(
            "select generation from figures.flattened where view = 'person' and stands"
        ).fetchone() or (0,)
        cursor.execute(
            f'insert into figures."person~{generation}" (fj_resource, fj_patient, patient, born, gender, place)'
            " select 900000 + row_number() over (), 0, 900000 + row_number() over (), x.born::date, 'female',"
            " x.place::bigint from unnest(%s::text[], %s::text[], %s::int[]) x(place, born, n),"
            " generate_series(1, x.n)",
            [list(each) for each in zip(*people, strict=True)],
        )


def test_v_sa3_is_14_0_crude_and_12_7_standardised() -> None:
    load([unit("ward"), {**unit("town"), **lives("5001")}])
    load(person(f"y{n}", birthDate="1990-01-01", **lives("5001")) for n in range(5))
    load(person(f"o{n}", birthDate="1940-01-01", **lives("5001")) for n in range(5))
    over = NOON + 16 * DAY
    for who, nights in [
        *((f"y{n}", 1) for n in range(5)),
        *((f"o{n}", 16 if n else 15) for n in range(5)),
    ]:
        load([stay(f"s{who}", who, NOON, 16 * 24, said=[ready(who, over - nights * DAY)])])
    _residents()
    found = figure(SA3, "town")
    assert round(float(found.figure.value or 0), 1) == 12.7
    assert {e.key: float(e.value or 0) for e in found.companions if e.key == "crude"} == {
        "crude": 14.0
    }
    assert found.figure.denominator == 10


def test_nights_are_midnights_of_residents_and_the_last_notice_counts() -> None:
    load([unit("ward"), {**unit("town"), **lives("5001")}])
    load(
        [
            person("p0", **lives("5001")),
            person("p1", **lives("5006")),
            person("p2", **lives("5001")),
        ]
    )
    over = datetime(2022, 5, 5, 22, 30, tzinfo=UTC)  # half past midnight on the 6th
    early, late = over - 26 * HOUR, over - HOUR  # on the 4th at 22:30; on the 5th at 23:30
    changed = [ready("r", early), Said("r", early + HOUR, "Practitioner/d", "d", late)]
    load([
        stay("s0", "p0", over - 48 * HOUR, said=changed), stay("s1", "p1", over - 48 * HOUR, said=changed),
        stay("s2", "p2", over - 48 * HOUR),
    ])  # fmt: skip
    found = figure(SA3, "town")
    assert {e.key: float(e.value or 0) for e in found.companions if e.key == "crude"} == {
        "crude": 500.0
    }
    assert beside(found, "complete") == (1, 2)


# --- SA4 ------------------------------------------------------------------------------------------


def test_v_sa4_is_69_percent_and_sa4b_75_4_percent() -> None:
    load([*UNITS, person("p0")])
    load(stay(f"s{n}", "p0", NOON, hours=24) for n in range(1000))
    over = NOON + DAY
    load(document(f"e{n}", "p0", f"s{n}") for n in range(690))
    load(
        sent(
            f"d{n}", "p0", over + HOUR, to="gp", document=f"e{n}", kind=Kind.DISCHARGE_SUMMARY,
            proofs=[(State.ACCEPTED, over + 2 * HOUR)] if n < 520 else [],
        )
        for n in range(690)
    )  # fmt: skip
    found = figure(SA4)
    assert counts(found) == (690, 1000)
    assert beside(found, "opened") == (520, 690)
    assert counts(figure(SA4, "gp", side=Side.TO)) == (690, 690)


def test_three_working_days_go_over_a_weekend_and_a_holiday() -> None:
    load(UNITS + people(2))
    over = datetime(2022, 5, 13, 10, 0, tzinfo=UTC)  # Friday; Tuesday 17 May is a holiday
    for n, opened in enumerate(("2022-05-19T20:00:00+02:00", "2022-05-20T08:00:00+02:00")):
        load([
            stay(f"s{n}", f"p{n}", over - DAY, hours=24), document(f"e{n}", f"p{n}", f"s{n}"),
            sent(f"d{n}", f"p{n}", over, to="gp", document=f"e{n}", kind=Kind.DISCHARGE_SUMMARY,
                 proofs=[(State.ACCEPTED, datetime.fromisoformat(opened))]),
        ])  # fmt: skip
    assert beside(figure(SA4), "opened") == (1, 2)


def test_a_discharge_of_an_hour_ago_is_not_late_yet() -> None:
    load(UNITS + people(1))
    load([stay("s0", "p0", NOON, hours=24)])
    found = figure(SA4, cut=NOON + 25 * HOUR)
    assert counts(found) == (None, None)
    assert found.figure.excluded == {"open": 1}
    assert counts(figure(SA4, cut=NOON + 48 * HOUR)) == (0, 1)


# --- SA5 ------------------------------------------------------------------------------------------

HOME = NOON + DAY
"""When those of SA5 are discharged."""
FOUR = ("C07AB02", "C03CA01", "B01AF02", "N02BE01")


def _listed(n: int = 0, *, to: str = "home", count: int = 4) -> list[dict[str, Any]]:
    """A discharge of somebody whose list held {a, b, c, d} then, but for what a test says more of."""
    return [
        stay(f"s{n}", f"p{n}", NOON, hours=24), service(f"m{n}", f"p{n}", to), medication_list(f"l{n}", f"p{n}"),
        *(prescribed(f"r{n}{atc}", f"p{n}", atc, NOON - DAY) for atc in FOUR[:count]),
    ]  # fmt: skip


def _likeness(n: str = "ward") -> Any:
    return next(each.value for each in figure(SA5, n).companions if each.key == "likeness")


def test_v_sa5_abcd_and_abce_are_0_6_alike_and_not_agreed() -> None:
    load(UNITS + people(1))
    load([
        *_listed(count=3), prescribed("d", "p0", FOUR[3], NOON, gone=HOME + DAY, why=""),
        prescribed("e", "p0", "N05CF01", HOME + DAY, by=""),
    ])  # fmt: skip
    assert counts(figure(SA5)) == (0, 1)
    assert float(_likeness()) == 0.6
    assert counts(figure(SA5, "home", side=Side.TO)) == (0, 1)
    assert counts(figure(SA5, "home")) == (None, None)


@pytest.mark.parametrize(("why", "by", "agreed"), [
    ("x", "d", 1), ("", "d", 0), ("x", "", 0),
])  # fmt: skip
def test_lists_are_agreed_when_all_their_differences_are_signed(
    why: str, by: str, agreed: int
) -> None:
    load(UNITS + people(1))
    load([
        *_listed(count=3), prescribed("d", "p0", FOUR[3], NOON, gone=HOME + DAY, why=why),
        prescribed("e", "p0", "N05CF01", HOME + DAY, by=by),
    ])  # fmt: skip
    assert counts(figure(SA5)) == (agreed, 1)
    assert float(_likeness()) == 0.6


def test_what_is_changed_after_just_72_hours_is_on_the_receivers_list_and_a_second_later_is_not() -> (
    None
):
    load(UNITS + people(2))
    load([*_listed(0), *_listed(1)])
    late = HOME + 72 * HOUR
    load([
        prescribed("e0", "p0", "N05CF01", late, by=""),
        prescribed("e1", "p1", "N05CF01", late + timedelta(seconds=1), by=""),
    ])  # fmt: skip
    assert counts(figure(SA5)) == (1, 2)


def test_what_is_stopped_after_just_72_hours_is_off_the_receivers_list_and_a_second_later_is_not() -> (
    None
):
    load(UNITS + people(2))
    load([*_listed(0), *_listed(1)])
    late = HOME + 72 * HOUR
    load([
        prescribed("e0", "p0", "N05CF01", NOON, gone=late, why=""),
        prescribed("e1", "p1", "N05CF01", NOON, gone=late + timedelta(seconds=1), why=""),
    ])  # fmt: skip
    assert counts(figure(SA5)) == (1, 2)


def test_the_same_dose_a_day_in_other_words_is_no_difference_and_another_strength_is() -> None:
    load(UNITS + people(2))
    for n, item in enumerate(("1", "2")):
        load([
            *_listed(n, count=3), prescribed(f"d{n}", f"p{n}", FOUR[3], NOON, gone=HOME + DAY, why=""),
            prescribed(f"e{n}", f"p{n}", FOUR[3], HOME + DAY, dose=14, every=2, period="wk", item=item, by=""),
        ])  # fmt: skip
    assert counts(figure(SA5)) == (1, 2)
    assert float(_likeness()) == 0.8  # of 1 and 3/5


def test_a_dose_in_words_is_the_same_as_itself_alone_and_told_as_completeness() -> None:
    load(UNITS + people(2))
    words: dict[str, Any] = {"dosageInstruction": [{"text": "etter skjema"}]}
    load([
        *_listed(0), prescribed("w0", "p0", "B01AA03", NOON, **words),
        *_listed(1), prescribed("w1", "p1", "B01AA03", NOON, gone=HOME + DAY, why="", **words),
        prescribed("x1", "p1", "B01AA03", HOME + DAY, by="", **words),
    ])  # fmt: skip
    found = figure(SA5)
    assert counts(found) == (1, 2)
    assert beside(found, "complete") == (0, 2)


def test_no_list_is_not_an_agreed_list_and_what_cannot_be_known_is_counted_apart() -> None:
    load(UNITS + people(4))
    undated = prescribed("u", "p2", "N05CF01", NOON, gone=HOME)
    del undated["dispenseRequest"]
    load([stay("s0", "p0", NOON, hours=24), service("m0", "p0")])
    load([*_listed(1, to="far"), *_listed(2), undated, *_listed(3)])
    found = figure(SA5)
    assert counts(found) == (1, 1)
    assert found.figure.excluded == {"unlisted": 1, "outside": 1, "undated": 1}
    assert beside(found, "coverage") == (3, 4)
    assert figure(SA5, cut=HOME + 71 * HOUR).figure.excluded == {"open": 4}


def test_what_was_prescribed_for_the_stay_alone_is_not_on_the_list_of_the_discharge() -> None:
    load(UNITS + people(1))
    kind = [{"coding": [{"code": "inpatient"}]}]
    load(
        [
            *_listed(),
            prescribed("i", "p0", "N05CF01", NOON, gone=HOME + HOUR, why="", category=kind),
        ]
    )
    assert counts(figure(SA5)) == (1, 1)


# --- SA6 ------------------------------------------------------------------------------------------


def test_v_sa6_is_184_of_200() -> None:
    load([*UNITS, person("p0")])
    on_time = [(State.DELIVERED, NOON + MINUTE), (State.ACCEPTED, NOON + 72 * HOUR)]
    late = [
        (State.DELIVERED, NOON + MINUTE),
        (State.ACCEPTED, NOON + 72 * HOUR + timedelta(seconds=1)),
    ]
    load(sent(f"d{n}", "p0", NOON, proofs=on_time if n < 184 else late) for n in range(200))
    found = figure(SA6)
    assert counts(found) == (184, 200)
    assert found.figure.value == Fraction(92, 100)
    assert beside(found, "silent") == (0, 200)


def test_what_is_urgent_is_dealt_with_within_24_hours() -> None:
    load([*UNITS, person("p0")])
    handled = [(State.DELIVERED, NOON + MINUTE), (State.ACCEPTED, NOON + 25 * HOUR)]
    load(
        [
            sent("d0", "p0", NOON, proofs=handled),
            sent("d1", "p0", NOON, proofs=handled, urgent=True),
        ]
    )
    assert counts(figure(SA6)) == (1, 2)


def test_a_silent_failure_has_no_receipt_in_15_minutes_and_the_time_to_detect_it() -> None:
    load([*UNITS, person("p0")])
    lost = sent("d2", "p0", NOON)
    load([
        sent("d0", "p0", NOON, proofs=[(State.DELIVERED, NOON + 15 * MINUTE)]),
        sent("d1", "p0", NOON, proofs=[(State.DELIVERED, NOON + 16 * MINUTE)]),
        lost, taken_up("f2", lost, NOON + 90 * MINUTE),
        sent("again", "p0", NOON + DAY, document="d0", proofs=[(State.DELIVERED, NOON + DAY)]),
    ])  # fmt: skip
    found = figure(SA6)
    assert beside(found, "silent") == (2, 4)
    assert {e.key: e.value for e in found.companions if e.key == "detected"} == {"detected": 90}
    assert beside(found, "again") == (1, 4)
    open_yet = figure(SA6, cut=NOON + 10 * MINUTE)
    assert beside(open_yet, "silent") == (0, 0) or beside(open_yet, "silent") == (None, None)
    assert open_yet.figure.excluded == {"open": 3}


def test_a_letter_to_a_citizen_is_no_handover() -> None:
    load([*UNITS, person("p0")])
    letter = sent("d0", "p0", NOON)
    letter["restriction"]["recipient"] = [{"reference": "Patient/p0"}]
    load([letter])
    assert counts(figure(SA6)) == (None, None)


# --- SA7 ------------------------------------------------------------------------------------------


def test_v_sa7_eight_of_eighty_are_returned_each_once() -> None:
    load(UNITS + people(80))
    for n in range(80):
        load(referral(f"r{n}", f"p{n}", "2022-05-04"))
    load(question(f"q{n}", f"r{n}", f"p{n}", "2022-05-06") for n in range(8))
    load([question("again", "r0", "p0", "2022-05-09")])
    found = figure(SA7, "office", side=Side.TO)
    assert counts(found) == (72, 80)
    assert counts(figure(SA7, "gp")) == (72, 80)


def test_v_sa7b_fourteen_days_and_not_fifteen() -> None:
    load(UNITS + people(3))
    for n in range(3):
        load(referral(f"r{n}", f"p{n}", "2022-05-04"))
    day = datetime(2022, 5, 18, 12, 0, tzinfo=UTC)
    load([
        outcome("o0", "r0", "p0", day, "referral-accepted"),
        outcome("o1", "r1", "p1", day + DAY, "referral-rejected"),
    ])  # fmt: skip
    assert beside(figure(SA7, "gp"), "told") == (1, 3)
    assert beside(figure(SA7, "gp"), "rejected") == (1, 3)
    assert beside(figure(SA7, "gp", cut=NOON + 10 * DAY), "told") == (None, None)


# --- SA8 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "is_back"),
    [
        (timedelta(hours=7, minutes=59), False), (timedelta(hours=8), False),
        (timedelta(hours=8, minutes=1), True), (timedelta(days=30), True),
        (timedelta(days=30, hours=1), False),
    ],
)  # fmt: skip
def test_v_sa8_boundaries(after: timedelta, is_back: bool) -> None:  # noqa: FBT001 - a table
    load(UNITS + people(1))
    over = NOON + DAY
    load([stay("s0", "p0", NOON, hours=24), stay("s1", "p0", over + after, hours=1000)])
    assert counts(figure(SA8)) == (1 if is_back else 0, 1)


def test_v_sa8_is_18_of_120_and_observed_by_expected() -> None:
    load(UNITS + people(120))
    load(stay(f"s{n}", f"p{n}", NOON, hours=24) for n in range(120))
    load(stay(f"b{n}", f"p{n}", NOON + 5 * DAY, ward="office", to="exp") for n in range(18))
    found = figure(SA8)
    assert counts(found) == (18, 120)
    assert found.figure.value == Fraction(15, 100)
    # all discharges there are: expected is what is observed
    assert next(float(e.value or 0) for e in found.companions if e.key == "oe") == pytest.approx(1)


def test_only_emergencies_of_people_of_67_or_more_count() -> None:
    load(UNITS)
    load(
        [
            person("old", birthDate="1955-05-05"),
            person("young", birthDate="1955-05-06"),
            person("p0"),
        ]
    )
    for n, who in enumerate(("old", "young", "p0")):
        load([stay(f"s{n}", who, NOON, hours=24)])  # discharged on 5 May 2022
        load([stay(f"b{n}", who, NOON + 5 * DAY, to="exp", is_acute=n != 2)])
    assert counts(figure(SA8)) == (1, 2)
    open_yet = figure(SA8, cut=NOON + 20 * DAY)
    assert open_yet.figure.excluded["open"] == 2


# --- SA9 ------------------------------------------------------------------------------------------


def visit(name: str, patient: str, at: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": name, "status": "finished",
        "class": {"system": codes.ACT_CODE, "code": "HH"}, "subject": {"reference": f"Patient/{patient}"},
        "serviceProvider": {"reference": "Organization/home"},
        "period": {"start": at.isoformat(), "end": (at + HOUR).isoformat()},
    }  # fmt: skip


def test_v_sa9_is_66_of_88() -> None:
    load(UNITS + people(88))
    load(stay(f"s{n}", f"p{n}", NOON, hours=24) for n in range(88))
    load(service(f"m{n}", f"p{n}") for n in range(88))
    home = NOON + DAY
    load(
        visit(
            f"v{n}", f"p{n}", home + 72 * HOUR + (timedelta() if n < 66 else timedelta(seconds=1))
        )
        for n in range(88)
    )
    assert counts(figure(SA9)) == (66, 88)
    assert counts(figure(SA9, "home", side=Side.TO)) == (66, 88)


def scored(name: str, patient: str, at: datetime, value: int, **more: Any) -> dict[str, Any]:
    """A score of the Clinical Frailty Scale."""
    return {
        "resourceType": "Observation", "id": name, "status": "final",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "763264000"}]},
        "subject": {"reference": f"Patient/{patient}"}, "effectiveDateTime": at.isoformat(),
        "valueInteger": value, **more,
    }  # fmt: skip


def test_the_frail_are_to_be_visited_within_a_day_by_their_newest_score_before_they_came_home() -> (
    None
):
    load(UNITS + people(40))
    load(stay(f"s{n}", f"p{n}", NOON, hours=24) for n in range(40))
    load(service(f"m{n}", f"p{n}") for n in range(40))
    home = NOON + DAY
    late = timedelta(seconds=1)
    load(
        visit(f"v{n}", f"p{n}", home + (24 * HOUR + late if n < 20 else 24 * HOUR))
        for n in range(40)
    )
    assert counts(figure(SA9)) == (40, 40)
    load(scored(f"f{n}", f"p{n}", home, 5) for n in range(10))  # late for the frail
    load(scored(f"g{n}", f"p{n}", NOON, 7) for n in range(10, 20))
    load(scored(f"h{n}", f"p{n}", home - HOUR, 4) for n in range(15, 20))  # no more since
    load(scored(f"i{n}", f"p{n}", home + late, 9) for n in range(15, 20))  # was not known then
    load(scored(f"j{n}", f"p{n}", home, 6) for n in range(20, 30))  # within a day
    load(scored(f"k{n}", f"p{n}", home, 9, status="entered-in-error") for n in range(15, 20))
    assert counts(figure(SA9)) == (25, 40)
    assert beside(figure(SA9), "frail") == (10, 25)


def test_who_has_died_or_went_elsewhere_is_not_waited_for() -> None:
    load([*UNITS, person("p0", deceasedDateTime="2022-05-06T10:00:00Z"), person("p1")])
    load([stay("s0", "p0", NOON, hours=24), stay("s1", "p1", NOON, hours=24, to="snf")])
    load([service("m0", "p0"), service("m1", "p1")])
    found = figure(SA9)
    assert counts(found) == (None, None)
    assert found.figure.excluded == {"died": 1, "elsewhere": 1}


# --- SA10 -----------------------------------------------------------------------------------------

BOTH = ("Organization/ward", "Organization/home")


def _needing(n: int) -> list[dict[str, Any]]:
    """Somebody with two municipal services and visits to the hospital."""
    kinds = [{"type": [{"coding": [{"system": "urn:x", "code": code}]}]} for code in ("1", "15")]
    return [
        *({**service(f"m{n}-{i}", f"p{n}"), **kind} for i, kind in enumerate(kinds)),
        visited(f"v{n}", f"p{n}", "ward", NOON),
    ]


def test_v_sa10_one_shared_plan_is_12_of_40() -> None:
    load(UNITS + people(40))
    for n in range(40):
        load(_needing(n))
    for n in range(12):
        load(plan(f"c{n}", f"p{n}", NOON, *BOTH))
    assert counts(figure(SA10)) == (12, 40)
    assert figure(SA10).figure.value == Fraction(30, 100)
    assert counts(figure(SA10, "home")) == (12, 40)


def test_two_services_or_one_organisation_or_four_months_ago_is_no_complex_need() -> None:
    load(UNITS + people(4))
    load([
        service("a0", "p0"), visited("v0", "p0", "ward", NOON),
        *_needing(1)[:2], visited("v1", "p1", "home", NOON),
        *_needing(2)[:2], visited("v2", "p2", "ward", datetime(2022, 3, 2, 12, tzinfo=UTC)),
        *_needing(3)[:2], visited("v3", "p3", "ward", datetime(2022, 3, 3, 12, tzinfo=UTC)),
    ])  # fmt: skip
    assert counts(figure(SA10, "home")) == (0, 1)


@pytest.mark.parametrize(("by", "elements", "is_shared"), [
    (BOTH, {}, 1),
    (BOTH[:1], {}, 0),
    (BOTH, {"role": "Fastlege"}, 0),
    (BOTH, HIDDEN, 0),
    (BOTH, {"status": "revoked"}, 0),
    (("Practitioner/d", "PractitionerRole/r2"), {}, 1),
    (("Practitioner/d", "PractitionerRole/r1"), {}, 0),
    (("Practitioner/d", "Practitioner/nobody"), {}, 0),
])  # fmt: skip
def test_a_shared_plan_is_by_two_organisations_coordinated_and_hers_to_see(
    by: tuple[str, ...], elements: dict[str, Any], is_shared: int
) -> None:
    load(UNITS + people(1))
    load([works("r1", "d", "ward"), works("r2", "e", "home")])
    load([*_needing(0), *plan("c", "p0", NOON, *by, **elements)])
    assert counts(figure(SA10)) == (is_shared, 1)


def test_a_plan_of_180_days_ago_counts_and_one_of_a_day_more_does_not() -> None:
    load(UNITS + people(2))
    load([*_needing(0), *_needing(1)])
    last = datetime(2022, 6, 1, 10, tzinfo=UTC) - 180 * DAY
    load([*plan("c0", "p0", last, *BOTH), *plan("c1", "p1", last - DAY, *BOTH)])
    found = figure(SA10)
    assert counts(found) == (1, 2)
    assert {each.key: each.value for each in found.companions}["age"] == 180.5


def test_what_a_plan_does_not_say_is_told_as_completeness() -> None:
    load(UNITS + people(4))
    load(plan("c0", "p0", NOON, *BOTH))
    load(plan("c1", "p1", NOON, "Practitioner/nobody"))
    load([*_needing(0), *_needing(1), *_needing(2), *_needing(3), closed("c3", "p3")])
    load([visited("far", "p0", "far", NOON)])
    found = figure(SA10)
    assert beside(found, "complete") == (1, 2)
    assert beside(found, "coverage") == (2, 3)
    assert found.figure.excluded == {"blocked": 1}


def test_every_one_names_its_balance_and_shows_its_coverage() -> None:
    for each in INTERACTION:
        assert each.balance["nb"], each.id
        if each is not SA3:  # of residents, wherever they were
            assert "coverage" in {companion.key for companion in each.companions}, each.id
            assert each.has_sides or each is SA10, each.id  # a plan is not handed over
