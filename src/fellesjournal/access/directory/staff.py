"""Who works at an organisation and all below it, by name: for those who plan its training."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation import clock

_BELOW = (
    "with recursive below(place, n) as ("
    " select r.rid, 0 from store.resource r where r.type = %(organization)s and r.fhir_id = %(unit)s"
    " and not r.deleted"
    " union all select p.source, b.n + 1 from below b join access.part_of p on p.parent = b.place"
    " where b.n < 12)"
    " select distinct r.fhir_id, who.fhir_id, u.fhir_id, e.code from below b"
    " join access.employment e on e.unit = b.place and e.starts <= %(now)s and e.ends > %(now)s"
    " join store.resource r on r.rid = e.source and not r.deleted"
    " join store.resource who on who.rid = e.practitioner join store.resource u on u.rid = e.unit"
    " where not exists (select from access.inactive i where i.source = e.practitioner)"
)
_OWN = (
    "with recursive below(place, n) as (select current_setting('fj.unit')::bigint, 0"
    " union all select p.source, b.n + 1 from below b join access.part_of p on p.parent = b.place"
    " where b.n < 12) select distinct r.fhir_id from below b join store.resource r on r.rid = b.place"
    " where r.type = %s and not r.deleted"
)
_TOPS = (
    "select r.fhir_id from store.resource r where r.type = %s and r.version > 0 and not r.deleted"
    " and not exists (select from access.part_of p where p.source = r.rid)"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """One PractitionerRole that counts today: who (Practitioner/x), where, as what (a code)."""

    role_id: str
    practitioner: str
    name: str
    unit: str
    unit_name: str
    code: str
    title: str


def staff_below(session: Session, unit: str) -> list[Placed]:
    """Everybody at a unit (Organization/x) and below it, by unit and name; nobody for a unit that is
    not known. What is read is logged.
    """
    rows = (
        session.connection()
        .execute(
            _BELOW,
            {
                "organization": type_number("Organization"),
                "unit": unit.rpartition("/")[2],
                "now": clock.microseconds(clock.now()),
            },
        )
        .fetchall()
    )
    wanted = [
        (kind, key)
        for role, who, place, _ in rows
        for kind, key in (
            ("PractitionerRole", role),
            ("Practitioner", who),
            ("Organization", place),
        )
    ]
    known = {
        str(stored.reference): bodies.parse(stored.body or b"{}").data
        for stored in patients.read_known(session, wanted)
    }
    found = []
    for role, who, place, code in rows:
        person, at = f"Practitioner/{who}", f"Organization/{place}"
        concepts = list(reading.elements(known.get(f"PractitionerRole/{role}", {}).get("code")))
        title = next((text for each in concepts if (text := reading.concept_text(each))), code)
        name = reading.name_text(known.get(person, {}).get("name")) or person
        unit_name = reading.string(known.get(at, {}).get("name")) or at
        found.append(Placed(role, person, name, at, unit_name, code, title))
    return sorted(found, key=lambda each: (each.unit_name, each.name.casefold(), each.role_id))


def own_units(session: Session) -> frozenset[str]:
    """The unit of a member of staff who asks and all below it (Organization/x), in one question."""
    rows = session.connection().execute(_OWN, [type_number("Organization")])
    return frozenset(f"Organization/{fhir_id}" for (fhir_id,) in rows)


def organisations(session: Session) -> list[tuple[str, str]]:
    """Every organisation that belongs to no other (Organization/x), with its name, by name."""
    rows = session.connection().execute(_TOPS, [type_number("Organization")]).fetchall()
    known = patients.read_known(session, [("Organization", fhir_id) for (fhir_id,) in rows])
    names = [
        (stored.reference, reading.string(bodies.parse(stored.body or b"{}").data.get("name")))
        for stored in known
    ]
    return sorted(((ref, name or ref) for ref, name in names), key=lambda each: each[1].casefold())


__all__ = ["Placed", "organisations", "own_units", "staff_below"]
