"""The page of projections, and what it draws."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.projections.beds import USUAL
from fellesjournal.leadership.projections.fans import FanYear
from fellesjournal.leadership.projections.queries import projection
from fellesjournal.leadership.projections.regions import EVERYBODY, coming, counted, regions
from fellesjournal.surfaces.leaders import drawing
from fellesjournal.surfaces.leaders.projection_forms import ProjectionForm
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted as statements_counted

LEADER = next(member for member in STAFF if member.role == "unit-leader")
ASKED = {
    "region": "5025", "last_year": "2040", "younger_old": "8", "older_old": "10", "nights": "5",
    "shorter": "5", "taken_over": "10", "beds_there": "10",
}  # fmt: skip


@pytest.fixture
def leader(db: None) -> Client:
    del db
    return staff_client(LEADER)


def _page(client: Client, **said: str) -> str:
    answer = client.get(reverse("leaders-projections"), said)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_region_has_its_people_and_nobody_is_counted_twice() -> None:
    whole = counted(EVERYBODY).total
    assert whole == 738_065
    own = [counted(key).total for key, each in regions().items() if each.kind == "municipality"]
    assert len(own) == 66
    assert sum(own) == whole
    counties = [counted(key).total for key, each in regions().items() if each.kind == "county"]
    assert sum(counties) + counted("1811").total == whole
    assert len(regions()) == len({(each.kind, each.name) for each in regions().values()})
    assert {len(of) for of in coming("5025").values()} == {29}


def test_the_page_shows_the_way_the_fan_and_the_beds(leader: Client) -> None:
    page = _page(leader, **ASKED)
    form = ProjectionForm(ASKED)
    assert form.is_valid()
    found = projection(form.scenario(USUAL))
    assert len(found.steps) == 5
    assert page.count("waterfall__part--") == 7
    assert str(found.beds) in page
    assert "07459" in page
    assert page.count("<polygon") == 2
    assert sum(step.order_free for step in found.steps) == found.result - found.base
    assert dict(found.municipal)


def test_the_whole_area_is_shown_when_nothing_was_asked(leader: Client) -> None:
    assert "Bindal" in _page(leader)


def test_a_step_of_nought_is_left_out(leader: Client) -> None:
    nothing = dict.fromkeys(("younger_old", "older_old", "nights", "shorter", "taken_over"), "0")
    page = _page(leader, **{**ASKED, **nothing, "beds_there": ""})
    assert page.count("waterfall__part--") == 3
    everything = {**ASKED, "shorter": "100", "beds_there": "0"}
    assert "waterfall__part--less" in _page(leader, **everything)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "nowhere"), ("last_year", "1999"), ("last_year", "9999"), ("last_year", "soon"),
        ("older_old", "-1"), ("older_old", "101"), ("older_old", "1e999"), ("shorter", "NaN"),
        ("beds_there", "-1"), ("beds_there", "99999999999999999999"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_at_its_field(leader: Client, name: str, value: str) -> None:
    answer = leader.get(reverse("leaders-projections"), {**ASKED, name: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{name}-error"' in page
    assert "waterfall__part" not in page


def test_the_page_asks_the_database_little_and_is_nobody_else_s(leader: Client) -> None:
    with statements_counted() as statements:
        _page(leader, **ASKED)
    assert len(statements) <= 20
    assert list(statements.asked_again()) == []
    assert staff_client(GP).get(reverse("leaders-projections")).status_code == 404


def test_a_waterfall_begins_where_the_row_above_ended() -> None:
    bars = drawing.waterfall(Fraction(100), [Fraction(100), Fraction(-50)])
    assert [(bar.x, bar.width, bar.way) for bar in bars] == [
        ("0.00", "50.00", "whole"), ("50.00", "50.00", "more"), ("75.00", "25.00", "less"),
        ("0.00", "75.00", "whole"),
    ]  # fmt: skip


@given(st.integers(0, 10**7), st.lists(st.integers(-1000, 1000), max_size=6))
def test_no_bar_leaves_its_row(start: int, changes: list[int]) -> None:
    ends = [start]
    for each in changes:
        ends.append(max(0, ends[-1] + each))
    steps = [Fraction(b - a) for a, b in pairwise(ends)]
    for bar in drawing.waterfall(Fraction(start), steps):
        assert float(bar.x) >= -0.01
        assert float(bar.x) + float(bar.width) <= 100.5


@given(st.lists(st.floats(0, 10**7), min_size=2, max_size=8))
def test_a_fan_stays_in_its_picture_and_begins_at_nought(values: list[float]) -> None:
    rows = [
        FanYear(2021 + n, Fraction(v), v * 0.9, v, v * 1.1, v * 0.8, v * 1.2)
        for n, v in enumerate(values)
    ]
    found = drawing.fan(rows)
    for points in (found.outer, found.inner, found.main):
        for point in points.split():
            x, y = map(float, point.split(","))
            assert found.left - 0.1 <= x <= found.right + 0.1
            assert 0 <= y <= found.bottom + 0.1
    assert found.values[0].value == 0
    assert len(found.values) <= 11


def test_a_fan_of_one_year_is_none() -> None:
    with pytest.raises(ValueError, match="two years"):
        drawing.fan([FanYear(2021, Fraction(1), 1, 1, 1, 1, 1)])
