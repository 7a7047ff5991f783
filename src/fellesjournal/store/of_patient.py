"""All of one patient, by type, in one statement: what a chart is made of."""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.visibility import Visibility


def of_patient_statement(visibility: Visibility) -> str:
    """SQL: the newest of each wanted type in a patient's compartment, newest main date first.

    Each resource is held to the visibility by itself. Whether the Patient is visible too is not
    asked: who may see the medicines and not who she is would be told that there are none.
    Parameters: patient id, type numbers, and how many of each. Columns: rid, patient, type
    number, id, version, seq, body.
    """
    return (
        "select e.rid, e.patient, e.type, r.fhir_id, e.version, e.seq, v.body"
        " from (select p.rid from store.resource p"
        f"  where p.type = {type_number('Patient')} and p.fhir_id = %s and not p.deleted"
        "  and p.version > 0) owner"
        " cross join unnest(%s::smallint[], %s::integer[]) w(type, most)"
        " cross join lateral ("
        "  select c.rid, c.patient, c.type, c.version, c.seq, c.date_lo from store.entry c"
        "  where c.patient = owner.rid and c.patient <> 0 and c.type = w.type"
        f"  and c.died is null and {visibility.sql('c')}"
        "  order by c.date_lo desc nulls last, c.seq desc limit w.most) e"
        " join store.resource r on r.rid = e.rid"
        " join store.version v on v.rid = e.rid and v.version = e.version"
        " order by e.type, e.date_lo desc nulls last, e.seq desc"
    )


def known_statement(visibility: Visibility) -> str:
    """SQL: the bodies of known resources. Parameters: type numbers, ids; columns as above."""
    return (
        "select r.rid, r.patient, r.type, r.fhir_id, r.version, r.seq, v.body"
        " from unnest(%s::smallint[], %s::text[]) w(type, id)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.id"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        f" where r.version > 0 and not r.deleted and {visibility.sql('r')}"
    )


def numbers_of(limits: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Type names and limits as the parameters of :func:`of_patient_statement`."""
    return [type_number(name) for name in limits], list(limits.values())
