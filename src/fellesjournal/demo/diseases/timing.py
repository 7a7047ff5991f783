"""When diseases begin."""

from __future__ import annotations

from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.record import Record


def onset(record: Record, youngest: float, longest_years: float) -> int:
    """A day when a lasting disease began: not younger than an age, at most so many years ago."""
    earliest = record.person.birth + int(youngest * YEAR)
    earliest = max(earliest, record.end - int(longest_years * YEAR))
    if earliest >= record.end - 60:
        return max(record.person.birth, record.end - 60)
    return earliest + int(record.rng.random() * (record.end - 60 - earliest))


def first_contact(record: Record, began: int) -> int:
    """The day of the first recorded contact about a disease: at once when it began in the recorded
    time, else within the first four months of the record."""
    if began >= record.start:
        return began + 5 + int(record.rng.random() * 30)
    return record.start + int(record.rng.random() * 120)


def treated_from(record: Record, began: int, contact_day: int) -> int:
    """The day treatment began: long ago for an old disease, else at the first contact."""
    return contact_day if began >= record.start else began + 30
