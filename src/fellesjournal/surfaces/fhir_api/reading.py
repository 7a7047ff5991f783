"""read and vread (http://hl7.org/fhir/R4/http.html#read)."""

from __future__ import annotations

from http import HTTPStatus

from fellesjournal.access import records
from fellesjournal.access.answers import Stored
from fellesjournal.fhir import primitives
from fellesjournal.fhir.issues import NotFound
from fellesjournal.surfaces.fhir_api import audit_events, binaries, measures, preconditions, subsets
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response, version_headers

_LARGEST_VERSION = 2**31 - 1
_ALSO_FROM_ELSEWHERE = frozenset({"AuditEvent", "Measure"})


def read(request: Request) -> Response:
    """``GET /Type/id``: the stored bytes, or 304 when the client has them."""
    if request.query:
        request.only("_summary", "_elements")
    type_name, fhir_id = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known: that is no id")
    assert request.session is not None  # routing lets no request without one come here
    if type_name in _ALSO_FROM_ELSEWHERE:
        request.session.connection()  # she must stand before any of them answers
    if type_name == "AuditEvent" and (event := audit_events.read(request, fhir_id)) is not None:
        return event
    if type_name == "Measure" and (found := measures.read(request, fhir_id)) is not None:
        return found
    answer = _answer(request, records.read(request.session, type_name, fhir_id))
    if type_name == "Binary" and answer.status == HTTPStatus.OK and binaries.wants_content(request):
        return binaries.content(request, answer)
    return answer


def read_version(request: Request) -> Response:
    """``GET /Type/id/_history/version``."""
    request.only("_summary", "_elements")
    type_name, fhir_id, _, version = request.path
    if not primitives.is_id(fhir_id) or not (version.isascii() and version.isdigit()):
        raise NotFound(f"{type_name}/{fhir_id[:100]} has no version {version[:100]!r}")
    number = int(version) if len(version) < 11 else _LARGEST_VERSION
    if not 0 < number < _LARGEST_VERSION:
        raise NotFound(f"{type_name}/{fhir_id} has no version {version[:100]}")
    assert request.session is not None  # as above
    return _answer(request, records.read_version(request.session, type_name, fhir_id, number))


def _answer(request: Request, stored: Stored) -> Response:
    headers = version_headers(stored.version, stored.seq)
    environ = request.environ
    none_match = environ.get("HTTP_IF_NONE_MATCH")
    modified_since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if (none_match is not None or modified_since is not None) and preconditions.is_unchanged(
        none_match, modified_since, stored.version, stored.seq
    ):
        return Response(304, headers=headers)
    assert stored.body is not None  # a deleted one raises Gone
    body = stored.body
    if request.query:
        subset = subsets.subset_of(request)
        if subset is not None:
            body = subset(stored.type, body)
    return Response(200, body, headers)
