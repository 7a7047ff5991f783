"""Tokens, formats, verbs: what is settled before any interaction."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from fellesjournal.access import tokens
from fellesjournal.access.tokens import issue_token, revoke_token
from fellesjournal.foundation.database.connection import connection
from tests.surfaces.fhir_api.client import Client, patient

JSON = "application/fhir+json;charset=utf-8"


@pytest.mark.parametrize(
    "address",
    [
        "Patient",
        "Patient/1",
        "",
        "_history",
        "Nonsense",
        "$validate",
        "?_page=x",
        "metadata/x",
        "Patient/.well-known",
        "Patient?name=%zz",
        "Patient/%ff",
        "Patient?_pretty=x",
        "Patient?_format=xml",
    ],
)
def test_without_a_token_all_but_the_statement_is_refused(api: Client, address: str) -> None:
    for client in (Client(None), Client(""), Client("fj_wrong"), Client("é"), Client("a b")):
        answer = client.get(address)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json["issue"][0]["code"] == "login"
    assert api.get("Patient", Authorization="Basic abc").status == 401
    assert Client(None).get("Patient", Accept="text/html").status == 401
    assert Client(None).post("Patient", patient()).status == 401


def test_a_token_ends_by_time_or_by_revocation(api: Client) -> None:
    expired = Client(issue_token(lifetime=timedelta(seconds=-1)))
    assert expired.get("Patient").status == 401
    token = issue_token()
    assert Client(token).get("Patient").status == 200
    revoke_token(token)
    assert Client(token).get("Patient").status == 401
    assert 'error="invalid_token"' in Client(token).get("Patient").headers["www-authenticate"]


def test_a_token_that_another_process_revoked_is_refused_once_it_is_looked_up_again(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    del api
    monkeypatch.setattr(tokens, "REMEMBERED_SECONDS", 0.0)
    token = issue_token()
    assert Client(token).get("Patient").status == 200
    mine = sha256(token.encode()).digest()
    connection().execute("update access.token set revoked = true where hash = %s", [mine])
    assert Client(token).get("Patient").status == 401


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+json",
        "application/json",
        "*/*",
        "application/*",
        "text/json",
        "",
        "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
        "application/fhir+xml, application/fhir+json;q=0.1",
        "application/fhir+json; fhirVersion=4.0",
        'application/fhir+json; fhirVersion="4.0"; charset=UTF-8',
        "APPLICATION/FHIR+JSON",
    ],
)
def test_whoever_takes_json_gets_it(accept: str) -> None:
    answer = Client(None).get("metadata", Accept=accept)
    assert (answer.status, answer.headers["content-type"]) == (200, JSON)


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "text/html",
        "image/png",
        "application/fhir+json;q=0",
        "nonsense",
        ";;;,,,=",
        "application/fhir+json; fhirVersion=5.0",
        "application/fhir+turtle",
    ],
)
def test_whoever_takes_no_json_is_told_so(accept: str) -> None:
    answer = Client(None).get("metadata", Accept=accept)
    assert (answer.status, answer.headers["content-type"]) == (406, JSON)
    assert answer.json["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("json", 200),
        ("application/json", 200),
        ("application/fhir%2Bjson", 200),
        ("application/fhir+json", 200),
        ("text/json", 200),
        ("xml", 406),
        ("application/fhir%2Bxml", 406),
        ("ttl", 406),
        ("html", 406),
        ("application/fhir%2Bjson;fhirVersion=4.0", 200),
        ("application/fhir%2Bjson;fhirVersion=5.0", 406),
        ("", 406),
    ],
)
def test_the_format_parameter_outranks_accept(value: str, status: int) -> None:
    answer = Client(None).get(f"metadata?_format={value}", Accept="application/fhir+xml")
    assert answer.status == status


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+xml",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "multipart/form-data; boundary=x",
        "application/fhir+json; fhirVersion=3.0",
        'application/fhir+json;fhirversion="5.0"',
        "\xff",
    ],
)
def test_a_body_of_another_kind_is_refused(api: Client, content_type: str) -> None:
    environ = {"CONTENT_TYPE": content_type}
    assert api.request("POST", "Patient", patient(), environ=environ).status == 415
    assert api.request("PUT", "Patient/n-1", patient(id="n-1"), environ=environ).status == 415
    assert api.request("PATCH", "Patient/n-1", b"[]", environ=environ).status == 415
    assert api.request("POST", "", patient(), environ=environ).status == 415


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/json",
        "application/fhir+json; charset=UTF-8; fhirVersion=4.0",
        "Application/FHIR+JSON",
    ],
)
def test_json_by_any_of_its_names_is_read(api: Client, content_type: str) -> None:
    assert api.request("POST", "Patient", patient(), content_type=content_type).status == 201


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("PATCH", "", "GET, POST, HEAD, OPTIONS"),
        ("POST", "metadata", "GET, HEAD, OPTIONS"),
        ("POST", "Patient/1", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("PUT", "Patient/1/_history/1", "GET, HEAD, OPTIONS"),
        ("DELETE", "Patient/1/_history", "GET, HEAD, OPTIONS"),
        ("GET", "Patient/_search", "POST, OPTIONS"),
        ("GET", "Patient/1/$meta-add", "POST, OPTIONS"),
        ("TRACE", "Patient", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("MKCOL", "Patient", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ],
)
def test_a_verb_that_is_not_there_is_answered_with_those_that_are(
    api: Client, method: str, address: str, allowed: str
) -> None:
    answer = api.request(method, address)
    assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert api.request("OPTIONS", address).headers["allow"] == allowed


@pytest.mark.parametrize(
    "address",
    [
        "Nonsense",
        "Nonsense/1",
        "patient/1",
        "Patient/1/Nonsense",
        "Patient/1/2/3/4/5",
        "$nonsense",
        "Patient/$nonsense",
        "Patient/1/$nonsense",
        "Resource/1",
        "DomainResource",
        "_nonsense",
        "Patient/_nonsense",
        "Patient/1/_history/x",
        "Patient/1/_history/0",
        "Patient/1/_history/99999999999999999999",
        "Patient/1/_history/1/2",
        "Patient/a%00b",
        "Patient/%F0%9F%98%80",
        "Patient/" + "x" * 65,
        "Patient/a b",
        "Patient//_history",
        "metadata/1",
        "Patient/1/Patient/_history",
    ],
)
def test_an_address_that_is_not_there_is_404(api: Client, address: str) -> None:
    answer = api.get(address)
    assert answer.status == 404, answer.body
    assert answer.json["resourceType"] == "OperationOutcome"


def test_browsers_may_ask_before_they_come() -> None:
    answer = Client(None).request("OPTIONS", "Patient", Origin="https://app.test")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert "ETag" in Client(None).get("metadata").headers["access-control-expose-headers"]


@pytest.mark.parametrize("host", ["", "evil host", "a\r\nb", "é", "x" * 300])
def test_a_strange_host_header_does_not_get_into_links(host: str) -> None:
    answer = Client(None).get("metadata", Host=host)
    assert answer.json["implementation"]["url"] == "http://journal.test:80/fhir"


def test_links_follow_the_host_the_client_used() -> None:
    answer = Client(None).get("metadata", Host="[::1]:8000")
    assert answer.json["implementation"]["url"] == "http://[::1]:8000/fhir"
