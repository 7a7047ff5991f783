"""batch and transaction over HTTP: reads inside them, and the Bundle that answers."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from http import HTTPStatus

from fellesjournal.access.bundles import Asked, Entry, read_bundle
from fellesjournal.access.bundles import process as process_bundle
from fellesjournal.access.writing import Written
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import BadRequest, FhirError, Issue
from fellesjournal.surfaces.fhir_api.bundles import bundle, response_entry
from fellesjournal.surfaces.fhir_api.request import Request, parse_query
from fellesjournal.surfaces.fhir_api.response import Response, etag, of_error, outcome_bytes

_HEADERS = {"ifNoneMatch": "HTTP_IF_NONE_MATCH", "ifModifiedSince": "HTTP_IF_MODIFIED_SINCE"}


def process(request: Request) -> Response:
    """``POST /`` with a batch or transaction Bundle."""
    request.only()
    if request.in_bundle:
        raise BadRequest("a Bundle can't be processed inside a Bundle", code="not-supported")
    assert request.session is not None  # routing lets no request without one come here
    exchange = read_bundle(
        request.body(), base=request.base, most_entries=request.limits.bundle_entries
    )
    answers = process_bundle(request.session, exchange, lambda entry: _ask(request, entry))
    kind = "transaction-response" if exchange.is_transaction else "batch-response"
    entries = [_entry(request, answer) for answer in answers]
    return Response(200, bundle(kind, entries))


def _ask(request: Request, entry: Entry) -> Response:
    """Answer a read, a search or an operation as if it had come by itself."""
    from fellesjournal.surfaces.fhir_api.routing import handler_of  # noqa: PLC0415 - it imports this

    environ = {
        header: entry.conditions[name]
        for name, header in _HEADERS.items()
        if name in entry.conditions
    }
    if "HTTP_PREFER" in request.environ:
        environ["HTTP_PREFER"] = request.environ["HTTP_PREFER"]
    if entry.body is not None:
        environ["CONTENT_TYPE"] = "application/fhir+json"
    inner = Request(
        method=entry.method,
        path=tuple(entry.path.split("/")) if entry.path else (),
        query=parse_query(_latin(entry.query)) if entry.query else [],
        environ=environ,
        base=request.base,
        limits=request.limits,
        session=request.session,
        given_body=entry.body,
        given_raw=b"" if entry.body is None else entry.body.raw,
        in_bundle=True,
    )
    response = handler_of(inner)(inner)
    if entry.method == "HEAD":
        response.body = b""
    return response


def _latin(text: str) -> str:
    """Text as WSGI would hand it over."""
    return text.encode("utf-8").decode("latin-1")


def _entry(request: Request, answer: Written | Asked[Response] | FhirError) -> bytes:
    if isinstance(answer, Asked):
        return _asked(answer.answer)
    if isinstance(answer, FhirError):
        refused = of_error(answer)
        return response_entry(status=_status(refused.status), outcome=refused.body)
    return _written(request, answer)


def _asked(response: Response) -> bytes:
    headers = dict(response.headers)
    is_outcome = response.body.startswith(b'{"resourceType":"OperationOutcome"')
    return response_entry(
        status=_status(response.status),
        resource=response.body or None,
        etag=headers.get("ETag"),
        modified=_instant(headers.get("Last-Modified")),
        outcome=response.body if is_outcome and response.status >= HTTPStatus.BAD_REQUEST else None,
    )


def _instant(http_date: str | None) -> str | None:
    return None if http_date is None else parsedate_to_datetime(http_date).isoformat()


def _written(request: Request, written: Written) -> bytes:
    stored = written.stored
    returns = request.prefer.returns
    if stored is None or stored.body is None:
        outcome = None
        if returns == "OperationOutcome":
            text = "deleted" if written.changed else "there was nothing to delete"
            outcome = outcome_bytes([Issue("informational", text, severity="information")])
        version = stored.version if stored is not None and written.changed else None
        return response_entry(
            status=_status(204),
            etag=None if version is None else etag(version),
            modified=None if stored is None or version is None else bodies.last_updated(stored.seq),
            outcome=outcome,
        )
    return response_entry(
        status=_status(201 if written.created else 200),
        full_url=f"{request.base}/{stored.reference}",
        resource=stored.body if returns == "representation" else None,
        # relative as in the standard's example; fullUrl has the whole address
        location=f"{stored.reference}/_history/{stored.version}",
        etag=etag(stored.version),
        modified=bodies.last_updated(stored.seq),
        outcome=outcome_bytes(written.issues) if returns == "OperationOutcome" else None,
    )


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


__all__ = ["process"]
