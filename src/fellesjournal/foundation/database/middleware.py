"""Gives each page request a living database connection."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection as django_connection
from django.http import HttpRequest, HttpResponseBase

from fellesjournal.foundation.database.connection import drop_dead_connection


class LiveConnection:
    """Drops this thread's connection when the server has hung up, as after a restart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check, then go on; a page that needs no database opens no connection."""
        if django_connection.connection is not None:
            drop_dead_connection()
        return self.get_response(request)
