"""What was shown of figures that follow no definition in the catalogue: of HelsaMi by week and place, of
schedules by month and unit. It is kept where that of all others is (``publishing``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.indicators.parts import HELD, Part
from fellesjournal.leadership.indicators.publishing import (
    Database,
    Key,
    remember_all,
    remembered_of,
)

_SIDE = "from"
_Where = tuple[Period, int, str]


@dataclass(slots=True)
class Memory:
    """Parts by period, number of a unit, and name: as they were shown, and as they stood when they were held
    back. What is shown now is written into it, and kept by :func:`keep`.
    """

    before: Mapping[_Where, Part] = field(default_factory=dict)
    now: dict[_Where, Part] = field(default_factory=dict)

    def was(self, period: Period, unit: int, name: str) -> Part | None:
        """A part as it was shown."""
        return self.before.get((period, unit, name))

    def held(self, period: Period, unit: int, name: str) -> Part | None:
        """A part as it stood when it was held back beside a sum."""
        return self.before.get((period, unit, HELD + name))

    def of(self, period: Period, unit: int, names: Iterable[str]) -> dict[str, Part]:
        """What is remembered of some parts of a unit, those held back under ``HELD`` and their name."""
        wanted = [each for name in names for each in (name, HELD + name)]
        found = ((name, self.before.get((period, unit, name))) for name in wanted)
        return {name: part for name, part in found if part is not None}

    def nearest(self, period: Period, unit: int, names: Iterable[str]) -> dict[str, Part]:
        """As :func:`of`; where nothing is remembered of the period, what is of the nearest before it, and else
        after it: of numbers that grow from one period to the next.
        """
        found = self.of(period, unit, names)
        for name in names:
            for each in (name, HELD + name):
                near = self._near(period, unit, each) if each not in found else None
                if near is not None:
                    found[each] = near
        return found

    def _near(self, period: Period, unit: int, name: str) -> Part | None:
        at = sorted(each for each, number, own in self.before if (number, own) == (unit, name))
        earlier = [each for each in at if each < period]
        wanted = earlier[-1] if earlier else at[0] if at else None
        return None if wanted is None else self.before[wanted, unit, name]

    def show(self, period: Period, unit: int, name: str, part: Part) -> None:
        """From now on it was shown like this."""
        self.now[period, unit, name] = replace(part, at=clock.microseconds(clock.now()))

    def hold(self, period: Period, unit: int, name: str, part: Part) -> None:
        """From now on it was held back when it stood like this."""
        self.show(period, unit, HELD + name, part)

    def after(self) -> Memory:
        """What the next look remembers."""
        return Memory({**self.before, **self.now})


def opened(
    database: Database, definition: str, periods: Iterable[Period], units: Iterable[int]
) -> Memory:
    """What was shown under a definition (its hash) of units in periods. For ``publishing.locked`` alone."""
    keys = {Key(definition, each.start, each.end, _SIDE): each for each in periods}
    rows = remembered_of(database, list(keys), sorted(set(units)))
    return Memory(
        {
            (keys[key], unit, name): part
            for key, of in rows.items()
            for unit, parts in of.items()
            for name, part in parts.items()
        }
    )


def keep(database: Database, definition: str, memory: Memory) -> None:
    """Remember what is shown now, where it differs. For ``publishing.locked`` alone."""
    remember_all(database, _rows(definition, memory))


def _rows(definition: str, memory: Memory) -> Iterator[tuple[Key, int, str, Part, Part | None]]:
    for where, part in memory.now.items():
        period, unit, name = where
        key = Key(definition, period.start, period.end, _SIDE)
        yield key, unit, name, part, memory.before.get(where)


__all__ = ["Memory", "keep", "opened"]
