"""What the HTTP server calls: the FHIR API beside Django, in one process.

The API is a plain WSGI callable because a stored document costs a fifth of the processor
time that way (see docs/architecture.md). Both use the connection of their thread.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")

pages = get_wsgi_application()

# These need Django's settings, hence after the line above.
from django.conf import settings  # noqa: E402 - needs settings
from django.http.request import split_domain_port, validate_host  # noqa: E402 - needs settings
from django.urls import get_resolver  # noqa: E402 - needs settings

from fellesjournal.foundation.database.connection import connection  # noqa: E402 - needs settings
from fellesjournal.foundation.processes import end_with_parent  # noqa: E402 - needs settings
from fellesjournal.foundation.ui.headers import shielded  # noqa: E402 - needs settings
from fellesjournal.surfaces.fhir_api import application as fhir_api  # noqa: E402 - needs settings

# No request keeps a connection busy without end (INV-49); commands may take their time.
os.environ.setdefault(
    "PGOPTIONS", f"-c statement_timeout={settings.ENVIRONMENT.statement_seconds}s"
)


def route(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    address = environ.get("PATH_INFO", "")
    if address != "/health" and not _is_ours(environ.get("HTTP_HOST", "")):
        return _told(start_response, "400 Bad Request", b"this server has another name\n")
    if address == "/fhir" or address.startswith(("/fhir/", "/.well-known/")):
        return fhir_api(environ, start_response)
    if address == "/health":
        return _health(start_response)
    return pages(environ, start_response)


def _health(start_response: StartResponse) -> Iterable[bytes]:
    """200 when this process reaches the database, else 503; for load balancers and ``run``."""
    from django.db import Error  # noqa: PLC0415 - with settings

    try:
        connection().execute("select 1")
    except Error:
        status, body = "503 Service Unavailable", b"the database does not answer\n"
    else:
        status, body = "200 OK", b"ready\n"
    return _told(start_response, status, body)


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    """Whether links may be made of this name (ALLOWED_HOSTS); a request needs none."""
    domain, _ = split_domain_port(host)
    return not host or (bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS))


def _told(start_response: StartResponse, status: str, text: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text]


application = shielded(route, https=settings.HTTPS)


def load() -> None:
    """Import what pages need, which Django leaves to the first request."""
    get_resolver().url_patterns  # noqa: B018 - asking is what loads them


def worker() -> WSGIApplication:
    """The application of a worker, which ends with the server that began it."""
    # A worker whose master is killed would keep the port open.
    end_with_parent(signal.SIGTERM)
    return application
