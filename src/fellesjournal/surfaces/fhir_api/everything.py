"""Patient/$everything (http://hl7.org/fhir/R4/patient-operation-everything.html)."""

from __future__ import annotations

from datetime import datetime

from fellesjournal.access.everything import Wanted, everything
from fellesjournal.fhir import primitives
from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.issues import BadRequest, NotFound, NotSupported
from fellesjournal.fhir.temporal import FOREVER, NEVER, interval
from fellesjournal.surfaces.fhir_api import pages, parameters
from fellesjournal.surfaces.fhir_api.bundles import bundle, search_entry
from fellesjournal.surfaces.fhir_api.histories import instant_range
from fellesjournal.surfaces.fhir_api.pages import State
from fellesjournal.surfaces.fhir_api.request import GENERAL, Request
from fellesjournal.surfaces.fhir_api.response import Response

_PARAMETERS = frozenset({"start", "end", "_since", "_type", "_count"})
_COUNT_DIGITS = 9


def of_patient(request: Request) -> Response:
    """``/Patient/id/$everything``; without ``_count`` as much on a page as is allowed."""
    _, fhir_id, _ = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"Patient/{fhir_id[:100]} is not known")
    state: State = {"id": fhir_id, "count": request.limits.page, "types": []}
    low, high = NEVER, FOREVER
    for name, value in parameters.as_query(request):
        if name == "_count":
            state["count"] = _count(value, request.limits.page)
        elif name == "_since":
            state["since"] = instant_range(value, "_since")[0].isoformat()
        elif name == "_type":
            state["types"] += _types(value)
        elif name == "start":
            low = _range(value, name)[0]
        elif name == "end":
            high = _range(value, name)[1]
        elif name not in GENERAL and not request.prefer.lenient:
            raise NotSupported(f"the parameter {name[:100]!r} means nothing for $everything")
    if (low, high) != (NEVER, FOREVER):
        state["care"] = [low, high]
    return _page(request, state)


@pages.follower("everything")
def _page(request: Request, state: State) -> Response:
    assert request.session is not None  # routing lets no request without one come here
    care, cursor = state.get("care"), state.get("cursor")
    page = everything(
        request.session,
        state["id"],
        Wanted(
            types=tuple(state["types"]),
            since=datetime.fromisoformat(state["since"]) if "since" in state else None,
            care=None if care is None else (care[0], care[1]),
        ),
        count=state["count"],
        cursor=None if cursor is None else (cursor[0], cursor[1], cursor[2]),
    )
    here = f"{request.base}/Patient/{state['id']}/$everything"
    links = [("self", here if cursor is None else pages.link(request, "everything", state))]
    if page.cursor is not None:
        links.append(("next", pages.link(request, "everything", {**state, "cursor": page.cursor})))
    entries = [
        search_entry(f"{request.base}/{stored.reference}", stored.body or b"{}", mode)
        for stored, mode in page.entries
    ]
    is_whole = cursor is None and page.cursor is None
    return Response(
        200, bundle("searchset", entries, links=links, total=len(entries) if is_whole else None)
    )


def _count(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:_COUNT_DIGITS]) == 0:
        raise BadRequest(f"_count is a number from 1, not {text[:50]!r}", code="value")
    return most if len(text) > _COUNT_DIGITS else min(int(text), most)


def _types(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if not is_resource_type(name):
            raise BadRequest(f"_type: {name[:100]!r} is no resource type", code="value")
    return names


def _range(text: str, name: str) -> tuple[int, int]:
    try:
        return interval(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise BadRequest(f"{name} is a date, not {text[:100]!r}", code="value") from None
