"""Resources as bytes: parsed strictly, kept verbatim, stamped by the server.

A body is stored as the bytes the client sent, less white space between tokens: decimals
keep their digits (1.0 is not 1.00), keys their order, strings their escapes. Only
``id``, ``meta.versionId`` and ``meta.lastUpdated`` are the server's; they are spliced in
without re-serialising anything else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import orjson

from fellesjournal.fhir.issues import BadRequest

# Deeper JSON than this is hostile, not clinical; orjson refuses to write beyond 254.
MAX_DEPTH = 250
_SERVER_META = ("versionId", "_versionId", "lastUpdated", "_lastUpdated")
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

_WHITE_SPACE = b" \t\r\n"
# How nearly all bodies begin: splitting these needs no second look at every member.
_OPENING = re.compile(rb'\{"resourceType":"([A-Za-z]+)"(,"id":"[A-Za-z0-9\-.]+")?(,"meta":\{)?')

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
    # Writing what was read gives the same bytes unless there is white space, a key was
    # dropped, a number has another spelling or a string an escape: only then look closer.
    trimmed = bytes(raw).strip(_WHITE_SPACE)
    if _written(data) == trimmed:
        return Body(trimmed, data)
    minified = msgspec.json.format(trimmed, indent=-1)
    if _written(data) != minified:
        _refuse_duplicate_keys(minified)
    return Body(minified, data)


def _written(data: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(data)
    except (orjson.JSONEncodeError, RecursionError, TypeError):
        raise BadRequest(f"nested deeper than {MAX_DEPTH} levels", code="structure") from None


def _refuse_duplicate_keys(minified: bytes) -> None:
    """JSON parsers keep the last of two equal keys: silently, another record than was sent."""
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
    found = _OPENING.match(raw)
    if found is not None and _is_usual(raw, *found.groups()):
        return _split_usual(raw, found, orjson.dumps(fhir_id))
    return _split_any(raw, fhir_id)


def _is_usual(raw: bytes, _type: bytes, has_id: bytes | None, has_meta: bytes | None) -> bool:
    """Whether an opening is all that the server has to look at. Errs towards no."""
    if b"\\u" in raw:  # a key may be spelt with escapes
        return False
    if has_id is None and b'"id":' in raw:
        return False
    if has_meta is None:
        return b'"meta":' not in raw
    return b'ersionId":' not in raw and b'astUpdated":' not in raw


def _split_usual(raw: bytes, opening: re.Match[bytes], identity: bytes) -> tuple[bytes, bytes]:
    type_name, has_id, has_meta = opening.groups()
    rest = raw[opening.end() :]
    if has_meta is not None:
        before = b'{"resourceType":"%b","id":%b,"meta":{' % (type_name, identity)
        return before, rest if rest.startswith(b"}") else b"," + rest
    if has_id is not None:
        return b'{"resourceType":"%b","meta":{' % type_name, b'},"id":' + identity + rest
    return b'{"resourceType":"%b","id":%b,"meta":{' % (type_name, identity), b"}" + rest


def _split_any(raw: bytes, fhir_id: str) -> tuple[bytes, bytes]:
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
    seconds, microseconds = divmod(seq >> 12, 1_000_000)
    return f"{_second(seconds)}.{microseconds // 1000:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]


def seq_at(instant: datetime) -> int:
    """The smallest commit number at or after an instant (aware datetime)."""
    return ((instant - _EPOCH) // timedelta(microseconds=1)) << 12
