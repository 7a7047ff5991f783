"""Figures are shown through here and nowhere else, and what was shown is remembered.

Two looks at a growing number differ by what has come between them: by one person, if one may look
often enough. A part of a figure therefore moves only when it has moved by enough, and stands as it was
until then (``parts.decided``), on every page, in every file and over the API alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.asking import BEFORE, Asked, Group, bundled, parameters
from fellesjournal.leadership.indicators.measuring import Measured, told
from fellesjournal.leadership.indicators.parts import (
    HELD,
    Decision,
    Part,
    Parts,
    Shown,
    decided,
    parts_of,
)

_LOCK = "publish-figures"
_PARAMETER = re.compile(r"%\((\w+)\)s")
Database = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Key:
    """Of which question something was shown: others are never compared with it."""

    definition: str
    starts: date
    ends: date
    side: str

    @classmethod
    def of(cls, asked: Asked) -> Key:
        """That of a question."""
        period = asked.period
        return cls(asked.definition.hash, period.start, period.end, str(asked.side))


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """A transaction in which nobody else shows figures: each look follows the one before it."""
    with transaction():
        database.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        yield


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
    have seen the record.
    """
    with locked(database):
        found = looked_at(database, asked, groups, cut=cut, rule=rule)
    return [
        told(each, groups, look.shown, cut, until)
        for each, look, until in zip(asked, found, seen, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of each unit, part by part; what was ``counted``, and all that was remembered ``before``
    of the question, by the number of the unit: for other decisions alone.
    """

    counted: Mapping[str, Parts]
    shown: Mapping[str, Mapping[str, Shown]]
    before: Mapping[int, Mapping[str, Part]]


def looked_at(
    database: Database,
    asked: Sequence[Asked],
    groups: Sequence[Group],
    *,
    cut: datetime,
    rule: Rule = RULE,
    also: Sequence[int] = (),
) -> list[Look]:
    """What is shown of each unit, for each question; remembered from now on. For :func:`locked` alone.
    ``also``: other numbers whose memory is wanted.
    """
    now = _counted(database, asked, groups, cut)
    keys = [Key.of(each) for each in asked]
    before = remembered_of(database, keys, [*(group.number for group in groups), *also])
    decisions = []
    for key, each, parts in zip(keys, asked, now, strict=True):
        was = {group.unit: before.get(key, {}).get(group.number, {}) for group in groups}
        decisions.append(decided(each.indicator, groups, parts, was, rule))
    _write(database, _moved(keys, groups, decisions, before))
    return [
        Look(parts, each.shown, before.get(key, {}))
        for key, parts, each in zip(keys, now, decisions, strict=True)
    ]


def _counted(
    database: Database, asked: Sequence[Asked], groups: Sequence[Group], cut: datetime
) -> list[dict[str, Parts]]:
    """Of all questions in one statement: each row as JSON, with the number of the bundle of questions
    that it answers one of.
    """
    texts: list[str] = []
    given: dict[str, Any] = {}
    bundles = bundled(asked)
    for number, places in enumerate(bundles):
        first = asked[places[0]]
        query = _PARAMETER.sub(rf"%(\1_{number})s", BEFORE + first.indicator.query)
        texts.append(f"(select {number} as which, row_to_json(q)::text as said from ({query}) q)")
        own = parameters(first, groups, cut, [asked[place].period for place in places])
        given |= {f"{name}_{number}": value for name, value in own.items()}
    rows: list[dict[int, Mapping[str, Any]]] = [{} for _ in asked]
    for which, said in database.execute("\nunion all\n".join(texts).encode(), given):
        row = json.loads(said, parse_float=Decimal)
        rows[bundles[which][row.get("period", 0)]][row["grp"]] = row
    at = clock.microseconds(cut)
    return [
        {group.unit: parts_of(each.indicator, of.get(group.number, {}), at) for group in groups}
        for each, of in zip(asked, rows, strict=True)
    ]


def remember(
    database: Database, key: Key, rows: Iterable[tuple[int, str, Part, Part | None]]
) -> None:
    """Keep what is shown now: of (unit, name, part, what was shown before) those that differ."""
    remember_all(database, ((key, *row) for row in rows))


def remember_all(
    database: Database, rows: Iterable[tuple[Key, int, str, Part, Part | None]]
) -> None:
    """The same of several questions, in one statement."""
    _write(
        database,
        (_row(key, unit, name, part) for key, unit, name, part, was in rows if _differs(part, was)),
    )


def remembered_of(
    database: Database, keys: Sequence[Key], units: Sequence[int]
) -> dict[Key, dict[int, dict[str, Part]]]:
    """What was shown of questions: number of a unit -> name -> part."""
    rows = database.execute(
        "select a.n, p.unit, p.part, p.numerator, p.denominator, p.value, p.at from figures.published p"
        " join unnest(%s::int[], %s::text[], %s::date[], %s::date[], %s::text[])"
        " a(n, definition, starts, ends, side) using (definition, starts, ends, side)"
        " where p.unit = any(%s)",
        [
            list(range(len(keys))), [key.definition for key in keys], [key.starts for key in keys],
            [key.ends for key in keys], [key.side for key in keys], list(units),
        ],
    )  # fmt: skip
    found: dict[Key, dict[int, dict[str, Part]]] = {}
    for which, unit, name, numerator, denominator, value, at in rows:
        part = Part(numerator, denominator, None if value is None else Fraction(value), at)
        found.setdefault(keys[which], {}).setdefault(unit, {})[name] = part
    return found


def _moved(
    keys: Sequence[Key],
    groups: Sequence[Group],
    decisions: Sequence[Decision],
    before: Mapping[Key, Mapping[int, Mapping[str, Part]]],
) -> Iterator[tuple[Any, ...]]:
    """Rows of what is shown now for the first time, or otherwise than before; and of what is held."""
    for key, decision in zip(keys, decisions, strict=True):
        for group in groups:
            was = before.get(key, {}).get(group.number, {})
            now = {
                name: part
                for name, part in decision.shown[group.unit].items()
                if isinstance(part, Part) and not part.is_carried
            }
            now |= {HELD + name: part for name, part in decision.held.get(group.unit, {}).items()}
            for name, part in now.items():
                if _differs(part, was.get(name)):
                    yield _row(key, group.number, name, part)


def _row(key: Key, unit: int, name: str, part: Part) -> tuple[Any, ...]:
    value = None if part.value is None else str(part.value)
    return (
        key.definition, key.starts, key.ends, key.side, unit, name, part.numerator, part.denominator,
        value, part.at,
    )  # fmt: skip


def _differs(part: Part, was: Part | None) -> bool:
    if was is None:
        return part.denominator > 0
    return (part.numerator, part.denominator, part.value) != (
        was.numerator, was.denominator, was.value,
    )  # fmt: skip


def _write(database: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    if columns:
        database.execute(
            "insert into figures.published select * from unnest(%s::text[], %s::date[], %s::date[],"
            " %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])"
            " on conflict (definition, starts, ends, side, unit, part) do update set numerator ="
            " excluded.numerator, denominator = excluded.denominator, value = excluded.value, at = excluded.at",
            [list(column) for column in columns],
        )


__all__ = [
    "Key",
    "Look",
    "locked",
    "looked_at",
    "published",
    "remember",
    "remember_all",
    "remembered_of",
]
