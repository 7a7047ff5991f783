"""Each kind of information has one area, and nothing about patients is open without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from fellesjournal.access.policy.areas import (
    ABOUT_PATIENTS,
    AREA_BY_CODE,
    AREA_OF,
    CLINICAL,
    MEANINGS,
    PATIENT_LESS,
    TYPES_OF,
    Area,
    area_bits,
    area_coding,
    names,
)
from fellesjournal.fhir.definitions import (
    RESOURCE_TYPES,
    compartment_types,
    elements_by_path,
    type_number,
)

ABOUT_SOMEBODY = {"Patient", "RelatedPerson", "Group", "Resource"}

# Types open without a patient that could still refer to one, and why they may.
MAY_REFER = {
    # a patient as actor makes it that patient's resource, which needs a ground
    "Schedule": {"actor"},
    # a kind of subject ("women over 50"), not a person
    "ActivityDefinition": {"subject[x]"},
    "EventDefinition": {"subject[x]"},
    "EvidenceVariable": {"characteristic.definition[x]"},
    "Library": {"subject[x]"},
    "Measure": {"subject[x]"},
    "PlanDefinition": {"subject[x]", "action.subject[x]"},
    "ResearchDefinition": {"subject[x]"},
    "ResearchElementDefinition": {"subject[x]"},
    # the name of the group; its members are another, closed resource
    "ResearchStudy": {"enrollment"},
    # definitions that may point at any resource as example, default or fixture
    "ImplementationGuide": {"manifest.resource.reference", "definition.resource.reference"},
    "Questionnaire": {
        "item.initial.value[x]",
        "item.answerOption.value[x]",
        "item.enableWhen.answer[x]",
    },
    "StructureMap": {"group.rule.source.defaultValue[x]"},
    "TestScript": {"profile", "fixture.resource"},
}


def references_to_somebody(resource_type: str) -> Iterator[str]:
    for path, element in elements_by_path(resource_type).items():
        for choice in element.types:
            wide = not choice.targets or ABOUT_SOMEBODY & set(choice.targets)
            if choice.code == "Reference" and wide:
                yield path.partition(".")[2]


def test_every_resource_type_belongs_to_exactly_one_area() -> None:
    counted = Counter(name for listed in TYPES_OF.values() for name in listed)

    assert set(counted) == set(RESOURCE_TYPES)
    assert [name for name, times in counted.items() if times != 1] == []
    assert set(AREA_OF) == set(RESOURCE_TYPES)


def test_each_area_is_one_bit_with_a_meaning_and_types() -> None:
    assert [area for area in Area if int(area).bit_count() != 1] == []
    assert set(MEANINGS) == set(Area) == set(TYPES_OF)
    # an integer column of PostgreSQL holds them all
    assert int(ABOUT_PATIENTS | PATIENT_LESS | Area.SYSTEM) < 2**31


def test_areas_are_about_patients_or_open_without_one_or_the_platforms_own() -> None:
    assert not ABOUT_PATIENTS & PATIENT_LESS
    assert Area(sum(Area)) == ABOUT_PATIENTS | PATIENT_LESS | Area.SYSTEM
    assert not CLINICAL & ~ABOUT_PATIENTS


@pytest.mark.parametrize("name", RESOURCE_TYPES)
def test_what_may_be_about_somebody_is_closed_without_a_patient(name: str) -> None:
    if AREA_OF[name] not in PATIENT_LESS:
        return
    assert set(references_to_somebody(name)) == MAY_REFER.get(name, set())


@pytest.mark.parametrize(
    "name",
    ["Group", "List", "Bundle", "Binary", "Composition", "Basic", "Linkage", "Parameters",
     "MessageHeader", "Subscription", "MeasureReport", "Task", "Device", "Contract", "Provenance"],
)  # fmt: skip
def test_types_with_several_patients_or_none_are_closed_without_one(name: str) -> None:
    assert AREA_OF[name] not in PATIENT_LESS


def test_all_of_the_patient_compartment_but_schedules_needs_a_patient() -> None:
    exposed = [name for name in compartment_types("Patient") if AREA_OF[name] in PATIENT_LESS]

    assert exposed == ["Schedule"]


def test_bits_are_found_by_type_number() -> None:
    bits = area_bits()

    assert bits[0] == 0
    assert bits[type_number("Observation")] == Area.HEALTH
    assert bits[type_number("Patient")] == Area.PERSON
    assert {name: bits[type_number(name)] for name in RESOURCE_TYPES} == dict(AREA_OF)


@pytest.mark.parametrize("area", Area)
def test_an_area_is_found_again_by_its_code(area: Area) -> None:
    assert AREA_BY_CODE[area_coding(area)["code"]] is area


def test_a_set_of_areas_has_no_code_of_its_own() -> None:
    with pytest.raises(ValueError, match="no single area"):
        area_coding(Area.HEALTH | Area.PERSON)
    with pytest.raises(ValueError, match="no single area"):
        area_coding(Area(0))


def test_names_come_one_by_one() -> None:
    assert names(Area.HEALTH | Area.PERSON) == ["PERSON", "HEALTH"]
