"""Every address of Django: walked for access rules, and for pages a browser looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes(found: Any = None, before: str = "") -> Iterator[str]:
    """Each address as it is written in the urls. ``found``: a resolver; without one, the root's."""
    for pattern in (found or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


__all__ = ["routes"]
