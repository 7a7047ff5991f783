"""AuditEvents of the read log: search by patient and date, and read by id, for those who may.

The log is no resource, so that it is answered beside the store (access/readlog/audit_event.py):
to a citizen her own, to who represents her with leave for it, to those whose duty is to review
all reading. AuditEvents that clients have stored stay what they are: they follow after the last
page of the log, and any other question finds them alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson

from fellesjournal.access import audit_log
from fellesjournal.access.audit_log import Page
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import temporal
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.surfaces.fhir_api import pages, subsets
from fellesjournal.surfaces.fhir_api.bundles import bundle, search_entry
from fellesjournal.surfaces.fhir_api.pages import State
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response

_UNDERSTOOD = frozenset({"patient", "date", "_count", "_sort"})
_KIND = "audit-log"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def answers(session: Session | None, state: State) -> bool:
    """Whether a search, as searching.py has settled it, is answered from the log."""
    if state["type"] != "AuditEvent" or session is None or not audit_log.reads_some(session):
        return False
    if state["compartment"] is not None and state["compartment"][0] != "Patient":
        return False
    names = {name.removesuffix(":Patient") for name, _ in state["query"]}
    return names <= _UNDERSTOOD and dict(state["query"]).get("_sort", "-date") == "-date"


def first(request: Request, state: State) -> Response:
    """The first page. Raises BadRequest for what can't be read."""
    return _page(request, {**state, "query": [list(pair) for pair in state["query"]]})


@pages.follower(_KIND)
def _next(request: Request, state: State) -> Response:
    return _page(request, state)


def read(request: Request, fhir_id: str) -> Response | None:
    """One event; None for an id of no line that this session may see, which may be another's."""
    assert request.session is not None  # routing lets no request without one come here
    if not audit_log.reads_some(request.session):
        return None
    event = audit_log.event(request.session, fhir_id, site=request.base)
    if event is None:
        return None
    body = orjson.dumps(event)
    subset = subsets.subset_of(request) if request.query else None
    return Response(200, body if subset is None else subset("AuditEvent", body))


def _page(request: Request, state: State) -> Response:
    session = request.session
    assert session is not None  # routing lets no request without one come here
    found = _ask(request, session, state)
    entries = [
        search_entry(f"{request.base}/AuditEvent/{event['id']}", orjson.dumps(event), "match")
        for event in found.events
    ]
    links = [("self", pages.link(request, _KIND, state))]
    if found.before:
        links.append(("next", pages.link(request, _KIND, {**state, "before": found.before})))
    else:
        stored = {name: value for name, value in state.items() if name != "before"}
        links.append(("next", pages.link(request, "search", stored)))
    return Response(200, bundle("searchset", entries, links=links))


def _ask(request: Request, session: Session, state: State) -> Page:
    since, until = _period([value for name, value in state["query"] if name == "date"])
    return audit_log.events(
        session,
        _patient(request, session, state),
        since=since,
        until=until,
        before=state.get("before", ""),
        count=_count(request, state),
        site=request.base,
    )


def _patient(request: Request, session: Session, state: State) -> str:
    named = {
        _reference(request, value)
        for name, value in state["query"]
        if name.removesuffix(":Patient") == "patient"
    }
    if state["compartment"] is not None:
        named.add("/".join(state["compartment"]))
    if not named and session.subject:
        named.add(session.subject)
    if len(named) != 1:
        raise BadRequest("the log is asked about one patient: patient=Patient/1", code="required")
    return named.pop()


def _reference(request: Request, value: str) -> str:
    value = value.removeprefix(f"{request.base}/")
    reference = value if value.startswith("Patient/") else f"Patient/{value}"
    if reference.count("/") != 1 or "," in reference:
        raise BadRequest("patient: one patient, as Patient/1", code="value")
    return reference


def _count(request: Request, state: State) -> int:
    text = dict(state["query"]).get("_count", "")
    if not text:
        return request.limits.default_page
    if not text.isdecimal() or not text.isascii() or not int(text):
        raise BadRequest("_count: a number from 1", code="value")
    return min(int(text), request.limits.page)


def _period(values: list[str]) -> tuple[datetime | None, datetime | None]:
    """The half-open period that all ``date`` criteria allow; without a zone in UTC, as all."""
    lows: list[datetime] = []
    highs: list[datetime] = []
    for value in values:
        prefix, text = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
        try:
            low, high = (_EPOCH + timedelta(microseconds=n) for n in temporal.interval(text))
        except (ValueError, OverflowError):
            raise BadRequest(f"date: {value!r} is no date", code="value") from None
        match prefix:
            case "eq":
                lows.append(low)
                highs.append(high)
            case "ge":
                lows.append(low)
            case "gt" | "sa":
                lows.append(high)
            case "le":
                highs.append(high)
            case "lt" | "eb":
                highs.append(low)
            case _:
                raise BadRequest(f"date: the prefix {prefix!r} is not offered", code="value")
    return max(lows, default=None), min(highs, default=None)


__all__ = ["answers", "first", "read"]
