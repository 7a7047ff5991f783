"""The rules of the standard, one by one, on small resources."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation import validate
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.scope import Unsupported
from fellesjournal.fhir.validation.walk import MAX_ISSUES

# Any: JSON, often broken on purpose.
Json = dict[str, Any]

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">%s</div>'
CODE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
OTHER_CODE = {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}


def observation(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": CODE} | more


def told(data: Json) -> list[tuple[str, str]]:
    """(location, code) of every issue."""
    return [(issue.expression[0], issue.code) for issue in validate(data)]


def test_a_minimal_resource_is_valid() -> None:
    assert told({"resourceType": "Patient"}) == []
    assert told(observation()) == []


def test_all_errors_are_told_at_once_with_their_places() -> None:
    data = observation(
        status="done",
        valueInteger=1,
        issued="2023-02-30T10:00:00Z",
        component=[
            {"code": CODE, "valueQuantity": {"value": 1}},
            {"valueQuantity": {"value": "2"}, "valueString": "x"},
        ],
        extra=1,
    )
    assert set(told(data)) == {
        ("Observation.status", "code-invalid"),
        ("Observation.issued", "value"),
        ("Observation.component[1].code", "required"),
        ("Observation.component[1].valueQuantity.value", "value"),
        ("Observation.component[1].value[x]", "structure"),
        ("Observation.extra", "structure"),
        ("Observation", "invariant"),
    }


def test_a_required_primitive_may_be_an_extension_only() -> None:
    reason = [{"url": "http://example.org/why", "valueCode": "unknown"}]
    data = observation(_status={"extension": reason})
    del data["status"]
    assert told(data) == []
    del data["_status"]
    assert told(data) == [("Observation.status", "required")]


def test_nulls_stand_only_where_the_other_array_speaks() -> None:
    extension = {"extension": [{"url": "http://example.org/x", "valueString": "y"}]}
    name: Json = {"given": ["a", None], "_given": [None, extension]}
    patient: Json = {"resourceType": "Patient", "name": [name]}
    assert told(patient) == []
    name["_given"] = [extension, None]
    assert told(patient) == [("Patient.name[0].given[1]", "structure")]
    name["_given"] = [None, extension, extension]
    assert told(patient) == [("Patient.name[0]._given", "structure")]
    patient["name"] = [{"_given": [extension]}]
    assert told(patient) == []
    patient["name"] = [{"_given": [None]}]
    assert told(patient) != []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"valueInteger": 1, "dataAbsentReason": {"text": "x"}}, "obs-6"),
        ({"valueInteger": 1, "component": [{"code": CODE}]}, "obs-7"),
        ({"referenceRange": [{"type": {"text": "x"}}]}, "obs-3"),
        ({"valueQuantity": {"value": 1, "code": "kg"}}, "qty-3"),
        ({"effectivePeriod": {"start": "2020-05", "end": "2020-04-30"}}, "per-1"),
        (
            {
                "effectivePeriod": {
                    "start": "2020-05-01T10:00:00+02:00",
                    "end": "2020-05-01T07:59:59Z",
                }
            },
            "per-1",
        ),
        ({"valueRange": {"low": {"value": 2}, "high": {"value": 1}}}, "rng-2"),
        ({"valueRatio": {"numerator": {"value": 2}}}, "rat-1"),
        ({"effectiveTiming": {"repeat": {"duration": 1}}}, "tim-1"),
        ({"effectiveTiming": {"repeat": {"period": -1, "periodUnit": "d"}}}, "tim-5"),
    ],
)
def test_invariants_of_the_standard_are_applied(change: Json, key: str) -> None:
    (issue,) = validate(observation(**change))
    assert issue.code == "invariant"
    assert f"({key})" in issue.diagnostics


@pytest.mark.parametrize(
    "change",
    [
        {"effectivePeriod": {"start": "2020-05-01", "end": "2020"}},  # can't be told apart
        {"effectivePeriod": {"start": "2020-05-01T10:00:00+02:00", "end": "2020-05-01T08:00:00Z"}},
        {"valueInteger": 1, "component": [{"code": OTHER_CODE}]},
        {"valueRange": {"low": {"value": 2, "unit": "m"}, "high": {"value": 1, "unit": "km"}}},
    ],
)
def test_invariants_don_t_refuse_what_they_can_t_disprove(change: Json) -> None:
    assert told(observation(**change)) == []


def test_invariants_stated_where_a_type_is_used_are_applied() -> None:
    organization = {
        "resourceType": "Organization",
        "name": "x",
        "address": [{"use": "work", "city": "y"}, {"use": "home", "city": "y"}],
    }
    assert told(organization) == [("Organization.address[1]", "invariant")]


def test_every_invariant_of_the_standard_can_be_compiled() -> None:
    unsupported = set()
    for type_name in definitions.type_names():
        for constraint in definitions.constraints(type_name).values():
            try:
                compile_expression(constraint.expression)
            except Unsupported:
                unsupported.add(constraint.key)
    # Narratives are checked by code of their own.
    assert unsupported == {"txt-1", "txt-2"}


def test_a_required_binding_of_a_concept_needs_one_coding_of_the_value_set() -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    condition: Json = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/1"},
        "clinicalStatus": {
            "coding": [
                {"system": "http://example.org", "code": "x"},
                {"system": system, "code": "active"},
            ]
        },
    }
    assert told(condition) == []
    for concept in (
        {"text": "active"},
        {"coding": [{"code": "active"}]},
        {"coding": [{"system": system, "code": "Active"}]},
    ):
        condition["clinicalStatus"] = concept
        assert told(condition) == [("Condition.clinicalStatus", "code-invalid")]


@pytest.mark.parametrize(
    "literal",
    [
        "Patient/1",
        "Patient/1/_history/2",
        "https://example.org/fhir/Patient/1",
        "https://example.org/fhir/Patient/1/_history/2",
        "http://example.org/not/a/fhir/url",
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "urn:oid:1.2.3",
        "Patient?identifier=http://example.org|1",
    ],
)
def test_references_of_every_form_are_taken(literal: str) -> None:
    assert told(observation(subject={"reference": literal})) == []


def test_contained_resources_are_referred_to_and_resolve() -> None:
    patient = {"resourceType": "Patient", "id": "p"}
    assert told(observation(contained=[patient], subject={"reference": "#p"})) == []
    assert told(observation(subject={"reference": "#p"})) == [
        ("Observation.subject.reference", "invariant")
    ]
    assert told(observation(contained=[patient])) == [("Observation.contained[0]", "invariant")]
    backwards = {
        "resourceType": "Provenance",
        "id": "x",
        "target": [{"reference": "#"}],
        "recorded": "2020-01-01T00:00:00Z",
        "agent": [{"who": {"display": "x"}}],
    }
    assert told(observation(contained=[backwards])) == []


def test_a_contained_resource_of_the_wrong_type_is_no_target() -> None:
    device_metric = {
        "resourceType": "Organization",
        "id": "o",
        "name": "x",
    }
    assert told(observation(contained=[device_metric], subject={"reference": "#o"})) == [
        ("Observation.subject.reference", "value")
    ]


def test_contained_resources_have_no_versions_labels_or_contents() -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p",
        "meta": {"versionId": "1", "security": [{"code": "R"}]},
        "contained": [
            {
                "resourceType": "Patient",
                "id": "q",
                "link": [{"other": {"reference": "#"}, "type": "refer"}],
            }
        ],
    }
    keys = {
        issue.diagnostics.rpartition("(")[2]
        for issue in validate(observation(contained=[patient], subject={"reference": "#p"}))
    }
    assert {"dom-2)", "dom-4)", "dom-5)"} <= keys


def test_resources_in_a_bundle_are_checked_each_with_its_own_contained_ones() -> None:
    inner = observation(subject={"reference": "#p"}, status="x")
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    assert told(bundle) == [
        ("Bundle.entry[0].resource.status", "code-invalid"),
        ("Bundle.entry[0].resource.subject.reference", "invariant"),
    ]
    assert validate(bundle, nested=False) == []


def test_media_types_languages_and_currencies_are_judged_by_their_form() -> None:
    def attachment(**more: Any) -> Json:
        return observation() | {
            "resourceType": "DocumentReference",
            "status": "current",
            "content": [{"attachment": more}],
        }

    good = attachment(contentType="text/plain; charset=UTF-8", language="nb-NO", url="x")
    del good["code"]
    assert told(good) == []
    bad = attachment(contentType="not a type", language="norsk språk", url="x")
    del bad["code"]
    assert [code for _, code in told(bad)] == ["code-invalid", "code-invalid"]


@pytest.mark.parametrize(
    "inner",
    [
        '<a href="https://example.org/">x</a>',
        '<a name="x"/>text',
        '<img src="#image" alt="x"/>',
        '<img src="data:image/png;base64,AAAA"/>',
        '<p style="color: red" class="a" xml:lang="nb" lang="nb">x</p>',
        '<table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
        "<!-- remark -->&#160;x &lt; y",
        '<td style="background-image: url(tbl_bck1.png)">x</td>',
    ],
)
def test_narratives_may_have_links_images_styles_and_tables(inner: str) -> None:
    assert told(observation(text={"status": "generated", "div": DIV % inner})) == []


def test_an_empty_narrative_is_a_warning() -> None:
    data = observation(text={"status": "generated", "div": DIV % " "})
    assert validate(data) == []
    assert [issue.severity for issue in validate(data, warnings=True)] == ["warning"]


def test_what_is_only_advised_is_told_on_request() -> None:
    (issue,) = validate(observation(), warnings=True)
    assert (issue.severity, "(dom-6)" in issue.diagnostics) == ("warning", True)


def test_the_number_of_issues_told_is_limited() -> None:
    data = {"resourceType": "Patient", "name": [{"x": 1}] * (2 * MAX_ISSUES)}
    issues = validate(data)
    assert len(issues) == MAX_ISSUES + 1
    assert "more problems" in issues[-1].diagnostics


def test_quantities_of_reference_ranges_have_no_comparator() -> None:
    data = observation(referenceRange=[{"low": {"value": 1, "comparator": "<"}}])
    assert told(data) == [("Observation.referenceRange[0].low.comparator", "structure")]


def test_many_codings_against_many_are_compared_in_no_time() -> None:
    codings = [{"system": "http://example.org", "code": f"c{number}"} for number in range(5000)]
    others = [{"system": "http://example.org", "code": f"d{number}"} for number in range(5000)]
    data = observation(
        code={"coding": codings}, valueInteger=1, component=[{"code": {"coding": others}}]
    )
    assert validate(data) == []


def test_codes_are_judged_alike_however_often_they_come() -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    good = {"coding": [{"system": system, "code": "active"}]}
    bad = {"coding": [{"system": "http://example.org", "code": "active"}]}

    def condition(status: Json) -> Json:
        return {
            "resourceType": "Condition",
            "clinicalStatus": status,
            "subject": {"reference": "Patient/1"},
        }

    for _ in range(3):
        assert told(condition(good)) == []
        assert told(condition(bad)) == [("Condition.clinicalStatus", "code-invalid")]


def test_a_code_whose_extension_refers_inside_is_followed_every_time() -> None:
    inside = {"url": "http://example.org/x", "valueReference": {"reference": "#p"}}
    code = CODE | {"extension": [inside]}
    contained = {"resourceType": "Patient", "id": "p"}
    assert told(observation(code=code, contained=[contained])) == []
    assert told(observation(code=code)) == [
        ("Observation.code.extension[0].valueReference.reference", "invariant")
    ]
