"""history of a resource, a type, the record (http://hl7.org/fhir/R4/http.html#history)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fellesjournal.access import records
from fellesjournal.access.answers import Event
from fellesjournal.fhir import bodies, primitives
from fellesjournal.fhir.issues import BadRequest, NotFound
from fellesjournal.fhir.temporal import DAY, interval
from fellesjournal.surfaces.fhir_api import pages, subsets
from fellesjournal.surfaces.fhir_api.bundles import bundle, history_entry
from fellesjournal.surfaces.fhir_api.pages import State
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response, etag

_PARAMETERS = ("_since", "_at", "_count", "_summary", "_elements", "_sort")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = 49 * 365 * DAY
_LATEST = 119 * 365 * DAY


def of_instance(request: Request) -> Response:
    """``GET /Type/id/_history``, newest first, deletes included."""
    type_name, fhir_id, _ = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known")
    return _first(request, {"type": type_name, "id": fhir_id})


def of_type(request: Request) -> Response:
    """``GET /Type/_history``."""
    return _first(request, {"type": request.path[0], "id": None})


def of_system(request: Request) -> Response:
    """``GET /_history``."""
    return _first(request, {"type": None, "id": None})


@pages.follower("history")
def _next(request: Request, state: State) -> Response:
    return _page(request, state)


def count_of(request: Request, default: int) -> int:
    """``_count`` between 0 and the limit of the server. Raises BadRequest."""
    text = request.value("_count")
    if text is None:
        return min(default, request.limits.page)
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise BadRequest(f"_count is a number from 0, not {text[:50]!r}", code="value")
    return min(int(text), request.limits.page)


def instant_range(text: str, name: str) -> tuple[datetime, datetime]:
    """The half-open range of instants a date covers. Raises BadRequest."""
    # The + of a time zone, sent unescaped, arrives as a blank.
    repaired = text.replace(" ", "+") if "T" in text else text
    try:
        low, high = interval(repaired)
    except ValueError:
        raise BadRequest(f"{name} is a date or a time, not {text[:100]!r}", code="value") from None
    return _instant(low), _instant(high)


def _instant(microseconds: int) -> datetime:
    """The instant, drawn to the time in which commits can lie at all (the range of seq)."""
    bounded = min(max(microseconds, _EARLIEST), _LATEST)
    return _EPOCH + timedelta(microseconds=bounded)


def _first(request: Request, state: State) -> Response:
    request.only(*_PARAMETERS)
    state["count"] = count_of(request, request.limits.default_page)
    since, at, sort = request.value("_since"), request.value("_at"), request.value("_sort")
    if sort not in {None, "-_lastUpdated"}:
        raise BadRequest("a history is sorted by -_lastUpdated", code="not-supported")
    if since is not None:
        state["since"] = instant_range(since, "_since")[0].isoformat()
    if at is not None:
        state["at"] = [instant.isoformat() for instant in instant_range(at, "_at")]
    for name in ("_summary", "_elements"):
        if (value := request.value(name)) is not None:
            state[name] = value
    used = [pair for pair in request.query if pair[0] in _PARAMETERS]
    address = "/".join([request.base, *request.path])
    state["self"] = f"{address}?{urlencode(used)}" if used else address
    return _page(request, state)


def _page(request: Request, state: State) -> Response:
    assert request.session is not None  # routing lets no request without one come here
    only_count = state["count"] == 0 or state.get("_summary") == "count"
    page = records.history(
        request.session,
        type_name=state["type"],
        fhir_id=state["id"],
        since=datetime.fromisoformat(state["since"]) if "since" in state else None,
        at=(datetime.fromisoformat(state["at"][0]), datetime.fromisoformat(state["at"][1]))
        if "at" in state
        else None,
        count=max(state["count"], 1),
        before=state.get("before"),
        ceiling=state.get("ceiling"),
    )
    links = [("self", state["self"])]
    if page.before is not None and not only_count:
        following = {**state, "before": page.before, "ceiling": page.ceiling}
        links.append(("next", pages.link(request, "history", following)))
    subset = None
    if not only_count:
        subset = subsets.subset(state.get("_summary"), state.get("_elements"))
    entries = [] if only_count else [_entry(request, event, subset) for event in page.events]
    return Response(200, bundle("history", entries, links=links, total=page.total))


def _entry(request: Request, event: Event, subset: subsets.Subset | None) -> bytes:
    stored, method = event.stored, event.method.name
    body = stored.body
    if body is not None and subset is not None:
        body = subset(stored.type, body)
    status = "204 No Content" if body is None else "201 Created" if event.created else "200 OK"
    return history_entry(
        full_url=f"{request.base}/{stored.reference}",
        body=body,
        method=method,
        url=stored.type if method == "POST" else stored.reference,
        status=status,
        etag=etag(stored.version),
        modified=bodies.last_updated(stored.seq),
    )
