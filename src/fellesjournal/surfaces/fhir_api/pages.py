"""Opaque links to further pages: everything a page needs, encrypted, in one parameter.

Nothing is kept at the server, so a link works on every process and after a restart. A query
may hold the number of a patient, and addresses end up in the logs of proxies: what is in a
link can be read here only. That it was made here grants nothing: who follows a link needs a
token like anybody else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fellesjournal.fhir.issues import BadRequest, Gone
from fellesjournal.surfaces.fhir_api.request import GENERAL, Request
from fellesjournal.surfaces.fhir_api.response import Response

PARAMETER = "_page"
_LARGEST = 64_000
_NONCE_BYTES = 12  # of AES-GCM: NIST SP 800-38D

# Any: what a kind of page puts into its links is its own affair.
State = dict[str, Any]
Follower = Callable[[Request, State], Response]

_followers: dict[str, Follower] = {}


def follower(kind: str) -> Callable[[Follower], Follower]:
    """Register what answers the links of one kind."""

    def register(function: Follower) -> Follower:
        _followers[kind] = function
        return function

    return register


def link(request: Request, kind: str, state: State) -> str:
    """The absolute address of a further page. ``state`` is JSON."""
    packed = zlib.compress(orjson.dumps([kind, state]), 6)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    encrypted = nonce + _cipher().encrypt(nonce, packed, None)
    sealed = base64.urlsafe_b64encode(encrypted).rstrip(b"=").decode()
    return f"{request.base}?{PARAMETER}={sealed}"


def follow(request: Request) -> Response:
    """``GET /?_page=...``. Raises BadRequest for a link that was not made here."""
    from fellesjournal.surfaces.fhir_api.routing import MethodNotAllowed  # noqa: PLC0415 - it imports this

    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(request.method, ("GET", "HEAD", "OPTIONS"))
    request.only(PARAMETER)
    if sum(name not in GENERAL for name, _ in request.query) > 1:
        raise BadRequest("a link to a page is used as it is")
    kind, state = _opened(request.value(PARAMETER) or "")
    return _followers[kind](request, state)


def _opened(sealed: str) -> tuple[str, State]:
    broken = BadRequest("this is no link to a page that was made here", code="value")
    if len(sealed) > _LARGEST or not sealed.isascii():
        raise broken
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        packed = _cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
    except (binascii.Error, ValueError, InvalidTag):
        raise broken from None
    kind, state = orjson.loads(zlib.decompress(packed))
    if kind not in _followers:  # a link of an older version
        raise Gone("this link is no longer valid; search again", code="expired")
    return kind, state


@cache
def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(b"fhir page links\0" + settings.SECRET_KEY.encode()).digest())
