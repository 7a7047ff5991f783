"""Which things in the record that is open somebody has opened herself, as the log has it.

Nothing else keeps that of what may never be changed, such as a signed letter. She is told of her own
openings alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.leave import REGISTER
from fellesjournal.access.readlog.times import number_at
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number

_OPENED = (
    "select distinct r.fhir_id from store.resource r"
    " join access.log l on l.patients @> array[%s::bigint] and l.id >= %s and l.act = %s"
    "  and l.outcome = %s and l.resources @> array[r.rid]"
    " where r.type = %s and r.fhir_id = any(%s)"
    "  and exists (select from access.log_who w where w.number = l.who and w.person = %s)"
)


def opened_by_herself(
    session: Session, kind: str, ids: Collection[str], *, since: datetime
) -> frozenset[str]:
    """The ids among these, of one FHIR type, that the citizen whose session it is has opened since a
    moment; one statement, none for nothing.
    """
    if not ids or session.mandate is None:
        return frozenset()
    rows = REGISTER.connection().execute(
        _OPENED,
        [
            session.mandate.subject, number_at(since), int(Act.READ), int(Outcome.DONE),
            type_number(kind), list(ids), session.person,
        ],
    )  # fmt: skip
    return frozenset(str(fhir_id) for (fhir_id,) in rows)


__all__ = ["opened_by_herself"]
