"""$meta, $meta-add and $meta-delete of one resource (http://hl7.org/fhir/R4/resource-operations.html).

Changing tags is a write like any other here: it makes a version, so that the history
tells who put a security label on or took it off.
"""

from __future__ import annotations

from typing import Any

import msgspec

from fellesjournal.access import records
from fellesjournal.access.answers import Stored
from fellesjournal.access.entity_tags import read_if_match
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import primitives
from fellesjournal.fhir.issues import BadRequest, NotFound
from fellesjournal.fhir.patch import read_tree, write_tree
from fellesjournal.surfaces.fhir_api import parameters
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response, version_headers

# Any: JSON, of whatever shape a client sends.
Json = Any

_LISTS = ("profile", "security", "tag")
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def of_instance(request: Request) -> Response:
    """``/Type/id/$meta``: its profiles, tags and security labels."""
    request.only()
    type_name, fhir_id = _target(request)
    assert request.session is not None  # routing lets no request without one come here
    return _answer(records.read(request.session, type_name, fhir_id))


def add(request: Request) -> Response:
    """``/Type/id/$meta-add``: put on what isn't there yet."""
    return _change(request, _added)


def delete(request: Request) -> Response:
    """``/Type/id/$meta-delete``: take off what is there; the rest of a Coding doesn't matter."""
    return _change(request, _without)


def _target(request: Request) -> tuple[str, str]:
    type_name, fhir_id, _ = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known")
    return type_name, fhir_id


def _change(request: Request, change: Any) -> Response:
    request.only()
    type_name, fhir_id = _target(request)
    given = parameters.values(request.body(), "meta")
    if len(given) != 1 or not isinstance(given[0], dict):
        raise BadRequest("the operation takes one parameter meta with a valueMeta", code="required")
    wanted = given[0]
    for name in _LISTS:
        if not isinstance(wanted.get(name, []), list):
            raise BadRequest(f"meta.{name} is an array", "Parameters.parameter", code="structure")

    def patch(raw: bytes, _data: dict[str, Json]) -> bytes:
        tree = read_tree(raw)
        meta = tree.setdefault("meta", {})
        for name in _LISTS:
            changed = change(meta.get(name, []), wanted.get(name, []))
            if changed:
                meta[name] = changed
            else:
                meta.pop(name, None)
        return write_tree(tree)

    assert request.session is not None  # routing lets no request without one come here
    operation = Operation(
        "patch",
        type_name,
        id=fhir_id,
        patch=patch,
        if_match=read_if_match(request.header("IF_MATCH")),
    )
    written = write_single(request.session, operation)
    assert written.stored is not None  # a patch leaves a resource
    return _answer(written.stored)


def _identity(item: Json) -> Json:
    return (item.get("system"), item.get("code")) if isinstance(item, dict) else item


def _added(held: list[Json], wanted: list[Json]) -> list[Json]:
    result = list(held)
    for item in wanted:
        if _identity(item) not in [_identity(each) for each in result]:
            result.append(item)
    return result


def _without(held: list[Json], wanted: list[Json]) -> list[Json]:
    unwanted = [_identity(item) for item in wanted]
    return [item for item in held if _identity(item) not in unwanted]


def _answer(stored: Stored) -> Response:
    assert stored.body is not None  # a deleted one raises Gone
    meta = bytes(_members(stored.body).get("meta", msgspec.Raw(b"{}")))
    body = (
        b'{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":' + meta + b"}]}"
    )
    return Response(200, body, version_headers(stored.version, stored.seq))


__all__ = ["add", "delete", "of_instance"]
