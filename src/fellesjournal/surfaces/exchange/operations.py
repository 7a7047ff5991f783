"""From a part to operations: what its content asks to be written.

A transaction or batch Bundle says itself what to do. A collection, document, searchset or
history Bundle, a single resource and a line of NDJSON are put under their own id, so that
loading them again makes a new version and not a second resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from fellesjournal.access.addresses import own_bases
from fellesjournal.access.bundle_entries import (
    bare_criteria,
    expected_version,
    relative_address,
    unknown_address,
)
from fellesjournal.access.links import link_names, lost_links
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import RESOURCE_TYPES
from fellesjournal.fhir.issues import BadRequest, FhirError
from fellesjournal.surfaces.exchange.parts import Part

_TYPES = frozenset(RESOURCE_TYPES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One resource of a part: where it stands, its type, what to do, or why that can't be done."""

    line: int
    location: str
    type: str
    operation: Operation | None
    refusal: FhirError | None = None


class _Entry(msgspec.Struct):
    fullUrl: str | None = None  # noqa: N815  # the name in the standard
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: dict[str, Any] | None = None


class _Bundle(msgspec.Struct):
    resourceType: str = ""  # noqa: N815  # the name in the standard
    type: str = ""
    entry: list[_Entry] = []


_decode_bundle = msgspec.json.Decoder(_Bundle).decode


def wanted(part: Part) -> tuple[list[Wanted], bool]:
    """Everything a part asks for, and whether it must be written all or nothing."""
    if len(part.lines) == 1:
        bundle = _bundle(part.lines[0])
        if bundle is not None:
            asked = list(_bundle_entries(part, bundle))
            is_transaction = bundle.type == "transaction"
            return _linked(asked) if is_transaction else asked, is_transaction
    return list(_lines(part)), False


def _linked(asked: Sequence[Wanted]) -> list[Wanted]:
    """The entries of a transaction; one with a link that leads to none of them is refused."""
    names = link_names([item.operation for item in asked if item.operation is not None])
    return [
        replace(item, operation=None, refusal=BadRequest(issues))
        if item.operation is not None and (issues := lost_links(item.operation, names))
        else item
        for item in asked
    ]


def _bundle(content: bytes) -> _Bundle | None:
    if b'"Bundle"' not in content:
        return None
    try:
        found = _decode_bundle(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.resourceType == "Bundle" and found.entry else None


def _lines(part: Part) -> Iterator[Wanted]:
    for number, line in enumerate(part.lines, start=part.first_line):
        if line.strip():
            yield _put(number, "", line, None)


def _bundle_entries(part: Part, bundle: _Bundle) -> Iterator[Wanted]:
    for index, entry in enumerate(bundle.entry):
        location = f"Bundle.entry[{index}]"
        if bundle.type in {"transaction", "batch"}:
            found = _requested(location, entry)
            if found is not None:
                yield found
        elif entry.resource:
            yield _put(
                part.first_line, location + ".resource", bytes(entry.resource), entry.fullUrl
            )


def _put(line: int, location: str, content: bytes, full_url: str | None) -> Wanted:
    """The resource under its own id; one without an id becomes a new resource."""
    try:
        body = bodies.parse(content)
        type_name = _type_of(body)
    except FhirError as error:
        return Wanted(line, location, "?", None, error)
    fhir_id = body.data.get("id")
    operation = Operation(
        "create" if fhir_id is None else "update",
        type_name,
        id=fhir_id,
        body=body,
        full_url=full_url,
        location=location or f"line[{line}]",
    )
    return Wanted(line, location, type_name, operation)


def _type_of(body: bodies.Body) -> str:
    type_name = body.data.get("resourceType")
    if type_name not in _TYPES:
        raise BadRequest(f"{type_name!r} is not a resource type of FHIR R4", "resourceType")
    return str(type_name)


def _requested(location: str, entry: _Entry) -> Wanted | None:
    """What one entry of a transaction or batch asks; None for reads, which a load passes over."""
    request = entry.request or {}
    method, url = str(request.get("method", "")), str(request.get("url", ""))
    if method in {"GET", "HEAD"}:
        return None
    address, _, criteria = relative_address(url, own_bases()).partition("?")
    type_name, _, fhir_id = address.strip("/").partition("/")
    try:
        if type_name not in _TYPES:
            raise unknown_address(method, address, location)
        operation = _operation(method, type_name, fhir_id, criteria, entry, location)
    except FhirError as error:
        return Wanted(1, location, type_name or "?", None, error)
    return Wanted(1, location, type_name, operation)


def _operation(
    method: str, type_name: str, fhir_id: str, criteria: str, entry: _Entry, location: str
) -> Operation:
    version = expected_version(_condition(entry, "ifMatch", location), location)
    if method == "DELETE":
        return Operation(
            "delete", type_name, id=fhir_id or None, criteria=criteria or None,
            if_match=version, location=location,
        )  # fmt: skip
    if not entry.resource:
        raise BadRequest(f"a {method} needs a resource", f"{location}.resource")
    body = bodies.parse(bytes(entry.resource))
    place = f"{location}.resource"
    if method == "POST":
        if fhir_id:
            raise BadRequest(
                f"POST {type_name}/{fhir_id[:100]} asks a running server for an operation; what it"
                " takes is not for the record, so it can't be loaded",
                f"{location}.request.url",
                code="not-supported",
            )
        none_exist = _condition(entry, "ifNoneExist", location)
        return Operation(
            "create",
            type_name,
            criteria=None if none_exist is None else bare_criteria(none_exist, type_name),
            body=body,
            full_url=entry.fullUrl,
            location=place,
        )
    if method == "PUT":
        return Operation(
            "update", type_name, id=fhir_id or None, criteria=criteria or None,
            body=body, if_match=version, full_url=entry.fullUrl, location=place,
        )  # fmt: skip
    raise BadRequest(f"the method {method!r} can't be loaded", f"{location}.request.method")


def _condition(entry: _Entry, name: str, location: str) -> str | None:
    found = (entry.request or {}).get(name)
    if found is not None and not isinstance(found, str):
        raise BadRequest(f"{name} is a string", f"{location}.request.{name}")
    return found
