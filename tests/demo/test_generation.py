"""The stream as a whole: repeatable, closed, in order, valid."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from fellesjournal.demo import generate
from fellesjournal.demo.catalogue import diagnoses, laboratory
from fellesjournal.fhir.profiles.registry import Profiles
from fellesjournal.fhir.validation import validate
from tests.demo.conftest import CITIZENS, UNTIL, Demo


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def test_the_same_arguments_give_the_same_bytes() -> None:
    first, second = (list(map(orjson.dumps, generate(40, 3, UNTIL))) for _ in range(2))
    assert first == second


def test_another_seed_gives_other_citizens_but_the_same_cast() -> None:
    one, other = (
        {r["id"]: r for r in generate(60, seed, UNTIL) if r["resourceType"] == "Patient"}
        for seed in (1, 2)
    )
    drawn = {key for key in one if not key.startswith("cast-")}
    assert any(one[key]["name"] != other.get(key, {}).get("name") for key in drawn)
    assert one["cast-aslaug"]["identifier"] == other["cast-aslaug"]["identifier"]


def test_there_are_as_many_citizens_as_asked_for(demo: Demo) -> None:
    assert len(demo.patients) == CITIZENS


def test_the_cast_comes_even_when_fewer_citizens_are_asked_for() -> None:
    patients = [r["id"] for r in generate(1, until=UNTIL) if r["resourceType"] == "Patient"]
    assert len(patients) == 18
    assert all(key.startswith("cast-") for key in patients)


def test_a_day_before_the_stories_can_happen_is_refused() -> None:
    with pytest.raises(ValueError, match="until must not be before"):
        next(generate(1, until=date(2020, 1, 1)))


def test_organisations_and_practitioners_come_before_the_first_citizen(demo: Demo) -> None:
    kinds = [resource["resourceType"] for resource in demo.resources]
    first = kinds.index("Patient")
    shared = {"Organization", "HealthcareService", "Endpoint", "Practitioner", "PractitionerRole",
              "Schedule"}  # fmt: skip
    assert set(kinds[:first]) == shared
    assert not shared & set(kinds[first:])


def test_every_reference_finds_its_resource(demo: Demo) -> None:
    missing = {
        reference
        for resource in demo.resources
        for reference in _references(resource)
        if reference not in demo.by_reference
    }
    assert not missing


def test_references_within_the_region_point_backwards(demo: Demo) -> None:
    seen: set[str] = set()
    for resource in demo.resources:
        seen.add(f"{resource['resourceType']}/{resource['id']}")
        if resource["resourceType"] == "Organization":
            assert all(reference in seen for reference in _references(resource))


def test_no_resource_refers_to_another_citizen(demo: Demo) -> None:
    for patient, resources in demo.records.items():
        for resource in resources:
            for reference in _references(resource):
                if reference.startswith("Patient/"):
                    assert reference == f"Patient/{patient}"


def test_every_resource_is_valid_fhir(demo: Demo) -> None:
    wrong = Counter(
        (resource["resourceType"], issue.diagnostics, issue.expression)
        for resource in demo.resources
        for issue in validate(resource)
    )
    assert not wrong


def test_every_claimed_profile_is_met(demo: Demo, shared_data: Path) -> None:
    profiles = Profiles()
    for folder in ("no-basis", "vitalsigns"):
        found = (
            json.loads(p.read_text()) for p in (shared_data / "norway" / folder).glob("*.json")
        )
        kinds = {"StructureDefinition", "ValueSet", "CodeSystem"}
        profiles.load(item for item in found if item.get("resourceType") in kinds)
    checked: Counter[str] = Counter()
    for resource in demo.resources:
        for claimed in resource.get("meta", {}).get("profile", ()):
            assert profiles.knows(claimed), claimed
            checked[claimed] += 1
            if checked[claimed] <= 60:
                assert not profiles.validate_claimed(resource), resource["id"]
    assert len(checked) == 16


def test_every_code_of_the_own_selection_is_in_the_national_list(shared_data: Path) -> None:
    folder = shared_data / "norway/codes"
    chosen = [d for d in vars(diagnoses).values() if isinstance(d, diagnoses.Diagnosis)]
    for name, codes in (
        ("navikt_icpc2_1.2026.0.json", {d.icpc2 for d in chosen}),
        ("navikt_icd10_1.2026.0.json", {d.icd10 for d in chosen}),
    ):
        national = {row["code"] for row in json.loads((folder / name).read_text())}
        assert codes <= national, codes - national
    lines = (folder / "norsk_laboratoriekodeverk_7280.61.csv").read_text().splitlines()
    valid = {line.split(";")[0] for line in lines if not line.split(";")[1]}
    assert {a.nlk for a in laboratory.ANALYSES.values()} <= valid


def test_a_large_region_streams_without_waiting_for_the_end() -> None:
    # 100,000 citizens: the first thousand records must come long before the last one exists.
    stream = generate(100_000, until=UNTIL)
    kinds = Counter(resource["resourceType"] for resource in islice(stream, 20_000))
    assert kinds["Patient"] > 20


def test_records_are_neither_thin_nor_bloated(demo: Demo) -> None:
    drawn = [len(found) for key, found in demo.records.items() if not key.startswith("cast-")]
    assert 80 < sum(drawn) / len(drawn) < 175
