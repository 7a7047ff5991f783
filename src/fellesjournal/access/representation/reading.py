"""What resources say about who may act for whom: Patient, RelatedPerson and Consent as facts.

Pure. Whatever narrows or changes the meaning of a resource and is not understood here makes
its relation unclear, and unclear relations open nothing.

Parental responsibility stands in RelatedPerson.relationship as the person register has it
(no-basis-parental-responsibility), or as code FO of list 7611. Guardianships, powers of
attorney and assigned powers are Consents with the code of list 7611 as category: the actor is
a RelatedPerson of the same citizen, the period and the classes of information are those of the
provision. The extension relatedperson-person-reference says whom the RelatedPerson is near to,
not who she is (its context is RelatedPerson.patient): who she is follows from her number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fellesjournal.access.labels import PROTECTED_ADDRESS, labels_of
from fellesjournal.access.moments import end_of, start_of
from fellesjournal.access.policy.areas import AREA_SYSTEM
from fellesjournal.access.representation.rules import AddressKey, Code, Person

# Any: JSON of FHIR resources, valid when it was stored.
Json = Mapping[str, Any]

ROLES_7611 = (
    "urn:oid:2.16.578.1.12.4.1.1.7611",
    "http://helsenorge.no/fhir/CodeSystem/no-kodeverk-7611.codesystem",
)
FAMILY_RELATION = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
PARENTAL = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
MUNICIPALITY = (
    "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
)
_EXTENSION = "http://hl7.no/fhir/StructureDefinition/no-basis-"
_RELATION_CLASS = "http://terminology.hl7.org/CodeSystem/v2-0131"
_NUMBERS = frozenset(f"urn:oid:2.16.578.1.12.4.1.4.{kind}" for kind in (1, 2, 3))
_PARENTS = frozenset({"mor", "far", "medmor"})
# A provision with one of these gives less than its classes say.
_NARROWING = ("provision", "code", "purpose", "securityLabel", "dataPeriod", "data", "action")

Number = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Related:
    """A RelatedPerson: who she is (numbers) and what she is to the citizen.

    ``parental`` is None without parental responsibility, else whether the entry is clear.
    """

    id: str
    numbers: tuple[Number, ...]
    birth: str | None
    parental: bool | None
    next_of_kin: bool
    clear: bool
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A Consent that lets somebody act. ``actors`` are (type, id); ``parts`` None is the whole;
    ``confirmers`` are the references of who has confirmed it.
    """

    id: str
    code: Code
    actors: tuple[tuple[str, str], ...]
    parts: tuple[str, ...] | None
    clear: bool
    given: datetime | None
    starts: datetime | None
    ends: datetime | None
    confirmers: frozenset[str]


def person_of(rid: int, patient: Json, now: datetime) -> Person:
    """The citizen in a Patient."""
    replaced = any(link.get("type") == "replaced-by" for link in patient.get("link", ()))
    return Person(
        rid=rid,
        birth=_day(patient.get("birthDate")),
        address=address_of(patient, now),
        protected=bool(labels_of(patient) & PROTECTED_ADDRESS),
        dead="deceasedDateTime" in patient or patient.get("deceasedBoolean") is True,
        active=patient.get("active") is not False and not replaced,
    )


def numbers_of(resource: Json) -> tuple[Number, ...]:
    """The national numbers in use of a Patient or RelatedPerson, as (system, value)."""
    return tuple(
        dict.fromkeys(
            (identifier["system"], identifier["value"])
            for identifier in resource.get("identifier", ())
            if identifier.get("system") in _NUMBERS
            and "value" in identifier
            and identifier.get("use") != "old"
        )
    )


def address_of(patient: Json, now: datetime) -> AddressKey | None:
    """The key of the one registered address; None when there is none, several or half a one."""
    standing = [
        address
        for address in patient.get("address", ())
        if _is_official(address) and _holds(address.get("period"), now)
    ]
    if len(standing) != 1:
        return None
    address = standing[0]
    street = " ".join(" ".join(address.get("line", ())).casefold().split())
    codes = {
        coding.get("code")
        for extension in address.get("_district", {}).get("extension", ())
        if extension.get("url") == _EXTENSION + "municipalitycode"
        for coding in (extension.get("valueCoding", {}),)
    }
    post_code = address.get("postalCode", "").strip()
    municipality = codes.pop() if len(codes) == 1 else None
    if not (street and post_code and municipality):
        return None
    return str(municipality), post_code, street


def related_of(resource: Json) -> Related | None:
    """What a RelatedPerson says; None when it is not in use."""
    if resource.get("active") is False:
        return None
    starts, ends, clear = _period(resource.get("period"))
    clear = clear and "modifierExtension" not in resource
    coded = _codes(resource.get("relationship", ()))
    family = coded.get(FAMILY_RELATION, set())
    roles = {code for system in ROLES_7611 for code in coded.get(system, set())}
    return Related(
        id=resource["id"],
        numbers=numbers_of(resource),
        birth=resource.get("birthDate"),
        parental=_parental(family, coded.get(PARENTAL, set()), is_role=Code.PARENT in roles),
        next_of_kin="N" in coded.get(_RELATION_CLASS, set()),
        clear=clear,
        starts=starts,
        ends=ends,
    )


def grant_of(resource: Json) -> Grant | None:
    """What a Consent says; None when it lets nobody act or does not stand."""
    coded = _codes(resource.get("category", ()))
    codes = {code for system in ROLES_7611 for code in coded.get(system, set())}
    known = codes & {Code.GUARDIAN, Code.ATTORNEY, Code.ASSIGNED}
    if not known or resource.get("status") != "active":
        return None
    provision = resource.get("provision", {})
    starts, ends, clear = _period(provision.get("period"))
    clear = (
        clear
        and len(codes) == 1
        and provision.get("type") == "permit"
        and "modifierExtension" not in resource
        and not any(name in provision for name in (*_NARROWING, "modifierExtension"))
    )
    classes = provision.get("class")
    parts = None if classes is None else tuple(_parts(classes))
    return Grant(
        id=resource["id"],
        code=Code(min(known)),
        actors=tuple(_actors(provision)),
        parts=parts,
        clear=clear,
        given=_moment(resource.get("dateTime"), end=False),
        starts=starts,
        ends=ends,
        confirmers=frozenset(_confirmers(resource)),
    )


def practitioners_of(patient: Json) -> frozenset[str]:
    """The references of the citizen's general practitioner."""
    return frozenset(
        reference["reference"]
        for reference in patient.get("generalPractitioner", ())
        if "reference" in reference
    )


def _parental(family: set[str], parental: set[str], *, is_role: bool) -> bool | None:
    """None: no parental responsibility. True: there is. False: the entry can't be understood."""
    if not parental:
        return True if is_role else None
    if len(parental) > 1 or len(family & _PARENTS) > 1:
        return False
    (held,) = parental
    parent = family & _PARENTS
    if held == "felles":
        return bool(parent) or is_role
    if held in _PARENTS:
        has = held in parent
    elif held == "andre":
        has = not parent
    else:
        return False
    if has:
        return True
    # The register names another parent: this one has none, unless the entry says both.
    return False if is_role or not parent else None


def _codes(concepts: Iterable[Json]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for concept in concepts:
        for coding in concept.get("coding", ()):
            if "system" in coding and "code" in coding:
                found.setdefault(coding["system"], set()).add(coding["code"])
    return found


def _parts(classes: Iterable[Json]) -> Iterator[str]:
    for coding in classes:
        if coding.get("system") == AREA_SYSTEM and "code" in coding:
            yield coding["code"]


def _actors(provision: Json) -> Iterator[tuple[str, str]]:
    for actor in provision.get("actor", ()):
        type_name, slash, fhir_id = actor.get("reference", {}).get("reference", "").partition("/")
        if slash and type_name in {"RelatedPerson", "Patient"} and "/" not in fhir_id:
            yield type_name, fhir_id


def _confirmers(resource: Json) -> Iterator[str]:
    """Who stands for a confirmation: the performers, once it is marked as verified."""
    if any(each.get("verified") is True for each in resource.get("verification", ())):
        for performer in resource.get("performer", ()):
            if "reference" in performer:
                yield performer["reference"]


def _is_official(address: Json) -> bool:
    return (
        address.get("use") not in {"old", "temp"}
        and address.get("type") != "postal"
        and any(
            extension.get("url") == _EXTENSION + "address-official"
            and extension.get("valueBoolean") is True
            for extension in address.get("extension", ())
        )
    )


def _holds(period: Json | None, now: datetime) -> bool:
    starts, ends, clear = _period(period)
    return clear and (starts is None or starts <= now) and (ends is None or now < ends)


def _period(period: Json | None) -> tuple[datetime | None, datetime | None, bool]:
    """Start and end, half-open, and whether both could be read and are in order."""
    if period is None:
        return None, None, True
    starts = _moment(period.get("start"), end=False)
    ends = _moment(period.get("end"), end=True)
    readable = ("start" not in period or starts is not None) and (
        "end" not in period or ends is not None
    )
    return starts, ends, readable and not (starts and ends and ends <= starts)


def _moment(text: Any, *, end: bool) -> datetime | None:
    """A FHIR date or dateTime; days are days in Norway, and an end includes its day."""
    try:
        return end_of(text) if end else start_of(text)
    except (TypeError, ValueError):
        return None


def _day(text: Any) -> date | None:
    if not isinstance(text, str) or len(text) != len("2000-01-01"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
