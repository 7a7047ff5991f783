"""A workshop and the rows of its worksheet, as they are kept: each row is a document of its own, so that
many can write at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fellesjournal.leadership.benefits.worksheet import Row


@dataclass(frozen=True, slots=True)
class Area:
    """A service that takes part: how many came, and the hours it is staffed with in a year, None when
    nobody has said.
    """

    name: str
    participants: int = 0
    staffed_hours: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where and when people of several services went through their tasks. ``unit`` is a reference."""

    unit: str
    title: str
    day: date
    areas: tuple[Area, ...] = ()
    materials: str = ""

    @property
    def staffed(self) -> dict[str, Fraction]:
        """The hours of those services that have said them."""
        return {
            each.name: each.staffed_hours
            for each in self.areas
            if each.staffed_hours is not None
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a workshop's worksheet; one that is taken away stays, and is not counted."""

    workshop: str
    row: Row
    is_removed: bool = False


def row_key(workshop: str, row: str) -> str:
    """The key of a row's document."""
    return f"{workshop}/{row}"


__all__ = ["Area", "SheetRow", "Workshop", "row_key"]
