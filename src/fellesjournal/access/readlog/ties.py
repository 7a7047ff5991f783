"""Who reads whom: family, colleagues, one's own record, publicly known persons.

Derived when the log is reviewed and kept nowhere. Somebody at work is known as a citizen by
the person number on her Practitioner; one who is registered by HPR number only has no ties
here. Addresses are compared, never shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fellesjournal.access.readlog.queries import Database, Line, Resource, bodies_of
from fellesjournal.access.readlog.review import Ties
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_number
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM

_PERSON_SYSTEMS = (FNR_SYSTEM, DNR_SYSTEM)
_BATCH = 1000
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PUBLIC_PERSON = "CEL"
"""v3-ActCode: information about a person of public interest; a label in Patient.meta.security."""

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Citizen:
    """What ties are found by: person numbers, where she lives, whether she is publicly known."""

    numbers: frozenset[str]
    addresses: frozenset[Address]
    is_public: bool


def citizen_of(patient: Resource) -> Citizen:
    """The ties-bearing facts of a Patient."""
    labels = patient.get("meta", {}).get("security", ())
    return Citizen(
        numbers=person_numbers(patient),
        addresses=frozenset(filter(None, map(_address, patient.get("address", ())))),
        is_public=any(
            label.get("system") == _ACT_CODE and label.get("code") == PUBLIC_PERSON
            for label in labels
        ),
    )


def person_numbers(resource: Resource) -> frozenset[str]:
    """The national numbers of a Patient, Practitioner or RelatedPerson."""
    return frozenset(
        held["value"]
        for held in resource.get("identifier", ())
        if held.get("system") in _PERSON_SYSTEMS and "value" in held
    )


def _address(address: Mapping[str, Any]) -> Address | None:
    """Postal code and street line, as they can be compared; None where either is missing."""
    if address.get("use") in {"old", "temp", "billing"}:
        return None
    line = "".join("".join(address.get("line", ())).lower().split())
    code = str(address.get("postalCode", "")).strip()
    return (code, line) if code and line else None


def is_family(
    reader: Citizen,
    read: Citizen,
    *,
    relatives_of_reader: frozenset[str],
    relatives_of_read: frozenset[str],
) -> bool:
    """Whether they live at one address, or one is a RelatedPerson of the other (by number)."""
    return bool(
        reader.addresses & read.addresses
        or reader.numbers & relatives_of_read
        or read.numbers & relatives_of_reader
    )


def ties_of(database: Database, lines: Sequence[Line]) -> Ties:
    """The ties between those who acted in some lines and whom they read.

    The connection must be one that sees all of them: the review's own, not a reader's.
    """
    staff = [line for line in lines if line.who.is_staff]
    practitioners = bodies_of(database, {line.who.person for line in staff})
    numbers = {ref: person_numbers(body) for ref, body in practitioners.items()}
    employed = _employed(database, {line.who.unit for line in staff} - {""})
    patients = _patients(database, {*employed}.union(*numbers.values()))
    own = {
        ref: patients[number]
        for ref, held in numbers.items()
        for number in sorted(held)
        if number in patients
    }
    read: dict[str, set[int]] = defaultdict(set)
    for line in staff:
        read[line.who.person].update(line.patients)
    everybody = set().union(*read.values(), own.values()) - {0}
    citizens = dict(_citizens(database, everybody))
    relatives = _relatives(database, everybody)
    return Ties(
        own=own,
        family={
            person: frozenset(
                patient
                for patient in read[person] - {mine}
                if mine in citizens and patient in citizens
                and is_family(
                    citizens[mine], citizens[patient],
                    relatives_of_reader=relatives[mine], relatives_of_read=relatives[patient],
                )
            )
            for person, mine in own.items()
        },
        colleagues=_colleagues(employed, patients),
        public=frozenset(patient for patient, facts in citizens.items() if facts.is_public),
    )  # fmt: skip


def _patients(database: Database, numbers: Iterable[str]) -> dict[str, int]:
    """The Patient of each person number."""
    rows = database.execute(
        "select value, rid from store.unique_identifier where type = %s and system = any(%s) and value = any(%s)",
        [type_number("Patient"), list(_PERSON_SYSTEMS), sorted(set(numbers))],
    )
    return dict(rows.fetchall())


def _citizens(database: Database, patients: Iterable[int]) -> Iterator[tuple[int, Citizen]]:
    for some in _in_batches(patients):
        rows = database.execute(
            "select r.rid, v.body from store.resource r"
            " join store.version v on v.rid = r.rid and v.version = r.version"
            " where r.rid = any(%s) and v.body is not null",
            [some],
        )
        for rid, body in rows:
            yield rid, citizen_of(bodies.parse(body).data)


def _in_batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    kept = sorted(numbers)
    for start in range(0, len(kept), _BATCH):
        yield kept[start : start + _BATCH]


def _relatives(database: Database, patients: Iterable[int]) -> defaultdict[int, frozenset[str]]:
    """The person numbers of the RelatedPersons of each patient."""
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for some in _in_batches(patients):
        rows = database.execute(
            "select e.patient, v.body from store.entry e join store.version v on v.seq = e.seq"
            " where e.patient = any(%s) and e.patient <> 0 and e.type = %s and e.died is null",
            [some, type_number("RelatedPerson")],
        )
        for patient, body in rows:
            found[patient] |= person_numbers(bodies.parse(body).data)
    return found


def _employed(database: Database, units: Iterable[str]) -> dict[str, set[str]]:
    """At which units (references) the holder of each person number works, of those at these units."""
    pairs = [unit.split("/") for unit in sorted(units) if unit.count("/") == 1]
    rows = database.execute(
        "select w.type, w.id, v.body from unnest(%s::text[], %s::smallint[], %s::text[]) w(type, number, id)"
        " join store.resource u on u.type = w.number and u.fhir_id = w.id"
        " join access.employment e on e.unit = u.rid"
        " join store.resource p on p.rid = e.practitioner"
        " join store.version v on v.rid = p.rid and v.version = p.version where v.body is not null",
        [
            [kind for kind, _ in pairs],
            [type_number(kind) for kind, _ in pairs],
            [fhir_id for _, fhir_id in pairs],
        ],
    ).fetchall()
    units_of: dict[str, set[str]] = defaultdict(set)
    for kind, fhir_id, body in rows:
        for number in person_numbers(bodies.parse(body).data):
            units_of[number].add(f"{kind}/{fhir_id}")
    return units_of


def _colleagues(
    employed: Mapping[str, set[str]], patients: Mapping[str, int]
) -> dict[str, frozenset[int]]:
    """The records of those who work at each unit, by its reference."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, units in employed.items():
        for unit in units if number in patients else ():
            found[unit].add(patients[number])
    return {unit: frozenset(records) for unit, records in found.items()}


__all__ = ["PUBLIC_PERSON", "Citizen", "citizen_of", "is_family", "person_numbers", "ties_of"]
