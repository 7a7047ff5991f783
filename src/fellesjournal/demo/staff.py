"""The people who work in the region: Practitioner and PractitionerRole for every unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from fellesjournal.demo import identities, names
from fellesjournal.demo.chance import source
from fellesjournal.demo.people import human_name
from fellesjournal.demo.terms import (
    NO_BASIS,
    PROFESSION,
    ROLE_TO_PATIENT,
    STAFF_ROLE,
    Element,
    Resource,
    coding,
    concept,
    reference,
)
from fellesjournal.demo.units import Unit
from fellesjournal.registry.numbers import FNR_SYSTEM, HPR_SYSTEM
from fellesjournal.registry.units import UnitKind


@dataclass(frozen=True, slots=True)
class Role:
    """What someone does at a unit. `profession` is the 9060 code, empty without authorisation."""

    code: str
    title: str
    profession: str = ""
    profession_name: str = ""
    to_patient: tuple[str, str] | None = None


ROLES = {
    role.code: role
    for role in (
        Role("gp", "Fastlege", "LE", "Lege", ("6", "Fastlege")),
        Role("hospital-doctor", "Sykehuslege", "LE", "Lege"),
        Role("out-of-hours-doctor", "Legevaktslege", "LE", "Lege"),
        Role("hospital-nurse", "Sykepleier, sykehus", "SP", "Sykepleier"),
        Role("out-of-hours-nurse", "Sykepleier, legevakt", "SP", "Sykepleier"),
        Role("home-care-nurse", "Sykepleier, hjemmetjenesten", "SP", "Sykepleier",
             ("9", "Primærkontakt")),
        Role("nursing-home-nurse", "Sykepleier, sykehjem", "SP", "Sykepleier",
             ("9", "Primærkontakt")),
        Role("carer", "Helsefagarbeider", "HF", "Helsefagarbeider"),
        Role("physiotherapist", "Fysioterapeut", "FT", "Fysioterapeut"),
        Role("public-health-nurse", "Helsesykepleier", "SP", "Sykepleier"),
        Role("midwife", "Jordmor", "JO", "Jordmor"),
        Role("case-officer", "Saksbehandler"),
        Role("secretary", "Helsesekretær", "HE", "Helsesekretær"),
        Role("unit-leader", "Enhetsleder", "SP", "Sykepleier"),
        Role("administrator", "Administrator"),
        Role("data-protection-officer", "Personvernombud"),
        Role("operator", "Driftsansvarlig"),
        Role("rollout-lead", "Innføringsleder"),
        Role("benefits-coordinator", "Gevinstkoordinator"),
    )
}  # fmt: skip

# Who works at each kind of unit, in the generated part of the region.
_STAFFING: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.HOME_CARE: (
        "home-care-nurse",
        "home-care-nurse",
        "carer",
        "carer",
        "carer",
    ),
    UnitKind.NURSING_HOME: ("nursing-home-nurse", "carer"),
    UnitKind.HEALTH_STATION: ("public-health-nurse", "midwife"),
    UnitKind.PHYSIOTHERAPY: ("physiotherapist",),
    UnitKind.OUT_OF_HOURS: ("out-of-hours-doctor",),
    UnitKind.ALLOCATION_OFFICE: ("case-officer",),
    UnitKind.REFERRAL_OFFICE: ("hospital-doctor", "secretary"),
    UnitKind.WARD: (
        "hospital-doctor",
        "hospital-doctor",
        "hospital-nurse",
        "hospital-nurse",
    ),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """One practitioner in one role at one unit. ``number``: a person number, where no HPR number
    tells who it is.
    """

    key: str
    given: str
    family: str
    sex: str
    role: Role
    unit: Unit
    hpr: str
    number: str = ""

    @property
    def name(self) -> str:
        """The name as read."""
        return f"{self.given} {self.family}"

    @property
    def ref(self) -> Element:
        """A reference to the Practitioner."""
        return reference("Practitioner", self.key, self.name)

    @property
    def role_key(self) -> str:
        """The id of the PractitionerRole."""
        return f"{self.key}-role"


def workers_of(unit: Unit, gps: int, seed: int, counter: Iterator[int]) -> list[Worker]:
    """Invent the staff of one unit; `gps` is how many GPs an office has."""
    codes = ("gp",) * gps if unit.kind is UnitKind.GP_OFFICE else _STAFFING.get(unit.kind, ())
    rng = source(seed, unit.key)
    return [_worker(unit, ROLES[code], turn, rng, counter) for turn, code in enumerate(codes, 1)]


def _worker(unit: Unit, role: Role, turn: int, rng: Random, counter: Iterator[int]) -> Worker:
    women = 0.5 if role.code in {"gp", "hospital-doctor", "out-of-hours-doctor"} else 0.82
    sex = "female" if rng.random() < women else "male"
    origin = names.draw_origin(rng, sami_area=False)
    given = names.draw_given(rng, origin, sex, rng.randint(1960, 1998)).split(" ")[0]
    family = names.draw_family(rng, origin)
    hpr = identities.personnel(next(counter)) if role.profession else ""
    return Worker(f"{unit.key}-staff-{turn}", given, family, sex, role, unit, hpr)


def practitioner(worker: Worker) -> Resource:
    """The Practitioner resource; personnel without authorisation have no HPR number."""
    resource: Resource = {
        "resourceType": "Practitioner",
        "id": worker.key,
        "meta": {"profile": [NO_BASIS + "Practitioner"]},
        "active": True,
        "name": [human_name(worker.given, worker.family)],
        "gender": worker.sex,
    }
    if worker.hpr:
        resource["identifier"] = [{"system": HPR_SYSTEM, "value": worker.hpr}]
        role = worker.role
        resource["qualification"] = [
            {"code": concept(PROFESSION, role.profession, role.profession_name)}
        ]
    elif worker.number:
        # So that signing in finds her; those with an HPR number are found by that one.
        resource["identifier"] = [{"system": FNR_SYSTEM, "value": worker.number}]
    return resource


def practitioner_role(worker: Worker) -> Resource:
    """The PractitionerRole that ties the practitioner to the unit."""
    codes = [concept(STAFF_ROLE, worker.role.code, worker.role.title)]
    if worker.role.to_patient:
        codes.append({"coding": [coding(ROLE_TO_PATIENT, *worker.role.to_patient)]})
    return {
        "resourceType": "PractitionerRole",
        "id": worker.role_key,
        "meta": {"profile": [NO_BASIS + "PractitionerRole"]},
        "active": True,
        "practitioner": worker.ref,
        "organization": worker.unit.ref,
        "code": codes,
    }
