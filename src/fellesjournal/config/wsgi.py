"""What the HTTP server calls: the FHIR API beside Django, in one process.

The API is a plain WSGI callable because a stored document costs a fifth of the processor
time that way (see docs/architecture.md). Both use the connection of their thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")

pages = get_wsgi_application()

# Needs Django's settings, hence after the line above.
from fellesjournal.surfaces.fhir_api import application as fhir_api  # noqa: E402


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    address = environ.get("PATH_INFO", "")
    if address == "/fhir" or address.startswith(("/fhir/", "/.well-known/")):
        return fhir_api(environ, start_response)
    return pages(environ, start_response)
