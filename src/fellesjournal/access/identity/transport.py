"""The way to a provider: over the network, or straight into this server when it is the provider.

A request from this server to itself over the network would need a second thread of it, and
with all threads signing somebody in there is none. So an issuer of our own is called in the
same thread, by the same protocol.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from fellesjournal.access.identity.providers import Provider
from fellesjournal.access.identity.refusals import ProviderUnavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SECONDS = 5.0
_LARGEST_ANSWER = 1_000_000


def call(
    provider: Provider,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> httpx.Response:
    """One request to a provider. Raises ProviderUnavailable; redirects are not followed."""
    try:
        with httpx.Client(
            transport=_transport(in_process=provider.in_process),
            timeout=_SECONDS,
            follow_redirects=False,
        ) as client:
            answer = client.request(
                method, url, headers={"Accept": "application/json", **(headers or {})}, data=form
            )
    except httpx.HTTPError as error:
        raise ProviderUnavailable(f"{_place(url)}: {type(error).__name__}") from error
    if len(answer.content) > _LARGEST_ANSWER:
        raise ProviderUnavailable(f"{_place(url)}: the answer is too large")
    return answer


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises ProviderUnavailable."""
    try:
        content = answer.json()
    except (ValueError, RecursionError) as error:
        raise ProviderUnavailable(f"{_place(str(answer.url))}: no JSON") from error
    if not isinstance(content, dict):
        raise ProviderUnavailable(f"{_place(str(answer.url))}: no JSON object")
    return content


def _place(url: str) -> str:
    """An address for a message: without a query, which may hold what nobody should read."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _transport(*, in_process: bool) -> httpx.BaseTransport:
    return httpx.WSGITransport(app=_this_server()) if in_process else httpx.HTTPTransport()


@cache
def _this_server() -> WSGIApplication:
    """This server without Django's signals of a request's begin and end.

    They let go of the thread's database connection, which the outer request is using.
    """
    handler = BaseHandler()
    handler.load_middleware()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        response = handler.get_response(WSGIRequest(environ))
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, [(str(name), str(value)) for name, value in response.items()])
        return [b"".join(response)]

    return answer
