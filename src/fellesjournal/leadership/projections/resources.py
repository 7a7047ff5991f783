"""What is read in for projections: the rows of a file, kept once, and which file is gone by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Activity

SAVED_BY = frozenset({Duty.REALISE_BENEFITS, Duty.ROLL_OUT})


class Table(StrEnum):
    """What a file is about."""

    POPULATION = "population"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from. ``checksum`` is the SHA-256 of the file as it was sent, and the key of
    its rows.
    """

    table: Table
    source: str
    licence: str
    published: date
    checksum: str
    rows: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file says: one of the two."""

    populations: tuple[Population, ...] = ()
    activity: tuple[Activity, ...] = ()


ORIGINS: Kind[Origin] = Kind("projection-origin", Origin, saved_by=SAVED_BY)
"""By the name of the table; its versions are the files that were gone by, newest first."""
ROWS: Kind[Rows] = Kind("projection-rows", Rows, saved_by=SAVED_BY)
NOTHING = Decimal(0)

__all__ = ["NOTHING", "ORIGINS", "ROWS", "SAVED_BY", "Origin", "Rows", "Table"]
