"""The same indicators counted twice: of the tables, and of their files. An operator who moves what is
heavy to the files wants to know that they tell the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.asking import Asked, Group
from fellesjournal.leadership.indicators.assumptions import ASSUMPTIONS
from fellesjournal.leadership.indicators.measuring import Measured, all_measured
from fellesjournal.leadership.indicators.queries import seen_until
from fellesjournal.leadership.indicators.reading import all_units
from fellesjournal.leadership.indicators.tables import Table
from fellesjournal.leadership.indicators.trees import groups_of

_NOTHING_HELD_BACK = Rule(denominator=0, count=0)
"""What is compared is never shown: a difference in what would be held back is one too."""
_NEAR = 1e-9
"""A quotient has some digits more in one of them."""


@dataclass(frozen=True, slots=True)
class Both:
    """An indicator counted twice: seconds by the tables and by the files, in so many units, and those
    units (by number) in which they differ. ``went_on``: the record has gone on since the files, so
    that nothing can be said of what differs.
    """

    indicator: str
    units: int
    by_tables: float
    by_files: float
    differing: tuple[int, ...]
    went_on: bool


def every_group(session: Session) -> list[Group]:
    """Each unit with all below it, of all organisations. Its name is its number."""
    above = {unit: parent for unit, parent, _ in all_units(session)}
    tops = [unit for unit, parent in above.items() if parent is None or parent not in above]
    return [each for top in tops for each in groups_of(top, above, {})]


def counted_both_ways(session: Session, folder: Path, asked: Asked, groups: list[Group]) -> Both:
    """Count an indicator of the tables and of the files below a folder. Raises parquet.NothingToRead
    when a table of it has no files.
    """
    indicator, cut = asked.indicator, clock.now()
    asked = Asked(
        indicator, asked.period, asked.side, values_on(session, ASSUMPTIONS, clock.today())
    )
    began = time.perf_counter()
    (here,) = all_measured(session.connection(), [asked], groups, cut=cut, rule=_NOTHING_HELD_BACK)
    by_tables = time.perf_counter() - began
    with parquet.opened(folder, indicator.tables) as files:
        began = time.perf_counter()
        (there,) = all_measured(files, [asked], groups, cut=cut, rule=_NOTHING_HELD_BACK)
        by_files = time.perf_counter() - began
    went_on = any(_is_ahead(session, folder, table) for table in indicator.tables)
    differing = tuple(
        each.number for each in groups if not is_alike(here[each.unit], there[each.unit])
    )
    return Both(str(indicator.id), len(groups), by_tables, by_files, differing, went_on)


def is_alike(one: Measured, other: Measured) -> bool:
    """Whether two figures tell the same, with all that stands beside them."""
    return _counts(one) == _counts(other) and all(
        a is b is None
        or (a is not None and b is not None and math.isclose(a, b, rel_tol=_NEAR, abs_tol=1e-12))
        for a, b in zip(_values(one), _values(other), strict=True)
    )


def _counts(found: Measured) -> list[object]:
    figure = found.figure
    return [
        figure.status, figure.reason, figure.numerator, figure.denominator, figure.excluded,
        *((each.key, each.numerator, each.denominator) for each in found.companions),
    ]  # fmt: skip


def _values(found: Measured) -> Iterator[float | None]:
    for value in (found.figure.value, *(each.value for each in found.companions)):
        yield None if value is None else float(value)


def _is_ahead(session: Session, folder: Path, table: Table) -> bool:
    return seen_until(session, table) != parquet.written_until(folder, table)


__all__ = ["Both", "counted_both_ways", "every_group", "is_alike"]
