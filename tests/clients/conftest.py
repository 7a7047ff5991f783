"""A live server for independent clients: the API behind real sockets, in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.db import connections

from fellesjournal.access.tokens import issue_token
from fellesjournal.surfaces.fhir_api import application
from tests.surfaces.fhir_api.conftest import db  # noqa: F401  # the same database fixture


@dataclass(frozen=True)
class Live:
    """Where the API answers, and a token for it."""

    base: str
    token: str


class Handler(WSGIRequestHandler):
    """Silent, and with a database connection that ends with the network connection."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the base class
        """Say nothing."""

    def handle(self) -> None:
        """Answer, then let go of the connection of this thread."""
        try:
            super().handle()
        finally:
            connections.close_all()


class Server(ThreadingMixIn, WSGIServer):
    """A thread per network connection."""

    daemon_threads = True


@pytest.fixture(scope="module")
def live(db: None) -> Iterator[Live]:  # noqa: F811 - the fixture imported above
    """The running API."""
    del db
    server = Server(("127.0.0.1", 0), Handler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Live(f"http://127.0.0.1:{server.server_port}/fhir", issue_token())
    server.shutdown()
    thread.join()
    server.server_close()
