"""Whether a session may write what it wants to write.

Asked twice in the transaction of the write: before it, of what stands (one must see what one
changes, and may not take it from somebody else's record), and after it, of what then stands.
What may not be seen is answered as if it were not there (INV-33).
"""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.sessions import check_writes
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.store.commit import NEW, Change, Committed, Method


def check_before(session: Session, changes: Sequence[Change]) -> None:
    """Of what stands. Raises NotFound for the unseen, NotAllowed for what may only be read.

    Only the platform chooses ids: for everybody else an update of what is not there is an
    update of what may not be seen, and neither tells which.
    """
    if session.is_unbounded:
        return
    check_writes(session, changes)
    named = [change for change in changes if change.method is not Method.POST]
    if not named:
        return
    rows = session.connection().execute(
        "select n, " + session.writable.sql("r")
        + " from unnest(%s::smallint[], %s::text[]) with ordinality w(type, id, n)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.id"
        " where r.version > 0 and " + session.visibility.sql("r"),
        [[type_number(change.type) for change in named], [change.id for change in named]],
    )  # fmt: skip
    writable = {named[n - 1].id: may for n, may in rows}
    for change in named:
        if change.id not in writable or change.expected == NEW:
            raise NotFound(f"{change.type}/{change.id} is not known")
        if not writable[change.id]:
            raise NotAllowed(
                f"{change.type}/{change.id}: may be read, not changed", code="forbidden"
            )


def check_after(
    session: Session, changes: Sequence[Change], committed: Sequence[Committed]
) -> None:
    """Of what now stands; the caller's transaction is undone by NotAllowed."""
    if session.is_unbounded or not committed:
        return
    refused = session.connection().execute(
        "select n from unnest(%s::bigint[]) with ordinality w(rid, n)"
        " join store.resource r on r.rid = w.rid where not coalesce("
        + session.writable.sql("r") + ", false) order by n limit 1",
        [[done.rid for done in committed]],
    ).fetchone()  # fmt: skip
    if refused is not None:
        change = changes[refused[0] - 1]
        raise NotAllowed(
            f"{change.type}: this role may not write it for this patient", code="forbidden"
        )


__all__ = ["check_after", "check_before"]
