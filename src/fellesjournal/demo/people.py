"""The people of the demo and the resources that say who they are: Patient and RelatedPerson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fellesjournal.demo import identities
from fellesjournal.demo.moments import age_on, iso_day, iso_moment
from fellesjournal.demo.terms import (
    HL7,
    MUNICIPALITY_CODE,
    NO_BASIS,
    NO_BASIS_EXTENSION,
    REPRESENTATION,
    Element,
    Resource,
    coding,
    concept,
    reference,
    status,
)
from fellesjournal.registry.municipalities import Municipality
from fellesjournal.registry.numbers import DNR_SYSTEM, FHN_SYSTEM, FNR_SYSTEM

FAMILY_RELATION = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
PARENTAL = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
ADDRESS_CONFIDENTIALITY = "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality"
LANGUAGES = {
    "nb": "Norsk bokmål",
    "nn": "Norsk nynorsk",
    "sma": "Sørsamisk",
    "pl": "Polsk",
    "lt": "Litauisk",
    "uk": "Ukrainsk",
    "so": "Somali",
    "ti": "Tigrinja",
    "ar": "Arabisk",
    "de": "Tysk",
    "th": "Thai",
}
_NUMBER_SYSTEMS = {"FNR": FNR_SYSTEM, "DNR": DNR_SYSTEM, "FHN": FHN_SYSTEM}


@dataclass(slots=True)
class Person:
    """One citizen. Days are ordinals; `protection` is the address protection's code."""

    key: str
    index: int
    given: str
    family: str
    sex: str
    birth: int
    number: str
    municipality: Municipality
    street: str
    post_code: str
    post_town: str
    number_kind: str = "FNR"
    middle: str = ""
    death: int | None = None
    language: str = "nb"
    citizenship: str = "NOR"
    protection: str = ""
    moved_in: int | None = None
    relatives: list[Relative] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The full name as read."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)

    def age(self, day: int) -> int:
        """Whole years on a day."""
        return age_on(self.birth, day)


@dataclass(slots=True)
class Relative:
    """Someone near a person: a citizen of the demo, or a person outside it (`person` is None)."""

    relation: str
    outside_name: tuple[str, str]
    sex: str
    person: Person | None = None
    next_of_kin: bool = False
    parental: str = ""
    telephone: str = ""
    acts_as: str = ""  # code of list 7611

    @property
    def name(self) -> tuple[str, str, str]:
        """Given, family and middle name ("" without one)."""
        if self.person is not None:
            return self.person.given, self.person.family, self.person.middle
        return *self.outside_name, ""

    @property
    def whole_name(self) -> str:
        """As it is read: given, middle, family."""
        given, family, middle = self.name
        return " ".join(part for part in (given, middle, family) if part)


RELATION_NAMES = {
    "mor": "Mor",
    "far": "Far",
    "medmor": "Medmor",
    "barn": "Barn",
    "søsken": "Søsken",
    "ektefelleEllerPartner": "Ektefelle eller partner",
}
_HL7_ROLES = {
    "mor": "MTH",
    "far": "FTH",
    "medmor": "PRN",
    "barn": "CHILD",
    "søsken": "SIB",
    "ektefelleEllerPartner": "SPS",
}


ACTING = {"VE": "Vergemål", "FU": "Fullmakt", "TD": "Tildelt fullmakt"}


def human_name(given: str, family: str, middle: str = "") -> Element:
    """A name as in no-basis-HumanName, with the middle name in its extension."""
    name: Element = {"use": "official", "family": family, "given": given.split(" ")}
    if middle:
        name["extension"] = [{"url": NO_BASIS_EXTENSION + "middlename", "valueString": middle}]
    return name


def address(person: Person) -> Element:
    """The registered address, with the municipality's number on `district`."""
    return {
        "extension": [{"url": NO_BASIS_EXTENSION + "address-official", "valueBoolean": True}],
        "use": "home",
        "type": "physical",
        "line": [person.street],
        "city": person.post_town,
        "district": person.municipality.name,
        "_district": {"extension": [municipality_code(person.municipality)]},
        "state": person.municipality.county,
        "postalCode": person.post_code,
        "country": "NO",
    }


def municipality_code(place: Municipality) -> Element:
    """The extension that says which municipality an address is in."""
    return {
        "url": NO_BASIS_EXTENSION + "municipalitycode",
        "valueCoding": coding(MUNICIPALITY_CODE, place.number, place.name),
    }


def patient(person: Person, gps: Sequence[Element], until: int) -> Resource:
    """The Patient resource; `gps` are references to the list GP, then to her office."""
    resource: Resource = {
        "resourceType": "Patient",
        "id": person.key,
        "meta": {"profile": [NO_BASIS + "Patient"]},
    }
    if person.citizenship:
        resource["extension"] = [_citizenship(person.citizenship)]
    resource["identifier"] = [
        {
            "use": "temp" if person.number_kind == "FHN" else "official",
            "system": _NUMBER_SYSTEMS[person.number_kind],
            "value": person.number,
        }
    ]
    resource["active"] = True
    resource["name"] = [human_name(person.given, person.family, person.middle)]
    adult = person.age(until) >= 16
    resource["gender"] = person.sex
    resource["birthDate"] = iso_day(person.birth)
    if person.death is not None:
        resource["deceasedDateTime"] = iso_moment(person.death, 6 * 60 + person.index % 720)
    if person.protection:
        # National register practice: the protection is a security label on the person, and a
        # strictly confidential address is not given out at all.
        resource["meta"]["security"] = [
            coding(ADDRESS_CONFIDENTIALITY, person.protection),
            coding(HL7 + "v3-Confidentiality", "V", "very restricted"),
        ]
    else:
        resource["address"] = [address(person)]
        if adult:
            resource["telecom"] = _telecom(person, until)
    resource["communication"] = [
        {
            "language": concept("urn:ietf:bcp:47", person.language, LANGUAGES[person.language]),
            "preferred": True,
        }
    ]
    resource["generalPractitioner"] = list(gps)
    return resource


def _telecom(person: Person, until: int) -> list[Element]:
    telecom = [
        {
            "system": "phone",
            "value": identities.telephone(person.index),
            "use": "mobile",
            "rank": 1,
        }
    ]
    if person.age(until) < 85:
        value = identities.email(person.given.split(" ")[0], person.family)
        telecom.append({"system": "email", "value": value})
    return telecom


def _citizenship(code: str) -> Element:
    return {
        "url": "http://hl7.org/fhir/StructureDefinition/patient-citizenship",
        "extension": [
            {
                "url": "code",
                "valueCodeableConcept": {"coding": [coding("urn:iso:std:iso:3166", code)]},
            }
        ],
    }


def related_people(person: Person) -> list[Resource]:
    """One RelatedPerson for every relative of a person."""
    return [_related(person, relative, index) for index, relative in enumerate(person.relatives, 1)]


def _related(person: Person, relative: Relative, index: int) -> Resource:
    relationship: list[Element] = []
    if relative.relation:
        name = RELATION_NAMES[relative.relation]
        relationship.append(concept(FAMILY_RELATION, relative.relation, name))
    if relative.parental:
        relationship.append({"coding": [coding(PARENTAL, relative.parental)]})
    if relative.relation:
        relationship.append(status("v3-RoleCode", _HL7_ROLES[relative.relation]))
    if relative.acts_as:
        relationship.append(concept(REPRESENTATION, relative.acts_as, ACTING[relative.acts_as]))
    if relative.next_of_kin:
        relationship.append(
            {
                "coding": [coding(HL7 + "v2-0131", "N", "Next-of-Kin")],
                "text": "Nærmeste pårørende",
            }
        )
    resource: Resource = {
        "resourceType": "RelatedPerson",
        "id": f"{person.key}-rel{index}",
        "meta": {"profile": [NO_BASIS + "RelatedPerson"]},
        "active": True,
        "patient": reference("Patient", person.key),
        "relationship": relationship,
        "name": [human_name(*relative.name)],
        "gender": relative.sex,
    }
    other = relative.person
    if other is not None:
        resource["identifier"] = [{"system": _NUMBER_SYSTEMS[other.number_kind],
                                   "value": other.number}]  # fmt: skip
        resource["birthDate"] = iso_day(other.birth)
    phone = relative.telephone or (
        identities.telephone(other.index) if other is not None and not other.protection else ""
    )
    if phone:
        resource["telecom"] = [{"system": "phone", "value": phone, "use": "mobile"}]
    return resource
