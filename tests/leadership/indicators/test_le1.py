"""LE1, medication on time: the vectors of the management specification, to the second and across
both nights on which clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fellesjournal.care.homecare import codes
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.catalogue import called
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.measuring import Group, Measured, measured
from tests.leadership.indicators.views import FLATTENER
from tests.staff import put, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

PLANNED = datetime(2022, 5, 4, 8, 0, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
MAY = month(2022, 5)
EVERYTHING = Rule(denominator=0, count=0)


@pytest.fixture(autouse=True)
def home_care() -> None:
    """A unit, a citizen, and a visit of each unit."""
    for unit in ("u", "v"):
        put("Organization", unit, name=unit)
    register("kari")
    for unit in ("u", "v"):
        put(
            "Encounter", f"visit-{unit}", status="finished",
            **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
            subject={"reference": "Patient/kari"}, serviceProvider={"reference": f"Organization/{unit}"},
            period={"start": "2022-05-04T08:00:00Z", "end": "2022-05-04T09:00:00Z"},
        )  # fmt: skip


def dose(
    name: str, state: str, *, planned: datetime | None = PLANNED, given: datetime | None = None,
    status: str = "completed", unit: str = "u", atc: str = "",
) -> None:  # fmt: skip
    """A planned dose, and its administration when it has one."""
    at = (
        [] if planned is None else [{"url": codes.PLANNED_AT, "valueDateTime": planned.isoformat()}]
    )
    if planned is not None:
        put(
            "Task", f"t-{name}", status="completed", intent="plan",
            code=codes.coded(codes.TASK_CODE, codes.PLANNED_DOSE), extension=at,
            businessStatus=codes.coded(codes.OUTCOME, state),
            **{"for": {"reference": "Patient/kari"}}, owner={"reference": f"Organization/{unit}"},
            encounter={"reference": f"Encounter/visit-{unit}"},
            restriction={"period": {"end": (planned + timedelta(hours=2)).isoformat()}},
        )  # fmt: skip
    if given is not None:
        more: dict[str, Any] = {"extension": at} if at else {}
        put(
            "MedicationAdministration", f"a-{name}", status=status,
            medicationCodeableConcept={"text": "x", **_coded(atc)}, subject={"reference": "Patient/kari"},
            context={"reference": f"Encounter/visit-{unit}"}, effectiveDateTime=given.isoformat(), **more,
        )  # fmt: skip


def _coded(atc: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://www.whocc.no/atc", "code": atc}]} if atc else {}


def le1(
    period: Period = MAY, *, cut: datetime = LATER, rule: Rule = EVERYTHING
) -> dict[str, Measured]:
    """The figures of both units, and of both together."""
    keep_up(FLATTENER, LE1.tables, seconds=60)
    rows = connection().execute(
        "select fhir_id, rid from store.resource where fhir_id in ('u', 'v') order by 1"
    ).fetchall()  # fmt: skip
    numbers = dict(rows)
    groups = [
        Group(1, "u", (numbers["u"],)),
        Group(2, "v", (numbers["v"],)),
        Group(3, "both", tuple(numbers.values())),
    ]
    return measured(connection(), LE1, period, groups, cut=cut, rule=rule)


def beside(found: Measured, key: str) -> Fraction | None:
    return next(each.value for each in found.companions if each.key == key)


@pytest.mark.parametrize(
    ("seconds", "is_on_time"),
    [(0, True), (3600, True), (-3600, True), (3601, False), (-3601, False)],
)
def test_v_med_1_an_hour_each_way_to_the_second(seconds: int, is_on_time: bool) -> None:  # noqa: FBT001 - a table
    dose("a", "done", given=PLANNED + timedelta(seconds=seconds))
    assert le1()["u"].figure.value == (1 if is_on_time else 0)


def test_v_med_2_on_time_of_those_given_and_of_those_due() -> None:
    for n in range(7):
        dose(str(n), "done", given=PLANNED + timedelta(minutes=n))
    dose("late", "done", given=PLANNED + timedelta(minutes=61))
    dose("n1", "not-done", given=PLANNED, status="not-done")
    dose("n2", "not-done", given=PLANNED, status="not-done")
    found = le1()["u"]
    assert found.figure.value == Fraction(875, 1000)
    assert beside(found, "le1b") == Fraction(7, 10)
    assert beside(found, "omitted") == Fraction(2, 10)
    assert beside(found, "late") == Fraction(1, 8)
    assert beside(found, "exact") == Fraction(1, 8)
    assert found.figure.status is Status.FINAL


def test_what_was_loaded_long_afterwards_says_nothing_of_how_long_recording_takes() -> None:
    now = datetime.now(UTC)
    given = now - timedelta(minutes=20)
    dose("here", "done", planned=given, given=given)
    dose("loaded", "done", planned=given, given=now - timedelta(days=40))
    dose("old", "done", given=PLANNED)
    found = le1(month(given.year, given.month))["u"]
    lag = beside(found, "lag")
    assert lag is not None
    assert 20 <= lag < 25  # minutes, of the one that was recorded when it was given
    assert beside(found, "afterwards") == Fraction(1, 2)
    of_2022 = le1()["u"]
    assert beside(of_2022, "lag") is None
    assert beside(of_2022, "afterwards") == 1


def test_v_med_3_nights_on_which_clocks_change() -> None:
    autumn = datetime.fromisoformat("2022-10-30T02:30+02:00")
    dose("autumn", "done", planned=autumn, given=datetime.fromisoformat("2022-10-30T02:45+01:00"))
    spring = datetime.fromisoformat("2023-03-26T01:45+01:00")
    dose("spring", "done", planned=spring, given=datetime.fromisoformat("2023-03-26T03:15+02:00"))
    assert le1(month(2022, 10))["u"].figure.value == 0  # 75 minutes
    assert le1(month(2023, 3))["u"].figure.value == 1  # 30 minutes


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    dose("a", "done", given=PLANNED)
    dose("needed", "done", planned=None, given=PLANNED)
    dose("wrong", "open", given=PLANNED, status="entered-in-error")
    dose("away", "paused")
    found = le1()["u"]
    assert [found.figure.numerator, found.figure.denominator] == [1, 1]
    assert found.figure.excluded == {"unplanned": 1, "in_error": 1, "away": 1}


def test_a_dose_nobody_answered_is_due_when_its_window_is_over() -> None:
    dose("a", "done", given=PLANNED)
    dose("open", "open")
    assert beside(le1(cut=PLANNED + timedelta(hours=1))["u"], "le1b") == 1
    assert beside(le1(cut=PLANNED + timedelta(hours=2))["u"], "le1b") == Fraction(1, 2)


def test_a_day_is_a_day_in_norway_and_a_period_ends_before_its_end() -> None:
    dose("last", "done", planned=datetime(2022, 5, 31, 21, 59, tzinfo=UTC),
         given=datetime(2022, 5, 31, 21, 59, tzinfo=UTC))  # fmt: skip
    dose("next", "done", planned=datetime(2022, 5, 31, 22, 0, tzinfo=UTC),
         given=datetime(2022, 5, 31, 22, 0, tzinfo=UTC))  # fmt: skip
    assert le1()["u"].figure.denominator == 1
    assert le1(Period(date(2022, 6, 1), date(2022, 6, 2)))["u"].figure.denominator == 1


def test_units_are_summed_and_percentages_are_not_averaged() -> None:
    for n in range(9):
        dose(str(n), "done", given=PLANNED)
    dose("v", "done", given=PLANNED + timedelta(hours=2), unit="v")
    found = le1()
    assert [found[each].figure.value for each in ("u", "v", "both")] == [1, 0, Fraction(9, 10)]


def test_few_are_held_back_with_all_that_would_tell_them() -> None:
    for n in range(3):
        dose(str(n), "done", given=PLANNED)
    found = le1(rule=Rule())["u"]
    assert found.figure.status is Status.SUPPRESSED
    assert (found.figure.value, found.figure.denominator, found.figure.interval) == (
        None,
        None,
        None,
    )
    assert all(each.value is None for each in found.companions)
    assert le1(month(2022, 6), rule=Rule())["u"].figure.status is Status.NO_OBSERVATIONS


def test_of_what_is_scanned_twice_the_first_that_was_completed_counts() -> None:
    dose("a", "done", given=PLANNED)
    dose("b", "done", given=PLANNED + timedelta(minutes=61))
    for name, minutes, status in (
        ("x", 1, "entered-in-error"),
        ("y", 2, "completed"),
        ("z", 70, "completed"),
    ):
        put(
            "MedicationAdministration", name, status=status, medicationCodeableConcept={"text": "x"},
            subject={"reference": "Patient/kari"}, context={"reference": "Encounter/visit-u"},
            request={"reference": "MedicationRequest/m"},
            effectiveDateTime=(PLANNED + timedelta(minutes=minutes)).isoformat(),
            extension=[{"url": codes.PLANNED_AT, "valueDateTime": PLANNED.isoformat()}],
        )  # fmt: skip
    figure = le1()["u"].figure
    assert [figure.numerator, figure.denominator] == [2, 3]
    assert figure.excluded == {"repeated": 1, "in_error": 1}


def test_v_ids_one_indicator_has_several_names() -> None:
    assert called("LE1") is called("IM2") is called("IU3") is LE1
    assert called("LE2") is None


def test_doses_given_that_nobody_had_planned_here_are_no_share_of_those_due() -> None:
    for n in range(6):
        dose(f"planned{n}", "done", given=PLANNED)
    for n in range(7):  # from another system: administrations with a planned time, and no Task
        put(
            "MedicationAdministration", f"alone{n}", status="completed",
            medicationCodeableConcept={"text": "x"}, subject={"reference": "Patient/kari"},
            context={"reference": "Encounter/visit-u"}, effectiveDateTime=PLANNED.isoformat(),
            extension=[{"url": codes.PLANNED_AT, "valueDateTime": PLANNED.isoformat()}],
        )  # fmt: skip
    found = le1()["u"]
    assert found.figure.value == 1
    assert beside(found, "le1b") is None


@pytest.mark.parametrize(
    ("seconds", "share"), [(1800, 1), (-1800, 1), (1801, 0), (-1801, 0), (0, 1), (3600, 0)]
)
def test_time_critical_medicines_have_half_an_hour_each_way_to_the_second(
    seconds: int, share: int
) -> None:
    dose("a", "done", given=PLANNED + timedelta(seconds=seconds), atc="N04BA02")
    dose("b", "done", given=PLANNED, atc="C09AA02")  # for blood pressure: on no such list
    dose("c", "done", given=PLANNED)
    found = le1()["u"]
    assert beside(found, "critical") == share
    assert found.figure.value == 1


def test_which_groups_are_time_critical_and_their_limit_is_set() -> None:
    dose("insulin", "done", given=PLANNED + timedelta(minutes=20), atc="A10AB05")
    dose("opioid", "done", given=PLANNED + timedelta(minutes=50), atc="N02AA01")
    keep_up(FLATTENER, LE1.tables, seconds=60)
    ((number,),) = (
        connection().execute("select rid from store.resource where fhir_id = 'u'").fetchall()
    )

    def critical(**values: int) -> tuple[Fraction | int | None, Fraction | int | None]:
        said = {f"time-critical-{key}": Decimal(value) for key, value in values.items()}
        given = {each.key: each.value for each in LE1.reads} | said
        found = measured(
            connection(), LE1, MAY, [Group(1, "u", (number,))], cut=LATER, rule=EVERYTHING,
            values=given,
        )["u"]  # fmt: skip
        part = next(each for each in found.companions if each.key == "critical")
        return part.numerator, part.denominator

    assert critical() == (1, 1)
    assert critical(minutes=10) == (0, 1)
    assert critical(opioids=1) == (1, 2)
    assert critical(opioids=1, minutes=50) == (2, 2)
    assert critical(insulin=0)[1] in {0, None}
