"""What somebody can work out who sees all that is shown: sums of counts, exactly.

She knows how units lie below each other. What she must not learn is how it went for a few.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = dict[Hashable, Fraction]


@dataclass
class Attack:
    """Sums that are known, each reduced by those before it (Gaussian elimination)."""

    rows: dict[Hashable, tuple[Row, Fraction]] = field(default_factory=dict)

    def learn(self, of: Mapping[Any, Fraction | int], value: Fraction | int) -> None:
        """So many of each count make a number that is shown."""
        row, rest = self._reduced(of, Fraction(value))
        if not row:
            assert rest == 0, "what is shown contradicts itself"
            return
        pivot = next(iter(row))
        times = row[pivot]
        row = {name: each / times for name, each in row.items()}
        rest /= times
        for other, (old, said) in list(self.rows.items()):
            if pivot in old:
                many = old[pivot]
                self.rows[other] = _less(old, row, many), said - many * rest
        self.rows[pivot] = row, rest

    def works_out(self, of: Mapping[Any, Fraction | int]) -> Fraction | None:
        """The value of a sum of counts, if it follows from what was learned."""
        row, rest = self._reduced(of, Fraction(0))
        return None if row else -rest

    def _reduced(self, of: Mapping[Any, Fraction | int], value: Fraction) -> tuple[Row, Fraction]:
        row = {name: Fraction(many) for name, many in of.items() if many}
        for pivot in [name for name in row if name in self.rows]:
            many = row.get(pivot, Fraction(0))
            known, said = self.rows[pivot]
            row, value = _less(row, known, many), value - many * said
        return row, value


def _less(row: Row, other: Row, times: Fraction) -> Row:
    found = dict(row)
    for name, many in other.items():
        left = found.get(name, Fraction(0)) - times * many
        if left:
            found[name] = left
        else:
            found.pop(name, None)
    return found


__all__ = ["Attack"]
