"""$validate, $meta, $meta-add and $meta-delete."""

from __future__ import annotations

import pytest

from tests.surfaces.fhir_api.client import Client, Json, patient


def parameters(*entries: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(entries)}


def errors(answer: Json) -> list[Json]:
    assert answer.status == 200, answer.body
    return [issue for issue in answer.json["issue"] if issue["severity"] in {"error", "fatal"}]


@pytest.mark.parametrize("address", ["$validate", "Patient/$validate", "Patient/op-none/$validate"])
def test_validate_tells_what_a_write_would_and_writes_nothing(api: Client, address: str) -> None:
    assert errors(api.post(address, patient(gender="female"))) == []
    (found,) = errors(api.post(address, patient(gender="neither")))
    assert found["expression"] == ["Patient.gender"]
    wrapped = parameters(
        {"name": "resource", "resource": patient(gender="neither")},
        {"name": "mode", "valueCode": "create"},
    )
    (found,) = errors(api.post(address, wrapped))
    assert found["expression"] == ["Patient.gender"]


def test_validate_minds_where_the_resource_is_sent(api: Client) -> None:
    assert errors(api.post("Observation/$validate", patient()))
    assert errors(api.post("Patient/op-1/$validate?mode=update", patient(id="op-2")))
    assert errors(api.post("$validate", {"resourceType": "Nonsense"}))
    assert errors(api.post("$validate", {"a": 1}))


def test_validate_takes_the_resource_that_stands(api: Client) -> None:
    created = api.create(patient())
    address = f"Patient/{created['id']}/$validate"
    assert errors(api.get(address)) == []
    assert errors(api.post(f"{address}?mode=delete", None)) == []
    assert api.get("Patient/op-nobody/$validate").status == 404
    assert (
        api.post(
            "Patient/op-nobody/$validate", parameters({"name": "mode", "valueCode": "delete"})
        ).status
        == 404
    )


def test_validate_says_when_it_has_nothing_to_go_by(api: Client) -> None:
    assert api.post("Patient/$validate", None).status == 400
    assert api.post("Patient/$validate", parameters()).status == 400
    assert api.post("Patient/$validate?mode=perhaps", patient()).status == 400
    assert errors(api.post("Patient/$validate?profile=http://nobody.test/p", patient()))


def test_parameters_themselves_can_be_validated(api: Client) -> None:
    assert (
        errors(api.post("Parameters/$validate", parameters({"name": "x", "valueString": "y"})))
        == []
    )


def tag(code: str, **members: str) -> Json:
    return {"system": "urn:t", "code": code, **members}


def meta_of(answer: Json) -> Json:
    assert answer.status == 200, answer.body
    (parameter,) = answer.json["parameter"]
    assert parameter["name"] == "return"
    return parameter["valueMeta"]


def test_tags_are_put_on_and_taken_off(api: Client) -> None:
    created = api.create(patient(meta={"tag": [tag("a")], "profile": ["urn:p"]}))
    address = f"Patient/{created['id']}/"

    added = api.post(
        address + "$meta-add",
        parameters(
            {
                "name": "meta",
                "valueMeta": {"tag": [tag("a", display="again"), tag("b")], "security": [tag("s")]},
            }
        ),
    )
    assert meta_of(added)["tag"] == [tag("a"), tag("b")]
    removed = meta_of(
        api.post(
            address + "$meta-delete",
            parameters({"name": "meta", "valueMeta": {"tag": [tag("b")], "profile": ["urn:p"]}}),
        )
    )
    assert (removed["tag"], removed["security"]) == ([tag("a")], [tag("s")])
    assert "profile" not in removed
    for read in (api.get(address + "$meta"), api.post(address + "$meta", None)):
        assert meta_of(read) == removed
    assert api.get(address.rstrip("/")).json["meta"] == removed
    assert api.get("Patient?_tag=urn:t|a").ids == [created["id"]]


@pytest.mark.parametrize(
    "sent",
    [
        parameters(),
        patient(),
        parameters({"name": "meta", "valueString": "x"}),
        parameters({"name": "meta", "valueMeta": {"tag": {}}}),
        {"resourceType": "Parameters", "parameter": [1]},
        parameters({"name": "meta", "valueMeta": {"tag": [5]}}),
        parameters({"name": "meta", "valueMeta": {"tag": [tag("")]}}),
    ],
)
def test_meta_that_makes_no_sense_is_refused(api: Client, sent: Json) -> None:
    created = api.create(patient())
    answer = api.post(f"Patient/{created['id']}/$meta-add", sent)
    assert answer.status in {400, 422}, answer.body
    assert api.get(f"Patient/{created['id']}").json == created


def test_meta_of_nobody_is_not_found(api: Client) -> None:
    assert api.get("Patient/op-nobody/$meta").status == 404
    change = parameters({"name": "meta", "valueMeta": {"tag": [tag("a")]}})
    assert api.post("Patient/op-nobody/$meta-add", change).status == 404


@pytest.mark.parametrize("name", [["text"], {"a": 1}, 7, None, True])
def test_a_parameter_whose_name_is_no_text_is_an_error_not_a_failure(
    api: Client, name: object
) -> None:
    """Found by fuzzing: a list as a name was a 500."""
    sent = parameters({"name": name, "valueString": "x"})

    assert errors(api.post("Parameters/$validate", sent))
    assert api.post("Patient/op-1/$meta-add", sent).status < 500
