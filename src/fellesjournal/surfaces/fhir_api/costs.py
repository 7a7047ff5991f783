"""What a request at the API costs, and who pays: the person or client of its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from fellesjournal.access import limits
from fellesjournal.fhir.issues import TooManyRequests

if TYPE_CHECKING:
    from fellesjournal.access.sessions import Session
    from fellesjournal.surfaces.fhir_api.request import Request

# Roughly the processor time, in reads by id (docs/operators.md has the table).
READ, WRITE, SEARCH, EVERYTHING = 1.0, 3.0, 5.0, 50.0
_RESULTS_PER_UNIT = 50.0
_BYTES_PER_UNIT = 20_000.0


class Throttled(TooManyRequests):
    """Too much within a minute; ``seconds`` until it may be asked again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too much was asked for; send it again in {seconds} s")
        self.seconds = seconds


def charge(request: Request) -> None:
    """Take the cost of a request from what is left for its session. Raises Throttled.

    The platform itself, loading and developers' tokens are not limited.
    """
    session = request.session
    if session is None or session.is_unbounded:
        return
    seconds = limits.PERSON.spend(_payer(session), cost_of(request))
    if seconds:
        raise Throttled(seconds)


def charge_stranger(environ: dict[str, Any]) -> None:
    """A token that is not good is paid for by the address. Raises Throttled."""
    address = limits.address_of(
        environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("REMOTE_ADDR", "")
    )
    seconds = limits.ADDRESS.spend(address)
    if seconds:
        raise Throttled(seconds)


def cost_of(request: Request) -> float:
    """Cost units: 1 is a read by id."""
    path, method = request.path, request.method
    if "$everything" in path or "$export" in path:
        return EVERYTHING
    if method in {"GET", "HEAD"}:
        if len(path) == 2 and not path[1].startswith(("_", "$")):
            return READ
        return SEARCH + _page(request) / _RESULTS_PER_UNIT
    if path[-1:] == ("_search",):
        return SEARCH
    stated = request.environ.get("CONTENT_LENGTH") or "0"
    size = int(stated[:12]) if stated.isdigit() else 0
    return WRITE + size / _BYTES_PER_UNIT


def _page(request: Request) -> float:
    wanted = (request.value("_count") or "") if request.query else ""
    most = settings.ENVIRONMENT.max_page
    return float(min(int(wanted[:6]), most)) if wanted.isascii() and wanted.isdigit() else 0.0


def _payer(session: Session) -> str:
    return f"{session.kind} {session.person} {session.role}"


__all__ = ["Throttled", "charge", "charge_stranger", "cost_of"]
