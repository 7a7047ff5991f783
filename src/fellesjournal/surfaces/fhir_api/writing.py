"""create, update, patch and delete, conditional or not (http://hl7.org/fhir/R4/http.html#create)."""

from __future__ import annotations

from urllib.parse import urlencode

from fellesjournal.access.bundle_entries import bare_criteria
from fellesjournal.access.entity_tags import read_if_match
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation, Written
from fellesjournal.fhir import patch as fhir_patch
from fellesjournal.fhir import primitives
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import (
    BadRequest,
    Issue,
    NotFound,
    PreconditionFailed,
)
from fellesjournal.surfaces.fhir_api import binaries
from fellesjournal.surfaces.fhir_api.request import GENERAL, Request, UnsupportedMediaType
from fellesjournal.surfaces.fhir_api.response import Response, outcome_bytes, version_headers


def create(request: Request) -> Response:
    """``POST /Type``, with If-None-Exist only when nothing matches.

    Criteria in the query mean the same: that is how fhirpy asks, and passing them over
    would make the second resource the client wants to avoid.
    """
    (type_name,) = request.path
    criteria = request.header("IF_NONE_EXIST")
    if criteria is None:
        pairs = [pair for pair in request.query if pair[0] not in GENERAL]
        criteria = urlencode(pairs) if pairs else None
    else:
        request.only()
        criteria = bare_criteria(criteria.strip(), type_name)
        if not criteria:
            raise PreconditionFailed("If-None-Exist is empty", code="required")
    operation = Operation("create", type_name, criteria=criteria, body=_body(request, None))
    return _done(request, operation)


def update(request: Request) -> Response:
    """``PUT /Type/id``: a new version, or a new resource under an id of the client."""
    request.only()
    type_name, fhir_id = request.path
    _check_id(fhir_id)
    operation = Operation(
        "update",
        type_name,
        id=fhir_id,
        body=_body(request, fhir_id),
        if_match=read_if_match(request.header("IF_MATCH")),
        if_none_match=_none_match_star(request),
    )
    return _done(request, operation)


def conditional_update(request: Request) -> Response:
    """``PUT /Type?criteria``."""
    (type_name,) = request.path
    operation = Operation(
        "update",
        type_name,
        criteria=_criteria(request),
        body=request.body(),
        if_match=read_if_match(request.header("IF_MATCH")),
        if_none_match=_none_match_star(request),
    )
    return _done(request, operation)


def patch(request: Request) -> Response:
    """``PATCH /Type/id`` with a JSON Patch or a FHIRPath Patch."""
    request.only()
    type_name, fhir_id = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known")
    operation = Operation(
        "patch",
        type_name,
        id=fhir_id,
        patch=_patch(request),
        if_match=read_if_match(request.header("IF_MATCH")),
    )
    return _done(request, operation)


def conditional_patch(request: Request) -> Response:
    """``PATCH /Type?criteria``."""
    (type_name,) = request.path
    operation = Operation(
        "patch",
        type_name,
        criteria=_criteria(request),
        patch=_patch(request),
        if_match=read_if_match(request.header("IF_MATCH")),
    )
    return _done(request, operation)


def delete(request: Request) -> Response:
    """``DELETE /Type/id``: a version without content; deleting nothing is no error."""
    request.only()
    type_name, fhir_id = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known")
    operation = Operation(
        "delete", type_name, id=fhir_id, if_match=read_if_match(request.header("IF_MATCH"))
    )
    return _deleted(request, operation)


def conditional_delete(request: Request) -> Response:
    """``DELETE /Type?criteria``: one match at most (412 otherwise)."""
    (type_name,) = request.path
    operation = Operation(
        "delete",
        type_name,
        criteria=_criteria(request),
        if_match=read_if_match(request.header("IF_MATCH")),
    )
    return _deleted(request, operation)


def answer(request: Request, written: Written) -> Response:
    """The answer to a write that stands."""
    stored = written.stored
    assert stored is not None  # only a delete leaves nothing
    headers = version_headers(stored.version, stored.seq)
    location = f"{request.base}/{stored.reference}/_history/{stored.version}"
    if written.created or not written.changed:
        headers.append(("Location", location))  # also of what a conditional create found
    else:
        headers.append(("Content-Location", location))
    status = 201 if written.created else 200
    returns = request.prefer.returns
    if returns == "minimal":
        return Response(status, headers=headers)
    if returns == "OperationOutcome":
        return Response(status, outcome_bytes(written.issues), headers)
    return Response(status, stored.body or b"", headers)


def _done(request: Request, operation: Operation) -> Response:
    assert request.session is not None  # routing lets no request without one come here
    written = write_single(request.session, operation)
    return answer(request, written)


def _deleted(request: Request, operation: Operation) -> Response:
    assert request.session is not None  # as above
    written = write_single(request.session, operation)
    headers = []
    if written.stored is not None and written.changed:
        headers = version_headers(written.stored.version, written.stored.seq)
    if request.prefer.returns == "OperationOutcome":
        text = "deleted" if written.changed else "there was nothing to delete"
        note = Issue("informational", text, severity="information")
        return Response(200, outcome_bytes([note, *written.issues]), headers)
    return Response(204, headers=headers)


def _body(request: Request, fhir_id: str | None) -> Body:
    if request.path[0] == "Binary":
        return binaries.body_of(request, fhir_id)
    return request.body()


def _criteria(request: Request) -> str:
    """The criteria of a conditional interaction as a query string."""
    pairs = [pair for pair in request.query if pair[0] not in GENERAL]
    if not pairs:
        raise PreconditionFailed(
            f"{request.method} without an id needs criteria in the query", code="required"
        )
    return urlencode(pairs)


def _check_id(fhir_id: str) -> None:
    if not primitives.is_id(fhir_id):
        raise BadRequest(f"{fhir_id[:100]!r} is no id: 1 to 64 letters, digits, hyphens and dots")


def _none_match_star(request: Request) -> bool:
    header = request.header("IF_NONE_MATCH")
    if header is None:
        return False
    if header.strip() != "*":
        raise BadRequest("a write takes If-None-Match: * only")
    return True


def _patch(request: Request) -> fhir_patch.Patch:
    content_type = request.content_type
    if content_type == "application/json-patch+json":
        return fhir_patch.json_patch(request.raw())
    if content_type == "application/merge-patch+json":
        return fhir_patch.merge_patch(request.raw())
    if content_type == "application/json":
        return _generic_patch(request)
    if content_type == "application/fhir+json":
        return fhir_patch.fhirpath_patch(request.body().data, request.body().raw)
    raise UnsupportedMediaType(
        f"Content-Type {content_type!r} is no patch read here: send application/json-patch+json,"
        " or a Parameters resource as application/fhir+json"
    )


def _generic_patch(request: Request) -> fhir_patch.Patch:
    """Plain JSON: an array is a JSON Patch, Parameters a FHIRPath Patch, else it is merged."""
    if request.raw().lstrip()[:1] == b"[":
        return fhir_patch.json_patch(request.raw())
    if request.body().data.get("resourceType") == "Parameters":
        return fhir_patch.fhirpath_patch(request.body().data, request.body().raw)
    return fhir_patch.merge_patch(request.raw())
