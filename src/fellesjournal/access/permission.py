"""Whether a session may write what it wants to write.

Asked twice in the transaction of the write: before it, of what stands (one must see what one
changes, and may not take it from somebody else's record), and after it, of what then stands.
What may not be seen is answered as if it were not there (INV-33).
"""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.access import (
    bookings,
    conversing,
    own_person,
    own_words,
    renewing,
    schedules,
)
from fellesjournal.access.labels import Label
from fellesjournal.access.policy.areas import AREA_OF, Area
from fellesjournal.access.relations.derive import is_oversight
from fellesjournal.access.relations.rows import patients_about
from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.sessions import check_writes
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.store.commit import NEW, Change, Committed, Method
from fellesjournal.store.indexing import unique_identifiers


def check_before(session: Session, changes: Sequence[Change]) -> None:
    """Of what stands. Raises NotFound for the unseen, NotAllowed for what may only be read.

    Only the platform chooses ids: for everybody else an update of what is not there is an
    update of what may not be seen, and neither tells which.
    """
    if session.is_unbounded:
        return
    check_writes(session, changes)
    _check_seen(session, changes)
    for change in changes:
        if change.body is not None and is_oversight(change.body.data):
            raise NotAllowed(f"{change.type}: reviews are the platform's", code="forbidden")
    bookings.check(session, changes)
    own_words.check(session, changes)
    own_person.check(session, changes)
    conversing.check(session, changes)
    renewing.check(session, changes)
    schedules.check(session, changes)


def _check_seen(session: Session, changes: Sequence[Change]) -> None:
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
        if not writable[change.id] or not _may_change(session, change):
            raise NotAllowed(
                f"{change.type}/{change.id}: may be read, not changed", code="forbidden"
            )


def _may_change(session: Session, change: Change) -> bool:
    """A citizen adds to a record; of what stands there she changes her own consents and blocks,
    her appointments as far as ``bookings`` goes, who she is as far as ``own_person`` does, and says
    of her own measurements that they were wrong (``own_words.takes_back``).

    What others wrote is changed by their correction alone (policy/citizen.py), and whatever
    she has sent, somebody may have acted on.
    """
    if session.kind != "citizen":
        return True
    if change.type == "Observation":
        return own_words.takes_back(session, change)
    hers = AREA_OF[change.type] in Area.PRIVACY | Area.PERSON or change.type == "Appointment"
    return hers and change.method is not Method.DELETE


def check_numbers(session: Session, changes: Sequence[Change]) -> None:
    """National numbers are the register's: nobody else gives, takes or changes them.

    Whether a number is in use here would otherwise be told by the refusal of a second one.
    Raises NotAllowed.
    """
    if session.is_unbounded:
        return
    for change in changes:
        if change.type != "Patient" or change.body is None:
            continue
        standing = session.connection().execute(
            "select u.system, u.value from store.unique_identifier u"
            " join store.resource r on r.rid = u.rid where r.type = %s and r.fhir_id = %s",
            [type_number("Patient"), change.id],
        ).fetchall()  # fmt: skip
        if set(standing) != set(unique_identifiers("Patient", change.body.data)):
            raise NotAllowed("Patient: the register alone gives national numbers", code="forbidden")


def check_after(
    session: Session, changes: Sequence[Change], committed: Sequence[Committed]
) -> None:
    """Of what now stands; the caller's transaction is undone by NotAllowed.

    Asked before grounds are derived from what was written: nobody writes her own ground. Each
    patient that a resource is about counts, the one whose record it is in first.
    """
    if session.is_unbounded or not committed:
        return
    others = [
        (n, fhir_id)
        for n, change in enumerate(changes)
        if change.body is not None
        for fhir_id in patients_about(change.body.data)
    ]
    refused = session.connection().execute(
        "with written as (select n - 1 as n, r.rid, r.patient, r.type, r.version,"
        # who else it is about is asked here, patient by patient
        f" r.labels & {~int(Label.SEVERAL_PATIENTS)} as labels"
        " from unnest(%s::bigint[]) with ordinality w(rid, n) join store.resource r on r.rid = w.rid),"
        " asked as (select * from written union all"
        " select w.n, w.rid, coalesce(p.rid, -1), w.type, w.version, w.labels"
        " from unnest(%s::bigint[], %s::text[]) o(n, id) join written w on w.n = o.n"
        " left join store.resource p on p.type = %s and p.fhir_id = o.id)"
        " select n from asked k where not coalesce("
        + session.writable.sql("k") + ", false) order by n limit 1",
        [
            [done.rid for done in committed],
            [n for n, _ in others], [fhir_id for _, fhir_id in others], type_number("Patient"),
        ],
    ).fetchone()  # fmt: skip
    if refused is not None:
        change = changes[refused[0]]
        raise NotAllowed(
            f"{change.type}: this role may not write it for this patient", code="forbidden"
        )


__all__ = ["check_after", "check_before", "check_numbers"]
