"""The profiles the product comes with, on the instances their authors publish."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from tools.compile_definitions.__main__ import compile_norwegian_table, differing_tables

from fellesjournal.fhir.profiles import Profiles, shipped_profiles
from fellesjournal.fhir.validation import validate

NO_BASIS = "http://hl7.no/fhir/ig/StructureDefinition/"
VITAL_SIGNS = (
    "http://hl7.no/fhir/no-domain/vitalsigns/StructureDefinition/no-domain-VitalSigns-Observation-"
)
CONFORMANCE = {
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "NamingSystem",
    "SearchParameter",
    "ImplementationGuide",
}
# What their own profile or the standard refuses, with the reason.
WRONG = {
    # The profile wants a code of v3-PurposeOfUse in each purposeOfEvent; the second has none.
    "AuditEvent-NOBasisAuditeventInstance1": "PURPOSE_OF_USE_VALUESET",
    # Extensions with neither a value nor extensions.
    "AuditEvent-NOBasisAuditeventInstance2": "ext-1",
    "AuditEvent-NOBasisAuditeventInstance3": "PURPOSE_OF_USE_VALUESET",
}


def instances(shared_data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in ("no-basis", "vitalsigns/example", "auditevent/example"):
        for path in sorted((shared_data / "norway" / folder).glob("*.json")):
            data = orjson.loads(path.read_bytes())
            if data.get("resourceType", "ImplementationGuide") not in CONFORMANCE:
                yield path.stem, data


def test_shipped_norwegian_tables_are_what_the_packages_compile_to(shared_data: Path) -> None:
    assert differing_tables(compile_norwegian_table(shared_data / "norway")) == []


def test_norwegian_instances_meet_the_profiles_they_claim(shared_data: Path) -> None:
    seen = 0
    for name, data in instances(shared_data):
        seen += 1
        issues = [
            issue
            for issue in validate(data) + shipped_profiles().validate_claimed(data)
            if issue.severity == "error"
        ]
        if name in WRONG:
            assert any(WRONG[name] in issue.diagnostics for issue in issues), name
        else:
            assert issues == [], name
    assert seen >= 25


def test_official_examples_meet_the_profiles_and_extensions_they_use(shared_data: Path) -> None:
    claims = 0
    for path in sorted((shared_data / "fhir-r4-examples").glob("*.json")):
        data = orjson.loads(path.read_bytes())
        issues = shipped_profiles().validate_claimed(data)
        claims += bool(data.get("meta", {}).get("profile"))
        assert [issue for issue in issues if issue.severity == "error"] == [], path.stem
        assert shipped_profiles().validate_extensions(data) == [], path.stem
    assert claims > 10


@pytest.fixture
def patient() -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "meta": {"profile": [f"{NO_BASIS}no-basis-Patient"]},
        "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "13810276543"}],
        "name": [{"family": "Eksempel", "given": ["Espen"]}],
    }


def errors(data: dict[str, Any], profile: str) -> list[tuple[str, str]]:
    return [
        (issue.expression[0], issue.code)
        for issue in shipped_profiles().validate_profile(data, profile)
        if issue.severity == "error"
    ]


def test_a_national_number_needs_system_and_value(patient: dict[str, Any]) -> None:
    profile = f"{NO_BASIS}no-basis-Patient"
    assert errors(patient, profile) == []
    del patient["identifier"][0]["value"]
    assert errors(patient, profile) == [("Patient.identifier[0].value", "required")]


def test_an_identifier_without_system_belongs_to_no_kind(patient: dict[str, Any]) -> None:
    patient["identifier"].append({"system": "urn:oid:2.16.578.1.12.4.1.4.2"})
    assert errors(patient, f"{NO_BASIS}no-basis-Patient") == [
        ("Patient.identifier[1].value", "required")
    ]
    patient["identifier"][1] = {"value": "no system"}
    assert errors(patient, f"{NO_BASIS}no-basis-Patient") == []


def test_an_extension_of_a_profile_is_held_to_its_own_definition(patient: dict[str, Any]) -> None:
    url = "http://hl7.no/fhir/StructureDefinition/no-basis-middlename"
    patient["name"][0]["extension"] = [{"url": url, "valueString": "von"}]
    assert errors(patient, f"{NO_BASIS}no-basis-Patient") == []
    patient["name"][0]["extension"] = [{"url": url, "valueBoolean": True}]
    assert errors(patient, f"{NO_BASIS}no-basis-Patient") != []


def test_a_blood_pressure_has_its_code_unit_and_components(shared_data: Path) -> None:
    path = shared_data / "norway/vitalsigns/example/Observation-no-blood-pressure-create.json"
    profile = f"{VITAL_SIGNS}bloodpressure"

    def broken(change: str) -> list[tuple[str, str]]:
        data = orjson.loads(path.read_bytes())
        match change:
            case "code":
                data["code"] = {"text": "blood pressure"}
            case "unit":
                data["component"][0]["valueQuantity"]["code"] = "kPa"
            case "component":
                del data["component"][0]
            case "category":
                data["category"] = [{"text": "vital signs"}]
            case "time":
                for name in ("effectiveDateTime", "effectivePeriod"):
                    data.pop(name, None)
        return errors(data, profile)

    assert broken("nothing") == []
    for change in ("code", "unit", "component", "category", "time"):
        assert broken(change) != [], change


def test_an_unknown_profile_is_a_warning(patient: dict[str, Any]) -> None:
    patient["meta"]["profile"] = ["http://example.org/profile|1.0"]
    (issue,) = shipped_profiles().validate_claimed(patient)
    assert (issue.severity, issue.expression) == ("warning", ("Patient.meta.profile",))


def test_a_profile_of_another_type_is_an_error(patient: dict[str, Any]) -> None:
    assert errors(patient, f"{NO_BASIS}no-basis-Organization") == [
        ("Patient.meta.profile", "structure")
    ]


def test_the_type_itself_is_a_profile_too(patient: dict[str, Any]) -> None:
    core = "http://hl7.org/fhir/StructureDefinition/"
    assert errors(patient, f"{core}Patient") == []
    assert errors(patient, f"{core}DomainResource") == []
    assert errors(patient, f"{core}Observation") != []


def test_vital_signs_of_r4_are_shipped() -> None:
    data: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "vital-signs",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2020-01-01",
        "valueQuantity": {
            "value": 70,
            "unit": "kg",
            "system": "http://unitsofmeasure.org",
            "code": "kg",
        },
    }
    weight = "http://hl7.org/fhir/StructureDefinition/bodyweight"
    assert errors(data, weight) == []
    data["valueQuantity"]["code"] = "stone"
    assert errors(data, weight) != []
    data["subject"]["reference"] = "Group/1"
    assert ("Observation.subject", "value") in errors(data, weight)


def test_every_shipped_profile_compiles_with_known_slices_and_rules() -> None:
    profiles = shipped_profiles()
    assert len(profiles.canonicals()) > 500
    for canonical in profiles.canonicals():
        tree = profiles.tree(canonical)
        assert tree is not None
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            profiles.matchers(node)
            waiting.extend((*node.children.values(), *node.slices.values()))


def test_us_core_holds_synthea_to_account(shared_data: Path) -> None:
    """The known gaps of these bundles against US Core, and no others."""
    profiles = Profiles(shipped_profiles())
    with tarfile.open(shared_data / "us-core" / "us_core_311.tgz") as package:
        members = [m for m in package.getmembers() if m.name.endswith(".json")]
        read = [package.extractfile(member) for member in members]
        # Some files of the package start with a byte order mark.
        resources = [orjson.loads(file.read().decode("utf-8-sig")) for file in read if file]
    profiles.load(resource for resource in resources if "resourceType" in resource)
    found: set[tuple[str, str]] = set()
    for path in sorted((shared_data / "synthea").glob("*.json"))[:8]:
        for entry in orjson.loads(path.read_bytes())["entry"]:
            data = entry["resource"]
            url = f"http://hl7.org/fhir/us/core/StructureDefinition/us-core-{data['resourceType'].lower()}"
            if profiles.row(url):
                for issue in profiles.validate_profile(data, url):
                    if issue.severity == "error":
                        found.add((data["resourceType"], issue.expression[0]))
    assert found <= {
        ("Condition", "Condition.category"),
        ("CarePlan", "CarePlan.category"),
        ("Patient", "Patient.extension[0].extension[0].valueCoding"),
    }
    assert ("Condition", "Condition.category") in found
