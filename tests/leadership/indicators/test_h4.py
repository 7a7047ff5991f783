"""H4, few faces: the vectors of the management specification, and the edges it names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellesjournal.care.homecare import codes
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.h4 import H4
from fellesjournal.leadership.indicators.measuring import Group, Measured, measured
from tests.leadership.indicators.views import FLATTENER
from tests.staff import put, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

FIRST = datetime(2022, 5, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def visit(
    name: str, carers: str, began: datetime, *, patient: str = "kari", status: str = "finished"
) -> None:
    """A visit of half an hour by carers of one letter each."""
    there = [{"individual": {"reference": f"Practitioner/{each}"}} for each in carers]
    put(
        "Encounter", name, status=status, **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
        subject={"reference": f"Patient/{patient}"}, serviceProvider={"reference": "Organization/u"},
        **({"participant": there} if there else {}),
        period={"start": began.isoformat(), "end": (began + timedelta(minutes=30)).isoformat()},
    )  # fmt: skip


def h4(*, rule: Rule | None = None) -> Measured:
    keep_up(FLATTENER, H4.tables, seconds=60)
    row = connection().execute(
        "select rid from store.resource where fhir_id = 'u'"
    ).fetchone()  # fmt: skip
    assert row is not None
    rule = Rule(denominator=0, count=0) if rule is None else rule
    late = datetime(2030, 1, 1, tzinfo=UTC)
    return measured(connection(), H4, month(2022, 5), [Group(1, "u", (row[0],))], cut=late, rule=rule)["u"]  # fmt: skip


def values(found: Measured) -> list[float | None]:
    beside = {each.key: each.value for each in found.companions}
    told = [found.figure.value, *(beside[key] for key in ("upc", "coc", "secon", "mci", "mmci"))]
    return [None if each is None else round(float(each), 6) for each in told]


@pytest.fixture(autouse=True)
def unit() -> None:
    put("Organization", "u", name="u")
    register("kari")
    register("ola")


@pytest.mark.parametrize(
    ("carers", "expected"),
    [
        ("AABCA", [0.5, 0.6, 0.3, 0.25, 0.411765, 0.512195]),
        ("ABABB", [0.75, 0.6, 0.4, 0.25, 0.607843, 0.756098]),
        ("AAAA", [1, 1, 1, 1, 0.756098, 1]),
        ("ABCD", [0, 0.25, 0, 0, 0.02439, 0.032258]),
    ],
)
def test_v_h4_and_its_companions(carers: str, expected: list[float]) -> None:
    for n, each in enumerate(carers):
        visit(f"v{n}", each, FIRST + n * DAY)
    assert values(h4()) == expected


def test_two_at_one_visit_are_one_visit_and_both_readings_are_told() -> None:
    visit("v1", "AB", FIRST)
    visit("v2", "BC", FIRST + DAY)  # B was there before
    visit("v3", "D", FIRST + 2 * DAY)
    found = h4()
    assert values(found)[0] == 0.5  # two new of three visits
    assert next(e.value for e in found.companions if e.key == "each") == -0.5  # four people


def test_what_does_not_count_is_left_out() -> None:
    visit("v1", "A", FIRST)
    visit("v2", "A", FIRST + timedelta(minutes=38))  # eight minutes after: the same visit
    visit("v3", "B", FIRST + DAY, status="cancelled")
    visit("v4", "A", FIRST + 2 * DAY)
    visit("v5", "A", datetime(2022, 5, 31, 21, 50, tzinfo=UTC))  # across midnight: of its start
    visit("v6", "B", datetime(2022, 5, 31, 22, 10, tzinfo=UTC))  # of June
    found = h4()
    assert values(found)[0] == 1
    assert found.figure.denominator == 1


def test_an_unknown_carer_is_new_and_flagged_and_one_visit_says_nothing() -> None:
    visit("v1", "", FIRST)
    visit("v2", "", FIRST + DAY)
    visit("w1", "A", FIRST, patient="ola")
    found = h4()
    assert values(found)[0] == 0
    assert found.figure.excluded == {"one_visit": 1, "unknown_carer": 2}


def test_few_recipients_are_held_back() -> None:
    for n in range(3):
        visit(f"v{n}", "A", FIRST + n * DAY)
    found = h4(rule=Rule())
    assert (found.figure.value, found.figure.denominator) == (None, None)
