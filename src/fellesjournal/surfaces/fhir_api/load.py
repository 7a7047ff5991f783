"""How much at once: the limits of a request, and the gate before large ones (429)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings

from fellesjournal.fhir.issues import TooManyRequests
from fellesjournal.surfaces.fhir_api.request import Limits

PATIENCE_SECONDS = 5.0
LARGE = 4 << 20
"""Bytes from which a body counts as large: it takes some ten times that in memory."""


@cache
def limits() -> Limits:
    """The limits as the environment sets them."""
    environment = settings.ENVIRONMENT
    return Limits(
        body_bytes=environment.max_body_mb << 20,
        bundle_entries=environment.max_entries,
        page=environment.max_page,
    )


@cache
def _gate() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.ENVIRONMENT.large_requests)


@contextmanager
def gate(environ: dict[str, Any]) -> Iterator[None]:
    """Let at most so many large requests work at once. Raises TooManyRequests."""
    stated = environ.get("CONTENT_LENGTH") or ""
    # Without a stated length the body may be any size.
    unstated = not stated and bool(environ.get("wsgi.input_terminated")) and _is_chunked(environ)
    if not unstated and (not stated.isdigit() or int(stated[:18]) < LARGE):
        yield
        return
    if not _gate().acquire(timeout=PATIENCE_SECONDS):
        raise TooManyRequests("too many large requests are at work; send it again later")
    try:
        yield
    finally:
        _gate().release()


def _is_chunked(environ: dict[str, Any]) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ
