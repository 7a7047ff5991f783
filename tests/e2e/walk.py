"""Finding a page for each address by following links, as somebody signed in would.

No browser draws anything here: pages are asked for in a signed-in browser's name and read for
links, which takes some hundredths of a second each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIResponse, BrowserContext

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
OK = 200


@dataclass(frozen=True)
class Found:
    """A page somebody can open, at an address of the route it was found for."""

    who: str
    address: str


def route_of(address: str) -> str | None:
    """Which route answers an address; None: none of ours."""
    try:
        return str(resolve(urlsplit(address).path).route)
    except Resolver404:
        return None


def is_page(answer: APIResponse) -> bool:
    """Whether a page came, and not a file, a refusal or nothing."""
    return answer.status == OK and "text/html" in answer.headers.get("content-type", "")


def follow(who: str, context: BrowserContext, starts: Iterable[str]) -> dict[str, Found]:
    """The first page of each route that ``who`` meets by following links, the nearest first."""
    met: dict[str, Found] = {}
    tried: set[str] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        if route is None or route in met or address in tried:
            continue
        tried.add(address)
        answer = context.request.get(address)
        if not is_page(answer):
            continue
        came = urlsplit(answer.url)._replace(scheme="", netloc="").geturl()
        landed = route_of(came)
        if landed is not None:
            met.setdefault(landed, Found(who, came))
        waiting += _links(answer)
    return met


def _links(answer: APIResponse) -> Iterator[str]:
    """The addresses of ours that a page leads to."""
    for written in _LINK.findall(answer.text()):
        there = urlsplit(urljoin(answer.url, unescape(written)))
        if there.netloc == urlsplit(answer.url).netloc:
            yield there._replace(scheme="", netloc="", fragment="").geturl()


__all__ = ["Found", "follow", "is_page", "route_of"]
