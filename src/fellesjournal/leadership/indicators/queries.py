"""What is known of the tables themselves."""

from __future__ import annotations

from datetime import datetime

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.bodies import seq_time
from fellesjournal.leadership.indicators.tables import Table


def seen_until(session: Session, table: Table) -> datetime | None:
    """The moment up to which a table has seen the record; None as long as none stands that its
    view as it is now has made.
    """
    row = session.connection().execute(
        "select position from figures.flattened where view = %s and digest = %s and stands",
        [table.name, table.digest],
    ).fetchone()  # fmt: skip
    return None if row is None else seq_time(row[0])


def refused(session: Session, table: Table) -> int:
    """How many resources do not fit the view, and are missing in its table."""
    row = session.connection().execute(
        "select count(*) from figures.refused r join figures.flattened f using (generation)"
        " where f.view = %s and f.stands",
        [table.name],
    ).fetchone()  # fmt: skip
    assert row is not None  # count always answers
    return int(row[0])


__all__ = ["refused", "seen_until"]
