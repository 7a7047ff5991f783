"""Who a unit is in a national message: names and HER-ids on two levels.

The legal entity is the outermost unit above that has a HER-id, the service the nearest (norway.md
section 6, Addressing).
"""

from __future__ import annotations

from fellesjournal.access import acts, records
from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.national.envelope import Party
from fellesjournal.national.people import IDS_OF_PERSONS, Ident, Organisation, Person, her
from fellesjournal.national.values import Coded
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM, HER_SYSTEM

_HIGHEST = 12
_NUMBERS = {FNR_SYSTEM: ("FNR", "Fødselsnummer"), DNR_SYSTEM: ("DNR", "D-nummer")}


class NoAddress(Exception):
    """A unit without HER-ids on two levels: no message can be addressed to it, or come from it."""


def party_of(session: Session, unit: str) -> Party:
    """A unit (``Organization/1``) as sender or receiver. Raises NoAddress."""
    named = [
        (str(data.get("name", "")), number)
        for data in _with_those_above(session, unit)
        if (number := her_of(data))
    ]
    if not named:
        raise NoAddress(f"{unit} has no HER-id")
    (service, service_id), (entity, entity_id) = named[0], named[-1]
    if service_id == entity_id:
        raise NoAddress(f"{unit} has a HER-id on one level only")
    return Party(
        organisation=Organisation(
            name=entity,
            idents=(her(entity_id),),
            unit=Organisation(name=service, idents=(her(service_id),)),
        )
    )


def her_of(data: Resource) -> str:
    """The HER-id of an Organization; empty without one."""
    return next(
        (
            str(each.get("value", ""))
            for each in data.get("identifier", ())
            if each.get("system") == HER_SYSTEM
        ),
        "",
    )


def unit_by_her(session: Session, number: str) -> Resource | None:
    """The unit with a HER-id, which is unique in the register."""
    page = records.search(session, "Organization", [("identifier", f"{HER_SYSTEM}|{number}")])
    found = [acts.content(each) for each in page.matches]
    return next((data for data in found if data.get("active") is not False), None)


def person_of(patient: Resource) -> Person:
    """A Patient as messages name her; only numbers the receiver can know."""
    name: Resource = next(iter(patient.get("name", ())), {})
    numbers = [
        Ident(id=str(each["value"]), type=Coded(*_kind(each["system"])))
        for each in patient.get("identifier", ())
        if each.get("system") in _NUMBERS and "value" in each
    ]
    return Person(
        family=str(name.get("family") or name.get("text", "")),
        given=" ".join(name.get("given", ())) or None,
        idents=tuple(numbers),
    )


def _kind(system: str) -> tuple[str, str, str]:
    code, title = _NUMBERS[system]
    return code, IDS_OF_PERSONS, title


def _with_those_above(session: Session, unit: str) -> list[Resource]:
    found: list[Resource] = []
    place = unit
    while place and len(found) < _HIGHEST:
        try:
            data, _ = acts.read(session, "Organization", place.partition("/")[2])
        except NotFound:
            break
        found.append(data)
        place = str(data.get("partOf", {}).get("reference", ""))
    return found


__all__ = ["NoAddress", "her_of", "party_of", "person_of", "unit_by_her"]
