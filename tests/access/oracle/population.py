"""A small population at random, with every way to be, or nearly be, allowed to see somebody.

Ids say nothing of who may see what. A step is a resource to write, or a (type, id) to delete;
the steps are written in order, so that earlier versions stay in the history.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fellesjournal.access.addresses import own_bases

Json = dict[str, Any]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HL7 = "http://terminology.hl7.org/CodeSystem/"
OWN = "https://fellesjournal.example/fhir/"
STAFF_ROLE = OWN + "CodeSystem/staff-role"
AREA = OWN + "CodeSystem/information-area"
VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"


UNITS = ("u1", "u2", "u3")
ROLES = (
    "doctor", "gp", "nurse", "carer", "physiotherapist", "public-health-nurse", "case-officer",
    "secretary", "unit-leader", "rollout-lead", "benefits-coordinator", "operator",
    "administrator", "data-protection-officer", "researcher",
)  # fmt: skip
SECURITY = (
    {"system": HL7 + "v3-ActCode", "code": "PSY"},
    {"system": HL7 + "v3-ActCode", "code": "SEX"},
    {"system": HL7 + "v3-ActCode", "code": "SDV"},
    {"system": OWN + "CodeSystem/special-category", "code": "child-protection"},
    {"system": HL7 + "v3-Confidentiality", "code": "R"},
)
CITIZEN_CODES = (
    "N", "NORN_FFL", "NORN_EPO", "NORN_FOR", "NORN_FORANS", "NORN_UNGDOM", "NORN_DUP", "NORU",
    "NORN_FPB", "NORS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff: ``Practitioner/name``, ``PractitionerRole/name-role``."""

    name: str
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A step past a closed door, for an hour. ``kind`` 1: the glass broken; 2: these labels."""

    worker: str
    patient: str
    kind: int
    labels: tuple[str, ...] = ()
    minutes_ago: int = 10


@dataclass(slots=True)
class Population:
    """Whoever is in it, and the steps that write it."""

    patients: list[str] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    steps: list[Json | tuple[str, str]] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    citizens: list[tuple[str, str]] = field(default_factory=list)
    """(who asks, in whose record)"""


def ref(target: str) -> Json:
    """A Reference."""
    return {"reference": target}


def day(offset: int) -> str:
    """A date so many days from now."""
    return (NOW + timedelta(days=offset)).date().isoformat()


def moment(offset: int) -> str:
    """A time so many days from now."""
    return (NOW + timedelta(days=offset)).isoformat().replace("+00:00", "Z")


def label(code: str, until: int = 0) -> Json:
    """A visibility code with the details that its write asks for."""
    parts: list[Json] = [
        {"url": "author", "valueReference": ref("Practitioner/w0")},
        {"url": "reason", "valueString": "because"},
        {"url": "time", "valueDateTime": moment(-30)},
        {"url": "owner", "valueReference": ref("PractitionerRole/w0-role")},
    ]
    if code in {"NORU", "NORN_FPB"}:
        parts.append({"url": "until", "valueDateTime": moment(until)})
    return {
        "system": VISIBILITY, "code": code,
        "extension": [{"url": OWN + "StructureDefinition/label-details", "extension": parts}],
    }  # fmt: skip


def resource(type_name: str, fhir_id: str, /, **members: Any) -> Json:
    """A resource without the members that are None."""
    given = {name: value for name, value in members.items() if value is not None}
    return {"resourceType": type_name, "id": fhir_id, **given}


def generate(seed: int, *, patients: int = 8, items: int = 5) -> Population:
    """A population; the same for the same seed."""
    return _Maker(random.Random(seed), patients, items).made()


class _Maker:
    def __init__(self, chance: random.Random, patients: int, items: int) -> None:
        self.chance = chance
        self.items = items
        self.number = 0
        self.found = Population(patients=[f"p{n}" for n in range(patients)])

    def made(self) -> Population:
        self._organisations()
        self._staff()
        self._people()
        for patient in self.found.patients:
            self._grounds(patient)
            self._contents(patient)
        self._across()
        self._blocks()
        self._openings()
        self._afterwards()
        self._families()
        return self.found

    def add(self, type_name: str, given_id: str = "", /, **members: Any) -> str:
        self.number += 1
        fhir_id = given_id or f"r{self.number}-{self.chance.randrange(16**4):04x}"
        self.found.steps.append(resource(type_name, fhir_id, **members))
        return fhir_id

    def _organisations(self) -> None:
        self.add("Organization", "top", name="Top")
        for unit in UNITS:
            self.add("Organization", unit, name=unit, partOf=ref("Organization/top"))
        self.add("HealthcareService", "service1", providedBy=ref("Organization/u1"))
        self.add("Location", "place", name="Place")
        self.add("ValueSet", "set", url="http://x.test/set", status="active")
        self.add("ResearchStudy", "study", status="active")

    def _staff(self) -> None:
        for n, code in enumerate((*ROLES, "nurse", "doctor")):
            worker = Worker(f"w{n}", code, self.chance.choice(UNITS))
            self.found.workers.append(worker)
            self._employ(worker)
        # who stands in for the first doctor, from another unit
        stands = {"url": OWN + "StructureDefinition/stands-in-for",
                  "valueReference": ref("Practitioner/w0")}  # fmt: skip
        substitute = Worker("sub", "doctor", "u3")
        self.found.workers.append(substitute)
        self._employ(substitute, extension=[stands])

    def _employ(self, worker: Worker, **more: Any) -> None:
        self.add("Practitioner", worker.name, name=[{"family": worker.name}])
        self.add(
            "PractitionerRole", f"{worker.name}-role", practitioner=ref(f"Practitioner/{worker.name}"),
            organization=ref(f"Organization/{worker.unit}"),
            code=[{"coding": [{"system": STAFF_ROLE, "code": worker.code}]}], **more,
        )  # fmt: skip

    def _people(self) -> None:
        for n, patient in enumerate(self.found.patients):
            born = self.chance.choice(("1950", "1980", "1999")) + f"-0{n % 9 + 1}-11"
            protected = [{"system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
                          "code": "strengtFortrolig"}] if n == 3 else None  # fmt: skip
            self.add(
                "Patient", patient, birthDate=born, gender=self.chance.choice(("male", "female")),
                name=[{"family": f"Berg{n}", "given": [self.chance.choice(("Kari", "Ola", "Anne"))]}],
                identifier=[{"system": "http://x.test/no", "value": f"{n:05d}"}],
                # the first doctor has many on her list, so that blocks and labels take from her
                generalPractitioner=[ref("Practitioner/w0") if n < 6 else ref(self._list_gp())],
                meta={"security": protected} if protected else None,
            )  # fmt: skip
            self.found.citizens.append((patient, patient))

    def holder(self) -> str:
        """Somebody who can hold a ground: mostly one person, sometimes a unit or a service."""
        worker = self.chance.choice(self.found.workers)
        kinds = [f"Practitioner/{worker.name}"] * 5 + [f"PractitionerRole/{worker.name}-role"] * 2
        return self.chance.choice([*kinds, "Organization/u1", "Organization/top",
                                   "HealthcareService/service1", "CareTeam/team"])  # fmt: skip

    def _list_gp(self) -> str:
        return self.chance.choice(
            (*[self._staff_member()] * 4, "Organization/u1", "Organization/top")
        )

    def _grounds(self, patient: str) -> None:
        makers = [
            self._encounter, self._appointment, self._request, self._episode, self._team,
            self._plan, self._task,
        ]  # fmt: skip
        for make in self.chance.sample(makers, 4):
            make(ref(f"Patient/{patient}"))
        if self.chance.random() < 0.4:
            self.add(
                "ResearchSubject", status=self.chance.choice(("on-study", "withdrawn")),
                study=ref("ResearchStudy/study"), individual=ref(f"Patient/{patient}"),
            )  # fmt: skip

    def _encounter(self, subject: Json) -> None:
        status, period = self.chance.choice([
            ("in-progress", {"start": day(-1)}), ("in-progress", {"start": day(-60)}),
            ("finished", {"start": day(-20), "end": day(-10)}),
            ("finished", {"start": day(-90), "end": day(-80)}),
            ("planned", {"start": moment(5)}), ("planned", {"start": moment(40)}),
            ("cancelled", {"start": day(-1)}),
        ])  # fmt: skip
        self.add(
            "Encounter", status=status, period=period, subject=subject,
            **{"class": {"code": self.chance.choice(("AMB", "IMP"))}},
            participant=[{"individual": ref(self._staff_member()),
                          "period": self.chance.choice((None, {"end": day(-50)})) or {"start": day(-2)}}],
            serviceProvider=self.chance.choice((None, None, ref("Organization/u2"))),
        )  # fmt: skip

    def _staff_member(self) -> str:
        worker = self.chance.choice(self.found.workers)
        return self.chance.choice(
            (f"Practitioner/{worker.name}", f"PractitionerRole/{worker.name}-role")
        )

    def _appointment(self, subject: Json) -> None:
        start = self.chance.choice((3, -3, 30, -40))
        self.add(
            "Appointment", status=self.chance.choice(("booked", "booked", "cancelled", "noshow")),
            start=moment(start), end=moment(start),
            participant=[{"actor": subject, "status": "accepted"},
                         {"actor": ref(self._staff_member()),
                          "status": self.chance.choice(("accepted", "accepted", "declined"))}],
        )  # fmt: skip

    def _request(self, subject: Json) -> None:
        laboratory = {"coding": [{"system": "http://snomed.info/sct", "code": "108252007"}]}
        self.add(
            "ServiceRequest", status=self.chance.choice(("active", "active", "completed", "draft")),
            intent=self.chance.choice(("order", "order", "plan")), subject=subject,
            authoredOn=moment(self.chance.choice((-3, 3))),
            category=self.chance.choice((None, [laboratory])),
            requester=ref(self._staff_member()), performer=[ref(self.holder())],
        )  # fmt: skip

    def _episode(self, patient: Json) -> None:
        self.add(
            "EpisodeOfCare", patient=patient,
            status=self.chance.choice(("active", "planned", "finished", "cancelled")),
            period=self.chance.choice(({"start": day(-5)}, {"start": day(10)}, {"start": day(30)},
                                       {"start": day(-200), "end": day(-100)})),
            managingOrganization=ref(self.chance.choice(("Organization/u1", "Organization/u3"))),
            careManager=ref(f"Practitioner/{self.chance.choice(self.found.workers).name}"),
            team=self.chance.choice((None, [ref("CareTeam/team")])),
        )  # fmt: skip

    def _team(self, subject: Json) -> None:
        period = self.chance.choice((None, {"start": day(-9), "end": day(9)}, {"end": day(-3)}))
        member = {"member": ref(self._staff_member())}
        self.add(
            "CareTeam", status=self.chance.choice(("active", "active", "inactive")), subject=subject,
            participant=[member | ({"period": period} if period else {})],
        )  # fmt: skip

    def _plan(self, subject: Json) -> None:
        self.add(
            "CarePlan", status=self.chance.choice(("active", "on-hold", "revoked")), intent="plan",
            subject=subject, careTeam=self.chance.choice((None, [ref("CareTeam/team")])),
            activity=[{"detail": {"status": self.chance.choice(("in-progress", "completed")),
                                  "performer": [ref(self._staff_member())]}}],
        )  # fmt: skip

    def _task(self, subject: Json) -> None:
        self.add(
            "Task", status=self.chance.choice(("requested", "in-progress", "completed")),
            intent="order", owner=ref(self._staff_member()), authoredOn=moment(-1),
            **{"for": subject},
        )  # fmt: skip

    # --- what is in a record ---------------------------------------------------------------

    def _contents(self, patient: str) -> None:
        subject = ref(f"Patient/{patient}")
        for _ in range(self.items):
            self._observation(subject)
        for make in self.chance.sample(_OTHERS, 7):
            self.found.steps.append(make(self, subject))
        self.add("RelatedPerson", patient=subject, name=[{"family": "Near"}])

    def _observation(self, subject: Json, **more: Any) -> str:
        roll = self.chance.random()
        security = None
        if roll < 0.2:
            security = [self.chance.choice(SECURITY)]
        elif roll < 0.45:
            security = [label(self.chance.choice(CITIZEN_CODES), self.chance.choice((-2, 2)))]
        return self.add(
            "Observation", status="final", subject=subject,
            code={"coding": [{"system": "http://loinc.org",
                              "code": self.chance.choice(("8867-4", "29463-7", "85354-9"))}],
                  "text": self.chance.choice(("Pulse", "Weight", "Pressure"))},
            effectiveDateTime=self.chance.choice((None, day(-400), day(-100), day(-4))),
            valueQuantity={"value": self.chance.randrange(40, 200), "unit": "kg",
                           "system": "http://unitsofmeasure.org", "code": "kg"},
            performer=[ref(self._staff_member())],
            meta={"security": security} if security else None, **more,
        )  # fmt: skip

    def any_patient(self) -> str:
        return f"Patient/{self.chance.choice(self.found.patients)}"

    def _across(self) -> None:
        """Links from record to record, several patients in one, and what is about nobody."""
        by_type: dict[str, list[Json]] = {}
        for step in self.found.steps:
            if isinstance(step, dict):
                by_type.setdefault(step["resourceType"], []).append(step)
        seen = [f"Observation/{each['id']}" for each in by_type["Observation"]]
        for _ in range(8):
            first, second = (f"Patient/{p}" for p in self.chance.sample(self.found.patients, 2))
            self._observation(ref(first), derivedFrom=[ref(self.chance.choice(seen))],
                              focus=[ref(second)] if self.chance.random() < 0.3 else None)  # fmt: skip
            self.add("DiagnosticReport", status="final", code={"text": "report"}, subject=ref(first),
                     result=[ref(self.chance.choice(seen)) for _ in range(3)])  # fmt: skip
            self.add("Communication", status="completed", subject=ref(first),
                     about=[ref(self.chance.choice(seen))], sender=ref(second))  # fmt: skip
            self.add("List", status="current", mode="working", subject=ref(first),
                     entry=[{"item": ref(self.chance.choice(seen))} for _ in range(4)])  # fmt: skip
            self.add("List", status="current", mode="working",
                     entry=[{"item": ref(self.chance.choice(seen))}])  # fmt: skip
        for spelling in ("Patient/", "Patient/", own_bases()[0] + "/Patient/"):
            pair = self.chance.sample(self.found.patients, 2)
            self.add("Appointment", status="booked", start=moment(2), end=moment(2), participant=[
                {"actor": ref(("Patient/" if n == 0 else spelling) + each), "status": "accepted"}
                for n, each in enumerate(pair)])  # fmt: skip
            self.add("Group", type="person", actual=True,
                     member=[{"entity": ref(spelling + each)} for each in pair])  # fmt: skip
            self.add("Provenance", recorded=moment(-1), agent=[{"who": ref("Practitioner/w0")}],
                     target=[ref(spelling + each) for each in pair])  # fmt: skip
        self.add("Group", type="person", actual=True)
        self.add("Binary", contentType="text/plain", data="aGVpLCBkZXR0ZSBlciBlbiBmaWw=")
        self.add("CareTeam", "team", status="active", participant=[
            {"member": ref(f"Practitioner/{self.found.workers[0].name}")},
            {"member": ref(f"Practitioner/{self.found.workers[2].name}"), "period": {"end": day(-1)}},
        ])  # fmt: skip

    # --- blocks, openings, what happened later -----------------------------------------------

    def _blocks(self) -> None:
        documents = [s for s in self.found.steps if isinstance(s, dict)
                     and s["resourceType"] == "Observation"]  # fmt: skip
        for n, patient in enumerate(self.found.patients):
            worker = self.found.workers[0 if n < 6 else self.chance.randrange(5)]
            who = self.chance.choice((f"Practitioner/{worker.name}", f"PractitionerRole/{worker.name}-role",
                                      f"Organization/{worker.unit}", "Organization/top"))  # fmt: skip
            actor = [{"role": {"coding": [{"system": HL7 + "v3-ParticipationType", "code": "PRCP"}]},
                      "reference": ref(who)}]  # fmt: skip
            deny: Json = {"type": "deny", "actor": actor}
            how = n % 6
            if how == 0:
                deny = {"type": "deny", "provision": [{"type": "permit", "actor": actor}]}
            elif how == 1:
                deny["class"] = [
                    {"system": AREA, "code": self.chance.choice(("health", "contacts"))}
                ]
            elif how == 2:
                deny["period"] = self.chance.choice(({"end": day(-2)}, {"start": day(-2)}))
            elif how == 3:
                own = [d for d in documents if d["subject"]["reference"] == f"Patient/{patient}"]
                target = f"Observation/{self.chance.choice(own)['id']}"
                deny["data"] = [{"meaning": "instance", "reference": ref(target)}]
            elif how == 4:
                deny["class"] = [
                    {"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}
                ]
                deny["dataPeriod"] = self.chance.choice((
                    {"start": day(-200), "end": day(-50)}, {"end": day(-50)}, {"start": day(-50)}))  # fmt: skip
            self.add(
                "Consent", status="rejected" if n == 5 else "active",
                scope={"coding": [{"system": HL7 + "consentscope", "code": "patient-privacy"}]},
                category=[{"coding": [{"system": HL7 + "v3-ActCode", "code": "IDSCL"}]}],
                patient=ref(f"Patient/{patient}"), policyRule={"text": "block"},
                provision={"provision": [deny]},
            )  # fmt: skip

    def _openings(self) -> None:
        for _ in range(6):
            worker = self.chance.choice(
                [w for w in self.found.workers if w.code in {"doctor", "nurse", "gp"}]
            )
            self.found.openings.append(
                Opening(
                    worker.name,
                    self.chance.choice(self.found.patients),
                    1,
                    minutes_ago=self.chance.choice((10, 10, 90)),
                )
            )
        for worker in (*[self.found.workers[0]] * 3, *self.found.workers[1:4]):
            for patient in self.chance.sample(self.found.patients, 5):
                labels = self.chance.choice(
                    (("PSY",), ("SEX", "VIOLENCE"), ("CHILD",), ("RESTRICTED",))
                )
                ago = self.chance.choice((10, 90))
                self.found.openings.append(Opening(worker.name, patient, 2, labels, ago))

    def _afterwards(self) -> None:
        """Some resources are moved to another record, relabelled or deleted."""
        movable = [s for s in self.found.steps if isinstance(s, dict)
                   and s["resourceType"] in {"Observation", "Communication", "DiagnosticReport"}]  # fmt: skip
        for step in self.chance.sample(movable, 14):
            how = self.chance.randrange(3)
            if how == 0:
                self.found.steps.append({**step, "subject": ref(self.any_patient())})
            elif how == 1:
                meta = {"security": [self.chance.choice(SECURITY)]}
                self.found.steps.append({k: v for k, v in step.items() if k != "meta"}
                                        | self.chance.choice(({}, {"meta": meta})))  # fmt: skip
            else:
                self.found.steps.append((step["resourceType"], step["id"]))
        both = [s for s in self.found.steps if isinstance(s, dict)
                and s["resourceType"] == "Appointment" and "/" in str(s)
                and sum("Patient/" in p["actor"]["reference"] for p in s["participant"]) > 1]  # fmt: skip
        self.found.steps.append({**both[0], "participant": both[0]["participant"][:1]})
        self.found.steps.append(("Appointment", both[1]["id"]))
        grounding = [s for s in self.found.steps if isinstance(s, dict)
                     and s["resourceType"] in {"Encounter", "Task", "EpisodeOfCare"}]  # fmt: skip
        for step in self.chance.sample(grounding, 4):
            self.found.steps.append((step["resourceType"], step["id"]))
        for step in self.chance.sample(grounding, 2):
            subject = "for" if step["resourceType"] == "Task" else (
                "patient" if step["resourceType"] == "EpisodeOfCare" else "subject")  # fmt: skip
            self.found.steps.append({**step, subject: ref(self.any_patient())})

    def _families(self) -> None:
        """A mother with one child at home, one elsewhere, one who is thirteen and one grown."""
        self.found.steps += list(_family())
        for child in ("child", "away", "teen", "grown"):
            subject = ref(f"Patient/{child}")
            for code in ("N", "NORN_FORANS", "NORN_UNGDOM", "NORN_EPO", None):
                self.add("Observation", status="final", subject=subject, code={"text": "x"},
                         meta={"security": [label(code)]} if code else None)  # fmt: skip
            self.found.citizens += [(child, child), ("mother", child)]
        self.found.patients += ["mother", "child", "away", "teen", "grown"]


def _address(street: str) -> Json:
    extension = "http://hl7.no/fhir/StructureDefinition/no-basis-"
    return {
        "extension": [{"url": extension + "address-official", "valueBoolean": True}],
        "line": [street], "postalCode": "7010", "district": "Trondheim",
        "_district": {"extension": [{"url": extension + "municipalitycode",
                                     "valueCoding": {"system": "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle",
                                                     "code": "5001"}}]},
    }  # fmt: skip


def _family() -> Iterator[Json]:
    number = [{"system": FNR, "value": "13117400110"}]
    yield resource("Patient", "mother", birthDate="1988-01-11", identifier=number,
                   name=[{"family": "Mor"}], address=[_address("Home 1")])  # fmt: skip
    for child, born, street in (
        ("child", "2021-05-01", "Home 1"), ("away", "2020-05-01", "Far 2"),
        ("teen", "2013-02-01", "Home 1"), ("grown", "2005-02-01", "Home 1"),
    ):  # fmt: skip
        yield resource("Patient", child, birthDate=born, name=[{"family": "Barn"}],
                       address=[_address(street)])  # fmt: skip
        yield resource(
            "RelatedPerson", f"mother-of-{child}", patient=ref(f"Patient/{child}"), identifier=number,
            birthDate="1988-01-11", relationship=[{"coding": [
                {"system": "http://hl7.no/fhir/CodeSystem/no-basis-family-relation", "code": "mor"},
                {"system": "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility", "code": "mor"},
            ]}],
        )  # fmt: skip


def _simple(type_name: str, owner: str, **members: Any) -> Any:
    def make(maker: _Maker, subject: Json) -> Json:
        maker.number += 1
        return resource(
            type_name,
            f"s{maker.number}-{maker.chance.randrange(16**4):04x}",
            **{owner: subject, **members},
        )

    return make


_TEXT = {"text": "x"}
_OTHERS = [
    _simple("Condition", "subject", code=_TEXT, onsetDateTime=day(-100)),
    _simple("AllergyIntolerance", "patient", code=_TEXT, clinicalStatus={"coding": [
        {"system": HL7 + "allergyintolerance-clinical", "code": "active"}]}),
    _simple("MedicationRequest", "subject", status="active", intent="order", medicationCodeableConcept=_TEXT),
    _simple("DocumentReference", "subject", status="current", date=moment(-9),
            content=[{"attachment": {"url": "Binary/none", "title": "note"}}]),
    _simple("FamilyMemberHistory", "patient", status="completed", relationship=_TEXT),
    _simple("QuestionnaireResponse", "subject", status="completed"),
    _simple("Coverage", "beneficiary", status="active", payor=[ref("Organization/top")]),
    _simple("Flag", "subject", status="active", code=_TEXT),
    _simple("Goal", "subject", lifecycleStatus="active", description=_TEXT),
    _simple("Composition", "subject", status="final", type=_TEXT, date=day(-7), title="t",
            author=[ref("Practitioner/w0")]),
    _simple("Composition", "subject", status="preliminary", type=_TEXT, date=day(-7), title="t",
            author=[ref("Practitioner/w0")]),
    _simple("Media", "subject", status="completed", content={"title": "picture"}),
    _simple("MeasureReport", "subject", status="complete", type="individual", measure="http://x.test/m",
            period={"start": day(-9), "end": day(-1)}),
]  # fmt: skip
