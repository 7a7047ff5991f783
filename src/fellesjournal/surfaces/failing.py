"""The page when something failed: 503 while the database is away, 500 for what is our mistake.

Django calls :func:`server_error` for whatever a view or a middleware let through.
"""

from __future__ import annotations

import sys

import django.db
import psycopg
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.views import defaults

from fellesjournal.access.attempts import Unavailable

RETRY_SECONDS = 5
_OUTAGES = (
    Unavailable,
    django.db.OperationalError,
    django.db.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
_OWN_FIELDS = frozenset({"csrfmiddlewaretoken"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is being handled.

    A form that was sent can be sent again from the page, as it was: its hidden fields tell that
    it is the same, so that it is carried out once (INV-8). The page itself asks the database for
    nothing.
    """
    if not isinstance(sys.exc_info()[1], _OUTAGES):
        return defaults.server_error(request)
    kept = [
        (name, value)
        for name, values in (request.POST.lists() if request.method == "POST" else ())
        if name not in _OWN_FIELDS
        for value in values
    ]
    context = {
        "kept": kept,
        "is_form": request.method == "POST",
        "address": request.get_full_path(),
        "csrf_token": get_token(request),
    }
    # without the request: what is known of who asks would be read from the database
    response = HttpResponse(loader.get_template("503.html").render(context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


__all__ = ["RETRY_SECONDS", "server_error"]
