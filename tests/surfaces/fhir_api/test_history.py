"""history of a resource, a type, everything."""

from __future__ import annotations

import pytest

from tests.surfaces.fhir_api.client import Client, observation, patient


@pytest.fixture(scope="module")
def times(api: Client) -> list[str]:
    """Patient h1: created, updated, deleted, created again; the time of each version."""
    api.put("Patient/h1", patient(id="h1", gender="female"))
    api.patch("Patient/h1", [{"op": "replace", "path": "/gender", "value": "male"}])
    api.delete("Patient/h1")
    api.put("Patient/h1", patient(id="h1"))
    api.create(observation())
    entries = api.get("Patient/h1/_history").json["entry"]
    return [entry["response"]["lastModified"] for entry in reversed(entries)]


def test_the_history_of_a_resource_tells_every_version_newest_first(
    api: Client, times: list[str]
) -> None:
    answer = api.get("Patient/h1/_history")

    assert (answer.status, answer.json["type"], answer.json["total"]) == (200, "history", 4)
    told = [
        (e["request"]["method"], e["response"]["etag"], e["response"]["status"][:3])
        for e in answer.json["entry"]
    ]
    assert told == [
        ("PUT", 'W/"4"', "201"),
        ("DELETE", 'W/"3"', "204"),
        ("PATCH", 'W/"2"', "200"),
        ("PUT", 'W/"1"', "201"),
    ]
    assert [resource["meta"]["versionId"] for resource in answer.resources] == ["4", "2", "1"]
    assert all(e["fullUrl"] == "http://journal.test/fhir/Patient/h1" for e in answer.json["entry"])
    assert answer.link("self") == "http://journal.test/fhir/Patient/h1/_history"


def test_the_history_of_a_deleted_resource_is_there(api: Client) -> None:
    api.put("Patient/h2", patient(id="h2"))
    api.delete("Patient/h2")
    assert api.get("Patient/h2/_history").json["total"] == 2
    assert api.get("Patient/h-never/_history").status == 404


def test_what_comes_back_after_a_delete_was_created_anew(api: Client) -> None:
    for change in (patient(id="h-anew"), None, patient(id="h-anew"), patient(id="h-anew")):
        answer = (
            api.delete("Patient/h-anew") if change is None else api.put("Patient/h-anew", change)
        )
        assert answer.status < 300
    entries = api.get("Patient/h-anew/_history").json["entry"]
    assert [entry["response"]["status"][:3] for entry in entries] == ["200", "201", "204", "201"]


def test_since_and_at_choose_versions_by_time(api: Client, times: list[str]) -> None:
    def versions(query: str) -> list[str]:
        answer = api.get(f"Patient/h1/_history?{query}")
        assert answer.status == 200, answer.body
        return [e["response"]["etag"][3:-1] for e in answer.json.get("entry", [])]

    assert versions(f"_since={times[3]}") == ["4"]
    assert versions("_since=2000-01-01") == ["4", "3", "2", "1"]
    assert versions("_since=2080") == []
    assert versions("_at=2000-01-01") == []
    assert versions("_at=2080") == ["4"]
    assert versions("_since=0001") == ["4", "3", "2", "1"]
    assert versions("_since=9999") == []


@pytest.mark.parametrize("address", ["Patient/h1/_history", "Patient/_history", "_history"])
def test_pages_of_a_history_bring_each_version_once(
    api: Client, times: list[str], address: str
) -> None:
    def tags(answer: object) -> list[tuple[str, str]]:
        return [(e["fullUrl"], e["response"]["etag"]) for e in answer.json["entry"]]  # type: ignore[attr-defined]  # an Answer

    whole = tags(api.get(f"{address}?_count=1000"))
    assert len(whole) == len(set(whole)) >= 4
    found = []
    following: str | None = f"{address}?_count=2"
    while following is not None:
        answer = api.get(following)
        found += tags(answer)
        following = answer.link("next")
    assert found == whole


def test_a_write_between_two_pages_does_not_show_on_the_second(
    api: Client, times: list[str]
) -> None:
    first = api.get("Patient/_history?_count=2")
    api.create(patient())
    assert len({*first.ids, *api.get(first.link("next") or "").ids}) <= 4


def test_type_and_system_histories_hold_their_types(api: Client, times: list[str]) -> None:
    assert {r["resourceType"] for r in api.get("Observation/_history").resources} == {"Observation"}
    assert {"Patient", "Observation"} <= {
        r["resourceType"] for r in api.get("_history?_count=100").resources
    }


@pytest.mark.parametrize(
    "query",
    [
        "_since=yesterday",
        "_at=2020-13",
        "_count=-1",
        "_count=x",
        "nonsense=1",
        "_sort=name",
        "_since=",
    ],
)
def test_what_is_not_understood_is_refused(api: Client, query: str) -> None:
    for address in ("Patient/h1/_history", "_history"):
        assert api.get(f"{address}?{query}").status == 400


def test_a_history_can_be_counted_and_cut(api: Client, times: list[str]) -> None:
    counted = api.get("Patient/h1/_history?_summary=count")
    assert (counted.json["total"], counted.resources) == (4, [])
    assert all(
        "SUBSETTED" in str(r) for r in api.get("Patient/h1/_history?_summary=true").resources
    )
