"""The organisations of the demo region: hospitals, municipalities with units, GP offices.

Hospital and municipality names are real places; organisation numbers, GP offices, wards and staff
are invented. Catchments and site lists are assumptions (configurable).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fellesjournal.demo import identities
from fellesjournal.demo.people import municipality_code
from fellesjournal.demo.terms import (
    NO_BASIS,
    NO_BASIS_EXTENSION,
    PARTICIPATION,
    VOLVEN,
    Element,
    Resource,
    coding,
    concept,
    reference,
)
from fellesjournal.registry.municipalities import Municipality, municipalities
from fellesjournal.registry.numbers import ENH_SYSTEM, HER_SYSTEM
from fellesjournal.registry.units import UNIT_KIND_NAMES_NB, UNIT_KIND_SYSTEM, UnitKind

ORGANISATION_NAME = VOLVEN + "8624"


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation or unit. `legal` is its legal entity (itself for one).

    `tag` names the legal entity on clinical resources (joint controllers); `outsider` units use
    another record system and are reached by messages only.
    """

    key: str
    name: str
    kind: UnitKind
    number: str
    place: Municipality
    parent: str = ""
    legal_number: str = ""
    legal_name: str = ""
    specialty: str = ""
    outsider: bool = False

    @property
    def tag(self) -> Element:
        """The coding of the responsible legal entity."""
        return coding(ENH_SYSTEM, self.legal_number or self.number, self.legal_name or self.name)

    @property
    def ref(self) -> Element:
        """A reference to the unit."""
        return reference("Organization", self.key, self.name)


HOSPITALS = (
    # key, name, trust, municipality, whether it has beds
    ("st-olavs", "St. Olavs hospital, Øya", "st-olavs", "5001", True),
    ("levanger", "Sykehuset Levanger", "hnt", "5037", True),
    ("namsos", "Sykehuset Namsos", "hnt", "5007", True),
    ("alesund", "Ålesund sjukehus", "hmr", "1508", True),
    ("volda", "Volda sjukehus", "hmr", "1577", True),
    ("hjelset", "Sjukehuset Nordmøre og Romsdal, Hjelset", "hmr", "1506", True),
    ("kristiansund", "Distriktsmedisinsk senter Kristiansund", "hmr", "1505", False),
)
TRUSTS = (
    ("st-olavs", "St. Olavs hospital HF", "5001"),
    ("hnt", "Helse Nord-Trøndelag HF", "5037"),
    ("hmr", "Helse Møre og Romsdal HF", "1508"),
)
WARDS = (
    ("emergency", "Akuttmottak", "05"),
    ("medical", "Medisinsk avdeling", "05"),
    ("surgical", "Ortopedisk og kirurgisk avdeling", "05"),
    ("maternity", "Føde- og barselavdeling", "05"),
    ("paediatric", "Barne- og ungdomsavdeling", "05"),
    ("oncology", "Kreftpoliklinikk", "11"),
    ("outpatient", "Medisinsk poliklinikk", "11"),
    ("surgical-outpatient", "Ortopedisk og kirurgisk poliklinikk", "11"),
    ("laboratory", "Laboratorium for medisinsk biokjemi", "14"),
)
_DAY_CENTRE_WARDS = {"oncology", "outpatient", "surgical-outpatient", "laboratory"}
MUNICIPAL_UNITS = (
    (UnitKind.HOME_CARE, "{} hjemmetjeneste"),
    (UnitKind.NURSING_HOME, "{} sykehjem"),
    (UnitKind.HEALTH_STATION, "{} helsestasjon"),
    (UnitKind.PHYSIOTHERAPY, "{} fysioterapitjeneste"),
    (UnitKind.OUT_OF_HOURS, "{} legevakt"),
    (UnitKind.ALLOCATION_OFFICE, "{} tildelingskontor"),
)
# Invented names of GP offices, used in turn.
_OFFICE_NAMES = (
    "{} legesenter", "Brygga legekontor {}", "Solsida legesenter {}", "Elvebredden legekontor {}",
    "Torget legesenter {}", "Fjellglimt legekontor {}", "Nordlia legesenter {}",
    "Kirkebakken legekontor {}",
)  # fmt: skip
_VOLDA = {"1511", "1514", "1515", "1516", "1517", "1520", "1577"}
_ALESUND = {"1508", "1525", "1528", "1531", "1532", "1578", "1580"}
_ST_OLAVS = {"Trondheimsområdet og Fjellregionen", "Fosen", "Orkdalsregionen"}
# Assumption (configurable): who is outside the platform and reached by messages only.
# invented, above those that are given; 8_100_000 and up are those of demo/receivers.py
_FIRST_HER_ID = 8_200_000
OUTSIDE_MUNICIPALITIES = {"1811"}
OUTSIDE_OFFICES = {"gp-1539-2"}
TRIAGE_SCALE = "https://fellesjournal.example/fhir/StructureDefinition/triage-scale"
FOUR_LEVELS = "unit-5001-out-of-hours"
"""The out-of-hours clinic that has chosen four levels of urgency; the others have three."""


def hospital_for(place: Municipality) -> str:
    """The key of the hospital that admits people from a municipality."""
    if place.number in _VOLDA:
        return "volda"
    if place.number in _ALESUND:
        return "alesund"
    if place.county_number == "15":
        return "hjelset"
    # Trondheim is in no cooperation region of the rollout, and has the hospital in it
    if place.number == "5001" or place.region in _ST_OLAVS:
        return "st-olavs"
    return "namsos" if place.region == "Namdalsregionen" else "levanger"


def gp_office_count(residents: int) -> int:
    """How many GP offices a municipality has in the demo."""
    return max(1, min(len(_OFFICE_NAMES), 1 + residents // 12_000))


def all_units(residents: dict[str, int]) -> Iterator[Unit]:
    """Every unit of the region, parents before children.

    Trusts, hospitals, wards, municipalities with their units, GP offices. `residents` is by
    municipality number.
    """
    counter = iter(range(10_000))
    places = municipalities()
    trusts = {}
    hospitals = {}
    for key, name, number in TRUSTS:
        trust = Unit(
            f"trust-{key}",
            name,
            UnitKind.HEALTH_TRUST,
            _number(counter),
            places[number],
        )
        trusts[key] = trust
        yield trust
    for key, name, trust_key, number, has_beds in HOSPITALS:
        trust = trusts[trust_key]
        site = _child(trust, f"hospital-{key}", name, UnitKind.HOSPITAL, counter, places[number])
        hospitals[key] = site
        yield site
        for ward, ward_name, _code in WARDS:
            if has_beds or ward in _DAY_CENTRE_WARDS:
                title = f"{ward_name}, {name.split(',')[0]}"
                yield _child(site, f"ward-{key}-{ward}", title, UnitKind.WARD, counter,
                             places[number], ward)  # fmt: skip
    for place in places.values():
        yield from _municipal_units(place, residents[place.number], counter)
    for key, site in hospitals.items():
        title = f"Henvisningskontoret, {site.name.split(',')[0]}"
        yield _child(site, f"office-{key}-referrals", title, UnitKind.REFERRAL_OFFICE, counter,
                     site.place)  # fmt: skip


def _municipal_units(place: Municipality, residents: int, counter: Iterator[int]) -> Iterator[Unit]:
    outside = place.number in OUTSIDE_MUNICIPALITIES
    whole = Unit(f"org-{place.number}", f"{place.name} kommune", UnitKind.MUNICIPALITY,
                 _number(counter), place, outsider=outside)  # fmt: skip
    yield whole
    for kind, pattern in MUNICIPAL_UNITS:
        name = pattern.format(place.norwegian)
        yield _child(whole, f"unit-{place.number}-{kind}", name, kind, counter, place)
    for turn in range(1, gp_office_count(residents) + 1):
        key = f"gp-{place.number}-{turn}"
        yield Unit(key, _OFFICE_NAMES[turn - 1].format(place.norwegian), UnitKind.GP_OFFICE,
                   _number(counter), place, outsider=outside or key in OUTSIDE_OFFICES)  # fmt: skip


def _number(counter: Iterator[int]) -> str:
    return identities.organisation(next(counter))


def _child(
    parent: Unit,
    key: str,
    name: str,
    kind: UnitKind,
    counter: Iterator[int],
    place: Municipality,
    specialty: str = "",
) -> Unit:
    return Unit(
        key,
        name,
        kind,
        _number(counter),
        place,
        parent.key,
        parent.legal_number or parent.number,
        parent.legal_name or parent.name,
        specialty,
        parent.outsider,
    )


def organisation(unit: Unit, index: int) -> Resource:
    """The Organization resource of a unit."""
    types = [concept(UNIT_KIND_SYSTEM, unit.kind.value, UNIT_KIND_NAMES_NB[unit.kind])]
    code = _betegnelse(unit)
    if code:
        types.append({"coding": [coding(ORGANISATION_NAME, *code)]})
    resource: Resource = {
        "resourceType": "Organization",
        "id": unit.key,
        "meta": {"profile": [NO_BASIS + "Organization"], "tag": [unit.tag]},
        "identifier": [
            {"system": ENH_SYSTEM, "value": unit.number},
            {"system": HER_SYSTEM, "value": str(_FIRST_HER_ID + index)},
        ],
        "active": True,
        "type": types,
        "name": unit.name,
        "telecom": [{"system": "phone", "value": identities.telephone(90_000 + index)}],
        "address": [_address(unit)],
    }
    if unit.outsider:
        resource["meta"]["tag"].append(coding(PARTICIPATION, "outsider", "Annet journalsystem"))
    if unit.key == FOUR_LEVELS:
        scale = {"url": "scale", "valueCode": "four-levels"}
        resource["extension"] = [{"url": TRIAGE_SCALE, "extension": [scale]}]
    if unit.parent:
        resource["partOf"] = reference("Organization", unit.parent)
    return resource


def _betegnelse(unit: Unit) -> tuple[str, str] | None:
    if unit.kind is UnitKind.HOSPITAL:
        return "01", "Sykehus"
    for ward, _name, code in WARDS:
        if unit.specialty == ward:
            names = {"05": "Avdeling", "11": "Poliklinikk", "14": "Laboratorium"}
            return code, names[code]
    return ("71", "Kontor") if unit.kind is UnitKind.GP_OFFICE else None


def _address(unit: Unit) -> Element:
    place = unit.place
    return {
        "extension": [{"url": NO_BASIS_EXTENSION + "address-official", "valueBoolean": True}],
        "use": "work",
        "type": "physical",
        "line": [f"Demovegen {1 + int(unit.number) % 97}"],
        "city": place.post_town,
        "district": place.name,
        "_district": {"extension": [municipality_code(place)]},
        "postalCode": place.post_code,
        "country": "NO",
    }
