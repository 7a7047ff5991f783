"""Profiles written for the test: each means of restriction is applied."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.fhir.profiles import NotAProfile, Profiles, shipped_profiles

# Any: JSON of StructureDefinitions and resources.
Json = dict[str, Any]

URL = "http://example.org/StructureDefinition/test"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def element(identity: str, **facts: Any) -> Json:
    path = ".".join(part.partition(":")[0] for part in identity.split("."))
    name = identity.rpartition(".")[2].partition(":")[2]
    return {"id": identity, "path": path} | ({"sliceName": name} if name else {}) | facts


def profile(*elements: Json, type_name: str = "Observation", url: str = URL, **more: Any) -> Json:
    return {
        "resourceType": "StructureDefinition",
        "url": url,
        "name": "Test",
        "status": "active",
        "kind": "resource",
        "abstract": False,
        "type": type_name,
        "baseDefinition": f"{CORE}{type_name}",
        "derivation": "constraint",
        "differential": {"element": [element(type_name), *elements]},
    } | more


def observation(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}} | more


def errors(data: Json, *definitions: Json) -> list[tuple[str, str]]:
    profiles = Profiles(shipped_profiles())
    profiles.load(definitions)
    return [
        (issue.expression[0], issue.code)
        for issue in profiles.validate_profile(data, URL)
        if issue.severity == "error"
    ]


def test_minimum_and_maximum_are_applied() -> None:
    one_note = profile(element("Observation.note", min=1, max="1"))
    assert errors(observation(note=[{"text": "a"}]), one_note) == []
    assert errors(observation(), one_note) == [("Observation.note", "required")]
    assert errors(observation(note=[{"text": "a"}] * 2), one_note) == [
        ("Observation.note", "structure")
    ]
    assert errors(
        observation(method={"text": "x"}), profile(element("Observation.method", max="0"))
    ) == [("Observation.method", "structure")]


def test_a_minimum_deep_inside_counts_only_where_its_parent_is() -> None:
    system = profile(element("Observation.code.coding.system", min=1))
    assert errors(observation(), system) == []
    data = observation(code={"coding": [{"code": "a", "system": "b"}, {"code": "c"}]})
    assert errors(data, system) == [("Observation.code.coding[1].system", "required")]


def test_an_extension_only_primitive_counts_but_has_no_fixed_value() -> None:
    data = observation(_issued={"extension": [{"url": "x", "valueCode": "unknown"}]})
    assert errors(data, profile(element("Observation.issued", min=1))) == []
    assert errors(
        data, profile(element("Observation.issued", fixedInstant="2020-01-01T00:00:00Z"))
    ) == [("Observation.issued", "value")]


def test_fixed_is_exact_and_pattern_is_a_part() -> None:
    coding = {"system": "http://loinc.org", "code": "1-8"}
    code = {"coding": [coding | {"display": "x"}, {"code": "other"}], "text": "y"}
    pattern = profile(element("Observation.code", patternCodeableConcept={"coding": [coding]}))
    fixed = profile(element("Observation.code", fixedCodeableConcept={"coding": [coding]}))
    assert errors(observation(code=code), pattern) == []
    assert errors(observation(code=code), fixed) == [("Observation.code", "value")]
    assert errors(observation(code={"coding": [coding]}), fixed) == []
    assert errors(observation(code={"coding": [{"code": "1-8"}]}), pattern) == [
        ("Observation.code", "value")
    ]


def test_types_of_a_choice_are_restricted() -> None:
    quantity = profile(element("Observation.value[x]", type=[{"code": "Quantity"}]))
    assert errors(observation(valueQuantity={"value": 1}), quantity) == []
    assert errors(observation(valueString="1"), quantity) == [
        ("Observation.valueString", "structure")
    ]


def test_a_choice_may_be_named_by_its_type() -> None:
    unit = profile(
        element("Observation.value[x]:valueQuantity", min=1, type=[{"code": "Quantity"}]),
        element("Observation.value[x]:valueQuantity.unit", min=1),
    )
    assert errors(observation(valueQuantity={"value": 1, "unit": "kg"}), unit) == []
    assert errors(observation(valueQuantity={"value": 1}), unit) == [
        ("Observation.valueQuantity.unit", "required")
    ]
    assert errors(observation(), unit) == [("Observation.value[x]", "required")]
    short = profile(element("Observation.valueQuantity", min=1))
    assert errors(observation(), short) == [("Observation.valueQuantity", "required")]
    assert errors(observation(valueQuantity={"value": 1}), short) == []


def test_limits_and_lengths_are_applied() -> None:
    limits = profile(
        element("Observation.value[x]", minValueInteger=1, maxValueInteger=5),
        element("Observation.code.text", maxLength=3),
        element("Observation.issued", minValueInstant="2020-01-01T00:00:00Z"),
    )
    assert errors(observation(valueInteger=5, issued="2020-01-01T00:00:00Z"), limits) == []
    data = observation(valueInteger=6, code={"text": "abcd"}, issued="2019-12-31T23:59:59Z")
    assert {place for place, _ in errors(data, limits)} == {
        "Observation.valueInteger",
        "Observation.code.text",
        "Observation.issued",
    }


def test_required_bindings_to_value_sets_of_the_package_are_applied() -> None:
    value_set = {
        "resourceType": "ValueSet",
        "url": "http://example.org/vs",
        "compose": {"include": [{"system": "http://example.org/cs", "concept": [{"code": "a"}]}]},
    }
    binding = {"strength": "required", "valueSet": "http://example.org/vs|1.0"}
    bound = profile(element("Observation.method", binding=binding))

    def method(code: str) -> Json:
        return observation(method={"coding": [{"system": "http://example.org/cs", "code": code}]})

    assert errors(method("a"), bound, value_set) == []
    assert errors(method("b"), bound, value_set) == [("Observation.method", "code-invalid")]
    assert errors(observation(method={"text": "a"}), bound, value_set) != []
    assert errors(method("b"), bound) == []  # an unknown value set refuses nothing
    open_set = value_set | {"compose": {"include": [{"system": "http://example.org/cs"}]}}
    assert errors(method("b"), bound, open_set) == []


def test_targets_of_references_are_restricted() -> None:
    targets = [{"code": "Reference", "targetProfile": [f"{CORE}Patient"]}]
    patients = profile(element("Observation.subject", type=targets))
    assert errors(observation(subject={"reference": "Patient/1"}), patients) == []
    assert errors(observation(subject={"display": "x"}), patients) == []
    assert errors(observation(subject={"reference": "Group/1"}), patients) == [
        ("Observation.subject", "value")
    ]


SLICED_BY_SYSTEM = [
    element(
        "Patient.identifier",
        slicing={"discriminator": [{"type": "value", "path": "system"}], "rules": "open"},
    ),
    element("Patient.identifier:a", min=1, max="1"),
    element("Patient.identifier:a.system", min=1, fixedUri="urn:a"),
    element("Patient.identifier:a.value", min=1),
]


def patient(*systems: str, **more: Any) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": system, "value": "1"} for system in systems],
    } | more


def test_slices_by_value_are_counted_and_checked() -> None:
    sliced = profile(*SLICED_BY_SYSTEM, type_name="Patient")
    assert errors(patient("urn:b", "urn:a"), sliced) == []
    assert errors(patient("urn:b"), sliced) == [("Patient.identifier", "required")]
    assert errors(patient("urn:a", "urn:a"), sliced) == [("Patient.identifier", "structure")]
    data = patient("urn:b", "urn:a")
    del data["identifier"][1]["value"]
    assert errors(data, sliced) == [("Patient.identifier[1].value", "required")]


def test_closed_slicing_refuses_what_is_in_no_slice() -> None:
    closed = [dict(one) for one in SLICED_BY_SYSTEM]
    closed[0] = closed[0] | {"slicing": closed[0]["slicing"] | {"rules": "closed"}}
    sliced = profile(*closed, type_name="Patient")
    assert errors(patient("urn:a"), sliced) == []
    assert errors(patient("urn:a", "urn:b"), sliced) == [("Patient.identifier[1]", "structure")]


def test_slices_by_pattern_look_at_the_codes() -> None:
    category = {"coding": [{"system": "http://example.org", "code": "lab"}]}
    sliced = profile(
        element(
            "Observation.category",
            slicing={"discriminator": [{"type": "pattern", "path": "$this"}], "rules": "open"},
        ),
        element("Observation.category:lab", min=1, patternCodeableConcept=category),
    )
    assert errors(observation(category=[{"text": "x"}, category | {"text": "y"}]), sliced) == []
    assert errors(observation(category=[{"text": "x"}]), sliced) == [
        ("Observation.category", "required")
    ]


def test_a_discriminator_may_point_into_a_pattern() -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}
    sliced = profile(
        element(
            "Observation.component",
            slicing={
                "discriminator": [{"type": "value", "path": "code.coding.code"}],
                "rules": "open",
            },
        ),
        element("Observation.component:systolic", min=1),
        element("Observation.component:systolic.code", patternCodeableConcept=code),
    )
    assert errors(observation(component=[{"code": code}]), sliced) == []
    assert errors(observation(component=[{"code": {"text": "x"}}]), sliced) == [
        ("Observation.component", "required")
    ]


def test_a_discriminator_may_pass_through_another_slicing() -> None:
    by_code = {"discriminator": [{"type": "value", "path": "code"}], "rules": "open"}
    through = {"discriminator": [{"type": "value", "path": "code.coding.code"}], "rules": "open"}
    sliced = profile(
        element("Observation.component", slicing=through),
        element("Observation.component:pulse", min=1),
        element("Observation.component:pulse.code.coding", slicing=by_code),
        element("Observation.component:pulse.code.coding:loinc", min=1),
        element("Observation.component:pulse.code.coding:loinc.code", fixedCode="8867-4"),
        element("Observation.component:pulse.code.coding:local", min=0),
        element("Observation.component:pulse.code.coding:local.code", fixedCode="P"),
        element("Observation.component:pulse.value[x]", min=1),
    )
    component: Json = {"code": {"coding": [{"code": "P"}, {"code": "8867-4"}]}, "valueInteger": 1}
    assert errors(observation(component=[component]), sliced) == []
    del component["valueInteger"]
    assert errors(observation(component=[component]), sliced) == [
        ("Observation.component[0].value[x]", "required")
    ]
    component["code"]["coding"].pop()
    assert errors(observation(component=[component]), sliced) == [
        ("Observation.component", "required")
    ]


def test_slices_by_existence_tell_the_two_kinds_apart() -> None:
    sliced = profile(
        element(
            "Patient.name",
            slicing={"discriminator": [{"type": "exists", "path": "period"}], "rules": "open"},
        ),
        element("Patient.name:current", min=1, max="1"),
        element("Patient.name:current.period", max="0"),
        element("Patient.name:old", min=0),
        element("Patient.name:old.period", min=1),
        element("Patient.name:old.use", min=1),
        type_name="Patient",
    )
    old = {"family": "b", "period": {"end": "2020"}, "use": "old"}
    data: Json = {"resourceType": "Patient", "name": [{"family": "a"}, old]}
    assert errors(data, sliced) == []
    del old["use"]
    assert errors(data, sliced) == [("Patient.name[1].use", "required")]
    data["name"] = [old | {"use": "old"}]
    assert errors(data, sliced) == [("Patient.name", "required")]


def test_slices_by_type_of_a_resource_are_told_apart() -> None:
    sliced = profile(
        element(
            "Bundle.entry",
            slicing={"discriminator": [{"type": "type", "path": "resource"}], "rules": "open"},
        ),
        element("Bundle.entry:patient", min=1, max="1"),
        element("Bundle.entry:patient.resource", min=1, type=[{"code": "Patient"}]),
        type_name="Bundle",
    )
    entry = {"resource": {"resourceType": "Patient"}}
    assert errors({"resourceType": "Bundle", "type": "collection", "entry": [entry]}, sliced) == []
    other = {"resource": observation()}
    assert errors({"resourceType": "Bundle", "type": "collection", "entry": [other]}, sliced) == [
        ("Bundle.entry", "required")
    ]


def test_slices_by_profile_are_told_apart() -> None:
    weight = profile(
        element("Observation.code", fixedCodeableConcept={"text": "weight"}), url=f"{URL}/w"
    )
    sliced = profile(
        element(
            "Bundle.entry",
            slicing={"discriminator": [{"type": "profile", "path": "resource"}], "rules": "open"},
        ),
        element("Bundle.entry:weight", min=1),
        element(
            "Bundle.entry:weight.resource", type=[{"code": "Observation", "profile": [f"{URL}/w"]}]
        ),
        type_name="Bundle",
    )
    bundle: Json = {"resourceType": "Bundle", "type": "collection"}
    heavy = observation(code={"text": "weight"})
    assert errors(bundle | {"entry": [{"resource": heavy}]}, sliced, weight) == []
    assert errors(bundle | {"entry": [{"resource": observation()}]}, sliced, weight) == [
        ("Bundle.entry", "required")
    ]


def test_extensions_are_sliced_by_url_and_held_to_their_definition() -> None:
    definition = profile(
        element("Extension.url", fixedUri="http://example.org/colour"),
        element("Extension.value[x]", min=1, type=[{"code": "code"}]),
        type_name="Extension",
        url="http://example.org/colour",
    )
    with_colour = profile(
        element(
            "Patient.extension:colour",
            min=1,
            type=[{"code": "Extension", "profile": ["http://example.org/colour"]}],
        ),
        type_name="Patient",
    )
    colour: Json = {"url": "http://example.org/colour", "valueCode": "red"}
    data: Json = {"resourceType": "Patient", "extension": [{"url": "x", "valueCode": "y"}, colour]}
    assert errors(data, definition, with_colour) == []
    colour["valueString"] = colour.pop("valueCode")
    assert errors(data, definition, with_colour) == [
        ("Patient.extension[1].valueString", "structure")
    ]
    data["extension"].pop()
    assert errors(data, definition, with_colour) == [("Patient.extension", "required")]
    assert errors(data, with_colour) == [("Patient.extension", "required")]


def test_a_profile_of_a_data_type_is_applied_where_it_is_named() -> None:
    short_name = profile(
        element("HumanName.family", min=1), type_name="HumanName", url="http://example.org/name"
    )
    named = profile(
        element(
            "Patient.name", type=[{"code": "HumanName", "profile": ["http://example.org/name"]}]
        ),
        type_name="Patient",
    )
    data: Json = {"resourceType": "Patient", "name": [{"family": "a"}, {"text": "b"}]}
    assert errors(data, named, short_name) == [("Patient.name[1].family", "required")]


def test_one_of_several_profiles_is_enough() -> None:
    definitions = [
        profile(
            element(f"HumanName.{name}", min=1),
            type_name="HumanName",
            url=f"http://example.org/{name}",
        )
        for name in ("family", "text")
    ]
    either = profile(
        element(
            "Patient.name",
            type=[{"code": "HumanName", "profile": [one["url"] for one in definitions]}],
        ),
        type_name="Patient",
    )
    data: Json = {
        "resourceType": "Patient",
        "name": [{"family": "a"}, {"text": "b"}, {"given": ["c"]}],
    }
    assert errors(data, either, *definitions) == [("Patient.name[2]", "structure")]


@pytest.mark.parametrize(
    "expression",
    ["note.exists() or method.exists()", "(note.count() + method.count()).power(2) >= 1"],
)
def test_invariants_are_applied_compiled_or_by_the_library(expression: str) -> None:
    rule = {"key": "t-1", "severity": "error", "human": "Says how", "expression": expression}
    ruled = profile(element("Observation", constraint=[rule]))
    assert errors(observation(note=[{"text": "x"}]), ruled) == []
    assert errors(observation(), ruled) == [("Observation", "invariant")]


def test_an_invariant_nobody_can_evaluate_is_told_but_refuses_nothing() -> None:
    rule = {"key": "t-1", "severity": "error", "human": "x", "expression": "nonsense("}
    profiles = Profiles()
    profiles.add(profile(element("Observation", constraint=[rule])))
    (issue,) = profiles.validate_profile(observation(), URL)
    assert issue.severity == "information"


def test_a_recommendation_is_a_warning() -> None:
    rule = {"key": "t-1", "severity": "warning", "human": "x", "expression": "note.exists()"}
    profiles = Profiles()
    profiles.add(profile(element("Observation", constraint=[rule])))
    (issue,) = profiles.validate_profile(observation(), URL)
    assert issue.severity == "warning"


def test_resources_inside_a_bundle_are_held_to_the_profiles_they_claim() -> None:
    profiles = Profiles()
    profiles.add(profile(element("Observation.note", min=1)))
    inner = observation(meta={"profile": [URL, "http://example.org/unknown"]})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{}, {"resource": inner}]}
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "x", "resource": bundle}]}
    place = "Parameters.parameter[0].resource.entry[1].resource"
    assert [(i.expression[0], i.severity) for i in profiles.validate_claimed(parameters)] == [
        (f"{place}.note", "error"),
        (f"{place}.meta.profile", "warning"),
    ]


def test_a_profile_on_a_profile_inherits_its_slices() -> None:
    base = profile(*SLICED_BY_SYSTEM, type_name="Patient", url=f"{URL}/base")
    derived = profile(
        element("Patient.identifier:a.period", min=1),
        element("Patient.gender", min=1),
        type_name="Patient",
        baseDefinition=f"{URL}/base",
    )
    assert errors(patient("urn:a"), base, derived) == [
        ("Patient.identifier[0].period", "required"),
        ("Patient.gender", "required"),
    ]
    assert ("Patient.identifier", "required") in errors(patient("urn:b"), base, derived)


def test_a_snapshot_is_used_when_there_is_one() -> None:
    definition = profile(element("Patient.gender", min=1), type_name="Patient")
    elements = [
        element("Patient", min=0, max="*", base={"path": "Patient", "min": 0, "max": "*"}),
        element(
            "Patient.birthDate",
            min=1,
            max="1",
            base={"path": "Patient.birthDate", "min": 0, "max": "1"},
        ),
    ]
    definition["snapshot"] = {"element": elements}
    assert errors({"resourceType": "Patient"}, definition) == [("Patient.birthDate", "required")]


def test_a_profile_can_be_replaced_and_removed() -> None:
    profiles = Profiles(shipped_profiles())
    profiles.add(profile(element("Observation.note", min=1)))
    assert profiles.validate_profile(observation(), URL)[0].severity == "error"
    profiles.add(profile(element("Observation.note", max="3")))
    assert profiles.validate_profile(observation(), f"{URL}|1.0") == []
    profiles.remove(URL)
    assert not profiles.knows(URL)
    assert URL not in profiles.profiles_of("Observation")


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Pasient"},
        {"derivation": "specialization"},
        {"url": None},
        {"differential": {}},
        {"differential": {"element": [{"min": "many", "id": "x"}]}},
        {"differential": {"element": [{"id": "Observation.a", "path": "x", "slicing": 1}]}},
        {"differential": {"element": ["text"]}},
    ],
)
def test_what_is_no_usable_profile_is_refused(change: Json) -> None:
    with pytest.raises(NotAProfile):
        Profiles().add(profile() | change)


def test_a_code_breaks_a_profile_every_time_it_is_met_whatever_passed_before() -> None:
    profiles = Profiles(shipped_profiles())
    lab, other = (
        {"coding": [{"system": "http://example.org", "code": code}]} for code in ("lab", "other")
    )
    demand = element("Observation.code", patternCodeableConcept=lab)
    profiles.add(profile(demand))

    def broken(code: Json) -> int:
        return len(profiles.validate_profile(observation(code=code), URL))

    assert [broken(lab), broken(other), broken(lab), broken(other), broken(other)] == [
        0, 1, 0, 1, 1,
    ]  # fmt: skip
    profiles.add(profile(demand | {"patternCodeableConcept": other}))
    assert [broken(lab), broken(other)] == [1, 0]


def test_codes_that_break_nothing_beside_an_error_are_looked_at_again() -> None:
    profiles = Profiles(shipped_profiles())
    lab = {"coding": [{"system": "http://example.org", "code": "lab"}]}
    profiles.add(
        profile(
            element("Observation.component.code", patternCodeableConcept=lab),
            element("Observation.note", min=1),
        )
    )
    wrong = observation(component=[{"code": {"text": "x"}}, {"code": {"text": "x"}}])
    places = [issue.expression[0] for issue in profiles.validate_profile(wrong, URL)]
    assert places == [
        "Observation.component[0].code", "Observation.component[1].code", "Observation.note",
    ]  # fmt: skip


def test_codes_held_to_an_invariant_are_judged_in_their_surroundings() -> None:
    rule = {
        "key": "t-1",
        "severity": "error",
        "human": "final only",
        "expression": "%resource.status = 'final'",
    }
    profiles = Profiles(shipped_profiles())
    profiles.add(profile(element("Observation.code", constraint=[rule])))
    assert profiles.validate_profile(observation(), URL) == []
    assert len(profiles.validate_profile(observation(status="amended"), URL)) == 1
