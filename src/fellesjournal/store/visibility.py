"""What a caller of the store may see, as a condition of SQL.

The store knows no policy. Whoever calls it passes a :class:`Visibility`, made by
``fellesjournal.access``; each statement of the store, sub-queries included, carries it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Guard = Callable[[str, str, Sequence[str] | None], str | None]
"""From type, search parameter and values to a condition as in :class:`Visibility`, or None."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """A condition over one row of store.resource, store.version or store.entry.

    ``condition`` may name the columns rid, patient and type of the row as ``{row}.rid``
    and so on. It holds no parameters: values are integers, written into the text by
    ``access``.
    """

    condition: str
    guard: Guard | None = None
    """What is asked of a row besides, when a search or an order looks at certain elements."""

    def guarded(
        self, row: str, type_name: str, code: str, values: Sequence[str] | None
    ) -> str | None:
        """The guard of a search parameter for a table alias; None when it has none.

        ``values`` are the values sought, None for an order.
        """
        found = None if self.guard is None else self.guard(type_name, code, values)
        return None if found is None else "(" + found.format(row=row) + ")"

    def sql(self, row: str) -> str:
        """The condition for a table alias, in parentheses."""
        return "(" + self.condition.format(row=row) + ")"


EVERYTHING = Visibility("true")
NOTHING = Visibility("false")
