"""What an indicator is: its texts, what it counts and how, under one hash.

From one definition come the one-pager, the FHIR Measure, the tile and the page; figures of
different hashes are never compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from fellesjournal.leadership.figures.assumptions import Assumption
from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.indicators.tables import Table

Text = Mapping[str, str]
"""The same in nb, nn and en."""


class Scoring(StrEnum):
    """http://terminology.hl7.org/CodeSystem/measure-scoring."""

    PROPORTION = "proportion"
    RATIO = "ratio"
    CONTINUOUS = "continuous-variable"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Companion:
    """A figure that is always shown beside: ``<key>_n`` and ``<key>_d`` of the query, or for one
    that is no share ``<key>`` in ``unit``.
    """

    key: str
    titles: Text
    is_share: bool = True
    unit: str = ""
    adds_up: str = ""
    """Companions of one word add up, together with the figure: one of them tells another."""
    is_of_own: bool = False
    """Whether a number is of others than the figure: of ``<key>_d``, as the query says."""


def texts(nb: str, nn: str, en: str) -> Text:
    """The same in three languages."""
    return {"nb": nb, "nn": nn, "en": en}


def share(key: str, nb: str, nn: str, en: str, *, adds_up: str = "") -> Companion:
    """A companion that is a share."""
    return Companion(key, texts(nb, nn, en), adds_up=adds_up)


def number(
    key: str,
    nb: str,
    nn: str,
    en: str,
    *,
    unit: str = "",
    adds_up: str = "",
    is_of_own: bool = False,
) -> Companion:
    """A companion that is a number."""
    return Companion(
        key, texts(nb, nn, en), is_share=False, unit=unit, adds_up=adds_up, is_of_own=is_of_own
    )


@dataclass(frozen=True)
class Indicator:
    """One indicator. ``query`` is SQL over ``tables`` with the parameters ``start`` and ``end`` (days,
    the end not in it), ``cut`` (microseconds since 1970: what was due later does not count yet) and
    ``today`` (its day), after ``asked(unit, grp)``, ``calendar`` and ``periods`` (asking.py). It gives one row for
    each group: ``grp``, ``numerator``, ``denominator``, the columns of the companions, and
    ``x_<reason>`` for what was left out.
    """

    id: str
    version: str
    aliases: tuple[str, ...]
    titles: Text
    description: Text
    functionality: Text
    categories: Text
    services: Text
    numerator: Text
    denominator: Text
    scoring: Scoring
    direction: Direction
    tables: tuple[Table, ...]
    query: str
    companions: tuple[Companion, ...] = ()
    exclusions: Mapping[str, Text] = field(default_factory=dict)
    source: Text = field(default_factory=dict)
    window_days: int = 0
    """How many days one value is of, where it is not a month."""
    unit: str = ""
    """Of a value that is no share."""
    balance: Text = field(default_factory=dict)
    """What must not grow worse meanwhile, and where it stands."""
    has_sides: bool = False
    """Whether it is of handovers: the query takes the parameter ``side``, from or to."""
    reads: tuple[Assumption, ...] = ()
    """Assumptions that the query has as parameters, by key with _ for -."""
    is_clocked: bool = False
    """Whether it counts in the agreed hours."""
    is_by_period: bool = False
    """Whether the query may be asked of several periods at once: it then gives a row for each group and
    ``period`` of ``periods``.
    """

    @cached_property
    def hash(self) -> str:
        """Changes with whatever changes a value: the query, and the views it counts in."""
        of = "\n".join(
            [
                self.version, self.query, *(table.view.digest for table in self.tables),
                *(f"{each.key} {each.value}" for each in self.reads),
            ]
        )  # fmt: skip
        return hashlib.sha256(of.encode()).hexdigest()[:16]

    @property
    def definition(self) -> Definition:
        """What its figures carry."""
        return Definition(self.id, self.version, self.hash)

    def is_called(self, name: str) -> bool:
        """Whether the name is its id or another it has."""
        return name in {self.id, *self.aliases}


__all__ = [
    "Companion", "Direction", "Indicator", "Scoring", "Text", "number", "share", "texts",
]  # fmt: skip
