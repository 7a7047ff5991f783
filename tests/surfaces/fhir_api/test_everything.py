"""Patient/$everything: the whole record, and nobody else's."""

from __future__ import annotations

import pytest

from tests.surfaces.fhir_api.client import Client, Json, observation


@pytest.fixture(scope="module")
def record(api: Client) -> str:
    """A patient with observations, her doctor by way of a role, and a stranger beside her."""
    for resource in (
        {
            "resourceType": "Organization",
            "id": "ev-org",
            "name": "o",
            "partOf": {"reference": "Organization/ev-top"},
        },
        {"resourceType": "Organization", "id": "ev-top", "name": "t"},
        {"resourceType": "Organization", "id": "ev-unrelated", "name": "u"},
        {"resourceType": "Practitioner", "id": "ev-doctor"},
        {
            "resourceType": "PractitionerRole",
            "id": "ev-role",
            "practitioner": {"reference": "Practitioner/ev-doctor"},
            "organization": {"reference": "Organization/ev-org"},
        },
        {"resourceType": "Patient", "id": "ev-stranger"},
        {
            "resourceType": "Patient",
            "id": "ev-patient",
            "birthDate": "1950-01-01",
            "link": [{"other": {"reference": "Patient/ev-stranger"}, "type": "seealso"}],
        },
        _observation("ev-1", "2020-05-01", performer=[{"reference": "PractitionerRole/ev-role"}]),
        _observation("ev-2", "2021-05-01"),
        _observation("ev-3", None),
        observation(id="ev-strange", subject={"reference": "Patient/ev-stranger"}),
    ):
        answer = api.put(f"{resource['resourceType']}/{resource['id']}", resource)
        assert answer.status == 201, answer.body
    # her own commit is then the last, and she still comes first
    patch = [{"op": "add", "path": "/gender", "value": "female"}]
    assert api.patch("Patient/ev-patient", patch).status == 200
    return "Patient/ev-patient/$everything"


def _observation(identity: str, date: str | None, **members: Json) -> Json:
    dated = {} if date is None else {"effectiveDateTime": date}
    return observation(id=identity, subject={"reference": "Patient/ev-patient"}, **dated, **members)


def test_the_record_comes_whole_with_who_wrote_it_and_without_strangers(
    api: Client, record: str
) -> None:
    answer = api.get(record)
    assert answer.status == 200, answer.body
    assert answer.json["type"] == "searchset"
    assert answer.ids[0] == "ev-patient"
    assert set(answer.ids) == {
        "ev-patient",
        "ev-1",
        "ev-2",
        "ev-3",
        "ev-role",
        "ev-doctor",
        "ev-org",
        "ev-top",
    }
    assert answer.json["total"] == 8


def test_pages_bring_each_resource_once_in_the_same_order(api: Client, record: str) -> None:
    whole = api.get(record).ids
    for size in (1, 2, 3, 7):
        found: list[str] = []
        address: str | None = f"{record}?_count={size}"
        while address is not None:
            page = api.get(address)
            assert len(page.ids) <= size
            found += page.ids
            address = page.link("next")
        assert found == whole, size


def test_parameters_narrow_it(api: Client, record: str) -> None:
    assert set(api.get(f"{record}?_type=Observation,Practitioner").ids) == {
        "ev-1",
        "ev-2",
        "ev-3",
        "ev-doctor",
    }
    assert set(api.get(f"{record}?_type=Observation&start=2021-01-01").ids) == {"ev-2", "ev-3"}
    assert set(api.get(f"{record}?_type=Observation&end=2020").ids) == {"ev-1", "ev-3"}
    assert api.get(f"{record}?_since=2080-01-01").ids == []
    modified = api.get("Observation/ev-3").json["meta"]["lastUpdated"]
    # what was written in the same millisecond comes along
    assert "ev-3" in api.get(f"{record}?_type=Observation&_since={modified}").ids


def test_it_can_be_asked_for_by_parameters(api: Client, record: str) -> None:
    asked = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "_type", "valueCode": "Observation"},
            {"name": "_count", "valueInteger": 2},
        ],
    }
    assert len(api.post(record, asked).ids) == 2


@pytest.mark.parametrize(
    "query",
    ["_count=0", "_count=x", "_type=Nonsense", "start=yesterday", "end=", "_since=1", "nonsense=1"],
)
def test_what_is_not_understood_is_refused(api: Client, record: str, query: str) -> None:
    assert api.get(f"{record}?{query}").status == 400


def test_nobody_and_a_deleted_patient_have_no_record(api: Client) -> None:
    assert api.get("Patient/ev-nobody/$everything").status == 404
    api.put("Patient/ev-gone", {"resourceType": "Patient", "id": "ev-gone"})
    api.delete("Patient/ev-gone")
    assert api.get("Patient/ev-gone/$everything").status == 410
    assert api.get("Practitioner/ev-doctor/$everything").status == 404
