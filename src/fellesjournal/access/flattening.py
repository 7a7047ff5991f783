"""What the platform's own jobs take from the record to keep tables of figures: whole resources of
one type in the order of their commits, and the numbers that stand for them in those tables.

For no one else: nothing here is cut to who asks. Each batch leaves a line in the log, as the act
of the job that took it.
"""

from __future__ import annotations

from collections.abc import Collection

from fellesjournal.access import log
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.feed import Latest, latest_after

BATCH = 500


def changed_after(session: Session, type_name: str, position: int, *, limit: int = BATCH) -> Latest:
    """The resources of a type that have changed since a position, as they stand now.

    Raises NotAllowed unless the platform itself asks.
    """
    _must_be_platform(session)
    database = session.connection()
    found = latest_after(database, type_name, position, session.visibility, limit=limit)
    read = [(each.rid, each.patient) for each in found.versions if each.body is not None]
    if read:
        log.line(database, session, "export", type_name, read)
    return found


def numbers_of(session: Session, references: Collection[str]) -> dict[str, int]:
    """The numbers of resources by their references (``Patient/1``), those that are only referred
    to as well. A number stays as long as the resource; it says nothing of whom it is about.
    """
    _must_be_platform(session)
    if not references:
        return {}
    asked = sorted(references)
    pairs = [each.split("/") for each in asked]
    row = session.connection().execute(
        "select store.known_heads(%s::smallint[], %s::text[])",
        [[type_number(name) for name, _ in pairs], [fhir_id for _, fhir_id in pairs]],
    ).fetchone()  # fmt: skip
    assert row is not None  # a select without from always answers
    return {each: rid for each, rid in zip(asked, row[0], strict=True) if rid is not None}


def _must_be_platform(session: Session) -> None:
    if not session.is_unbounded:
        raise NotAllowed("only the platform keeps tables of the record", code="forbidden")


__all__ = ["BATCH", "changed_after", "numbers_of"]
