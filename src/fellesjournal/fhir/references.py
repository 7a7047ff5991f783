"""References inside resources: finding them, reading them, rewriting them in the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import orjson

from fellesjournal.fhir.definitions import RESOURCE_TYPES

_TYPES = frozenset(RESOURCE_TYPES)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
# Minified JSON: a quote inside a string is escaped, so an unescaped "reference":" is a key.
# uri, url, uuid, oid and canonical elements may point at another entry of a Bundle as well
# (https://hl7.org/fhir/R4/http.html#trules); plain strings such as Identifier.value may not.
_POINTER = re.compile(
    rb'"(?P<key>reference|url|uri|source|value(?:Uri|Url|Uuid|Oid|Canonical))":"(?P<value>(?:[^"\\]|\\.)*)"'
)
_LINK = re.compile(rb'(?P<before>(?:href|src)=\\")(?P<value>(?:[^"\\])*)(?=\\")')


@dataclass(frozen=True, slots=True)
class Local:
    """A reference to a resource of a RESTful server: type, id, perhaps version."""

    type: str
    id: str
    version: str | None = None
    base: str | None = None

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


@lru_cache(maxsize=16384)
def local(reference: str) -> Local | None:
    """``Patient/1``, ``Patient/1/_history/2`` or the same behind a base URL; else None."""
    address = reference.partition("#")[0]
    version = None
    if "/_history/" in address:
        address, _, version = address.partition("/_history/")
    head, slash, fhir_id = address.rpartition("/")
    if not slash or not _ID.match(fhir_id):
        return None
    base, _, type_name = head.rpartition("/")
    if type_name not in _TYPES:
        return None
    return Local(type_name, fhir_id, version, base or None)


def conditional(reference: str) -> tuple[str, str] | None:
    """The type and the query of ``Practitioner?identifier=...``; else None."""
    type_name, mark, query = reference.partition("?")
    if mark and type_name in _TYPES:
        return type_name, query
    return None


def targets(raw: bytes) -> set[str]:
    """Every Reference.reference in the bytes of a resource, as written."""
    return {
        orjson.loads(b'"' + match["value"] + b'"')
        for match in _POINTER.finditer(raw)
        if match["key"] == b"reference"
    }


def rewrite(raw: bytes, replacement: Callable[[str], str | None]) -> bytes:
    """The bytes with each pointer replaced for which ``replacement`` answers another.

    Looks at Reference.reference, at uri-like values and at links in the narrative.
    Everything else stays to the byte.
    """

    def pointer(match: re.Match[bytes]) -> bytes:
        new = replacement(orjson.loads(b'"' + match["value"] + b'"'))
        if new is None:
            return match[0]
        return b'"' + match["key"] + b'":' + orjson.dumps(new)

    def link(match: re.Match[bytes]) -> bytes:
        new = replacement(match["value"].decode())
        return match[0] if new is None else match["before"] + new.encode()

    raw = _POINTER.sub(pointer, raw)
    if b'=\\"' in raw:
        raw = _LINK.sub(link, raw)
    return raw
