"""Whom an app may be opened for by a citizen: herself, and those she may act for now."""

from __future__ import annotations

from fellesjournal.access import citizens
from fellesjournal.foundation.database.connection import connection


def patients_of_citizen(person: str) -> list[str]:
    """Ids of Patients, herself first; asked anew each time (INV-38)."""
    rids = [leave.subject for leave in citizens.whom(person)]
    rows = connection().execute(
        "select fhir_id from store.resource where rid = any(%s::bigint[])"
        " order by array_position(%s::bigint[], rid)",
        [rids, rids],
    )
    return [person, *(row[0] for row in rows)]
