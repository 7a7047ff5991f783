"""JSON Patch and FHIRPath Patch on bytes."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.fhir.issues import BadRequest, FhirError, Unprocessable
from fellesjournal.fhir.patch import fhirpath_patch, json_patch, merge_patch

PATIENT = (
    b'{"resourceType":"Patient","id":"1","extension":[{"url":"u","valueDecimal":1.00}],'
    b'"name":[{"use":"official","family":"A","given":["x","y"]},{"use":"usual","family":"B"}],'
    b'"birthDate":"1990-01-01","deceasedBoolean":false,'
    b'"contact":[{"name":{"text":"c"},"telecom":[{"value":"1"}]}]}'
)


def patched(raw: bytes, *operations: dict[str, Any]) -> Any:
    return orjson.loads(json_patch(orjson.dumps(operations))(raw, orjson.loads(raw)))


def operation(kind: str, path: str, **parts: Any) -> dict[str, Any]:
    """A FHIRPath Patch operation; a dict is taken as the members of its part."""
    listed: list[Any] = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        if isinstance(value, dict):
            listed.append({"name": name, **value})
        elif isinstance(value, int):
            listed.append({"name": name, "valueInteger": value})
        else:
            listed.append({"name": name, "valueString": value})
    return {"name": "operation", "part": listed}


def path_patched(raw: bytes, *operations: dict[str, Any]) -> Any:
    parameters = {"resourceType": "Parameters", "parameter": list(operations)}
    return orjson.loads(
        fhirpath_patch(parameters, orjson.dumps(parameters))(raw, orjson.loads(raw))
    )


def test_what_a_patch_does_not_name_keeps_its_digits_and_order() -> None:
    raw = (
        b'{"resourceType":"Patient","b":1.00,"a":[1E5,-0,123456789012345678901234567890],'
        b'"name":[{"text":"x"}]}'
    )
    changed = json_patch(b'[{"op":"replace","path":"/name/0/text","value":"y"}]')(raw, {})
    assert changed == raw.replace(b'"x"', b'"y"')


def test_digits_of_a_patch_arrive_as_written() -> None:
    changed = json_patch(b'[{"op":"add","path":"/v","value":2.50}]')(
        b'{"resourceType":"Patient"}', {}
    )
    assert changed == b'{"resourceType":"Patient","v":2.50}'


def test_a_test_compares_numbers_by_value() -> None:
    assert patched(PATIENT, {"op": "test", "path": "/extension/0/valueDecimal", "value": 1.0})
    with pytest.raises(Unprocessable):
        patched(PATIENT, {"op": "test", "path": "/extension/0/valueDecimal", "value": 1.5})
    with pytest.raises(Unprocessable):
        patched(b'{"a":1}', {"op": "test", "path": "/a", "value": True})


def test_json_patch_does_its_six_operations() -> None:
    result = patched(
        PATIENT,
        {"op": "add", "path": "/name/-", "value": {"text": "new"}},
        {"op": "remove", "path": "/birthDate"},
        {"op": "replace", "path": "/name/0/family", "value": "Z"},
        {"op": "move", "from": "/name/1", "path": "/name/0"},
        {"op": "copy", "from": "/name/0/family", "path": "/name/1/family"},
        {"op": "test", "path": "/id", "value": "1"},
    )
    assert [name.get("family") for name in result["name"]] == ["B", "B", None]
    assert "birthDate" not in result


def test_a_patch_that_empties_a_list_leaves_no_empty_list() -> None:
    result = patched(
        PATIENT,
        {"op": "remove", "path": "/name/1"},
        {"op": "remove", "path": "/name/0"},
        {"op": "remove", "path": "/contact/0/telecom/0"},
        {"op": "remove", "path": "/contact/0/name/text"},
    )
    assert "name" not in result
    assert "contact" not in result


def test_a_failing_operation_leaves_the_bytes_alone() -> None:
    patch = json_patch(b'[{"op":"remove","path":"/name"},{"op":"remove","path":"/nothing"}]')
    with pytest.raises(Unprocessable) as refusal:
        patch(PATIENT, {})
    assert refusal.value.issues[0].expression == ("[1]",)


def test_add_appends_to_lists_and_sets_what_is_not_there() -> None:
    result = path_patched(
        PATIENT,
        operation("add", "Patient", name="name", value={"valueHumanName": {"text": "new"}}),
        operation("add", "Patient", name="gender", value={"valueCode": "female"}),
        operation("add", "Patient.name[0]", name="given", value={"valueString": "z"}),
    )
    assert result["name"][2] == {"text": "new"}
    assert result["gender"] == "female"
    assert result["name"][0]["given"] == ["x", "y", "z"]
    with pytest.raises(Unprocessable):
        path_patched(
            PATIENT, operation("add", "Patient", name="birthDate", value={"valueDate": "2000"})
        )
    with pytest.raises(Unprocessable):
        path_patched(
            PATIENT, operation("add", "Patient", name="deceased", value={"valueDateTime": "2000"})
        )


def test_a_value_in_parts_becomes_an_element_by_its_definition() -> None:
    contact = {
        "part": [
            {"name": "relationship", "valueCodeableConcept": {"text": "mother"}},
            {"name": "name", "valueHumanName": {"text": "m"}},
            {
                "name": "extension",
                "part": [
                    {"name": "url", "valueUri": "urn:x"},
                    {"name": "value", "valueDecimal": 1},
                ],
            },
        ]
    }
    result = path_patched(PATIENT, operation("add", "Patient", name="contact", value=contact))
    assert result["contact"][1] == {
        "relationship": [{"text": "mother"}],
        "name": {"text": "m"},
        "extension": [{"url": "urn:x", "valueDecimal": 1}],
    }


def test_a_choice_takes_the_type_of_its_value() -> None:
    result = path_patched(
        PATIENT, operation("replace", "Patient.deceased", value={"valueDateTime": "2020"})
    )
    assert result["deceasedDateTime"] == "2020"
    assert "deceasedBoolean" not in result
    assert list(result).index("deceasedDateTime") == list(orjson.loads(PATIENT)).index(
        "deceasedBoolean"
    )
    alive = path_patched(PATIENT, operation("delete", "Patient.deceased"))
    added = path_patched(
        orjson.dumps(alive),
        operation("add", "Patient", name="deceased", value={"valueBoolean": True}),
    )
    assert added["deceasedBoolean"] is True


def test_insert_and_move_mind_the_place() -> None:
    result = path_patched(
        PATIENT,
        operation("insert", "Patient.name[0].given", index=1, value={"valueString": "m"}),
        operation(
            "insert", "Patient.identifier", index=0, value={"valueIdentifier": {"value": "i"}}
        ),
        operation("move", "Patient.name", source=1, destination=0),
    )
    assert result["name"][1]["given"] == ["x", "m", "y"]
    assert result["name"][0]["family"] == "B"
    assert result["identifier"] == [{"value": "i"}]
    for wrong in (
        operation("insert", "Patient.name", index=3, value={"valueHumanName": {"text": "q"}}),
        operation("insert", "Patient.birthDate", index=0, value={"valueDate": "2000"}),
        operation("move", "Patient.name", source=2, destination=0),
        operation("move", "Patient.name.given", source=0, destination=0),
    ):
        with pytest.raises(Unprocessable):
            path_patched(PATIENT, wrong) if wrong["part"][1][
                "valueString"
            ] != "Patient.name.given" else path_patched(
                PATIENT.replace(b'"family":"B"', b'"family":"B","given":["q"]'), wrong
            )


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("Patient.name.where(use = 'usual')", ["A"]),
        ("Patient.name.where(family = 'A' and given.exists())", ["B"]),
        ("name.first()", ["B"]),
        ("Patient.name.last()", ["A"]),
        ("Patient.name[1]", ["A"]),
        ("Patient.name.skip(1).take(1)", ["A"]),
        ("Patient.name.where(text.exists())", ["A", "B"]),
        ("Patient.identifier", ["A", "B"]),
    ],
)
def test_delete_finds_its_element_by_path(path: str, left: list[str]) -> None:
    assert [
        name["family"] for name in path_patched(PATIENT, operation("delete", path))["name"]
    ] == left


def test_delete_of_several_elements_is_refused() -> None:
    with pytest.raises(Unprocessable):
        path_patched(PATIENT, operation("delete", "Patient.name"))


def test_extensions_beside_primitives_move_with_them() -> None:
    raw = (
        b'{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[null,{"id":"x"}]}],'
        b'"birthDate":"2000","_birthDate":{"id":"d"}}'
    )
    result = path_patched(
        raw,
        operation("move", "Patient.name[0].given", source=1, destination=0),
        operation("delete", "Patient.birthDate"),
    )
    assert result["name"][0] == {"given": ["b", "a"], "_given": [{"id": "x"}, None]}
    assert "_birthDate" not in result
    shorter = path_patched(raw, operation("delete", "Patient.name[0].given[1]"))
    assert shorter["name"][0] == {"given": ["a"]}
    marked = path_patched(
        PATIENT,
        operation(
            "add", "Patient.birthDate", name="extension", value={"valueExtension": {"url": "urn:x"}}
        ),
    )
    assert marked["_birthDate"] == {"extension": [{"url": "urn:x"}]}


@pytest.mark.parametrize(
    "wrong",
    [
        operation("explode", "Patient.name"),
        operation("add", "Patient", name="name"),
        operation("replace", "Patient.name[0]"),
        operation("delete", ""),
        operation("delete", "Patient..name"),
        operation("delete", "Patient.name["),
        operation("delete", "Patient.name.where("),
        operation("delete", "Patient.name.where(((("),
        operation("delete", "Patient.name.trace('x')"),
        operation("delete", "1 + 1"),
        operation("delete", "Patient.name[99999999999]"),
        operation("delete", "x" * 5000),
        operation("insert", "Patient.name", index=-1, value={"valueString": "x"}),
        operation("replace", "Patient.name[0]", value={}),
        operation("replace", "Patient.name[0]", value={"part": []}),
        {"name": "operation"},
        {"name": "operation", "part": [1]},
        {"name": "other", "part": []},
        {},
        5,
        None,
        {
            "name": "operation",
            "part": [
                {"name": "type", "valueCode": "delete"},
                {"name": "type", "valueCode": "delete"},
            ],
        },
    ],
)
def test_a_patch_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(BadRequest):
        path_patched(PATIENT, wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        operation("replace", "Patient.gender", value={"valueCode": "male"}),
        operation("add", "Patient", name="nonsense", value={"valueString": "x"}),
        operation("delete", "Observation.code"),
        operation("delete", "Patient"),
        operation("replace", "Patient", value={"valueString": "x"}),
        operation("add", "Patient.name[0].family", name="x", value={"valueString": "x"}),
        operation("add", "Patient.name", name="family", value={"valueString": "x"}),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(wrong: Any) -> None:
    with pytest.raises(Unprocessable):
        path_patched(PATIENT, wrong)


def test_a_document_that_is_no_patch_is_refused() -> None:
    for document in (b"{}", b"1", b"", b"[1]", b'[{"op":"add"}]', b'[{"op":"x","path":""}]'):
        with pytest.raises(FhirError):
            json_patch(document)
    with pytest.raises(BadRequest):
        fhirpath_patch({"resourceType": "Patient"}, b'{"resourceType":"Patient"}')
    with pytest.raises(FhirError):
        json_patch(orjson.dumps([{"op": "test", "path": "/a", "value": 1}] * 10_001))


def test_a_merge_patch_replaces_adds_and_takes_away() -> None:
    document = b'{"birthDate":null,"gender":"male","name":[{"text":"one"}],"nothing":{"a":null}}'
    result = orjson.loads(merge_patch(document)(PATIENT, {}))
    assert (result["gender"], result["name"]) == ("male", [{"text": "one"}])
    assert not {"birthDate", "nothing"} & set(result)
    assert b'"valueDecimal":1.00' in merge_patch(b"{}")(PATIENT, {})
    with pytest.raises(BadRequest):
        merge_patch(b"[]")
