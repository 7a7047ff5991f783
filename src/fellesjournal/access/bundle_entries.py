"""The entries of a batch or transaction, and the write that each one asks for.

http://hl7.org/fhir/R4/bundle.html, http://hl7.org/fhir/R4/http.html#transaction
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from fellesjournal.access.entity_tags import IfMatch, read_if_match
from fellesjournal.access.writing import Operation, Patch
from fellesjournal.fhir import patch as fhir_patch
from fellesjournal.fhir import primitives
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.issues import (
    BadRequest,
    FhirError,
    NotFound,
    PreconditionFailed,
    TooLarge,
    Unprocessable,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_CONDITIONS = ("ifMatch", "ifNoneMatch", "ifNoneExist", "ifModifiedSince")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a batch or transaction. ``path`` and ``query`` are its URL after the base."""

    number: int
    method: str
    path: str
    query: str
    full_url: str | None
    body: Body | None
    conditions: dict[str, str]

    @property
    def location(self) -> str:
        """The FHIRPath of the entry."""
        return f"Bundle.entry[{self.number}]"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A batch or transaction as read; an entry that can't be one is its refusal."""

    is_transaction: bool
    entries: list[Entry | FhirError]


class _RawEntry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")


class _RawBundle(msgspec.Struct):
    entry: list[_RawEntry] | None = None


_raw_bundle = msgspec.json.Decoder(_RawBundle).decode


def read_bundle(body: Body, *, base: str, most_entries: int) -> Exchange:
    """The entries of a batch or transaction. ``base`` is the own service base.

    Raises BadRequest when it is none, TooLarge for too many entries, and for a transaction
    all that is wrong with its entries together.
    """
    data = body.data
    if data.get("resourceType") != "Bundle":
        raise BadRequest(f"the service base takes a Bundle, not a {data.get('resourceType')!r}")
    kind = data.get("type")
    if kind not in ("batch", "transaction"):  # it may be anything, a list too
        raise BadRequest(
            f"a Bundle sent to the service base is a batch or a transaction, not {kind!r}",
            "Bundle.type",
        )
    listed = data.get("entry", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise BadRequest(
            "the entries of a Bundle are objects in an array", "Bundle.entry", code="structure"
        )
    if len(listed) > most_entries:
        raise TooLarge(
            f"a Bundle may have {most_entries} entries, not {len(listed)}", "Bundle.entry"
        )
    raws = _raw_bundle(body.raw).entry or []
    entries = [
        _entry(number, data_entry, raw.resource or None, base)
        for number, (data_entry, raw) in enumerate(zip(listed, raws, strict=True))
    ]
    is_transaction = kind == "transaction"
    refusals = [entry for entry in entries if isinstance(entry, FhirError)]
    if is_transaction:
        refusals += _same_names([entry for entry in entries if isinstance(entry, Entry)])
    if is_transaction and refusals:
        raise BadRequest([issue for refusal in refusals for issue in refusal.issues])
    return Exchange(is_transaction, entries)


def _same_names(entries: Sequence[Entry]) -> list[FhirError]:
    """Two resources of one name: nobody could tell which a reference means (bdl-7)."""
    seen: dict[str, Entry] = {}
    refusals: list[FhirError] = []
    for entry in entries:
        if entry.full_url is None or entry.body is None:
            continue
        other = seen.setdefault(entry.full_url, entry)
        if other is not entry:
            places = (f"{other.location}.fullUrl", f"{entry.location}.fullUrl")
            refusals.append(
                BadRequest("two entries have the same fullUrl", *places, code="duplicate")
            )
    return refusals


def operation_of(entry: Entry) -> Operation | None:
    """The write an entry asks for; None for reads and operations. Raises FhirError."""
    if "://" in entry.path:
        raise unknown_address(entry.method, entry.path, entry.location)
    if entry.method in {"GET", "HEAD"} or "$" in entry.path or entry.path.endswith("_search"):
        return None
    type_name, slash, fhir_id = entry.path.partition("/")
    if not is_resource_type(type_name):
        raise unknown_address(entry.method, entry.path, entry.location)
    if slash and not primitives.is_id(fhir_id):
        raise BadRequest(f"{entry.path[:200]!r} names no resource", f"{entry.location}.request.url")
    if entry.method == "POST":
        if slash:
            raise BadRequest("a POST goes to a type", f"{entry.location}.request.url")
        return _create(entry, type_name)
    return _change(entry, type_name, fhir_id or None)


def bare_criteria(text: str, type_name: str) -> str:
    """The query of If-None-Exist, which clients also write ``Type?query`` or as a whole URL."""
    address, mark, query = text.partition("?")
    if mark and (address in {"", type_name} or address.endswith(f"/{type_name}")):
        return query
    return text


def _create(entry: Entry, type_name: str) -> Operation:
    criteria = entry.conditions.get("ifNoneExist")
    if criteria is not None:
        criteria = bare_criteria(criteria, type_name)
        if not criteria:
            raise PreconditionFailed(
                "ifNoneExist is empty", f"{entry.location}.request", code="required"
            )
    return Operation(
        "create",
        type_name,
        criteria=criteria,
        body=_needed_body(entry),
        full_url=entry.full_url,
        location=f"{entry.location}.resource",
    )


def _change(entry: Entry, type_name: str, fhir_id: str | None) -> Operation:
    criteria = entry.query or None
    if (fhir_id is None) == (criteria is None):
        raise PreconditionFailed(
            f"a {entry.method} names an id, or criteria",
            f"{entry.location}.request.url",
            code="required",
        )
    version = expected_version(entry.conditions.get("ifMatch"), entry.location)
    place = f"{entry.location}.resource"
    if entry.method == "DELETE":
        return Operation(
            "delete", type_name, id=fhir_id, criteria=criteria, if_match=version, location=place
        )
    if entry.method == "PATCH":
        return Operation(
            "patch",
            type_name,
            id=fhir_id,
            criteria=criteria,
            patch=_patch(entry),
            if_match=version,
            full_url=entry.full_url,
            location=place,
        )
    none_match = entry.conditions.get("ifNoneMatch")
    if none_match not in {None, "*"}:
        raise BadRequest(
            "a write takes ifNoneMatch * only", f"{entry.location}.request.ifNoneMatch"
        )
    return Operation(
        "update",
        type_name,
        id=fhir_id,
        criteria=criteria,
        body=_needed_body(entry),
        if_match=version,
        if_none_match=none_match == "*",
        full_url=entry.full_url,
        location=place,
    )


def expected_version(text: str | None, location: str) -> IfMatch | None:
    """What an ifMatch asks for; see :func:`~fellesjournal.access.entity_tags.read_if_match`."""
    return read_if_match(text, f"{location}.request.ifMatch")


def relative_address(url: str, bases: Iterable[str]) -> str:
    """The url of a request after the base of this server, if it begins with one."""
    for base in bases:
        if url.startswith((base + "/", base + "?")):
            return url[len(base) :]
    return url


def unknown_address(method: str, address: str, location: str) -> FhirError:
    """Why the url of a request, which names no resource type, can't be carried out."""
    place = f"{location}.request.url"
    if "://" in address or address.startswith("urn:"):
        return BadRequest(
            f"{method} {address[:200]} is about a resource outside this server, which can't be"
            " asked or changed from here; a url is written Type/id",
            place,
            code="not-supported",
        )
    type_name = address.partition("/")[0]
    return NotFound(
        f"{type_name[:100]!r} is not a resource type of FHIR R4", place, code="not-supported"
    )


def _patch(entry: Entry) -> Patch:
    """http://hl7.org/fhir/R4/http.html#patch: a JSON Patch travels in a Binary."""
    body = _needed_body(entry)
    if body.data.get("resourceType") != "Binary":
        return fhir_patch.fhirpath_patch(body.data, body.raw)
    if str(body.data.get("contentType")).partition(";")[0].strip() != "application/json-patch+json":
        raise BadRequest(
            "a patch in a Binary is application/json-patch+json",
            f"{entry.location}.resource.contentType",
        )
    try:
        document = base64.b64decode(str(body.data.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(
            "the data of the Binary is not base64", f"{entry.location}.resource.data"
        ) from None
    return fhir_patch.json_patch(document)


def _needed_body(entry: Entry) -> Body:
    if entry.body is None:
        raise Unprocessable(
            f"a {entry.method} needs a resource", f"{entry.location}.resource", code="required"
        )
    return entry.body


def _entry(
    # Any: JSON, of whatever shape a client sends
    number: int,
    data: dict[str, Any],
    raw: msgspec.Raw | None,
    base: str,
) -> Entry | FhirError:
    place = f"Bundle.entry[{number}]"
    request = data.get("request")
    if not isinstance(request, dict):
        return BadRequest("each entry needs a request", f"{place}.request", code="required")
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or method not in _METHODS:
        return BadRequest(
            f"the method of a request is one of {', '.join(sorted(_METHODS))}",
            f"{place}.request.method",
        )
    if not isinstance(url, str) or not url:
        return BadRequest("a request needs a url", f"{place}.request.url", code="required")
    full_url = data.get("fullUrl")
    if full_url is not None and not isinstance(full_url, str):
        return BadRequest("fullUrl is a string", f"{place}.fullUrl", code="structure")
    conditions = {name: request[name] for name in _CONDITIONS if name in request}
    if not all(isinstance(value, str) for value in conditions.values()):
        return BadRequest(
            "the conditions of a request are strings", f"{place}.request", code="structure"
        )
    resource = data.get("resource")
    if resource is not None and not isinstance(resource, dict):
        return BadRequest("a resource is an object", f"{place}.resource", code="structure")
    path, _, query = relative_address(url, [base]).partition("?")
    body = Body(bytes(raw), resource) if resource is not None and raw is not None else None
    return Entry(number, method, path.strip("/"), query, full_url, body, conditions)
