"""Searching over HTTP: the Bundle, its links, forms, compartments."""

from __future__ import annotations

import base64
import zlib
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import pytest

from fellesjournal.foundation.database.connection import connection
from fellesjournal.store import index_state
from fellesjournal.store.index_state import Signature
from tests.surfaces.fhir_api.client import Client, observation, patient


@pytest.fixture(scope="module")
def family(api: Client) -> list[str]:
    """Three patients of one family name, oldest first, with an observation each."""
    ids = []
    for number in range(3):
        created = api.create(patient(name=[{"family": "Søksdal"}], birthDate=f"199{number}-01-01"))
        ids.append(created["id"])
        api.create(observation(subject={"reference": f"Patient/{created['id']}"}))
    return ids


def test_a_search_answers_a_searchset_with_stored_bytes(api: Client, family: list[str]) -> None:
    answer = api.get("Patient?family=S%C3%B8ksdal")

    assert answer.status == 200
    assert (answer.json["type"], answer.json["total"]) == ("searchset", 3)
    assert set(answer.ids) == set(family)
    for entry in answer.json["entry"]:
        assert entry["fullUrl"] == f"http://journal.test/fhir/Patient/{entry['resource']['id']}"
        assert entry["search"] == {"mode": "match"}
        assert api.get(entry["fullUrl"]).body in answer.body


def test_the_self_link_shows_what_was_used(api: Client, family: list[str]) -> None:
    answer = api.get(
        "Patient?family=S%C3%B8ksdal&nonsense=1&_format=json", Prefer="handling=lenient"
    )

    link = answer.link("self")
    assert link is not None
    assert parse_qsl(urlsplit(link).query) == [("family", "Søksdal")]
    assert set(api.get(link).ids) == set(family)
    (outcome,) = [e["resource"] for e in answer.json["entry"] if e["search"]["mode"] == "outcome"]
    assert "nonsense" in outcome["issue"][0]["diagnostics"]
    assert outcome["issue"][0]["severity"] == "warning"


def test_an_unknown_parameter_is_refused(api: Client) -> None:
    answer = api.get("Patient?nonsense=1&birthdate=yesterday")
    assert answer.status == 400
    assert "nonsense" in answer.diagnostics
    assert "birthdate" in answer.diagnostics


def test_an_empty_answer_has_no_entries(api: Client) -> None:
    answer = api.get("Patient?family=Nobody")
    assert answer.json["total"] == 0
    assert "entry" not in answer.json


def test_a_form_searches_like_a_query(api: Client, family: list[str]) -> None:
    for address in ("Patient/_search", "_search?_type=Patient"):
        answer = api.request(
            "POST",
            address,
            b"family=S%C3%B8ksdal&birthdate=1991-01-01"
            if address.startswith("Patient")
            else b"_id=" + family[1].encode(),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.ids == [family[1]], answer.body
    assert api.request("POST", "Patient/_search", {"a": 1}).status == 415
    assert api.request("POST", "Patient/_search").status == 200


@pytest.mark.parametrize(("wanted", "status"), [("json", 200), ("xml", 406)])
def test_a_form_may_say_its_format(api: Client, wanted: str, status: int) -> None:
    form = f"_format={wanted}&_count=1".encode()
    kind = "application/x-www-form-urlencoded"
    assert api.request("POST", "Patient/_search", form, content_type=kind).status == status


def test_pages_bring_each_resource_once(api: Client, family: list[str]) -> None:
    address: str | None = "Patient?family=S%C3%B8ksdal&_count=2&_sort=birthdate"
    found: list[str] = []
    pages = 0
    while address is not None:
        answer = api.get(address)
        assert answer.status == 200, answer.body
        found += answer.ids
        address = answer.link("next")
        pages += 1
    assert found == family
    assert pages == 2


@pytest.mark.parametrize(
    "page", ["", "x", "eJw", "%F0%9F%98%80", "A" * 100, "A" * 100_000, "-" * 64, "=", "A=A"]
)
def test_a_made_up_page_link_is_refused(api: Client, page: str) -> None:
    assert api.get(f"?_page={page}").status == 400


def test_a_page_link_needs_a_token_and_bears_no_changes(api: Client, family: list[str]) -> None:
    link = api.get("Patient?family=S%C3%B8ksdal&_count=1").link("next")
    assert link is not None
    assert Client(None).get(link).status == 401
    assert api.get(link + "&_count=5").status == 400
    assert api.get(link + "&_pretty=true").status == 200
    assert api.get(link[:-3] + "AAA").status == 400
    assert api.request("DELETE", link).status == 405
    assert api.request("HEAD", link).status == 200


def test_a_page_link_leads_back_to_the_first_page_and_shows_nothing_of_the_query(
    api: Client, family: list[str]
) -> None:
    address = api.get("Patient?family=S%C3%B8ksdal&_count=1&_sort=birthdate").link("next")
    for _ in range(2):
        assert address is not None
        answer = api.get(address)
        first = api.get(answer.link("first") or "")
        assert first.ids == family[:1]
        for link in answer.json["link"]:
            sealed = link["url"].partition("_page=")[2]
            raw = base64.urlsafe_b64decode(sealed + "==")
            assert b"dal" not in raw
            for start in range(len(raw)):
                with suppress(zlib.error):
                    assert b"dal" not in zlib.decompressobj().decompress(raw[start:])
        address = answer.link("next")
    assert answer.link("next") is None


def test_count_zero_and_summary_count_answer_the_total_alone(
    api: Client, family: list[str]
) -> None:
    for query in ("_count=0", "_summary=count"):
        answer = api.get(f"Patient?family=S%C3%B8ksdal&{query}")
        assert (answer.json["total"], answer.resources) == (3, [])


def test_a_count_beyond_the_limit_asks_for_the_limit(api: Client, family: list[str]) -> None:
    answer = api.get("Patient?family=S%C3%B8ksdal&_count=99999999999999999999")
    assert len(answer.ids) == 3
    assert "_count=1000" in (answer.link("self") or "")


def test_a_compartment_holds_what_is_about_its_subject(api: Client, family: list[str]) -> None:
    one = api.get(f"Patient/{family[0]}/Observation")
    assert [resource["subject"]["reference"] for resource in one.resources] == [
        f"Patient/{family[0]}"
    ]
    assert api.get(f"Patient/{family[0]}/Observation?code=other").resources == []
    everything = api.get(f"Patient/{family[0]}/*")
    assert {resource["resourceType"] for resource in everything.resources} >= {"Observation"}
    form = api.request(
        "POST",
        f"Patient/{family[0]}/Observation/_search",
        b"code=29463-7",
        content_type="application/x-www-form-urlencoded",
    )
    assert form.ids == one.ids
    assert api.get("Observation/x/Patient").status == 404
    assert api.get(f"Patient/{family[0]}/StructureDefinition").status == 404


def test_includes_come_with_their_mode(api: Client, family: list[str]) -> None:
    answer = api.get(f"Observation?subject=Patient/{family[0]}&_include=Observation:subject")
    assert [entry["search"]["mode"] for entry in answer.json["entry"]] == ["match", "include"]
    assert answer.json["entry"][1]["resource"]["id"] == family[0]


def test_several_types_are_searched_at_once(api: Client, family: list[str]) -> None:
    answer = api.get(f"?_type=Patient,Observation&_id={family[0]}")
    assert answer.ids == [family[0]]
    assert api.get("?_type=Patient,Nonsense").status == 400


def test_elements_and_summary_cut_the_matches(api: Client, family: list[str]) -> None:
    for resource in api.get("Patient?family=S%C3%B8ksdal&_elements=birthDate").resources:
        assert set(resource) == {"resourceType", "id", "meta", "birthDate"}


def test_pretty_answers_are_indented(api: Client) -> None:
    assert b'\n  "type": "searchset"' in api.get("Patient?_count=1&_pretty=true").body
    assert api.get("Patient?_count=1&_pretty=perhaps").status == 400


def test_a_search_says_so_while_the_index_is_being_rebuilt_and_reads_go_on(api: Client) -> None:
    there = api.create(patient(identifier=[{"system": "urn:rebuild", "value": "1"}]))
    made = index_state.made_with(connection())
    assert made is not None
    index_state.note_made_with(connection(), Signature("0" * 32, made.bases))
    try:
        refused = [
            api.get("Patient?identifier=urn:rebuild|1"),
            api.get(f"Patient/{there['id']}/$everything"),
            api.post("Patient", patient(), If_None_Exist="identifier=urn:rebuild|1"),
        ]
        read = api.get(f"Patient/{there['id']}")
        written = api.put(f"Patient/{there['id']}", there)
    finally:
        index_state.note_made_with(connection(), made)

    assert [answer.status for answer in refused] == [503] * 3
    assert "search index" in refused[0].diagnostics
    assert refused[0].json["issue"][0]["code"] == "transient"
    assert (read.status, written.status) == (200, 200)
    assert api.get("Patient?identifier=urn:rebuild|1").ids == [there["id"]]
