"""Answers: bytes with a status and headers, and how they go onto the wire."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
import orjson

from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import FhirError, Issue, operation_outcome
from fellesjournal.surfaces.fhir_api.preferences import takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

FHIR_JSON = "application/fhir+json;charset=utf-8"
GZIP_FROM = 2048
"""Bytes from which compressing pays."""

_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
# http://hl7.org/fhir/R4/http.html#custom: sent back, so that both logs can name the request.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_MOST_ISSUES = 500
_LONGEST_DIAGNOSTICS = 2000
# Answers hold health data: no cache keeps them, not even a browser's own on a shared computer.
# A program that keeps what it was given may ask about it again with If-None-Match.
_ALWAYS = [
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Location, Content-Location, Last-Modified"),
]


@dataclass(slots=True)
class Response:
    """``body`` is one JSON document, or empty."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = FHIR_JSON


def send(
    response: Response, environ: dict[str, Any], start_response: StartResponse, *, pretty: bool
) -> Iterable[bytes]:
    """Put a response on the wire: pretty, gzip and HEAD are dealt with here."""
    body = response.body
    headers = response.headers
    if body:
        if pretty and response.content_type == FHIR_JSON:
            body = msgspec.json.format(body, indent=2)
        headers.append(("Content-Type", response.content_type))
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        if len(body) >= GZIP_FROM:
            headers.append(("Vary", "Accept, Accept-Encoding, Authorization"))
            if accepted and takes_gzip(accepted):
                body = gzip.compress(body, compresslevel=1, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
        else:
            headers.append(("Vary", "Accept, Authorization"))
    if response.status not in {204, 304}:
        headers.append(("Content-Length", str(len(body))))
    headers.extend(_ALWAYS)
    request_id = environ.get("HTTP_X_REQUEST_ID")
    if request_id and _REQUEST_ID.fullmatch(request_id):
        headers.append(("X-Request-Id", request_id))
    start_response(_STATUS_LINES[response.status], headers)
    if environ["REQUEST_METHOD"] == "HEAD" or not body:
        return [b""]
    return [body]


def of_issues(status: int, issues: Iterable[Issue]) -> Response:
    """An OperationOutcome."""
    return Response(status, outcome_bytes(issues))


def of_error(error: FhirError) -> Response:
    """The OperationOutcome of a refused request."""
    response = of_issues(error.status, error.issues)
    if error.status in {429, 503} and not hasattr(error, "seconds"):
        response.headers.append(("Retry-After", "1"))
    return response


def outcome_bytes(issues: Iterable[Issue]) -> bytes:
    """An OperationOutcome as JSON; overlong lists and texts are cut, and say so."""
    listed = list(issues)
    if len(listed) > _MOST_ISSUES:
        left_out = len(listed) - _MOST_ISSUES
        listed = listed[:_MOST_ISSUES]
        listed.append(
            Issue("informational", f"{left_out} more are left out", severity="information")
        )
    outcome = operation_outcome(listed)
    for issue in outcome["issue"]:
        if len(issue.get("diagnostics", "")) > _LONGEST_DIAGNOSTICS:
            issue["diagnostics"] = issue["diagnostics"][:_LONGEST_DIAGNOSTICS] + " …"
    try:
        return orjson.dumps(outcome)
    except (orjson.JSONEncodeError, TypeError):  # half a surrogate pair that a message repeats
        return msgspec.json.encode(_clean(outcome))


def _clean(value: Any) -> Any:
    """Text that UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def etag(version: int) -> str:
    """The weak entity tag of a version."""
    return f'W/"{version}"'


def last_modified(seq: int) -> str:
    """The commit time as an HTTP date."""
    return http_date(bodies.seq_time(seq))


def http_date(instant: datetime) -> str:
    """An aware UTC datetime as an HTTP date."""
    return format_datetime(instant, usegmt=True)


def version_headers(version: int, seq: int) -> list[tuple[str, str]]:
    """ETag and Last-Modified of a version."""
    return [("ETag", etag(version)), ("Last-Modified", last_modified(seq))]
