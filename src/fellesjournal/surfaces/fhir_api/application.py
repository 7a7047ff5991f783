"""The WSGI callable: one request in, one answer out, and no input that breaks it."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings

from fellesjournal.access.attempts import Unavailable, with_retries
from fellesjournal.access.sessions import Ended
from fellesjournal.access.smart import dpop
from fellesjournal.access.tokens import Presented, session_presented
from fellesjournal.fhir.issues import FhirError, Issue, TooManyRequests
from fellesjournal.surfaces.fhir_api import (
    binaries,
    costs,
    load,
    metadata,
    pages,
    reading,
    routing,
    searching,
)
from fellesjournal.surfaces.fhir_api.preferences import (
    NotAcceptable,
    check_accept,
    check_format,
    flag,
)
from fellesjournal.surfaces.fhir_api.request import (
    Limits,
    Request,
    decoded,
    parse_query,
    segments,
    service_base,
)
from fellesjournal.surfaces.fhir_api.response import Response, of_error, of_issues, send

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

    from fellesjournal.access.sessions import Session

log = logging.getLogger(__name__)

_PREFIX = "/fhir"
# SMART looks below the service base, the issue of the platform at the root: both are there.
_WELL_KNOWN = ("/.well-known", f"{_PREFIX}/.well-known")
# What a path may hold unescaped (RFC 3986 § 3.3).
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_BROWSER_HEADERS = (
    "Authorization, DPoP, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-None-Exist,"
    " If-Modified-Since"
)


# These enter with the first statement that they read with (access/records.py), one round trip for both.
_ENTER_BY_READING = frozenset({reading.read, reading.read_version, searching.search_type})


class Unauthorized(FhirError):
    """No valid bearer token (401)."""

    status = 401
    code = "login"

    def __init__(self, problem: str, challenge: str) -> None:
        super().__init__(problem)
        self.challenge = challenge


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request under /fhir or /.well-known."""
    pretty, session = False, None
    try:
        if environ["REQUEST_METHOD"] == "OPTIONS":
            response = _options(environ)
        elif environ.get("PATH_INFO", "").startswith(_WELL_KNOWN):
            response = _well_known(environ)
        else:
            # Who has no token learns nothing, not even that a request is malformed.
            session = None if _is_open(environ) else _session(environ)
            request = _request(environ, session)
            pretty = bool(request.query) and flag(request.value("_pretty"), "_pretty")
            response = answer(request)
    except Exception as error:  # noqa: BLE001 - the last resort: logged, and answered with a number
        response = failure(_for_who_stands(error, session, environ))
    return send(response, environ, start_response, pretty=pretty)


def answer(request: Request) -> Response:
    """Check the format, then let the interaction answer."""
    costs.charge(request)
    environ = request.environ
    accept = environ.get("HTTP_ACCEPT")
    wanted = request.value("_format") if request.query else None
    if wanted is not None:
        check_format(wanted)
    elif accept and not binaries.wants_content(request):
        check_accept(accept)
    handler = _handler(request)
    if handler not in _ENTER_BY_READING and request.session is not None:
        with_retries(request.session.connection, is_read=True)
    if request.method in {"GET", "HEAD"}:
        return with_retries(lambda: handler(request), is_read=True)
    # Several whole Bundles at once would fill the memory: the body is read inside the gate.
    with load.gate(environ):
        request.raw()
        return with_retries(lambda: handler(request), is_read=False)


def _handler(request: Request) -> routing.Handler:
    if request.query and not request.path and request.value(pages.PARAMETER) is not None:
        return pages.follow
    return routing.handler_of(request)


def _for_who_stands(
    error: Exception, session: Session | None, environ: dict[str, Any]
) -> Exception:
    """What went wrong, for a session that stands; any other learns only that it does not, for a
    request may fail before its session has entered.
    """
    if session is None:
        return error
    try:
        if isinstance(error, Ended) or not with_retries(session.stands, is_read=True):
            return _stranger(environ)
    except Exception as other:  # noqa: BLE001 - as in application
        return other
    return error


def failure(error: Exception) -> Response:
    """The answer to a request that failed."""
    if isinstance(error, FhirError):
        response = of_error(error)
        if isinstance(error, routing.MethodNotAllowed):
            response.headers.append(("Allow", ", ".join(error.allowed)))
        elif isinstance(error, Unauthorized):
            response.headers.append(("WWW-Authenticate", error.challenge))
        elif isinstance(error, costs.Throttled):
            response.headers.append(("Retry-After", str(error.seconds)))
        return response
    if isinstance(error, RecursionError):
        return of_issues(400, [Issue("structure", "nested too deeply")])
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # Messages of exceptions may quote the record, so the log gets type and places only.
    reference = secrets.token_hex(6)
    places = " < ".join(
        f"{frame.filename.rpartition('fellesjournal/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("request failed, reference %s: %s at %s", reference, type(error).__name__, places)
    text = f"something went wrong that should not; the operator finds it as {reference}"
    return of_issues(500, [Issue("exception", text, severity="fatal")])


def _is_open(environ: dict[str, Any]) -> bool:
    """Whether the address is answered without a token."""
    path: str = environ.get("PATH_INFO", "")
    return path.rstrip("/") == f"{_PREFIX}/metadata"


def _request(environ: dict[str, Any], session: Session | None) -> Request:
    query = environ.get("QUERY_STRING") or ""
    return Request(
        method=environ["REQUEST_METHOD"],
        path=segments(environ, _PREFIX),
        query=parse_query(query) if query else [],
        environ=environ,
        base=service_base(environ, settings.ENVIRONMENT.url),
        limits=load.limits(),
        session=session,
    )


def _session(environ: dict[str, Any]) -> Session:
    header = environ.get("HTTP_AUTHORIZATION")
    if not header:
        raise Unauthorized("a bearer token is needed: fellesjournal token prints one", _challenge())
    scheme, _, token = header.partition(" ")
    if scheme.lower() not in {"bearer", "dpop"}:
        raise Unauthorized("only bearer and DPoP tokens are taken", _challenge())
    shown = Presented(
        token.strip(),
        scheme.lower(),
        environ["REQUEST_METHOD"],
        lambda: _address(environ),
        environ.get("HTTP_DPOP", ""),
    )
    session = with_retries(lambda: session_presented(shown), is_read=True)
    if session is None:
        raise _stranger(environ)
    return session


def _stranger(environ: dict[str, Any]) -> Unauthorized:
    """Whose token is not good. Raises Throttled."""
    costs.charge_stranger(environ)
    return Unauthorized("the token is unknown, expired or revoked", _challenge("invalid_token"))


def _address(environ: dict[str, Any]) -> str:
    """The address asked for, without query, as a DPoP proof names it (RFC 9449 § 4.2)."""
    base = service_base(environ, settings.ENVIRONMENT.url)
    return base.removesuffix(_PREFIX) + quote(
        decoded(environ.get("PATH_INFO", "")), safe=_PATH_SAFE
    )


def _challenge(error: str | None = None) -> str:
    told = f', error="{error}"' if error else ""
    return f'Bearer realm="fellesjournal"{told}, DPoP algs="{" ".join(dpop.ALGORITHMS)}"'


def _options(environ: dict[str, Any]) -> Response:
    """Which verbs an address has; also the preflight of browsers, which carries no token."""
    path = environ.get("PATH_INFO", "")
    methods: tuple[str, ...] = ("GET", "HEAD", "OPTIONS")
    if not path.startswith(_WELL_KNOWN):
        methods = routing.verbs(routing.resolve(segments(environ, _PREFIX)))
    return Response(
        204,
        headers=[
            ("Allow", ", ".join(methods)),
            ("Access-Control-Allow-Methods", ", ".join(methods)),
            (
                "Access-Control-Allow-Headers",
                _BROWSER_HEADERS,
            ),
            ("Access-Control-Max-Age", "86400"),
        ],
    )


def _well_known(environ: dict[str, Any]) -> Response:
    path = decoded(environ.get("PATH_INFO", "")).removeprefix(_PREFIX)
    name = path.rstrip("/").removeprefix("/.well-known/")
    base = service_base(environ, settings.ENVIRONMENT.url)
    found = metadata.well_known(name, base)
    if found is None:
        return of_issues(404, [Issue("not-found", "nothing is known here")])
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        raise routing.MethodNotAllowed(environ["REQUEST_METHOD"], ("GET", "HEAD", "OPTIONS"))
    return found


__all__ = [
    "Limits",
    "NotAcceptable",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "application",
]
