"""Asking the tables: an indicator for groups of units and a period, with what must be held back left
out.

A leader asks for her own units and below (policies.py); a group is what one figure is of: a unit with
all below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.intervals import wilson
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.ratios import ratio
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule, hidden
from fellesjournal.leadership.indicators.definition import Indicator, Scoring

if TYPE_CHECKING:  # DuckDB takes 16 MB, which a process that serves pages does not need
    from fellesjournal.leadership.indicators.parquet import Files

_ASKED = (
    "with asked(unit, grp) as (select unnest(%(units)s::bigint[]), unnest(%(groups)s::bigint[])),\n"
)


@dataclass(frozen=True, slots=True)
class Group:
    """What a figure is of: ``unit`` as ``Organization/x``, and the numbers of it and all below.
    ``parent`` is the unit that its figure is part of, "" for one that stands alone.
    """

    number: int
    unit: str
    units: tuple[int, ...]
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A companion's value: in its unit, or a share from 0 to 1; None when there is none to show."""

    key: str
    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its companions, in their order."""

    figure: Figure
    companions: tuple[Beside, ...] = field(default=())


def measured(
    database: psycopg.Connection[Any] | Files,
    indicator: Indicator,
    period: Period,
    groups: Sequence[Group],
    *,
    cut: datetime,
    seen: datetime | None = None,
    rule: Rule = RULE,
) -> dict[str, Measured]:
    """The figures of all groups, by unit, in one statement: of the tables, or of their files
    (``parquet.opened``). ``cut``: what comes to pass later does
    not count. ``seen``, when it is earlier: up to when the tables have seen the record.
    """
    pairs = [(unit, group.number) for group in groups for unit in group.units]
    asked = {
        "units": [unit for unit, _ in pairs],
        "groups": [number for _, number in pairs],
        "start": period.start,
        "end": period.end,
        "cut": clock.microseconds(cut),
    }
    cursor = database.execute(_ASKED + indicator.query, asked)
    names = [column.name for column in cursor.description or ()]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    back = (
        _held_back(groups, rows, rule) if indicator.scoring is Scoring.PROPORTION else frozenset()
    )
    return {
        group.unit: _measured(
            indicator, period, group, rows.get(group.number, {}), cut, rule,
            is_held_back=group.unit in back, seen=seen or cut,
        )
        for group in groups
    }  # fmt: skip


def _held_back(
    groups: Sequence[Group], rows: Mapping[int, Mapping[str, Any]], rule: Rule
) -> frozenset[str]:
    """The units whose figure would tell another one's, from the top down."""
    cells = {group.unit: _cell(rows.get(group.number, {})) for group in groups}
    back = {unit for unit, cell in cells.items() if cell.denominator and rule.is_small(cell)}
    for parent in groups:
        below = {group.unit: cells[group.unit] for group in groups if group.parent == parent.unit}
        if below:
            whole = cells[parent.unit]
            rest = Cell(
                whole.numerator - sum(cell.numerator for cell in below.values()),
                whole.denominator - sum(cell.denominator for cell in below.values()),
            )
            told = {unit: cell for unit, cell in {**below, "": rest}.items() if cell.denominator}
            back |= hidden(told, total_is_shown=parent.unit not in back, rule=rule)
    return frozenset(back)


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(int(row.get("numerator") or 0), int(row.get("denominator") or 0))


def _measured(
    indicator: Indicator,
    period: Period,
    group: Group,
    row: Mapping[str, Any],
    cut: datetime,
    rule: Rule,
    *,
    is_held_back: bool,
    seen: datetime,
) -> Measured:
    figure = replace(_figure(indicator, period, group, row, cut, rule), data_cut=seen)
    if is_held_back and figure.status not in {Status.SUPPRESSED, Status.NO_OBSERVATIONS}:
        figure = replace(
            figure, status=Status.SUPPRESSED, reason="would-tell-another", numerator=None,
            denominator=None, value=None, interval=None, excluded={},
        )  # fmt: skip
    is_hidden = figure.status is Status.SUPPRESSED
    return Measured(
        figure,
        tuple(
            _share(each.key, row, rule)
            if each.is_share
            else _plain(each.key, row, is_hidden=is_hidden)
            for each in indicator.companions
        ),
    )


def _figure(
    indicator: Indicator,
    period: Period,
    group: Group,
    row: Mapping[str, Any],
    cut: datetime,
    rule: Rule,
) -> Figure:
    share = period.elapsed_share(cut)
    left_out = {
        name.removeprefix("x_"): int(value)
        for name, value in row.items()
        if name.startswith("x_") and value
    }
    none = Figure(
        definition=indicator.definition, unit=group.unit, period=period, data_cut=cut,
        status=Status.NO_OBSERVATIONS, reason="no-observations", excluded=left_out,
        elapsed_share=share, source=indicator.source,
    )  # fmt: skip
    denominator = int(row.get("denominator") or 0)
    if denominator == 0:
        return none
    few = replace(none, status=Status.SUPPRESSED, reason="few", excluded={})
    status = Status.FINAL if share >= 1 else Status.PROVISIONAL
    if indicator.scoring is not Scoring.PROPORTION:
        if denominator < rule.denominator:
            return few
        return replace(
            none, status=status, reason="", value=_exact(row["value"]),
            denominator=Fraction(denominator),
        )  # fmt: skip
    numerator = int(row["numerator"])
    if rule.is_small(Cell(numerator, denominator)):
        return few
    return replace(
        none, status=status, reason="", numerator=Fraction(numerator),
        denominator=Fraction(denominator), value=ratio(numerator, denominator).value,
        interval=wilson(numerator, denominator),
    )  # fmt: skip


def _share(key: str, row: Mapping[str, Any], rule: Rule) -> Beside:
    numerator, denominator = int(row.get(f"{key}_n") or 0), int(row.get(f"{key}_d") or 0)
    if denominator == 0:
        return Beside(key, None)
    if rule.is_small(Cell(numerator, denominator)):
        return Beside(key, None, is_hidden=True)
    return Beside(key, ratio(numerator, denominator).value, numerator, denominator)


def _plain(key: str, row: Mapping[str, Any], *, is_hidden: bool) -> Beside:
    if is_hidden:
        return Beside(key, None, is_hidden=True)
    return Beside(key, _exact(row.get(key)))


def _exact(value: Decimal | float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


__all__ = ["Beside", "Group", "Measured", "measured"]
