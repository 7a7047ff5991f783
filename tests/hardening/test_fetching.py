"""The server is not sent where only it can go (SSRF)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from django.conf import settings

from fellesjournal.access.smart import fetching
from fellesjournal.access.smart.addresses import is_https
from fellesjournal.access.smart.fetching import NotFetched, fetch


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1", "fd00::1", "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_an_address_of_a_private_network_is_not_fetched(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolves_to(monkeypatch, address)
    asked: list[str] = []
    monkeypatch.setattr(httpx, "Client", lambda **_: asked.append("asked"))

    with pytest.raises(NotFetched):
        fetch("https://keys.example/jwks", most=100)
    assert asked == []


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolves_to(monkeypatch, "93.184.216.34", "10.0.0.1")

    with pytest.raises(NotFetched):
        fetch("https://keys.example/jwks", most=100)


def test_private_networks_may_be_allowed_and_the_machine_itself_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, private_key_hosts=True)
    )

    assert fetching._is_allowed("10.1.2.3")
    assert not fetching._is_allowed("127.0.0.1")
    assert not fetching._is_allowed("169.254.169.254")


@pytest.mark.parametrize("address", ["http://keys.example/", "file:///etc/passwd", "gopher://x/"])
def test_only_https_is_fetched(address: str) -> None:
    with pytest.raises(NotFetched):
        fetch(address, most=100)


@pytest.fixture
def neighbour() -> Iterator[str]:
    """A server on this machine: its pages, and a way elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/away" else 200)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(b"x" * 1000 if self.path == "/long" else b"keys")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_an_app_beside_a_platform_of_ones_own_is_fetched(neighbour: str) -> None:
    assert fetch(f"{neighbour}/keys", most=100) == "keys"


def test_behind_a_public_name_nothing_on_this_machine_is_fetched(
    neighbour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(settings.ENVIRONMENT, url="https://journal.example.no")
    monkeypatch.setattr(settings, "ENVIRONMENT", named)

    with pytest.raises(NotFetched):
        fetch(f"{neighbour}/keys", most=100)


@pytest.mark.parametrize("path", ["/away", "/long"])
def test_redirects_and_long_answers_are_not_followed(neighbour: str, path: str) -> None:
    with pytest.raises(NotFetched):
        fetch(neighbour + path, most=100)


def test_a_second_answer_of_the_name_service_is_looked_at_too(
    neighbour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name was public when it was looked up, and the connection leads to this machine."""
    monkeypatch.setattr(fetching, "_check_name", lambda _: None)
    named = replace(settings.ENVIRONMENT, url="https://journal.example.no")
    monkeypatch.setattr(settings, "ENVIRONMENT", named)

    with pytest.raises(NotFetched, match="does not answer"):
        fetch(f"{neighbour}/keys", most=100)


@pytest.mark.parametrize(
    "address",
    ["https://a;script-src/", "https://a,b/", "https://a'b/", "https://user@a/", "https://a:x/"],
)
def test_a_name_that_would_change_a_policy_is_no_address(address: str) -> None:
    """The consent page names the app's origin in its content security policy."""
    assert not is_https(address)
