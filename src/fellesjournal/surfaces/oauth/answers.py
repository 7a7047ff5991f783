"""Sending a browser on to an app."""

from __future__ import annotations

from django.http import HttpResponse


def see_other(address: str) -> HttpResponse:
    """303, so that a form's content is never sent on (RFC 9700 § 4.12); any scheme of an app."""
    response = HttpResponse(status=303)
    response["Location"] = address
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
