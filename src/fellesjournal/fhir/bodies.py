"""Resources as bytes: parsed strictly, kept verbatim, stamped by the server.

A body is stored as the bytes the client sent, less white space between tokens: decimals
keep their digits (1.0 is not 1.00), keys their order, strings their escapes. Only
``id``, ``meta.versionId`` and ``meta.lastUpdated`` are the server's; they are spliced in
without re-serialising anything else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import orjson

from fellesjournal.fhir.issues import BadRequest

# Deeper JSON than this is hostile, not clinical; orjson refuses to write beyond 254.
MAX_DEPTH = 250
_SERVER_META = ("versionId", "_versionId", "lastUpdated", "_lastUpdated")
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


@dataclass(frozen=True, slots=True)
class Body:
    """One JSON object: ``raw`` minified bytes, ``data`` the same as Python values.

    In ``data`` decimals are floats (the exact digits are in ``raw``) and integers ints.
    """

    raw: bytes
    data: dict[str, Any]


def parse(raw: bytes | bytearray | memoryview) -> Body:
    """Read one JSON object strictly.

    Raises BadRequest (structure) naming the place for anything that isn't one JSON
    object in UTF-8: syntax, duplicate keys, lone surrogates, numbers no double can hold,
    nesting beyond what is sane.
    """
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"not JSON: {error}", code="structure") from None
    if not isinstance(data, dict):
        raise BadRequest("a FHIR resource is a JSON object", code="structure")
    minified = msgspec.json.format(bytes(raw), indent=-1)
    _refuse_duplicate_keys(minified, data)
    return Body(minified, data)


def _refuse_duplicate_keys(minified: bytes, data: Any) -> None:
    """JSON parsers keep the last of two equal keys: silently, another record than was sent."""
    try:
        # Writing what was read gives the same bytes unless a key was dropped, a number
        # has another spelling or a string an escape: only then look closer.
        if orjson.dumps(data) == minified:
            return
    except (orjson.JSONEncodeError, RecursionError, TypeError):
        raise BadRequest(f"nested deeper than {MAX_DEPTH} levels", code="structure") from None
    json.loads(
        minified, object_pairs_hook=_pairs_without_duplicates, parse_float=str, parse_int=str
    )


def _pairs_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadRequest(f"the key {twice!r} is there twice", code="structure")
    return found


def split(raw: bytes, fhir_id: str) -> tuple[bytes, bytes]:
    """The bytes before and after the server's stamp, with ``id`` set to fhir_id.

    ``raw`` is minified. The stored body is before + stamp + after. The client's order of
    keys stands; a missing id and meta follow resourceType.
    """
    members = _members(raw)
    identity = b'"id":' + orjson.dumps(fhir_id)
    meta = _meta_members(members.get("meta"))
    before: list[bytes] = []
    after: list[bytes] = []
    parts = before
    placed_id = "id" in members
    placed_meta = "meta" in members
    for key, value in members.items():
        if key == "id":
            parts.append(identity)
        elif key == "meta":
            before.append(b'"meta":{')
            parts = after
            after.append(meta)
        else:
            parts.append(orjson.dumps(key) + b":" + bytes(value))
        if key == "resourceType":
            if not placed_id:
                parts.append(identity)
            if not placed_meta:
                before.append(b'"meta":{')
                parts = after
                after.append(meta)
    opening, closing = b",".join(before), b",".join(after)
    return b"{" + opening, closing + b"}"


def _meta_members(meta: msgspec.Raw | None) -> bytes:
    """What follows the stamp inside meta, with the closing brace."""
    if meta is None:
        return b"}"
    kept = [
        orjson.dumps(key) + b":" + bytes(value)
        for key, value in _members(meta).items()
        if key not in _SERVER_META
    ]
    return b"".join(b"," + member for member in kept) + b"}"


def stamp(version: int, seq: int) -> bytes:
    """The server's part of meta; the same bytes as the database function store.stamp."""
    return b'"versionId":"%d","lastUpdated":"%s"' % (version, last_updated(seq).encode())


def seq_time(seq: int) -> datetime:
    """The instant a commit number stands for (microseconds since 2020, shifted 12 bits)."""
    return _EPOCH + timedelta(microseconds=seq >> 12)


def last_updated(seq: int) -> str:
    """meta.lastUpdated of a commit number: UTC with milliseconds, truncated."""
    return seq_time(seq).isoformat(timespec="milliseconds")[:23] + "Z"


def seq_at(instant: datetime) -> int:
    """The smallest commit number at or after an instant (aware datetime)."""
    return ((instant - _EPOCH) // timedelta(microseconds=1)) << 12
