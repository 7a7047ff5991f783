"""Ways round the address: dots, slashes, escapes, verbs, headers, Bundles. None leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.signing_in import GP, put, staff_client
from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.fhir_api.client import observation
from tests.surfaces.oauth.flow import HOST, Dance, app
from tests.undone import undone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def api(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Api]:
    """An app that may read Observations of Kari and nothing else; Ola is on the same list."""
    del django_db_setup
    with undone(django_db_blocker):
        yield _app()


def _app() -> Api:
    browser = staff_client()
    for name in ("kari", "ola"):
        put(
            "Patient", name, name=[{"family": f"Family-of-{name}"}],
            generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}],
        )  # fmt: skip
        members = observation(
            subject={"reference": f"Patient/{name}"}, note=[{"text": f"of-{name}"}]
        )
        members.pop("resourceType")
        put("Observation", f"weight-{name}", **members)
    scope = "openid launch/patient patient/Observation.rs"
    dance = Dance(app(scope=scope)[0], browser, scope=scope)
    token = dance.exchange(dance.code("kari")).json()["access_token"]
    return Api(token, host=HOST)


def test_the_app_reads_what_it_may(api: Api) -> None:
    assert api.get("Observation/weight-kari").status == 200
    assert b"of-kari" in api.get("Observation").body


@pytest.mark.parametrize(
    "path",
    [
        "/fhir/Patient/kari", "/fhir//Patient/kari", "/fhir/Patient//kari", "/fhir/Patient/kari/",
        "/fhir/Observation/../Patient/kari", "/fhir/Observation/%2e%2e/Patient/kari",
        "/fhir/Observation%2f..%2fPatient%2fkari", "/fhir/Observation/weight-kari/../../Patient/ola",
        "/fhir/./Patient/ola", "/fhir/Patient;Observation/ola", "/fhir/patient/kari",
        "/fhir/metadata/../Patient/kari", "/fhir/.well-known/../Patient/ola",
        "/fhir/Observation/weight-ola", "/fhir//Observation//weight-ola", "/fhir/Observation/weight-ola/",
        "/fhir/Observation/weight-ola/_history", "/fhir/Observation/weight-ola/_history/1",
        "/fhir/Observation/weight-ola/$meta", "/fhir/Patient/ola/Observation",
        "/fhir/Patient/ola/$everything", "/fhir/Patient/kari/Observation/../../ola/Observation",
        "/fhir/Observation?patient=ola", "/fhir/Observation?_id=weight-ola&_format=json",
        "/fhir/Observation?_include=Observation:subject", "/fhir?_type=Patient", "/fhir/_history",
        "/fhir/Observation?subject:Patient.family=Family", "/fhir/Patient?_has:Observation:patient:_id=x",
        "/fhir/Observation?patient=kari,ola", "/fhir/Observation?patient=kari&patient=ola",
        "/fhir/Observation/_search?patient=ola", "/fhir/$graphql", "/fhir/Patient/_history",
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST"])
def test_no_spelling_of_an_address_shows_more(api: Api, path: str, verb: str) -> None:
    body = {"resourceType": "Parameters"} if verb == "POST" else None
    answer = api.request(verb, path, body)

    assert answer.status < 500
    text = answer.body
    assert b"of-ola" not in text
    assert b"Family-of-" not in text


def test_a_chain_does_not_ask_what_may_not_be_read(api: Api) -> None:
    """Whether Kari has this name is not the app's to know: it has no scope for Patient."""
    assert api.get("Observation?subject:Patient.family=Family-of-kari").json.get("entry") is None


@pytest.mark.parametrize(
    "name", ["X_HTTP_Method_Override", "X_Method_Override", "X_HTTP_Method", "X_Original_Method"]
)
def test_a_header_does_not_change_the_verb(api: Api, name: str) -> None:
    header = {f"HTTP_{name.upper()}": "DELETE"}
    api.request("GET", "Observation/weight-kari", environ=header)
    api.request("POST", "Observation/weight-kari", {}, environ=header)
    api.request("POST", "Observation/weight-kari?_method=DELETE", {})

    assert api.get("Observation/weight-kari").status == 200


@pytest.mark.parametrize("name", ["X_Original_URL", "X_Rewrite_URL", "X_Forwarded_Prefix"])
def test_a_header_does_not_change_the_address(api: Api, name: str) -> None:
    answer = api.get("Observation/weight-kari", **{name: "/fhir/Patient/ola"})

    assert b"Family-of-" not in answer.body


@pytest.mark.parametrize(
    "url",
    ["Patient/kari", "Observation/weight-ola", "Observation/../Patient/ola", "/Patient/ola",
     "http://testserver/fhir/Patient/ola", "//testserver/fhir/Patient/ola", "Patient//ola",
     "Patient?_id=ola", "Observation/weight-ola/_history", "Patient/ola/$everything", "?_type=Patient"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_an_entry_of_a_bundle_shows_no_more(api: Api, url: str, kind: str) -> None:
    entry = {"request": {"method": "GET", "url": url}}
    answer = api.post("", {"resourceType": "Bundle", "type": kind, "entry": [entry]})

    assert answer.status < 500
    assert b"of-ola" not in answer.body
    assert b"Family-of-" not in answer.body


@pytest.mark.parametrize(
    "change",
    [
        {"id": "weight-kari", "subject": {"reference": "Patient/ola"}},
        {"id": "weight-ola", "subject": {"reference": "Patient/kari"}},
        {"id": "weight-kari", "meta": {"security": []}, "subject": {"reference": "Patient/kari"}},
    ],
)
def test_an_app_that_may_only_read_writes_nothing(api: Api, change: dict[str, Any]) -> None:
    resource = observation(**{key: value for key, value in change.items() if key != "meta"})

    assert api.put(f"Observation/{change['id']}", resource).status in {403, 404}
    assert api.post("Observation", resource).status == 403
    assert api.delete(f"Observation/{change['id']}").status in {403, 404}
    assert api.patch(
        f"Observation/{change['id']}", [{"op": "replace", "path": "/status", "value": "final"}]
    ).status in {403, 404}
