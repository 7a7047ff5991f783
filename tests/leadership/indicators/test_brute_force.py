"""Three regions made at random, over both nights on which clocks change: every indicator is what plain
loops over the resources of the API give.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import fellesjournal
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.indicators.asking import Asked, Group, Side
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1.series import Week
from fellesjournal.leadership.indicators.measuring import Measured, measured
from fellesjournal.leadership.indicators.publishing import published
from fellesjournal.leadership.indicators.schedule.tallies import Key
from tests.leadership.indicators.brute import Record, grouped
from tests.leadership.indicators.brute_portal import BRUTE_OF_CATALOGUE as BRUTE
from tests.leadership.indicators.brute_portal import BRUTE_PORTAL
from tests.leadership.indicators.brute_schedule import BRUTE_SCHEDULE
from tests.leadership.indicators.records import (
    EVERYTHING,
    load,
)
from tests.leadership.indicators.regions import CUTS, MONTHS, OWNED, Region, Resource, given_out
from tests.leadership.indicators.views import FLATTENER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]


def _numbers() -> dict[str, int]:
    return dict(
        connection().execute(
            "select r.fhir_id, r.rid from store.resource r join figures.unit_system u on u.unit = r.rid"
        ).fetchall()
    )  # fmt: skip


def _groups(numbers: dict[str, int]) -> list[tuple[Group, set[str]]]:
    found = []
    for top, below in OWNED.items():
        names = {top, *below}
        for n, own in enumerate([names, *({each} for each in sorted(names))]):
            group = Group(1000 * numbers[top] + n, f"{top} {n}", tuple(numbers[each] for each in own),
                          top=numbers[top])  # fmt: skip
            found.append((group, own))
    return found


@pytest.mark.parametrize("seed", [20221030, 20230326, pytest.param(7, marks=pytest.mark.thorough)])
def test_every_indicator_is_what_plain_loops_give(seed: int) -> None:
    made = list(Region(seed).resources())
    load(made)
    resources = grouped(given_out({each["resourceType"] for each in made}))
    assert sum(map(len, resources.values())) == len(made)
    for indicator in map(CATALOGUE.__getitem__, BRUTE):
        keep_up(FLATTENER, indicator.tables, seconds=60)
    compared = 0
    groups = _groups(_numbers())
    for name, brute in BRUTE.items():
        indicator = CATALOGUE[name]
        for period in MONTHS:
            for cut in CUTS:
                for side in Side if indicator.has_sides else [Side.FROM]:
                    for top in {group.top for group, _ in groups}:
                        of = [(group, own) for group, own in groups if group.top == top]
                        found = measured(
                            connection(), indicator, period, [group for group, _ in of], cut=cut,
                            rule=EVERYTHING, side=side,
                        )  # fmt: skip
                        for group, own in of:
                            record = _record(resources, own, of[0][1], period, cut, side)
                            where = f"{name} {group.unit} {period} {cut} {side}"
                            _same(found[group.unit], brute(record), where)
                            compared += bool(found[group.unit].figure.denominator)
    assert compared > 100
    _shown_as_counted([group for group, _ in groups if group.top == groups[0][0].top])


def _shown_as_counted(groups: list[Group]) -> None:
    """What is shown, where nothing has to be held back, is what is counted."""
    cut = CUTS[1]
    asked = [Asked(CATALOGUE[name], period, side) for name in BRUTE for period in MONTHS
             for side in (Side if CATALOGUE[name].has_sides else [Side.FROM])]  # fmt: skip
    shown = published(
        connection(), asked, groups, cut=cut, seen=[cut for _ in asked], rule=EVERYTHING
    )
    for each, units in zip(asked, shown, strict=True):
        counted = measured(connection(), each.indicator, each.period, groups, cut=cut, rule=EVERYTHING,
                           side=each.side)  # fmt: skip
        for unit_, one in units.items():
            other = counted[unit_]
            assert one.figure.numerator == other.figure.numerator
            assert one.figure.denominator == other.figure.denominator
            assert float(one.figure.value or 0) == pytest.approx(float(other.figure.value or 0))
            assert one.figure.excluded == other.figure.excluded


def test_every_indicator_and_each_row_of_schedules_is_worked_out_anew() -> None:
    """Who adds one adds its plain loop, in this folder."""
    assert BRUTE.keys() == CATALOGUE.keys()
    assert {key.value for key in Key} == BRUTE_SCHEDULE
    assert {each.name for each in fields(Week)} - {"start"} == BRUTE_PORTAL


def test_only_what_is_published_is_shown() -> None:
    """No other way from a count to a page, a file or the API."""
    source = Path(fellesjournal.__file__).parent
    counting = re.compile(
        r"measuring import [^\n]*\b(measured|counted)\b|publishing import [^\n]*_counted"
    )
    found = [str(file) for file in source.rglob("*.py") if counting.search(file.read_text())]
    assert found == []


class _Unit(Record):
    """What one unit of an organisation has; what stays within that does not come to it."""

    everyone: set[str]

    def is_here(self, sender: str, receiver: str) -> bool:
        if self.is_to:
            return receiver in self.units and sender not in self.everyone
        return sender in self.units


def _record(
    resources: dict[str, list[Resource]], own: set[str], all_of: set[str], period: Period,
    cut: datetime, side: Side,
) -> Record:  # fmt: skip
    units = {f"Organization/{each}" for each in own}
    record = _Unit(resources, units, period.start, period.end, cut, is_to=side is Side.TO)
    record.everyone = {f"Organization/{each}" for each in all_of}
    return record


def _same(found: Measured, told: dict[str, Any], where: str) -> None:
    figure = found.figure
    assert int(figure.denominator or 0) == told["d"], where
    if "n" in told:
        assert int(figure.numerator or 0) == told["n"], where
    elif told["d"]:
        assert float(figure.value or 0) == pytest.approx(told["value"]), where
    for each in found.companions:
        assert each.key in told or not told["d"], (where, each.key)
        said = told.get(each.key)
        if isinstance(said, tuple):
            assert (each.numerator or 0, each.denominator or 0) == (said if said[1] else (0, 0)), (
                where,
                each.key,
            )
        elif told["d"]:
            value = None if each.value is None else float(each.value)
            assert value == (said if said is None else pytest.approx(said, abs=1e-6)), (
                where,
                each.key,
            )
    assert dict(figure.excluded) == {k: v for k, v in told["left out"].items() if v}, where
