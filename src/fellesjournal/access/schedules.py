"""Whose schedules a member of staff may write: those of people, services and rooms of her unit.

Schedules are about no patient, so that the area alone would let every office rule every other's
times. An assumption of the project (configurable, this module is the place): her own unit and
those below it. The platform's own imports are not staff.

Nor does she take time of another unit's schedules for a patient of hers: what an Appointment claims
(store/claims.py) nobody else can give. To call one off, or to say that the patient came, takes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import psycopg

from fellesjournal.access.directory.rules import is_within
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.definitions import type_name, type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.claims import claims_of, schedule_of
from fellesjournal.store.commit import Change, Method
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING

# JSON of a FHIR resource
Json = Mapping[str, Any]

_UNIT_OF = {
    "PractitionerRole": "organization",
    "HealthcareService": "providedBy",
    "Location": "managingOrganization",
}
_READ = frozenset({"Schedule", "Slot", "Appointment"})
_KEPT_BY = frozenset({"Schedule", "Practitioner", "PractitionerRole"})
_MOST_ROLES = 20


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction; of what stands and of what is to stand. Raises
    NotAllowed.
    """
    if session.kind != "staff":
        return
    for change in changes:
        if change.type not in _READ:
            continue
        database = session.connection()
        stood = None
        if change.method is not Method.POST:
            stood = standing(database, f"{change.type}/{change.id}", _READ)
        wanted = None if change.body is None else change.body.data
        if change.type == "Appointment":
            _check_claims(database, stood, wanted)
            continue
        for data in (stood, wanted):
            if data is not None and not _is_hers(database, data):
                raise NotAllowed(
                    f"{change.type}: it is not of somebody at your unit", code="forbidden"
                )


def numbers_of(session: Session, references: Iterable[str]) -> dict[str, int]:
    """The numbers that stand for schedules and those who keep them in tables of figures, by reference;
    of what this session may see.
    """
    pairs = [each.split("/") for each in sorted(set(references)) if each.split("/")[0] in _KEPT_BY]
    rows = session.connection().execute(
        "select r.type, r.fhir_id, r.rid from store.resource r"
        " join unnest(%s::smallint[], %s::text[]) a(type, fhir_id)"
        " on r.type = a.type and r.fhir_id = a.fhir_id"
        f" where r.version > 0 and not r.deleted and {session.visibility.sql('r')}",
        [[type_number(kind) for kind, _ in pairs], [fhir_id for _, fhir_id in pairs]],
    )
    return {f"{type_name(kind)}/{fhir_id}": rid for kind, fhir_id, rid in rows}


def _check_claims(
    database: psycopg.Connection[Any], stood: Json | None, wanted: Json | None
) -> None:
    if not set(claims_of(wanted or {})) - set(claims_of(stood or {})):
        return
    schedule = standing(database, schedule_of(wanted or {}), _READ)
    if schedule is None or not _is_hers(database, schedule):
        raise NotAllowed(
            "Appointment: this schedule is not of somebody at your unit", code="forbidden"
        )


def _is_hers(database: psycopg.Connection[Any], data: Json) -> bool:
    if data.get("resourceType") == "Slot":
        found = standing(database, reading.reference_target(data.get("schedule")), _READ)
        return found is not None and _is_hers(database, found)
    actors = [reading.reference_target(each) for each in reading.elements(data.get("actor"))]
    return bool(actors) and all(_is_at_her_unit(database, actor) for actor in actors)


def _is_at_her_unit(database: psycopg.Connection[Any], actor: str) -> bool:
    kind, _, fhir_id = actor.partition("/")
    if kind == "Practitioner":
        query = urlencode(
            {"practitioner": actor, "active:not": "false"}
        )  # not where she worked once
        roles = search_ids(database, "PractitionerRole", query, EVERYTHING, limit=_MOST_ROLES)
        return any(_is_at_her_unit(database, f"PractitionerRole/{role}") for role in roles)
    found = standing(database, f"{kind}/{fhir_id}", _UNIT_OF)
    return found is not None and is_within(
        database, reading.reference_target(found.get(_UNIT_OF[kind]))
    )


__all__ = ["check", "numbers_of"]
