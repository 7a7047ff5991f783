"""What no record may contain, and what every record must."""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from fellesjournal.demo import generate, population
from fellesjournal.demo.catalogue import medicines
from fellesjournal.demo.catalogue.medicines import Medicine
from fellesjournal.demo.prescribing import dosage, dosage_text
from fellesjournal.fhir.dosage import instruction_of
from fellesjournal.registry import numbers
from fellesjournal.registry.municipalities import municipalities
from tests.demo.conftest import UNTIL, Demo

# Elements that may lie after the demo's day: agreements about the future.
_FUTURE = {"Appointment", "CarePlan"}


def _moments(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [found for key, part in value.items() for found in _moments(part, key)]
    if isinstance(value, list):
        return [found for part in value for found in _moments(part, name)]
    is_moment = isinstance(value, str) and len(value) >= 10 and value[4:5] == value[7:8] == "-"
    return [(name, value)] if is_moment and value[:4].isdigit() else []


def test_nothing_happens_before_birth(demo: Demo) -> None:
    for key, resources in demo.records.items():
        born = demo.patients[key]["birthDate"]
        for resource in resources:
            if resource["resourceType"] != "RelatedPerson":
                for name, moment in _moments(resource):
                    assert moment[:10] >= born, (resource["id"], name, moment)


_DEADLINES = {("Task", "end"), ("ServiceRequest", "valueDateTime")}


def test_nothing_happens_after_death_or_after_today(demo: Demo) -> None:
    for key, resources in demo.records.items():
        died = demo.patients[key].get("deceasedDateTime", "9999")
        for resource in resources:
            if resource["resourceType"] in _FUTURE | {"RelatedPerson"}:
                continue
            for name, moment in _moments(resource):
                if name == "end" and resource["resourceType"] in {"MedicationRequest", "Consent"}:
                    continue
                # deadlines lie ahead: of a Task, and of a referral in its dates
                if (resource["resourceType"], name) in _DEADLINES:
                    continue
                assert moment[:10] <= min(died[:10], UNTIL.isoformat()), (resource["id"], name)


def test_the_dead_have_nothing_open(demo: Demo) -> None:
    dead = [key for key, patient in demo.patients.items() if "deceasedDateTime" in patient]
    assert "cast-bergljot" in dead
    for key in dead:
        for resource in demo.records[key]:
            kind, state = resource["resourceType"], resource.get("status")
            if kind in {"MedicationRequest", "EpisodeOfCare", "CarePlan", "CareTeam"}:
                assert state != "active", resource["id"]
            assert not (kind == "Appointment" and state == "booked")
            assert not (kind == "Encounter" and state == "in-progress")


def test_everyone_has_a_synthetic_number_and_no_number_comes_twice(demo: Demo) -> None:
    values = [patient["identifier"][0]["value"] for patient in demo.patients.values()]
    assert len(values) == len(set(values))
    for key, patient in demo.patients.items():
        identifier = patient["identifier"][0]
        number = numbers.parse_person_number(identifier["value"])
        assert number.system == identifier["system"]
        assert number.is_synthetic or key == "cast-newborn"
        assert numbers.check_digits_hold(number.value, numbers.CLASSIC_REMAINDERS)
        if number.is_synthetic:
            born = date.fromisoformat(patient["birthDate"])
            day = born.day + (40 if number.kind is numbers.NumberKind.D_NUMBER else 0)
            assert number.value[:6] == f"{day:02d}{born.month + 80:02d}{born.year % 100:02d}"
            assert (int(number.value[8]) % 2 == 1) == (patient["gender"] == "male")


def test_organisations_have_valid_numbers_of_the_invented_series(demo: Demo) -> None:
    values = [unit["identifier"][0]["value"] for unit in demo.of("Organization")]
    assert len(values) == len(set(values))
    assert all(numbers.is_organisation_number(v) and v.startswith("5") for v in values)


def test_personnel_numbers_are_of_the_invented_series_and_unique(demo: Demo) -> None:
    values = [
        i["value"]
        for p in demo.of("Practitioner")
        for i in p.get("identifier", ())
        if i["system"] == numbers.HPR_SYSTEM
    ]
    assert len(values) == len(set(values))
    assert all(len(v) == 9 and v.startswith("5") and numbers.is_hpr_number(v) for v in values)


def test_no_telephone_can_ring_and_no_letter_can_arrive(demo: Demo) -> None:
    contacts = [
        point
        for resource in demo.resources
        for point in resource.get("telecom", ())
        if resource["resourceType"] in {"Patient", "RelatedPerson", "Organization"}
    ]
    assert contacts
    for point in contacts:
        if point["system"] == "phone":
            assert point["value"].startswith("+47000")
            assert len(point["value"]) == 11
        else:
            assert point["value"].endswith("@post.example")


def test_ages_and_sexes_follow_the_population_table() -> None:
    drawn = [person for _, people in population.draw(5000, _rng()) for person in people]
    table: Counter[tuple[int, str]] = Counter()
    for cell in population.cells():
        table[min(cell.age // 10, 9), cell.sex] += cell.residents  # type: ignore[assignment]  # residents are fractions
    total = sum(table.values())
    found = Counter((min(age // 10, 9), sex) for age, sex in drawn)
    for band, residents in table.items():
        assert found[band] / 5000 == pytest.approx(residents / total, abs=0.006)


def test_generated_citizens_have_the_age_they_were_drawn_with(demo: Demo) -> None:
    oldest = min(patient["birthDate"] for patient in demo.patients.values())
    youngest = max(patient["birthDate"] for patient in demo.patients.values())
    assert date.fromisoformat(oldest).year > UNTIL.year - 110
    assert date.fromisoformat(youngest) <= UNTIL


def test_men_have_no_pregnancies_and_women_no_prostate(demo: Demo) -> None:
    female_only = {"W78", "W90", "X76", "X11", "W11", "Z370", "C509"}
    male_only = {"Y77", "Y85", "C61"}
    for key, resources in demo.records.items():
        refused = male_only if demo.patients[key]["gender"] == "female" else female_only
        for resource in resources:
            if resource["resourceType"] == "Condition":
                codes = {coding["code"] for coding in resource["code"]["coding"]}
                assert not codes & refused, resource["id"]
            if resource["resourceType"] == "Observation" and resource["code"]["text"] == "P-PSA":
                assert demo.patients[key]["gender"] == "male"


def test_children_grow_and_adults_keep_their_height(demo: Demo) -> None:
    for key, resources in demo.records.items():
        born = date.fromisoformat(demo.patients[key]["birthDate"])
        heights = sorted(
            (resource["effectiveDateTime"][:10], resource["valueQuantity"]["value"])
            for resource in resources
            if resource["resourceType"] == "Observation" and resource["code"]["text"] == "Høyde"
        )
        for (day, height), (later, next_height) in pairwise(heights):
            age = (date.fromisoformat(day) - born).days / 365.25
            if age < 12 and date.fromisoformat(later) - date.fromisoformat(day) > timedelta(120):
                assert next_height > height
            if age > 20:
                assert abs(next_height - height) < 4


def test_vital_signs_and_results_are_within_what_a_living_body_shows(demo: Demo) -> None:
    limits = {
        "Puls": (38, 190), "Temperatur": (34.5, 41.2), "Oksygenmetning": (70, 100),
        "Respirasjonsfrekvens": (8, 60), "Vekt": (2, 190), "Høyde": (44, 212),
        "B-Hemoglobin": (5, 20), "P-Kalium": (2.4, 6.5), "P-Natrium": (115, 155),
        "P-Kreatinin": (15, 350), "B-HbA1c": (20, 130), "P-INR": (0.8, 6),
        "B-Leukocytter": (0.5, 40),
    }  # fmt: skip
    seen = Counter[str]()
    for observation in demo.of("Observation"):
        name = observation["code"]["text"]
        if name in limits and "valueQuantity" in observation:
            low, high = limits[name]
            assert low <= observation["valueQuantity"]["value"] <= high, observation["id"]
            seen[name] += 1
        for part in observation.get("component", ()):
            assert 35 < part["valueQuantity"]["value"] < 240
    assert len(seen) >= 12


def test_systolic_is_above_diastolic(demo: Demo) -> None:
    for observation in demo.of("Observation"):
        if "component" in observation:
            high, low = (part["valueQuantity"]["value"] for part in observation["component"])
            assert high - low >= 15


def test_an_interpretation_agrees_with_the_reference_range(demo: Demo) -> None:
    seen = Counter[str]()
    for observation in demo.of("Observation"):
        if "referenceRange" not in observation:
            continue
        value = observation["valueQuantity"]["value"]
        limits = observation["referenceRange"][0]
        mark = observation["interpretation"][0]["coding"][0]["code"]
        above = "high" in limits and value > limits["high"]["value"]
        below = "low" in limits and value < limits["low"]["value"]
        assert mark == ("H" if above else "L" if below else "N")
        seen[mark] += 1
    assert min(seen.values()) > 50


def test_encounters_end_after_they_begin_and_admissions_do_not_overlap(demo: Demo) -> None:
    for resources in demo.records.values():
        stays = []
        for encounter in resources:
            if encounter["resourceType"] != "Encounter" or "end" not in encounter["period"]:
                continue
            start, end = (datetime.fromisoformat(encounter["period"][x]) for x in ("start", "end"))
            assert start < end, encounter["id"]
            if encounter["type"][0]["coding"][0]["code"].endswith("admission"):
                stays.append((start, end))
        stays.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(stays))


def test_a_citizen_has_each_medicine_once_and_none_the_citizen_reacts_to(demo: Demo) -> None:
    for key, resources in demo.records.items():
        active = [
            r["medicationCodeableConcept"]["coding"][0]["code"]
            for r in resources
            if r["resourceType"] == "MedicationRequest"
            and r["status"] == "active"
            and r["courseOfTherapyType"]["coding"][0]["code"] == "continuous"
        ]
        assert len(active) == len(set(active)), (key, active)
        allergy_from: dict[str, str] = {}
        for resource in resources:
            coded = resource.get("code", {}).get("coding", [{}])[0].get("code", "")
            if resource["resourceType"] == "AllergyIntolerance" and coded.startswith(
                ("J01", "M01")
            ):
                allergy_from[coded[:4]] = resource["recordedDate"]
            if resource["resourceType"] == "MedicationRequest":
                atc = resource["medicationCodeableConcept"]["coding"][0]["code"]
                since = allergy_from.get(atc[:4])
                assert since is None or resource["authoredOn"] < since, resource["id"]


def test_no_analysis_is_reported_twice_in_one_report_or_encounter_moment(demo: Demo) -> None:
    seen: set[tuple[str, str, str]] = set()
    for observation in demo.of("Observation"):
        if observation["category"][0]["coding"][0]["code"] == "laboratory":
            key = (observation["encounter"]["reference"], observation["code"]["text"],
                   observation["effectiveDateTime"])  # fmt: skip
            assert key not in seen, observation["id"]
            seen.add(key)


def test_atrial_fibrillation_is_treated_with_a_blood_thinner(demo: Demo) -> None:
    for key, resources in demo.records.items():
        diagnoses = [r["code"]["text"] for r in resources if r["resourceType"] == "Condition"]
        if "Atrieflimmer" in diagnoses and "deceasedDateTime" not in demo.patients[key]:
            active = {
                r["medicationCodeableConcept"]["coding"][0]["code"]
                for r in resources
                if r["resourceType"] == "MedicationRequest" and r["status"] == "active"
            }
            assert active & {"B01AF02", "B01AA03"}, key
            assert "B01AC06" not in active, key


def test_hba1c_falls_after_metformin() -> None:
    falls = []
    for resources in _records(150):
        start = next(
            (
                r["authoredOn"]
                for r in resources
                if r["resourceType"] == "MedicationRequest"
                and r["medicationCodeableConcept"]["text"].startswith("Metformin 1000")
                and "priorPrescription" not in r
            ),
            "",
        )
        values = [
            (r["effectiveDateTime"], r["valueQuantity"]["value"])
            for r in resources
            if r["resourceType"] == "Observation" and r["code"]["text"] == "B-HbA1c"
        ]
        at_start = [value for when, value in values if when[:10] == start[:10]]
        later = [value for when, value in values if when > start][1:4]
        if at_start and later and at_start[0] > 52:
            falls.append(at_start[0] - min(later))
    assert falls
    assert sum(falls) / len(falls) > 5


def test_documents_hold_readable_norwegian_text(demo: Demo) -> None:
    for document in demo.of("DocumentReference"):
        attachment = document["content"][0]["attachment"]
        text = base64.b64decode(attachment["data"]).decode()
        assert len(text.encode()) == attachment["size"]
        assert len(text) > 15
        assert "None" not in text


def test_silence_about_allergies_is_told_apart_from_none_and_not_asked(demo: Demo) -> None:
    said = Counter(
        resource["code"]["coding"][0]["code"]
        for resource in demo.of("AllergyIntolerance")
        if "coding" in resource["code"]
    )
    assert said["no-known-allergies"] > 20
    assert said["no-allergy-info"] > 3


def test_a_strictly_confidential_address_is_nowhere(demo: Demo) -> None:
    patient = demo.patients["cast-karoline"]
    assert "address" not in patient
    assert "telecom" not in patient
    assert "strengtFortrolig" in [label["code"] for label in patient["meta"]["security"]]


def test_addresses_carry_the_municipality_number(demo: Demo) -> None:
    for patient in demo.patients.values():
        for address in patient.get("address", ()):
            code = address["_district"]["extension"][0]["valueCoding"]
            assert municipalities()[code["code"]].name == address["district"]


def test_clinical_resources_carry_a_visibility_label_and_their_legal_entity(demo: Demo) -> None:
    for resources in demo.records.values():
        for resource in resources:
            if resource["resourceType"] != "RelatedPerson":
                assert resource["meta"]["security"][0]["code"] == "N"
                owner = resource["meta"]["tag"][0]
                assert numbers.is_organisation_number(owner["code"])


def test_families_are_related_both_ways(demo: Demo) -> None:
    by_number = {p["identifier"][0]["value"]: key for key, p in demo.patients.items()}
    pairs: dict[str, set[str]] = defaultdict(set)
    for key, resources in demo.records.items():
        for resource in resources:
            if resource["resourceType"] == "RelatedPerson" and "identifier" in resource:
                if len(resource["relationship"]) == 1:
                    continue  # a guardian outside the family
                pairs[key].add(by_number[resource["identifier"][0]["value"]])
    assert sum(map(len, pairs.values())) > 60
    assert all(key in pairs[other] for key, others in pairs.items() for other in others)


@pytest.mark.parametrize(
    "medicine",
    [m for m in vars(medicines).values() if isinstance(m, Medicine)],
    ids=lambda m: m.label,
)
def test_dose_text_and_dose_structure_say_the_same(medicine: Medicine) -> None:
    read = instruction_of(dosage(medicine))
    assert read.doubt is None
    assert read.text("nb") == dosage_text(medicine)
    total = sum(
        part["doseAndRate"][0]["doseQuantity"]["value"] * len(part["timing"]["repeat"]["when"])
        for part in dosage(medicine)
        if "when" in part.get("timing", {}).get("repeat", {})
    )
    assert total == sum(medicine.doses)
    for name, dose in zip(
        ("morgen", "midt på dagen", "kveld", "natt"), medicine.doses, strict=True
    ):
        assert (name in read.text("nb")) == bool(dose)


def _rng() -> Any:
    return Random(5)


def _records(citizens: int) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    for resource in generate(citizens, seed=11, until=UNTIL):
        if resource["resourceType"] == "Patient":
            found.append([])
        elif found:
            found[-1].append(resource)
    return found
