"""If-Match: which versions a client is content to change (RFC 9110 section 13.1.1).

FHIR gives weak tags and has clients send them back in If-Match
(https://hl7.org/fhir/R4/http.html#concurrency), so weak and strong are compared alike.
"""

from __future__ import annotations

import re

from fellesjournal.fhir.issues import BadRequest, PreconditionFailed

_TAG = r'(?:(?:W/)?"([^"]*)"|([A-Za-z0-9\-.]+))'
_TAGS = re.compile(rf"[\s,]*{_TAG}(?:\s*,\s*(?:{_TAG})?)*\s*")
_EACH = re.compile(_TAG)
_NO_SUCH_VERSION = 2**31 - 1

ANY_VERSION: frozenset[int] = frozenset()

IfMatch = int | frozenset[int]
"""One version, one of several, or with :data:`ANY_VERSION` whichever stands."""


def read_if_match(text: str | None, *place: str) -> IfMatch | None:
    """What an If-Match asks for; None without one. ``place`` is where it stands, for issues.

    ``W/"3"``, ``"3"``, a bare 3, a list of these and ``*`` are read. Tags this server never
    gave can't stand: PreconditionFailed when there are no others. Raises BadRequest for what
    is no list of tags.
    """
    if text is None:
        return None
    if text.strip() == "*":
        return ANY_VERSION
    if _TAGS.fullmatch(text) is None:
        raise BadRequest(f'If-Match takes entity tags such as W/"3", not {text[:100]!r}', *place)
    versions = frozenset(
        int(tag)
        for quoted, bare in _EACH.findall(text)
        if (tag := quoted or bare).isascii() and tag.isdigit() and len(tag) <= 10
        if 0 < int(tag) < _NO_SUCH_VERSION
    )
    if not versions:
        raise PreconditionFailed(f"no version has the entity tag {text[:100]!r}", *place)
    return next(iter(versions)) if len(versions) == 1 else versions
