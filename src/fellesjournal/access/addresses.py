"""The addresses this platform is known by.

An absolute reference to one of them means a resource of our own. The bytes stay as they
were sent; the index treats both spellings as one.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

_LOOPBACK = ("localhost", "127.0.0.1")


@cache
def own_bases() -> tuple[str, ...]:
    """Service base URLs of the FHIR API; on a loopback address both its names."""
    base = f"{settings.PUBLIC_URL}/fhir"
    parts = urlsplit(base)
    if parts.hostname not in _LOOPBACK:
        return (base,)
    port = f":{parts.port}" if parts.port else ""
    return tuple(f"{parts.scheme}://{name}{port}{parts.path}" for name in _LOOPBACK)
