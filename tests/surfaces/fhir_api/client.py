"""A client of the API without a network: requests go straight into the WSGI callable."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from fellesjournal.surfaces.fhir_api import application

FHIR = "application/fhir+json"

# Any: JSON of the answers.
Json = Any


@dataclass
class Answer:
    """What came back; ``headers`` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as JSON."""
        return orjson.loads(self.body)

    @property
    def diagnostics(self) -> str:
        """All texts of an OperationOutcome."""
        assert self.json["resourceType"] == "OperationOutcome", self.body[:500]
        return " | ".join(issue.get("diagnostics", "") for issue in self.json["issue"])

    @property
    def resources(self) -> list[Json]:
        """The resources of a Bundle."""
        return [entry["resource"] for entry in self.json.get("entry", []) if "resource" in entry]

    @property
    def ids(self) -> list[str]:
        """The ids of the resources of a Bundle."""
        return [resource["id"] for resource in self.resources]

    def link(self, relation: str) -> str | None:
        """The address of a link of a Bundle."""
        for link in self.json.get("link", []):
            if link["relation"] == relation:
                return str(link["url"])
        return None


@dataclass
class Client:
    """Sends requests with a bearer token."""

    token: str | None
    host: str = "journal.test"
    headers: dict[str, str] = field(default_factory=dict)

    def request(
        self,
        method: str,
        address: str,
        body: Json = None,
        *,
        content_type: str | None = None,
        environ: dict[str, Any] | None = None,
        **headers: str,
    ) -> Answer:
        """Send one request; header names are written ``If_Match``."""
        address = address.removeprefix(f"http://{self.host}")
        if not address.startswith(("/fhir", "/.well-known")):
            address = "/fhir/" + address.lstrip("/") if address else "/fhir"
        path, _, query = address.partition("?")
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        values: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.encode().decode("latin-1"),
            "SERVER_NAME": self.host,
            "SERVER_PORT": "80",
            "HTTP_HOST": self.host,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": io.StringIO(),
        }
        if body is not None:
            values["CONTENT_LENGTH"] = str(len(raw))
            values["CONTENT_TYPE"] = content_type or FHIR
        if self.token is not None:
            values["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        for name, value in {**self.headers, **headers}.items():
            values["HTTP_" + name.upper()] = value
        values.update(environ or {})
        return _call(values)

    def get(self, address: str = "", **headers: Any) -> Answer:
        """GET."""
        return self.request("GET", address, **headers)

    def post(self, address: str, body: Json, **headers: Any) -> Answer:
        """POST of a resource."""
        return self.request("POST", address, body, **headers)

    def put(self, address: str, body: Json, **headers: Any) -> Answer:
        """PUT of a resource."""
        return self.request("PUT", address, body, **headers)

    def patch(self, address: str, body: Json, **headers: Any) -> Answer:
        """PATCH: a list is a JSON Patch, an object a FHIRPath Patch."""
        if isinstance(body, list):
            headers.setdefault("content_type", "application/json-patch+json")
        return self.request("PATCH", address, body, **headers)

    def delete(self, address: str, **headers: Any) -> Answer:
        """DELETE."""
        return self.request("DELETE", address, **headers)

    def create(self, resource: Json) -> Json:
        """A new resource; what the server answered."""
        answer = self.post(resource["resourceType"], resource)
        assert answer.status == 201, answer.body
        return answer.json


def _call(environ: dict[str, Any]) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        started.append((status, headers))

    body = b"".join(application(environ, start_response))
    ((status, headers),) = started
    for name, value in headers:
        # What a server would refuse to send: not Latin-1, or a way to add headers.
        value.encode("latin-1")
        assert "\n" not in value, name
        assert "\r" not in value, name
    return Answer(
        int(status.partition(" ")[0]), {name.lower(): value for name, value in headers}, body
    )


def patient(**members: Json) -> Json:
    """A Patient with these members."""
    return {"resourceType": "Patient", **members}


def observation(**members: Json) -> Json:
    """A valid Observation (body weight) with these members."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        **members,
    }


def bundle(kind: str, *entries: Json) -> Json:
    """A Bundle to be processed."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(
    method: str, url: str, resource: Json = None, full_url: str | None = None, **request: str
) -> Json:
    """An entry of a batch or transaction."""
    found: Json = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        found["resource"] = resource
    if full_url is not None:
        found["fullUrl"] = full_url
    return found
