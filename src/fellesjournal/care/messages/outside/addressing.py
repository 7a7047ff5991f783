"""Who a unit is in a national message: names and HER-ids on two levels.

The legal entity is the outermost unit above that has a HER-id, the service the nearest; where a
unit stands alone, a service that it provides is the lower level (norway.md section 6, Addressing).
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a message is to: a unit, and the service of it that was named (""; the unit itself)."""

    unit: Resource
    service: str

    @property
    def reference(self) -> str:
        """The unit, as ``Organization/1``."""
        return f"Organization/{self.unit['id']}"


def party_of(session: Session, unit: str, service: str = "") -> Party:
    """A unit (``Organization/1``) as sender or receiver, or one of its services. Raises NoAddress."""
    named = [
        (str(data.get("name", "")), number)
        for data in [*_service(session, service), *_with_those_above(session, unit)]
        if (number := her_of(data))
    ]
    if len({number for _, number in named}) == 1:
        named = [*_services(session, unit), *named]
    if not named:
        raise NoAddress(f"{unit} has no HER-id")
    (lower, lower_id), (entity, entity_id) = named[0], named[-1]
    if lower_id == entity_id:
        raise NoAddress(f"{unit} has a HER-id on one level only")
    return Party(
        organisation=Organisation(
            name=entity,
            idents=(her(entity_id),),
            unit=Organisation(name=lower, idents=(her(lower_id),)),
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


def addressee(session: Session, number: str) -> Addressee | None:
    """Who has a HER-id: a unit, or the unit that provides the service that has it."""
    unit = unit_by_her(session, number)
    if unit is not None:
        return Addressee(unit, "")
    page = records.search(session, "HealthcareService", [("identifier", f"{HER_SYSTEM}|{number}")])
    for service in map(acts.content, page.matches):
        provider = str(service.get("providedBy", {}).get("reference", ""))
        found = [] if service.get("active") is False else _with_those_above(session, provider)
        if found and found[0].get("active") is not False:
            return Addressee(found[0], f"HealthcareService/{service['id']}")
    return None


def numbers_of(session: Session, unit: Resource) -> frozenset[str]:
    """The HER-ids of a unit and of the services it provides."""
    services = _services(session, f"Organization/{unit['id']}")
    return frozenset(filter(None, [her_of(unit), *(number for _, number in services)]))


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


def _service(session: Session, service: str) -> list[Resource]:
    return [acts.read(session, *service.split("/"))[0]] if service else []


def _services(session: Session, unit: str) -> list[tuple[str, str]]:
    """Name and HER-id of the services of a unit that have one, the first made first."""
    query = [("organization", unit), ("_sort", "_id")]
    page = records.search(session, "HealthcareService", query)
    found = [data for data in map(acts.content, page.matches) if data.get("active") is not False]
    return [(str(data.get("name", "")), number) for data in found if (number := her_of(data))]


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


__all__ = [
    "Addressee", "NoAddress", "addressee", "her_of", "numbers_of", "party_of", "person_of",
    "unit_by_her",
]  # fmt: skip
