"""INV-43 over HTTP: PUT, PATCH, DELETE, a transaction and $meta leave a signed note as it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.surfaces.fhir_api.client import Client

NOTE = {
    "resourceType": "Composition",
    "id": "signed",
    "status": "final",
    "type": {"text": "Journalnotat"},
    "date": "2026-05-04T10:00:00+02:00",
    "author": [{"display": "gp"}],
    "title": "Konsultasjon",
    "attester": [{"mode": "legal", "time": "2026-05-04T10:00:00+02:00", "party": {"display": "gp"}}],
    "section": [{"title": "Funn", "text": {"status": "additional", "div":
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Krepitasjoner</p></div>'}}],
}  # fmt: skip
PATCH = [{"op": "replace", "path": "/title", "value": "Annet"}]
BUNDLE = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "resource": {**NOTE, "title": "Annet"},
            "request": {"method": "PUT", "url": "Composition/signed"},
        }
    ],
}


@pytest.fixture(scope="module")
def note(api: Client) -> dict[str, Any]:
    """A signed note as it stands."""
    assert api.put("/fhir/Composition/signed", NOTE).status == 201
    found: dict[str, Any] = api.get("/fhir/Composition/signed").json
    return found


def test_inv_43_no_request_changes_a_signed_note(api: Client, note: dict[str, Any]) -> None:
    address = "/fhir/Composition/signed"
    answers = [
        api.put(address, {**NOTE, "title": "Annet"}),
        api.put(address, {**NOTE, "status": "preliminary"}),
        api.request("PUT", "/fhir/Composition?title=Konsultasjon", {**NOTE, "title": "Annet"}),
        api.patch(address, PATCH),
        api.request("DELETE", address),
        api.post("/fhir", BUNDLE),
    ]  # fmt: skip
    assert {answer.status for answer in answers} == {409}, [a.body for a in answers]
    assert api.get(address).json == note


def test_the_same_note_again_is_no_change_of_it(api: Client, note: dict[str, Any]) -> None:
    del note
    assert api.put("/fhir/Composition/signed", NOTE).status == 200
