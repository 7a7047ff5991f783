"""A whole platform behind real sockets, and a person who goes between it and an app."""

from __future__ import annotations

import importlib.util
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from django.test import Client as Browser

from fellesjournal.access.smart import clients
from fellesjournal.access.smart.clients import Client
from tests.clients.conftest import Handler, Server

PROJECT = Path(__file__).resolve().parents[2]
Application = Callable[..., Iterable[bytes]]


def example(path: str) -> ModuleType:
    """A module of examples/, which are no package."""
    file = PROJECT / "examples" / path
    name = f"example_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@contextmanager
def served(application: Application, server: Server | None = None) -> Iterator[str]:
    """An application on a port of its own; answers its address."""
    server = server or Server(("127.0.0.1", 0), Handler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Person:
    """Somebody signed in to the platform at ``root``, who does what its pages ask."""

    browser: Browser
    root: str

    def decide(self, address: str, *, patient: str = "") -> str:
        """From an app's authorization request to the address that leads back to the app."""
        while address.startswith((self.root, "/")):
            parts = urlsplit(address)
            where = parts.path + (f"?{parts.query}" if parts.query else "")
            host: dict[str, Any] = {"HTTP_HOST": urlsplit(self.root).netloc}
            if "/patient/" in where:
                answer: Any = self.browser.post(where, {"patient": patient}, **host)
            elif "/consent/" in where:
                page: Any = self.browser.get(where, **host)
                assert page.status_code == 200, page.content
                lines = re.findall(r'name="allow" value="([^"]*)"', page.content.decode())
                answer = self.browser.post(where, {"allow": lines, "agree": "1"}, **host)
            else:
                answer = self.browser.get(where, **host)
            assert answer.status_code in {302, 303}, answer.content
            address = answer["Location"]
        return address


def register(**members: Any) -> Client:
    """A public app, if nothing else is said."""
    values: dict[str, Any] = {
        "client_id": "",
        "name": "Prøveapp",
        "method": clients.PUBLIC,
        "grants": (clients.CODE_GRANT, clients.REFRESH_GRANT),
    }
    return clients.register(Client(**{**values, **members}), by="Practitioner/test")[0]
