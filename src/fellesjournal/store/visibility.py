"""What a caller of the store may see, as a condition of SQL.

The store knows no policy. Whoever calls it passes a :class:`Visibility`, made by
``fellesjournal.access``; each statement of the store, sub-queries included, carries it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visibility:
    """A condition over one row of store.resource, store.version or store.entry.

    ``condition`` may name the columns rid, patient and type of the row as ``{row}.rid``
    and so on. It holds no parameters: values are integers, written into the text by
    ``access``.
    """

    condition: str

    def sql(self, row: str) -> str:
        """The condition for a table alias, in parentheses."""
        return "(" + self.condition.format(row=row) + ")"


EVERYTHING = Visibility("true")
NOTHING = Visibility("false")
