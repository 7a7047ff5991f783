"""The facts of representation as they stand in the record now: however many citizens, two statements.

These functions are themselves part of the policy, so they read without a session's
visibility and show nothing of what they read: whom they name is for the caller to log. The
connection must have been entered as the platform itself (``sessions.system_session``), or the
rows they need are hidden from them and nobody may act for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
import psycopg

from fellesjournal.access.policy.areas import AREA_BY_CODE, NOTHING, Area
from fellesjournal.access.policy.citizen import SELF_SEE
from fellesjournal.access.representation import reading, rules
from fellesjournal.access.representation.reading import Grant, Number, Related
from fellesjournal.access.representation.rules import (
    DEFAULT_LIMITS,
    Code,
    Facts,
    Limits,
    Person,
    Refusal,
    Relation,
    Representation,
)
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.search import search_patients
from fellesjournal.store.visibility import EVERYTHING

# Nobody who acts for a citizen gets more than she has; and her own say over who may see what is
# nobody else's by a power: assumption (configurable), the narrow reading. Who has seen the record
# is shown to whoever acts for her with the whole of it (product: "both can see who has opened it").
OWN_AREAS = SELF_SEE
DELEGABLE_AREAS = SELF_SEE & ~Area.PRIVACY

# Far more people than anybody stands near to.
_MOST = 1000

# Patients by number, with their RelatedPersons and Consents as they stand: whose, type, body.
_SUBJECTS = (
    "select r.rid, r.type, v.body from store.resource r"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    # the sum: they are found by number, and never by going through all Patients
    f" where r.rid = any(%s) and r.type + 0 = {type_number('Patient')}"
    " and not r.deleted and r.version > 0"
    " union all select e.patient, e.type, v.body from store.entry e"
    " join store.version v on v.rid = e.rid and v.version = e.version"
    f" where e.patient = any(%s) and e.patient <> 0 and e.died is null and e.type in"
    f" ({type_number('RelatedPerson')}, {type_number('Consent')})"
)
# Patients by (system, value) of a number in use, and by id: found, rid, body.
_PERSONS = (
    "select found.key, r.rid, v.body from ("
    " select u.system || '|' || u.value as key, u.rid from unnest(%s::text[], %s::text[]) w(system, value)"
    f" join store.unique_identifier u on u.type = {type_number('Patient')}"
    "  and u.system = w.system and u.value = w.value"
    " union all select 'Patient/' || p.fhir_id, p.rid from unnest(%s::text[]) w(id)"
    f" join store.resource p on p.type = {type_number('Patient')} and p.fhir_id = w.id"
    ") found join store.resource r on r.rid = found.rid"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    " where not r.deleted and r.version > 0"
)

Database = psycopg.Connection[Any]


class _Known(NamedTuple):
    """A citizen who may be somebody's representative; ``birth`` as written."""

    person: Person
    birth: str | None


@dataclass(slots=True)
class _Registered:
    """What stands in one record about who may act for the citizen: her own RelatedPersons by id,
    and her own Consents.
    """

    patient: dict[str, Any] | None = None
    related: dict[str, Related] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)


def facts_of(database: Database, subject: int, now: datetime) -> Facts | None:
    """All that is registered about who may act for a Patient (rid); None for no Patient."""
    return facts_of_each(database, [subject], now).get(subject)


def facts_of_each(database: Database, subjects: Sequence[int], now: datetime) -> dict[int, Facts]:
    """As :func:`facts_of`, for several Patients (rid); those that are none are left out."""
    registered = _registered(database, subjects)
    known = _known(database, registered.values(), now)
    return {
        subject: _facts(subject, found.patient, found, known, now)
        for subject, found in registered.items()
        if found.patient is not None
    }


def _registered(database: Database, subjects: Sequence[int]) -> dict[int, _Registered]:
    found = {subject: _Registered() for subject in subjects}
    for subject, number, body in database.execute(_SUBJECTS, [list(found), list(found)]):
        resource = orjson.loads(body)
        hers = found[subject]
        if number == type_number("Patient"):
            hers.patient = resource
        elif number == type_number("Consent"):
            if (grant := reading.grant_of(resource)) is not None:
                hers.grants.append(grant)
        elif (relative := reading.related_of(resource)) is not None:
            hers.related[relative.id] = relative
    return found


def _facts(
    subject: int,
    patient: dict[str, Any],
    registered: _Registered,
    known: dict[str, _Known],
    now: datetime,
) -> Facts:
    related = registered.related
    doctors = reading.practitioners_of(patient)
    relations = [
        *(_parent(each, known) for each in related.values() if each.parental is not None),
        *(
            _granted(grant, actor, related, known, doctors)
            for grant in registered.grants
            for actor in grant.actors
        ),
    ]
    return Facts(
        subject=reading.person_of(subject, patient, now),
        relations=tuple(relations),
        own=int(OWN_AREAS),
        delegable=int(DELEGABLE_AREAS),
    )


def representation_between(
    database: Database,
    representative: int,
    subject: int,
    now: datetime,
    limits: Limits = DEFAULT_LIMITS,
) -> Representation | Refusal:
    """Whether one Patient (rid) may act for another (rid) at this moment, and how."""
    facts = facts_of(database, subject, now)
    if facts is None:
        return Refusal.NO_RELATION
    return rules.representation(facts, representative, now, limits)


def representations_of(
    database: Database, citizen_patient_id: str, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> list[Representation]:
    """Whom a citizen may act for now, in the order of their numbers; one each."""
    return representations_both_ways(database, citizen_patient_id, now, limits)[0]


def representatives_of(
    database: Database, citizen_patient_id: str, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> list[Representation]:
    """Who may act for a citizen now, in the order of their numbers; one each."""
    row = _patient(database, citizen_patient_id)
    facts = facts_of(database, row[0], now) if row is not None else None
    return [] if facts is None else _by_others(facts, now, limits)


def representations_both_ways(
    database: Database, citizen_patient_id: str, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> tuple[list[Representation], list[Representation]]:
    """:func:`representations_of` and :func:`representatives_of` a citizen, read together."""
    row = _patient(database, citizen_patient_id)
    if row is None:
        return [], []
    rid, patient = row
    near = _near(database, rid, citizen_patient_id, patient)
    facts = facts_of_each(database, [rid, *near], now)
    answers = (
        rules.representation(facts[subject], rid, now, limits)
        for subject in near
        if subject in facts
    )
    for_others = [answer for answer in answers if isinstance(answer, Representation)]
    return for_others, _by_others(facts[rid], now, limits) if rid in facts else []


def _by_others(facts: Facts, now: datetime, limits: Limits) -> list[Representation]:
    """Who may act for a citizen by these facts, in the order of their numbers."""
    people = {
        relation.representative.rid
        for relation in facts.relations
        if relation.representative is not None
    }
    answers = (rules.representation(facts, rid, now, limits) for rid in sorted(people))
    return [answer for answer in answers if isinstance(answer, Representation)]


def _patient(database: Database, fhir_id: str) -> tuple[int, dict[str, Any]] | None:
    row = database.execute(_PERSONS, [[], [], [fhir_id]]).fetchone()
    return None if row is None else (row[1], orjson.loads(row[2]))


def _near(database: Database, rid: int, fhir_id: str, patient: dict[str, Any]) -> list[int]:
    """The Patients (rid) who name this one in a RelatedPerson or in a Consent, in their order."""
    criteria = {"Consent": f"actor=Patient/{fhir_id}"}
    if numbers := reading.numbers_of(patient):
        named = ",".join(f"{system}|{value}" for system, value in numbers)
        criteria["RelatedPerson"] = f"identifier={named}"
    own = {("Patient", fhir_id): rid}
    found: set[int] = set()
    for type_name, query in criteria.items():
        found.update(
            search_patients(database, type_name, query, EVERYTHING, limit=_MOST, numbers=own)
        )
    return sorted(found)


def _known(
    database: Database, registered: Iterable[_Registered], now: datetime
) -> dict[str, _Known]:
    """The citizens behind numbers (``system|value``) and references (``Patient/1``)."""
    records = list(registered)
    numbers: list[Number] = sorted({
        number for each in records for one in each.related.values() for number in one.numbers
    })  # fmt: skip
    ids = sorted({
        fhir_id
        for each in records
        for grant in each.grants
        for type_name, fhir_id in grant.actors
        if type_name == "Patient"
    })  # fmt: skip
    if not numbers and not ids:
        return {}
    rows = database.execute(
        _PERSONS, [[system for system, _ in numbers], [value for _, value in numbers], ids]
    )
    known = {}
    for key, rid, body in rows:
        patient = orjson.loads(body)
        known[key] = _Known(reading.person_of(rid, patient, now), patient.get("birthDate"))
    return known


def _behind(related: Related, known: dict[str, _Known]) -> tuple[Person | None, bool]:
    """The citizen a RelatedPerson is, and whether that is clear.

    Numbers of two citizens, or a birth date that is not the citizen's, are a contradiction.
    """
    found = {
        hit.person.rid: hit
        for system, value in related.numbers
        if (hit := known.get(f"{system}|{value}")) is not None
    }
    if len(found) != 1:
        return None, False
    (hit,) = found.values()
    return hit.person, related.birth is None or related.birth == hit.birth


def _parent(related: Related, known: dict[str, _Known]) -> Relation:
    person, is_clear = _behind(related, known)
    return Relation(
        code=Code.PARENT,
        representative=person,
        source=f"RelatedPerson/{related.id}",
        starts=related.starts,
        ends=related.ends,
        clear=bool(related.parental) and related.clear and is_clear,
    )


def _granted(
    grant: Grant,
    actor: tuple[str, str],
    related: dict[str, Related],
    known: dict[str, _Known],
    doctors: frozenset[str],
) -> Relation:
    """A grant as a relation of one of its actors; both must be in force."""
    type_name, fhir_id = actor
    person, is_clear, next_of_kin = None, False, False
    starts, ends = grant.starts, grant.ends
    if type_name == "Patient":
        hit = known.get(f"Patient/{fhir_id}")
        person, is_clear = (hit.person, True) if hit is not None else (None, False)
    elif (relative := related.get(fhir_id)) is not None:
        person, is_clear = _behind(relative, known)
        is_clear = is_clear and relative.clear
        next_of_kin = relative.next_of_kin
        starts = max((at for at in (starts, relative.starts) if at is not None), default=None)
        ends = min((at for at in (ends, relative.ends) if at is not None), default=None)
    return Relation(
        code=grant.code,
        representative=person,
        source=f"Consent/{grant.id}",
        areas=None if grant.parts is None else _areas(grant.parts),
        starts=starts,
        ends=ends,
        given=grant.given,
        clear=grant.clear and is_clear,
        next_of_kin=next_of_kin,
        confirmed=bool(grant.confirmers & doctors),
    )


def _areas(parts: Iterable[str]) -> int:
    """The areas of the codes; a code that is not known opens nothing."""
    opened = NOTHING
    for part in parts:
        opened |= AREA_BY_CODE.get(part, NOTHING)
    return int(opened)
