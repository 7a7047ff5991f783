"""The compiled definitions say what the standard says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tools.compile_definitions.__main__ import (
    DEFAULT_PACKAGE,
    TABLES,
    compile_tables,
    differing_tables,
)
from tools.compile_definitions.package import Package, encode_table

from fellesjournal.fhir import definitions


def official_package() -> Package:
    folder = Path(os.environ.get("FELLESJOURNAL_R4_PACKAGE", DEFAULT_PACKAGE))
    if not folder.is_dir():
        pytest.skip(f"hl7.fhir.r4.examples is not in {folder}")
    return Package(folder)


def test_shipped_tables_are_what_the_official_package_compiles_to() -> None:
    tables = compile_tables(official_package())
    assert differing_tables(tables) == []

    shipped = {path.name.removesuffix(".json.gz") for path in TABLES.iterdir()}
    assert shipped == {*tables, "profiles-norway"}  # which has packages of its own


def test_a_table_is_encoded_to_the_same_bytes_every_time() -> None:
    assert encode_table({"a": [1, "æ"]}) == encode_table({"a": [1, "æ"]})


def test_resource_types_have_stable_numbers() -> None:
    assert len(definitions.RESOURCE_TYPES) == 146
    assert definitions.type_number("Account") == 1
    assert definitions.type_number("VisionPrescription") == 146
    assert [definitions.type_name(definitions.type_number(name)) for name in ("Patient",)] == [
        "Patient"
    ]


def test_abstract_types_are_no_resource_types() -> None:
    assert not definitions.is_resource_type("DomainResource")
    assert not definitions.is_resource_type("HumanName")
    assert definitions.is_a("Patient", "Resource")
    assert not definitions.is_a("Bundle", "DomainResource")


def test_a_choice_element_has_one_json_name_per_type() -> None:
    value = definitions.element_tree("Observation").children["value[x]"]
    assert value.json_names()["valueCodeableConcept"].code == "CodeableConcept"
    assert value.json_names()["valueDateTime"].code == "dateTime"
    assert len(value.json_names()) == 11


def test_elements_know_cardinality_targets_binding_and_summary() -> None:
    elements = definitions.elements_by_path("Observation")
    assert elements["Observation.status"].min == 1
    assert elements["Observation.status"].binding == definitions.Binding(
        "required", "http://hl7.org/fhir/ValueSet/observation-status"
    )
    assert elements["Observation.category"].max is None
    assert elements["Observation.subject"].types[0].targets == (
        "Patient",
        "Group",
        "Device",
        "Location",
    )
    assert elements["Observation.referenceRange.low"].types[0].profile == "SimpleQuantity"
    assert (
        elements["Observation.component.referenceRange"].content_reference
        == "Observation.referenceRange"
    )
    assert "valueQuantity" in definitions.summary_elements("Observation")
    assert "note" not in definitions.summary_elements("Observation")
    assert definitions.mandatory_elements("Observation") == {"status", "code"}


def test_resource_id_is_an_id_and_element_id_a_string() -> None:
    assert definitions.element_tree("Patient").children["id"].types[0].code == "id"
    assert definitions.element_tree("HumanName").children["id"].types[0].code == "string"


def test_compartments_name_the_search_parameters_of_membership() -> None:
    assert definitions.compartment_parameters("Patient", "Observation") == (
        "subject",
        "performer",
    )
    assert definitions.compartment_parameters("Patient", "ValueSet") == ()
    assert "Observation" in definitions.compartment_types("Device")
    with pytest.raises(KeyError):
        definitions.compartment_parameters("Organization", "Observation")


def test_operations_have_their_levels_and_parameters() -> None:
    everything = definitions.operations()["Patient-everything"]
    assert everything.code == "everything"
    assert (everything.on_system, everything.on_type, everything.on_instance) == (
        False,
        True,
        True,
    )
    assert [p.name for p in everything.parameters if p.use == "in"] == [
        "start",
        "end",
        "_since",
        "_type",
        "_count",
    ]


def test_a_value_set_over_a_hierarchy_is_expanded_with_its_descendants() -> None:
    expansion = definitions.standard_terminology().expand(
        "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode|2014-03-26"
    )
    assert expansion is not None
    assert expansion.exact
    assert expansion.has("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB")
    assert not expansion.has("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HPOLICY")
    assert not expansion.has(None, "AMB")


def test_a_value_set_over_an_absent_system_stays_open() -> None:
    expansion = definitions.standard_terminology().expand(
        "http://hl7.org/fhir/ValueSet/condition-code"
    )
    assert expansion is not None
    assert expansion.has("http://snomed.info/sct", "anything")
    assert expansion.plain_codes() is None


def test_hierarchies_answer_above_and_below() -> None:
    system = definitions.standard_terminology().code_system(
        "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    )
    assert system is not None
    assert system.descendants("unconfirmed") == {
        "unconfirmed",
        "provisional",
        "differential",
    }
    assert system.ancestors("provisional") == {"provisional", "unconfirmed"}


def test_added_value_sets_lie_over_the_standard_and_may_exclude() -> None:
    terminology = definitions.Terminology(base=definitions.standard_terminology())
    terminology.add(
        {
            "resourceType": "CodeSystem",
            "url": "http://example.org/colours",
            "content": "complete",
            "concept": [
                {"code": "red", "concept": [{"code": "crimson"}]},
                {"code": "blue"},
            ],
        }
    )
    terminology.add(
        {
            "resourceType": "ValueSet",
            "url": "http://example.org/reds",
            "compose": {
                "include": [
                    {"system": "http://example.org/colours"},
                    {"valueSet": ["http://hl7.org/fhir/ValueSet/observation-status"]},
                ],
                "exclude": [
                    {
                        "system": "http://example.org/colours",
                        "concept": [{"code": "blue"}],
                    }
                ],
            },
        }
    )
    expansion = terminology.expand("http://example.org/reds")
    assert expansion is not None
    assert expansion.codes["http://example.org/colours"] == frozenset({"red", "crimson"})
    assert expansion.has("http://hl7.org/fhir/observation-status", "final")


def test_a_value_set_that_includes_itself_ends() -> None:
    terminology = definitions.Terminology()
    terminology.add(
        {
            "resourceType": "ValueSet",
            "url": "http://example.org/loop",
            "compose": {"include": [{"valueSet": ["http://example.org/loop"]}]},
        }
    )
    expansion = terminology.expand("http://example.org/loop")
    assert expansion is not None
    assert not expansion.exact
