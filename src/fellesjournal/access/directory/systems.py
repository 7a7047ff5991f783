"""Units on other systems: which of them are, and which national messages each can read (INV-4).

The directory is open to all who work here and opens no record. What a unit reads stands in its
Endpoints (payloadType: kind of 8279, with its version), those of the services it provides
included. A unit whose Endpoints say nothing reads dialogue alone: assumption (configurable).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fellesjournal.access import acts, records
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind

_OWN = "https://fellesjournal.example/fhir/CodeSystem/"
OUTSIDER = "outsider"
"""On an Organization: uses another record system, and is reached by messages only."""
PARTICIPATION = _OWN + "participation"
MESSAGE_TYPE = _OWN + "message-type"
"""Kinds of national messages that an Endpoint can receive; the version stands in the Coding."""
UNLESS_TOLD = "DIALOG_HELSEFAGLIG"
_HIGHEST = 12
_MOST = "500"


def is_outsider(unit: Mapping[str, Any]) -> bool:
    """Whether an Organization uses another record system."""
    tags = (unit.get("meta") or {}).get("tag") or ()
    return any(tag.get("code") == OUTSIDER for tag in tags)


def kinds_of(endpoint: Element) -> frozenset[tuple[str, str]]:
    """The kinds and versions that an Endpoint can receive now; none when it is not in use."""
    period = endpoint.get("period") or {}
    starts, ends = reading.moment(period.get("start")), reading.moment(period.get("end"))
    now = clock.now()
    is_ahead, is_over = starts and starts.at > now, ends and ends.at < now
    if endpoint.get("status") != "active" or is_ahead or is_over:
        return frozenset()
    return frozenset(
        (reading.string(coding.get("code")), reading.string(coding.get("version")))
        for kind in reading.elements(endpoint.get("payloadType"))
        for coding in reading.elements(kind.get("coding"))
        if coding.get("system") == MESSAGE_TYPE
    )


def reads(session: Session, unit: str, kind: str, version: str) -> bool:
    """Whether a unit on another system (``Organization/1``) reads this kind in this version."""
    endpoints = list(_endpoints(session, unit))
    if not endpoints:
        return kind == UNLESS_TOLD
    return any((kind, version) in kinds_of(each) for each in endpoints)


def reader_in(session: Session, municipality: str, kind: str, version: str) -> Element | None:
    """The outside unit of a municipality (by its number) that reads a kind; None without one."""
    for endpoint in _search(session, "Endpoint", [("payload-type", f"{MESSAGE_TYPE}|{kind}")]):
        owner = reading.reference_target(endpoint.get("managingOrganization"))
        if (kind, version) not in kinds_of(endpoint) or not owner.startswith("Organization/"):
            continue
        above = _with_those_above(session, owner)
        if above and is_outsider(above[0]) and municipality in map(municipality_of, above):
            return above[0]
    return None


def municipality_of(resource: Element) -> str:
    """The number of the municipality in the first address that has one; "" without."""
    for address in reading.elements(resource.get("address")):
        for extension in reading.elements((address.get("_district") or {}).get("extension")):
            for _, code, _ in reading.codings({"coding": [extension.get("valueCoding") or {}]}):
                if code in municipalities():
                    return code
    return ""


def municipality_unit(session: Session, number: str) -> str:
    """The Organization (``Organization/1``) that a municipality is here, by its number; "" where there is
    none, or more than one.
    """
    kind = f"{UNIT_KIND_SYSTEM}|{UnitKind.MUNICIPALITY}"
    every = _search(session, "Organization", [("type", kind), ("active", "true")])
    found = [each for each in every if municipality_of(each) == number]
    return f"Organization/{found[0]['id']}" if len(found) == 1 else ""


def _endpoints(session: Session, unit: str) -> Iterator[Element]:
    yield from _search(session, "Endpoint", [("organization", unit)])
    for service in _search(session, "HealthcareService", [("organization", unit)]):
        for named in reading.elements(service.get("endpoint")):
            yield from _read(session, reading.reference_target(named))


def _with_those_above(session: Session, unit: str) -> list[Element]:
    found: list[Element] = []
    while unit.startswith("Organization/") and len(found) < _HIGHEST:
        found += _read(session, unit)
        if not found:
            break
        unit = reading.reference_target(found[-1].get("partOf"))
    return found


def _read(session: Session, reference: str) -> list[Element]:
    kind, _, fhir_id = reference.partition("/")
    try:
        return [acts.read(session, kind, fhir_id)[0]]
    except FhirError:
        return []


def _search(session: Session, kind: str, query: Iterable[tuple[str, str]]) -> list[Element]:
    page = records.search(session, kind, [*query, ("_count", _MOST)])
    return [acts.content(each) for each in page.matches]


__all__ = [
    "MESSAGE_TYPE", "OUTSIDER", "PARTICIPATION", "UNLESS_TOLD", "is_outsider", "kinds_of",
    "municipality_of", "municipality_unit", "reader_in", "reads",
]  # fmt: skip
