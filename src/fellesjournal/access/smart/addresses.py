"""Addresses that clients register: where a person may be sent, and what may be fetched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Native apps own a scheme by a name in reverse (RFC 8252 § 7.1): no dot, no owner.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+", re.ASCII)
# Nothing else, for the name stands in a content security policy (see origin).
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]{1,2000}", re.ASCII)


def is_https(address: str) -> bool:
    """A complete https address without user name or fragment."""
    if not _PRINTABLE.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.netloc)) and not parts.fragment


def is_loopback(address: str) -> bool:
    """An http address of the machine itself (RFC 8252 § 7.3)."""
    if not _PRINTABLE.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and "@" not in parts.netloc


def redirect_problem(address: str, *, public: bool) -> str:
    """Why a person may not be sent to an address; empty when she may.

    https, http on her own machine, or the own scheme of a native (public) app.
    """
    if "#" in address or "*" in address:
        return "no fragment and no wildcard"
    if is_https(address) or is_loopback(address):
        return ""
    scheme = address.partition(":")[0]
    if public and _PRINTABLE.fullmatch(address) and _OWN_SCHEME.fullmatch(scheme):
        return ""
    return "not https, not on this machine, no scheme of its own"


def origin(address: str) -> str:
    """What a content security policy calls the place of an address: its origin, or its scheme."""
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"
