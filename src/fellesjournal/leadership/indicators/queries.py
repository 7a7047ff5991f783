"""What is known of the tables themselves."""

from __future__ import annotations

from datetime import datetime

from fellesjournal.fhir.bodies import seq_time
from fellesjournal.foundation.database.connection import connection


def seen_until(view: str) -> datetime | None:
    """The moment up to which the table of a view has seen the record; None before it stands."""
    row = connection().execute(
        "select position from figures.flattened where view = %s and stands", [view]
    ).fetchone()  # fmt: skip
    return None if row is None else seq_time(row[0])


def refused(view: str) -> int:
    """How many resources do not fit the view, and are missing in its table."""
    row = connection().execute(
        "select count(*) from figures.refused r join figures.flattened f using (generation)"
        " where f.view = %s and f.stands",
        [view],
    ).fetchone()  # fmt: skip
    assert row is not None  # count always answers
    return int(row[0])


__all__ = ["refused", "seen_until"]
