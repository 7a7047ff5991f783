"""Fetching what a client keeps at an address of its own, without being sent where it should not.

Whoever registers a client names the address, so that the server could be used to reach what
only it can reach (server-side request forgery). Hence: https, the port as given, no redirect, no
proxy of the environment, few bytes, few seconds, and no address of the machine itself or of
a private network, looked at both before the connection and on it.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from fellesjournal.access.smart.addresses import is_loopback

_SECONDS = 5.0


class NotFetched(ValueError):
    """Nothing was fetched; the message tells nothing about what is there."""


def fetch(address: str, *, most: int) -> str:
    """At most ``most`` bytes of text at an address. Raises NotFetched."""
    _check_name(address)
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", address) as answer,
        ):
            _check_peer(address, answer)
            if answer.status_code != httpx.codes.OK:
                raise NotFetched("the address does not answer")
            text = b""
            for part in answer.iter_bytes():
                text += part
                if len(text) > most:
                    raise NotFetched("there is too much at the address")
        return text.decode()
    except (httpx.HTTPError, UnicodeError) as error:
        raise NotFetched("the address does not answer") from error


def _check_name(address: str) -> None:
    if _is_own_machine_in_development(address):
        return
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise NotFetched("only https addresses are fetched")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("the address does not answer") from error
    if not found or not all(_is_allowed(str(entry[4][0])) for entry in found):
        raise NotFetched("the address does not answer")


def _check_peer(address: str, answer: httpx.Response) -> None:
    """A name may mean another machine at the second look (DNS rebinding)."""
    if _is_own_machine_in_development(address):
        return
    stream = answer.extensions.get("network_stream")
    peer = None if stream is None else stream.get_extra_info("server_addr")
    if not peer or not _is_allowed(str(peer[0])):
        raise NotFetched("the address does not answer")


def _is_allowed(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback or address.is_link_local or address.is_multicast:
        return False
    if address.is_unspecified or address.is_reserved:
        return False
    return address.is_global or bool(settings.ENVIRONMENT.private_key_hosts)


def _is_own_machine_in_development(address: str) -> bool:
    """An app beside a platform that nobody else reaches may keep its keys there."""
    return settings.ENVIRONMENT.url is None and is_loopback(address)


__all__ = ["NotFetched", "fetch"]
