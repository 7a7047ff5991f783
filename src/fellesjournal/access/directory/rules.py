"""What a person may change in the directory, beyond what her role's areas say.

Who works where decides who may see what, so that writing the directory is giving access. These
rules hold for every member of staff on every path (pages, API, Bundles); the platform's own
imports are not staff. All are assumptions of the project (configurable, this module is the
place); norway.md section 9 L3 asks for authorisations that are named, documented and limited.

- Roles are given by whoever has that duty, at her own unit and those below it, never to herself.
- A role that asks for an authorisation is given only to somebody who has one in the record.
- A unit or service stays below the unit of who registers it, before and after the change.
- A substitute stands in for somebody at those units only: she has that person's grounds.
- A Practitioner can be added, not changed, and not with a number that another has: the numbers
  decide who signs in as her, and with two of them nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import psycopg

from fellesjournal.access.directory.authorised import is_authorised
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.commit import Change, Method
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING

_PARENT = {"Organization": "partOf", "HealthcareService": "providedBy"}
_RULED = frozenset({"Practitioner", "PractitionerRole", *_PARENT})
_DUTY = {
    "Practitioner": Duty.MANAGE_ROLES,
    "PractitionerRole": Duty.MANAGE_ROLES,
    "Organization": Duty.MANAGE_UNITS,
    "HealthcareService": Duty.MANAGE_UNITS,
}

# A unit's own number, and those of all above it.
_WITHIN = (
    "with recursive up(place, n) as ("
    " select r.rid, 0 from store.resource r where r.type = %s and r.fhir_id = %s and not r.deleted"
    " union all select p.parent, up.n + 1 from up join access.part_of p on p.source = up.place"
    " where up.n < 12)"
    " select coalesce(bool_or(place = current_setting('fj.unit')::bigint), false),"
    " coalesce(bool_or(place = current_setting('fj.unit')::bigint and n > 0), false) from up"
)
# The entered person's own unit, and those of all above it.
_ABOVE = (
    "with recursive up(place, n) as ("
    " select current_setting('fj.unit')::bigint, 0"
    " union all select p.parent, up.n + 1 from up join access.part_of p on p.source = up.place"
    " where up.n < 12)"
    " select exists(select from up join store.resource r on r.rid = up.place"
    "  where r.type = %s and r.fhir_id = %s and not r.deleted)"
)


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed."""
    if session.kind != "staff":
        return
    for change in changes:
        if change.type in _RULED:
            _check(session, change)


def is_within(database: psycopg.Connection[Any], reference: str, *, below: bool = False) -> bool:
    """Whether a unit or service is the entered person's own unit or below it; with ``below``
    only the latter.
    """
    kind, _, fhir_id = reference.partition("/")
    if kind not in _PARENT:
        return False
    row = database.execute(_WITHIN, [type_number(kind), fhir_id]).fetchone()
    return row is not None and bool(row[1] if below else row[0])


def leads_up_to(database: psycopg.Connection[Any], reference: str) -> bool:
    """Whether a unit or service is the entered person's own unit or one above it."""
    kind, _, fhir_id = reference.partition("/")
    if kind not in _PARENT:
        return False
    row = database.execute(_ABOVE, [type_number(kind), fhir_id]).fetchone()
    return row is not None and bool(row[0])


def _check(session: Session, change: Change) -> None:
    role = role_of(session.role)
    if role is None or _DUTY[change.type] not in role.duties:
        raise _refused(change, "this role does not keep the directory")
    database = session.connection()
    standing = None if change.method is Method.POST else _standing(database, change)
    wanted = None if change.body is None else change.body.data
    if change.type == "Practitioner":
        if change.method is not Method.POST:
            raise _refused(change, "who somebody is comes from the register of personnel")
        _check_numbers(database, change)
        return
    for data in (standing, wanted):
        if data is None:
            continue
        if change.type == "PractitionerRole":
            _check_role(session, database, change, data)
        else:
            _check_place(database, change, data)
    if change.type == "PractitionerRole" and wanted is not None:
        _check_authorised(database, change, wanted)
    if (
        change.type in _PARENT
        and change.method is not Method.POST
        and not is_within(database, f"{change.type}/{change.id}", below=True)
    ):
        raise _refused(change, "it does not belong to your unit")


def _check_role(
    session: Session, database: psycopg.Connection[Any], change: Change, data: Mapping[str, Any]
) -> None:
    if reading.reference_target(data.get("practitioner")) == session.person:
        raise _refused(change, "nobody gives, changes or ends a role of her own")
    unit = reading.reference_target(data.get("organization"))
    if not unit.startswith("Organization/") or not is_within(database, unit):
        raise _refused(change, "the unit is not your own, nor below it")
    for extension in reading.elements(data.get("extension")):
        if extension.get("url") == STANDS_IN_FOR:
            _check_stood_in_for(session, database, change, extension)


def _check_stood_in_for(
    session: Session,
    database: psycopg.Connection[Any],
    change: Change,
    extension: Mapping[str, Any],
) -> None:
    other = standing(database, reading.reference_target(extension.get("valueReference")), _RULED)
    if (
        other is None
        or other.get("resourceType") != "PractitionerRole"
        or reading.reference_target(other.get("practitioner")) == session.person
        or not is_within(database, reading.reference_target(other.get("organization")))
    ):
        raise _refused(change, "a substitute stands in for a role at your own units")


def _check_numbers(database: psycopg.Connection[Any], change: Change) -> None:
    identifiers = [] if change.body is None else change.body.data.get("identifier")
    for identifier in reading.elements(identifiers):
        number = f"{reading.string(identifier.get('system'))}|{identifier.get('value')}"
        query = urlencode({"identifier": number})
        if search_ids(database, "Practitioner", query, EVERYTHING, limit=1):
            raise _refused(change, "another person has this number")


def _check_place(
    database: psycopg.Connection[Any], change: Change, data: Mapping[str, Any]
) -> None:
    parent = reading.reference_target(data.get(_PARENT[change.type]))
    if not is_within(database, parent):
        raise _refused(change, "it must belong to your own unit or one below it")


def _check_authorised(
    database: psycopg.Connection[Any], change: Change, data: Mapping[str, Any]
) -> None:
    if data.get("active") is False:
        return
    codes = [
        code
        for concept in reading.elements(data.get("code"))
        for system, code, _ in reading.codings(concept)
        if system == STAFF_ROLE_SYSTEM
    ]
    roles = [role_of(code) for code in codes]
    if len(codes) != 1 or roles[0] is None:
        raise _refused(change, "a role of the policy is needed, and only one")
    practitioner = reading.reference_target(data.get("practitioner"))
    person = standing(database, practitioner, _RULED)
    if person is None:
        raise _refused(change, "the practitioner is not known")
    if not is_authorised(person, roles[0]):
        raise _refused(change, "this role asks for an authorisation that she does not have")


def _standing(database: psycopg.Connection[Any], change: Change) -> Mapping[str, Any] | None:
    return standing(database, f"{change.type}/{change.id}", _RULED)


def _refused(change: Change, why: str) -> NotAllowed:
    return NotAllowed(f"{change.type}: {why}", code="forbidden")


__all__ = ["check", "is_within", "leads_up_to"]
