"""search over a type, a compartment, everything (http://hl7.org/fhir/R4/http.html#search).

What the parameters mean is the store's affair; here the page becomes a searchset Bundle.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fellesjournal.access import records
from fellesjournal.access.answers import SearchPage
from fellesjournal.fhir import primitives
from fellesjournal.fhir.issues import BadRequest, NotFound
from fellesjournal.surfaces.fhir_api import audit_events, pages
from fellesjournal.surfaces.fhir_api.bundles import bundle, outcome_entry, search_entry
from fellesjournal.surfaces.fhir_api.pages import State
from fellesjournal.surfaces.fhir_api.preferences import check_format
from fellesjournal.surfaces.fhir_api.request import (
    GENERAL,
    Request,
    UnsupportedMediaType,
    parse_query,
)
from fellesjournal.surfaces.fhir_api.response import Response, outcome_bytes

_FORM = "application/x-www-form-urlencoded"
_COUNT_DIGITS = 9


def search_type(request: Request) -> Response:
    """``GET /Type?...`` and ``POST /Type/_search``."""
    return _first(request, request.path[0], request.path[0], None)


def search_system(request: Request) -> Response:
    """``GET /?...`` and ``POST /_search``; ``_type`` says over which types."""
    return _first(request, "", None, None)


def search_compartment(request: Request) -> Response:
    """``GET /Patient/123/Observation?...``, ``GET /Patient/123/*``."""
    compartment, fhir_id, word = request.path[:3]
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{compartment}/{fhir_id[:100]} is not known")
    address = "/".join(request.path[:3])
    return _first(request, address, None if word == "*" else word, (compartment, fhir_id))


@pages.follower("search")
def _next(request: Request, state: State) -> Response:
    compartment = state["compartment"]
    state["query"] = [(name, value) for name, value in state["query"]]
    state["compartment"] = None if compartment is None else (compartment[0], compartment[1])
    return _page(request, state)


def _first(
    request: Request, address: str, type_name: str | None, compartment: tuple[str, str] | None
) -> Response:
    form = _form(request)
    for name, value in form:
        if name == "_format":
            check_format(value)
    query = [*request.query, *form]
    state: State = {
        "address": address,
        "type": type_name,
        "compartment": compartment,
        "query": [_settled(pair, request.limits.page) for pair in query if pair[0] not in GENERAL],
        "lenient": request.prefer.lenient,
    }
    if audit_events.answers(request.session, state):
        assert request.session is not None  # as below
        request.session.connection()  # she must stand before any of them answers
        return audit_events.first(request, state)
    return _page(request, state)


def _settled(pair: tuple[str, str], most: int) -> tuple[str, str]:
    """A ``_count`` above the limit asks for the limit; the self link shows it."""
    name, value = pair
    if pair == ("_totalMethod", "count"):
        return ("_total", "accurate")  # so fhirpy asks, after Aidbox
    if name == "_count" and value.isascii() and value.isdigit():
        too_many = len(value) > _COUNT_DIGITS or int(value) > most
        return (name, str(most)) if too_many else pair
    return pair


def _form(request: Request) -> list[tuple[str, str]]:
    """The parameters in the body of a POST."""
    if request.method != "POST":
        return []
    raw = request.raw()
    if request.content_type != _FORM:
        if not raw:
            return []
        raise UnsupportedMediaType(f"a search by POST is a form: send {_FORM}")
    try:
        return parse_query(raw.decode("latin-1"))
    except UnicodeError:
        raise BadRequest("the form can't be read", code="structure") from None


def _page(request: Request, state: State) -> Response:
    assert request.session is not None  # routing lets no request without one come here
    page = records.search(
        request.session,
        state["type"],
        state["query"],
        compartment=state["compartment"],
        cursor=state.get("cursor"),
        lenient=state["lenient"],
        own_bases=(request.base,),
    )
    links = [("self", _self_link(request, state, page))]
    if "cursor" in state:
        first = {name: value for name, value in state.items() if name != "cursor"}
        links = [
            ("self", pages.link(request, "search", state)),
            # as a page link: it is asked like one, and a query may hold a patient's number
            ("first", pages.link(request, "search", first)),
        ]
    if page.next is not None:
        following = {**state, "query": page.used, "cursor": page.next}
        links.append(("next", pages.link(request, "search", following)))
    return Response(
        200, bundle("searchset", _entries(request, page), links=links, total=page.total)
    )


def _entries(request: Request, page: SearchPage) -> list[bytes]:
    base = request.base
    entries = [
        search_entry(f"{base}/{stored.reference}", stored.body or b"{}", mode)
        for stored, mode in page.entries
    ]
    if page.issues:
        entries.append(outcome_entry(outcome_bytes(page.issues)))
    return entries


def _self_link(request: Request, state: State, page: SearchPage) -> str:
    """The parameters as they were understood (http://hl7.org/fhir/R4/search.html#conformance)."""
    address = f"{request.base}/{state['address']}" if state["address"] else request.base
    used = urlencode(page.used, quote_via=quote, safe=":|,/.*$-")
    return f"{address}?{used}" if used else address
