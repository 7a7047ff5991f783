"""Bundles as they leave: stored bytes joined, never written anew."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import orjson

_dumps = orjson.dumps


def bundle(
    kind: str,
    entries: Sequence[bytes],
    *,
    links: Iterable[tuple[str, str]] = (),
    total: int | None = None,
) -> bytes:
    """A Bundle of a type from its entries as JSON; ``links`` are (relation, address)."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")[:23].encode()
    parts = [
        b'{"resourceType":"Bundle","id":"'
        + str(uuid.uuid4()).encode()
        + b'","meta":{"lastUpdated":"'
        + now
        + b'Z"},"type":"'
        + kind.encode()
        + b'"'
    ]
    if total is not None:
        parts.append(b',"total":%d' % total)
    joined = b",".join(
        b'{"relation":"' + relation.encode() + b'","url":' + _dumps(url) + b"}"
        for relation, url in links
    )
    if joined:
        parts.append(b',"link":[' + joined + b"]")
    if entries:
        parts.append(b',"entry":[' + b",".join(entries) + b"]")
    parts.append(b"}")
    return b"".join(parts)


def search_entry(full_url: str, body: bytes, mode: str) -> bytes:
    """An entry of a searchset: mode is match, include or outcome."""
    return (
        b'{"fullUrl":'
        + _dumps(full_url)
        + b',"resource":'
        + body
        + b',"search":{"mode":"'
        + mode.encode()
        + b'"}}'
    )


def outcome_entry(outcome: bytes) -> bytes:
    """The OperationOutcome among the entries of a searchset."""
    return b'{"resource":' + outcome + b',"search":{"mode":"outcome"}}'


def history_entry(
    *,
    full_url: str,
    body: bytes | None,
    method: str,
    url: str,
    status: str,
    etag: str,
    modified: str,
) -> bytes:
    """An entry of a history: how the version came to be, and the version unless deleted."""
    resource = b"" if body is None else b',"resource":' + body
    return (
        b'{"fullUrl":'
        + _dumps(full_url)
        + resource
        + b',"request":{"method":"'
        + method.encode()
        + b'","url":'
        + _dumps(url)
        + b'},"response":{"status":"'
        + status.encode()
        + b'","etag":'
        + _dumps(etag)
        + b',"lastModified":"'
        + modified.encode()
        + b'"}}'
    )


def response_entry(
    *,
    status: str,
    full_url: str | None = None,
    resource: bytes | None = None,
    location: str | None = None,
    etag: str | None = None,
    modified: str | None = None,
    outcome: bytes | None = None,
) -> bytes:
    """An entry of a batch-response or transaction-response."""
    members = [b'"status":' + _dumps(status)]
    if location is not None:
        members.append(b'"location":' + _dumps(location))
    if etag is not None:
        members.append(b'"etag":' + _dumps(etag))
    if modified is not None:
        members.append(b'"lastModified":' + _dumps(modified))
    if outcome is not None:
        members.append(b'"outcome":' + outcome)
    parts = []
    if full_url is not None:
        parts.append(b'"fullUrl":' + _dumps(full_url))
    if resource is not None:
        parts.append(b'"resource":' + resource)
    parts.append(b'"response":{' + b",".join(members) + b"}")
    return b"{" + b",".join(parts) + b"}"
