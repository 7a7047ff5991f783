"""The page when something failed: 503 while the database is away, 500 for what is our mistake.

Django calls :func:`server_error` for whatever a view or a middleware let through.
"""

from __future__ import annotations

import logging
import secrets
import sys

import django.db
import psycopg
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.middleware.csrf import get_token
from django.template import loader
from django.urls import NoReverseMatch, reverse

from fellesjournal.access.attempts import Unavailable

_log = logging.getLogger(__name__)

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
    error = sys.exc_info()[1]
    if not isinstance(error, _OUTAGES):
        return _our_mistake(request, error)
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


def _our_mistake(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The page with a number that stands in the log too, and the way to report it with."""
    reference = secrets.token_hex(4).upper()
    match = request.resolver_match
    page = "" if match is None else match.view_name
    # beside Django's own line with the traceback: a name of a route and a class, nothing of anybody
    _log.error("error %s: %s at the page %r", reference, type(error).__name__, page)
    try:
        report = reverse("report-problem")
    except NoReverseMatch:  # a program with other addresses
        report = ""
    context = {"reference": reference, "report": report}
    return HttpResponseServerError(loader.get_template("500.html").render(context))


__all__ = ["RETRY_SECONDS", "server_error"]
