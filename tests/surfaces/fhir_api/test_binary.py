"""Binary as a resource and as what it holds."""

from __future__ import annotations

import base64

from tests.surfaces.fhir_api.client import Client

PDF = b"%PDF-1.7 \x00\xff"


def test_content_of_any_type_becomes_a_binary_and_comes_back(api: Client) -> None:
    created = api.request(
        "POST", "Binary", PDF, content_type="application/pdf", X_Security_Context="Patient/1"
    )
    assert created.status == 201, created.body
    assert created.json["contentType"] == "application/pdf"
    assert created.json["securityContext"] == {"reference": "Patient/1"}
    assert base64.b64decode(created.json["data"]) == PDF

    address = f"Binary/{created.json['id']}"
    answer = api.get(address, Accept="text/html, application/pdf;q=0.5")
    assert (answer.status, answer.body) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["etag"] == 'W/"1"'


def test_who_takes_json_gets_the_resource(api: Client) -> None:
    created = api.request("PUT", "Binary/bin-1", b"text", content_type="text/plain")
    assert created.status == 201
    for accept in ("", "*/*", "application/fhir+json", "application/json", "text/*"):
        assert api.get("Binary/bin-1", Accept=accept).json["resourceType"] == "Binary"
    assert api.get("Binary/bin-1?_format=json", Accept="text/plain").json["id"] == "bin-1"


def test_another_type_than_the_content_has_is_refused(api: Client) -> None:
    api.request("PUT", "Binary/bin-2", b"text", content_type="text/plain")
    assert api.get("Binary/bin-2", Accept="image/png").status == 406
    assert api.get("Binary/bin-2", Accept="text/plain").body == b"text"
    assert api.get("Binary?_id=bin-2", Accept="text/plain").status == 406
    assert api.request("POST", "Binary", b"x", content_type="nonsense").status == 415
    assert api.request("POST", "Binary", b"", content_type="text/plain").status == 400
    assert api.request("POST", "Patient", b"x", content_type="text/plain").status == 415


def test_a_binary_may_still_be_sent_as_a_resource(api: Client) -> None:
    sent = {"resourceType": "Binary", "contentType": "text/html", "data": "PGI+"}
    created = api.post("Binary", sent)
    assert created.status == 201
    page = api.get(f"Binary/{created.json['id']}", Accept="text/html")
    assert (page.body, page.headers["x-content-type-options"]) == (b"<b>", "nosniff")
