"""Figures are shown through here and nowhere else, and what was shown is remembered.

Two looks at a growing number differ by what has come between them: by one person, if one may look
often enough. A part of a figure therefore moves only when it has moved by enough, and stands as it was
until then (``parts.decided``), on every page, in every file and over the API alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.asking import BEFORE, Asked, Group, parameters
from fellesjournal.leadership.indicators.measuring import Measured, told
from fellesjournal.leadership.indicators.parts import Part, Parts, Shown, decided, parts_of

_LOCK = "publish-figures"
_PARAMETER = re.compile(r"%\((\w+)\)s")
Database = psycopg.Connection[Any]
_Key = tuple[str, date, date, str, int]


def published(
    database: Database,
    asked: Sequence[Asked],
    groups: Sequence[Group],
    *,
    cut: datetime,
    seen: Sequence[datetime],
    rule: Rule = RULE,
) -> list[dict[str, Measured]]:
    """The figures of all groups, by unit, for each question; ``seen`` beside each: up to when its tables
    have seen the record. Each look waits for the one before it: what both see is in one order.
    """
    with transaction():
        database.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        now = _counted(database, asked, groups, cut)
        before = _remembered(database, asked, groups)
        shown = [
            decided(each.indicator, groups, parts, before.get(at, {}), rule)
            for at, (each, parts) in enumerate(zip(asked, now, strict=True))
        ]
        _remember(database, _moved(asked, groups, shown, before))
    return [
        told(each, groups, parts, cut, until)
        for each, parts, until in zip(asked, shown, seen, strict=True)
    ]


def _counted(
    database: Database, asked: Sequence[Asked], groups: Sequence[Group], cut: datetime
) -> list[dict[str, Parts]]:
    """Of all questions in one statement: each row as JSON, with the number of its question."""
    texts: list[str] = []
    given: dict[str, Any] = {}
    for number, each in enumerate(asked):
        query = _PARAMETER.sub(rf"%(\1_{number})s", BEFORE + each.indicator.query)
        texts.append(f"(select {number} as which, row_to_json(q)::text as said from ({query}) q)")
        own = parameters(each, groups, cut)
        given |= {f"{name}_{number}": value for name, value in own.items()}
    rows: list[dict[int, Mapping[str, Any]]] = [{} for _ in asked]
    for which, said in database.execute("\nunion all\n".join(texts).encode(), given):
        row = json.loads(said, parse_float=Decimal)
        rows[which][row["grp"]] = row
    at = clock.microseconds(cut)
    return [
        {group.unit: parts_of(each.indicator, of.get(group.number, {}), at) for group in groups}
        for each, of in zip(asked, rows, strict=True)
    ]


def _keys(asked: Asked) -> tuple[str, date, date, str]:
    return asked.definition.hash, asked.period.start, asked.period.end, str(asked.side)


def _remembered(
    database: Database, asked: Sequence[Asked], groups: Sequence[Group]
) -> dict[int, dict[str, dict[str, Part]]]:
    """What was shown of each question: unit -> part."""
    keys = [_keys(each) for each in asked]
    rows = database.execute(
        "select a.n, p.unit, p.part, p.numerator, p.denominator, p.value, p.at from figures.published p"
        " join unnest(%s::int[], %s::text[], %s::date[], %s::date[], %s::text[])"
        " a(n, definition, starts, ends, side) using (definition, starts, ends, side)"
        " where p.unit = any(%s)",
        [
            list(range(len(keys))), *([key[n] for key in keys] for n in range(4)),
            [group.number for group in groups],
        ],
    )  # fmt: skip
    names = {group.number: group.unit for group in groups}
    found: dict[int, dict[str, dict[str, Part]]] = {}
    for which, unit, name, numerator, denominator, value, at in rows:
        part = Part(numerator, denominator, None if value is None else Fraction(value), at)
        found.setdefault(which, {}).setdefault(names[unit], {})[name] = part
    return found


def _moved(
    asked: Sequence[Asked],
    groups: Sequence[Group],
    shown: Sequence[Mapping[str, Mapping[str, Shown]]],
    before: Mapping[int, Mapping[str, Mapping[str, Part]]],
) -> Iterable[tuple[Any, ...]]:
    """Rows of what is shown now for the first time, or otherwise than before."""
    for at, (each, units) in enumerate(zip(asked, shown, strict=True)):
        for group in groups:
            was = before.get(at, {}).get(group.unit, {})
            for name, part in units[group.unit].items():
                if isinstance(part, Part) and not part.is_carried and _differs(part, was.get(name)):
                    value = None if part.value is None else str(part.value)
                    yield (*_keys(each), group.number, name, part.numerator, part.denominator, value,
                           part.at)  # fmt: skip


def _differs(part: Part, was: Part | None) -> bool:
    if was is None:
        return part.denominator > 0
    return (part.numerator, part.denominator, part.value) != (
        was.numerator, was.denominator, was.value,
    )  # fmt: skip


def _remember(database: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    if columns:
        database.execute(
            "insert into figures.published select * from unnest(%s::text[], %s::date[], %s::date[],"
            " %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])"
            " on conflict (definition, starts, ends, side, unit, part) do update set numerator ="
            " excluded.numerator, denominator = excluded.denominator, value = excluded.value, at = excluded.at",
            [list(column) for column in columns],
        )


__all__ = ["published"]
