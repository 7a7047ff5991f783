"""Asking the tables: indicators for groups of units and a period, with what must be held back left out.

A leader asks for her own units and below (reading.py); a group is what one figure is of: a unit with
all below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.intervals import wilson
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.ratios import ratio
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.asking import (
    BEFORE,
    Asked,
    Group,
    Side,
    bundled,
    parameters,
)
from fellesjournal.leadership.indicators.definition import Companion, Indicator, Scoring
from fellesjournal.leadership.indicators.parts import (
    FIGURE,
    LEFT_OUT,
    Hidden,
    Parts,
    Shown,
    decided,
    parts_of,
)

if TYPE_CHECKING:  # DuckDB takes 16 MB, which a process that serves pages does not need
    from fellesjournal.leadership.indicators.parquet import Files

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    """A figure with its companions, in their order. ``is_carried``: too few are new since it was
    counted, at the cut it tells.
    """

    figure: Figure
    companions: tuple[Beside, ...] = field(default=())
    is_carried: bool = False


def measured(
    database: psycopg.Connection[Any] | Files,
    indicator: Indicator,
    period: Period,
    groups: Sequence[Group],
    *,
    cut: datetime,
    seen: datetime | None = None,
    rule: Rule = RULE,
    side: Side = Side.FROM,
    values: Mapping[str, Decimal] | None = None,
) -> dict[str, Measured]:
    """The figures of all groups, by unit, in one statement: of the tables, or of their files
    (``parquet.opened``), by nothing that was shown before. ``cut``: what comes to pass later does
    not count. ``seen``, when it is earlier: up to when the tables have seen the record.
    """
    return all_measured(
        database, [Asked(indicator, period, side, values)], groups, cut=cut, seen=seen, rule=rule
    )[0]


def all_measured(
    database: psycopg.Connection[Any] | Files,
    asked: Sequence[Asked],
    groups: Sequence[Group],
    *,
    cut: datetime,
    seen: datetime | None = None,
    rule: Rule = RULE,
) -> list[dict[str, Measured]]:
    """As :func:`measured`, of several questions: in one statement those that :func:`asking.bundled` says."""
    found = []
    for each, now in zip(asked, counted(database, asked, groups, cut), strict=True):
        shown = decided(each.indicator, groups, now, {}, rule).shown
        found.append(told(each, groups, shown, cut, seen or cut))
    return found


def counted(
    database: psycopg.Connection[Any] | Files,
    asked: Sequence[Asked],
    groups: Sequence[Group],
    cut: datetime,
) -> list[dict[str, Parts]]:
    """What there is of each unit, for each question, with nothing held back: for :func:`parts.decided` alone."""
    rows: list[dict[int, dict[str, Any]]] = [{} for _ in asked]
    for places in bundled(asked):
        first, periods = asked[places[0]], [asked[place].period for place in places]
        given = parameters(first, groups, cut, periods)
        cursor = database.execute(BEFORE + first.indicator.query, given)
        names = [column.name for column in cursor.description or ()]
        for values in cursor:
            row = dict(zip(names, values, strict=True))
            rows[places[row.get("period", 0)]][row["grp"]] = row
    at = clock.microseconds(cut)
    return [
        {group.unit: parts_of(each.indicator, of.get(group.number, {}), at) for group in groups}
        for each, of in zip(asked, rows, strict=True)
    ]


def told(
    asked: Asked,
    groups: Sequence[Group],
    shown: Mapping[str, Mapping[str, Shown]],
    cut: datetime,
    seen: datetime,
) -> dict[str, Measured]:
    """The figures as they are shown."""
    return {group.unit: _measured(asked, group, shown[group.unit], cut, seen) for group in groups}


def _measured(
    asked: Asked, group: Group, shown: Mapping[str, Shown], cut: datetime, seen: datetime
) -> Measured:
    figure = _figure(asked, group, shown, cut, seen)
    own = shown[FIGURE]
    return Measured(
        figure,
        tuple(_beside(each, shown[each.key]) for each in asked.indicator.companions),
        is_carried=isinstance(own, Hidden) is False and getattr(own, "is_carried", False),
    )


def _figure(
    asked: Asked, group: Group, shown: Mapping[str, Shown], cut: datetime, seen: datetime
) -> Figure:
    own = shown[FIGURE]
    none = Figure(
        definition=asked.definition, unit=group.unit, period=asked.period, data_cut=seen,
        status=Status.NO_OBSERVATIONS, reason="no-observations", excluded=_left_out(shown),
        elapsed_share=asked.period.elapsed_share(cut), source=asked.indicator.source.get("en", ""),
    )  # fmt: skip
    if isinstance(own, Hidden):
        reason = "few" if own.is_small else "would-tell-another"
        return replace(none, status=Status.SUPPRESSED, reason=reason, excluded={})
    if own.denominator == 0:
        return none
    status = Status.FINAL if none.elapsed_share >= 1 else Status.PROVISIONAL
    common = replace(
        none, status=status, reason="", denominator=Fraction(own.denominator),
        data_cut=_EPOCH + timedelta(microseconds=own.at) if own.is_carried else seen,
    )  # fmt: skip
    if asked.indicator.scoring is not Scoring.PROPORTION or own.numerator is None:
        return replace(common, value=own.value)
    return replace(
        common, numerator=Fraction(own.numerator),
        value=ratio(own.numerator, own.denominator).value,
        interval=wilson(own.numerator, own.denominator),
    )  # fmt: skip


def _left_out(shown: Mapping[str, Shown]) -> dict[str, int | None]:
    """How many were left out, by reason; None: so few that it is not told."""
    return {
        name.removeprefix(LEFT_OUT): None if isinstance(part, Hidden) else part.denominator
        for name, part in shown.items()
        if name.startswith(LEFT_OUT) and (isinstance(part, Hidden) or part.denominator)
    }


def _beside(companion: Companion, part: Shown) -> Beside:
    if isinstance(part, Hidden):
        return Beside(companion.key, None, is_hidden=True)
    if part.denominator == 0:
        return Beside(companion.key, None)
    if part.numerator is None:
        return Beside(companion.key, part.value)
    value = ratio(part.numerator, part.denominator).value
    return Beside(companion.key, value, part.numerator, part.denominator)


__all__ = ["Beside", "Group", "Measured", "all_measured", "counted", "measured", "told"]
