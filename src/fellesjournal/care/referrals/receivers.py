"""Who can take a referral in, and in which order they are offered.

A receiver is a HealthcareService that takes referrals. Whether it can receive is asked before
anything is signed (INV-4): of the directory for units on the platform; for outsiders of what
their Endpoints say they read. Those of one's own organisation and region come first, whatever
the names resemble (INV-6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.directory.systems import is_outsider, kinds_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.registry.municipalities import Municipality, municipalities

_MOST = "1000"
_LEVELS = 6  # more than any organisation has, from a clinic to its legal entity


class Inability(StrEnum):
    """Why a receiver can't be sent a referral now."""

    CLOSED = "closed"
    NO_ADDRESS = "no-address"
    NO_MESSAGE = "no-message"


class Nearness(IntEnum):
    """How near a receiver is to who refers: the order in which receivers are offered."""

    OWN_ENTITY = 0
    SAME_MUNICIPALITY = 1
    SAME_REGION = 2
    SAME_COUNTY = 3
    ELSEWHERE = 4


@dataclass(frozen=True, slots=True)
class Receiver:
    """A service that takes referrals in. ``unit`` (Organization/x) answers for what it gets;
    ``entity`` is its legal entity; ``inability`` is None when it can receive now.
    """

    reference: str
    name: str
    unit: str
    unit_name: str
    entity: str
    entity_name: str
    is_outsider: bool
    inability: Inability | None
    nearness: Nearness

    @property
    def is_own_entity(self) -> bool:
        """Whether it belongs to the legal entity of who refers."""
        return self.nearness is Nearness.OWN_ENTITY


class CannotReceive(Exception):
    """The chosen receiver can't take a referral in; ``alternatives`` can, the nearest first."""

    code = "cannot-receive"

    def __init__(self, inability: Inability | None, alternatives: Sequence[Receiver]) -> None:
        super().__init__("the receiver can't take this referral in")
        self.inability = inability
        self.alternatives = tuple(alternatives)


class LeavesEntity(Exception):
    """The referral would leave the organisation, which has receivers of its own (INV-6)."""

    code = "leaves-entity"


def receivers(session: Session, words: str = "") -> list[Receiver]:
    """All services that take referrals in, whose names hold all the words.

    Those able to receive first; among them the own organisation, then the nearest, then by name.
    """
    found = [_json(stored.body) for stored in _services(session)]
    endpoints = [ref for each in found for ref in _targets(each, "endpoint")]
    known = _with_parents(session, [session.unit, *map(_provider, found), *endpoints])
    here = _Place(session.unit, known)
    listed = [_receiver(each, known, known, here) for each in found]
    return sorted(
        matching(listed, words),
        key=lambda each: (each.inability is not None, each.nearness, each.name.casefold()),
    )


def matching(offered: Iterable[Receiver], words: str) -> list[Receiver]:
    """Those whose names hold all the words, in the order they were in."""
    wanted = words.casefold().split()
    return [each for each in offered if all(word in _searched(each) for word in wanted)]


def receiver_for(session: Session, reference: str, *, leaves_entity: bool = False) -> Receiver:
    """The receiver of this reference, able to receive at this moment.

    Raises CannotReceive (with alternatives), and LeavesEntity unless ``leaves_entity`` says
    that it is meant.
    """
    everybody = receivers(session)
    able = [each for each in everybody if each.inability is None]
    chosen = next((each for each in everybody if each.reference == reference), None)
    if chosen is None or chosen.inability is not None:
        inability = Inability.CLOSED if chosen is None else chosen.inability
        raise CannotReceive(inability, _like(chosen, able))
    if not chosen.is_own_entity and not leaves_entity and any(e.is_own_entity for e in able):
        raise LeavesEntity("this organisation has receivers of its own")
    return chosen


def _like(chosen: Receiver | None, able: Sequence[Receiver]) -> list[Receiver]:
    """Those able, the own organisation first, then those whose names begin like the chosen one."""
    first = "" if chosen is None else chosen.name.casefold().partition(" ")[0]
    return sorted(
        able, key=lambda each: (not each.is_own_entity, not each.name.casefold().startswith(first))
    )


def inability_of(
    service: Element, unit: Element, entity: Element, endpoints: Iterable[Element]
) -> Inability | None:
    """Why a service can't be sent a referral, None when it can.

    ``service`` is the HealthcareService, ``unit`` the Organization that provides it, ``entity``
    the legal entity it belongs to, ``endpoints`` those the service names.
    """
    if not unit or service.get("active") is False or unit.get("active") is False:
        return Inability.CLOSED
    if not is_outsider(unit):
        return None
    # norway.md section 6: addresses on two levels, the legal entity and the service
    if not (_has_her_id(service) and _has_her_id(entity)):
        return Inability.NO_ADDRESS
    return None if any(map(_reads_referrals, endpoints)) else Inability.NO_MESSAGE


def _reads_referrals(endpoint: Element) -> bool:
    return (codes.REFERRAL_MESSAGE, codes.REFERRAL_MESSAGE_VERSION) in kinds_of(endpoint)


def _has_her_id(resource: Element) -> bool:
    return any(
        each.get("system") == codes.HER_ID and reading.string(each.get("value"))
        for each in reading.elements(resource.get("identifier"))
    )


# --- the directory --------------------------------------------------------------------------------


class _Place:
    """Where a unit is: its legal entity and its municipality."""

    def __init__(self, unit: str, known: Mapping[str, Element]) -> None:
        self.entity = entity_of(unit, known)
        self.municipality = _municipality(unit, known)

    def nearness(self, unit: str, known: Mapping[str, Element]) -> Nearness:
        """How near another unit is."""
        other = _municipality(unit, known)
        if entity_of(unit, known) == self.entity:
            return Nearness.OWN_ENTITY
        if self.municipality is None or other is None:
            return Nearness.ELSEWHERE
        if other.number == self.municipality.number:
            return Nearness.SAME_MUNICIPALITY
        if other.region and other.region == self.municipality.region:
            return Nearness.SAME_REGION
        same = other.county_number == self.municipality.county_number
        return Nearness.SAME_COUNTY if same else Nearness.ELSEWHERE


def entity_of(unit: str, known: Mapping[str, Element]) -> str:
    """The topmost organisation above a unit, as far as ``known`` tells."""
    for _ in range(_LEVELS):
        above = reading.reference_target(known.get(unit, {}).get("partOf"))
        if not above or above not in known:
            break
        unit = above
    return unit


def _receiver(
    service: Element,
    known: Mapping[str, Element],
    endpoints: Mapping[str, Element],
    here: _Place,
) -> Receiver:
    unit = _provider(service)
    entity = entity_of(unit, known)
    own = [endpoints[ref] for ref in _targets(service, "endpoint") if ref in endpoints]
    organisation = known.get(unit, {})
    return Receiver(
        reference=f"HealthcareService/{service.get('id')}",
        name=reading.string(service.get("name")) or reading.string(organisation.get("name")),
        unit=unit,
        unit_name=reading.string(organisation.get("name")),
        entity=entity,
        entity_name=reading.string(known.get(entity, {}).get("name")),
        is_outsider=is_outsider(organisation),
        inability=inability_of(service, organisation, known.get(entity, {}), own),
        nearness=here.nearness(unit, known),
    )


def _services(session: Session) -> list[Any]:
    kind = f"{codes.SERVICE_KIND}|{codes.RECEIVES_REFERRALS}"
    query = [("service-type", kind), ("_count", _MOST)]
    return records.search(session, "HealthcareService", query).matches


def _with_parents(session: Session, units: Iterable[str]) -> dict[str, Element]:
    """The Organizations of these references and all above them."""
    known: dict[str, Element] = {}
    wanted = set(units)
    for _ in range(_LEVELS):
        found = _known(session, wanted)
        known |= found
        wanted = {reading.reference_target(each.get("partOf")) for each in found.values()}
        wanted -= {"", *known}
        if not wanted:
            break
    return known


def _known(session: Session, references: Iterable[str]) -> dict[str, Element]:
    pairs = [(kind, key) for kind, _, key in (ref.partition("/") for ref in references) if key]
    return {each.reference: _json(each.body) for each in patients.read_known(session, pairs)}


def _municipality(unit: str, known: Mapping[str, Element]) -> Municipality | None:
    for address in reading.elements(known.get(unit, {}).get("address")):
        district = address.get("_district") or {}
        for extension in reading.elements(district.get("extension")):
            for _, code, _ in reading.codings(extension.get("valueCoding")):
                if code in municipalities():
                    return municipalities()[code]
    return None


def _provider(service: Element) -> str:
    return reading.reference_target(service.get("providedBy"))


def _targets(service: Element, member: str) -> list[str]:
    return [reading.reference_target(each) for each in reading.elements(service.get(member))]


def _searched(receiver: Receiver) -> str:
    return f"{receiver.name} {receiver.unit_name} {receiver.entity_name}".casefold()


def _json(body: bytes | None) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(body or b"{}")
    return found


__all__ = [
    "CannotReceive",
    "Inability",
    "LeavesEntity",
    "Nearness",
    "Receiver",
    "entity_of",
    "inability_of",
    "is_outsider",
    "matching",
    "receiver_for",
    "receivers",
]
