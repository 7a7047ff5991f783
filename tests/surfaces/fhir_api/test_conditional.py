"""Interactions whose target is found by criteria."""

from __future__ import annotations

import pytest

from tests.surfaces.fhir_api.client import Client, Json, patient


def named(value: str, **members: Json) -> Json:
    return patient(identifier=[{"system": "urn:c", "value": value}], **members)


def test_a_conditional_create_makes_one_and_then_finds_it(api: Client) -> None:
    first = api.post("Patient", named("create"), If_None_Exist="identifier=urn:c|create")
    second = api.post("Patient", named("create"), If_None_Exist="identifier=urn:c|create")
    third = api.post("Patient", named("create"), If_None_Exist="Patient?identifier=urn:c%7Ccreate")

    assert (first.status, second.status, third.status) == (201, 200, 200)
    assert first.json["id"] == second.json["id"] == third.json["id"]
    whole_address = "http://journal.test/fhir/Patient?identifier=urn:c|create"
    assert api.post("Patient", named("create"), If_None_Exist=whole_address).status == 200
    assert second.headers["etag"] == 'W/"1"'
    assert second.headers["location"] == first.headers["location"]


@pytest.mark.parametrize("verb", ["create", "update", "patch", "delete"])
def test_criteria_that_match_several_are_refused(api: Client, verb: str) -> None:
    api.create(named(f"several-{verb}"))
    api.create(named(f"several-{verb}"))
    criteria = f"identifier=urn:c|several-{verb}"
    answer = {
        "create": lambda: api.post("Patient", patient(), If_None_Exist=criteria),
        "update": lambda: api.put(f"Patient?{criteria}", patient()),
        "patch": lambda: api.patch(
            f"Patient?{criteria}", [{"op": "add", "path": "/active", "value": True}]
        ),
        "delete": lambda: api.delete(f"Patient?{criteria}"),
    }[verb]()
    assert answer.status == 412
    assert answer.json["issue"][0]["code"] == "multiple-matches"


def test_a_conditional_update_creates_updates_and_minds_ids(api: Client) -> None:
    address = "Patient?identifier=urn:c|update"
    created = api.put(address, named("update"))
    updated = api.put(address, named("update", gender="male"))
    assert (created.status, updated.status) == (201, 200)
    assert updated.json["id"] == created.json["id"]
    assert updated.headers["etag"] == 'W/"2"'
    assert api.put(address, named("update", id=created.json["id"])).status == 200
    assert api.put(address, named("update", id="another")).status == 400
    assert (
        api.put("Patient?identifier=urn:c|new", named("new", id="cond-own")).json["id"]
        == "cond-own"
    )


def test_a_conditional_patch_needs_its_target(api: Client) -> None:
    patch = [{"op": "add", "path": "/active", "value": True}]
    assert api.patch("Patient?identifier=urn:c|patch", patch).status == 404
    api.create(named("patch"))
    answer = api.patch("Patient?identifier=urn:c|patch", patch)
    assert (answer.status, answer.json["active"]) == (200, True)


def test_a_conditional_delete_deletes_one_or_nothing(api: Client) -> None:
    created = api.create(named("delete"))
    assert api.delete("Patient?identifier=urn:c|delete").status == 204
    assert api.get(f"Patient/{created['id']}").status == 410
    assert api.delete("Patient?identifier=urn:c|delete").status == 204


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "query", ["", "?_format=json", "?_count=5", "?nonsense=1", "?_sort=name", "?name="]
)
def test_without_usable_criteria_nothing_is_touched(api: Client, verb: str, query: str) -> None:
    body = None if verb == "DELETE" else patient() if verb == "PUT" else []
    kind = "application/json-patch+json" if verb == "PATCH" else None
    answer = api.request(verb, f"Patient{query}", body, content_type=kind)
    assert answer.status in {400, 412}, answer.body


def test_a_conditional_create_with_empty_criteria_is_refused(api: Client) -> None:
    for criteria in ("", "?", "Patient?", "nonsense=1", "_count=1"):
        assert api.post("Patient", patient(), If_None_Exist=criteria).status in {400, 412}
