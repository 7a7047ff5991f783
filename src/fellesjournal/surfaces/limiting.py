"""The limits of the pages, as middleware: by browser, and by address where nobody is known yet."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from fellesjournal.access import limits

# What is more than showing a page costs more; everything else costs 1.
_POST_COST = 3.0
_SEARCH_COST = 5.0
_SEARCHES = ("/patients/", "/admin/who-can-see/")
_PROTOCOL = frozenset(
    {"/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/register", "/oauth/authorize"}
)
_SIGN_IN = "/sign-in/"
# One address may hold that many busy browsers: a hospital shares few addresses.
_BROWSERS_PER_ADDRESS = 200


class BrowserLimit:
    """Answers 429 with Retry-After when a browser, or an address, asks for too much."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count, then answer."""
        seconds = _to_wait(request)
        return too_many(request, seconds) if seconds else self.get_response(request)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The answer to one who must wait: a page for people, a line for programs."""
    if request.path in _PROTOCOL and request.method == "POST":
        response: HttpResponse = JsonResponse({"error": "slow_down"}, status=429)
    else:
        response = render(request, "signing_in/too_many.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def client_address(request: HttpRequest) -> str:
    """Where a request comes from."""
    return limits.address_of(
        request.headers.get("X-Forwarded-For", ""), str(request.META.get("REMOTE_ADDR", ""))
    )


def _to_wait(request: HttpRequest) -> int:
    address = client_address(request)
    if request.path in _PROTOCOL or request.path.startswith(_SIGN_IN):
        return limits.ADDRESS.spend(address)
    cost = _cost(request)
    # Cookies can be made up, addresses hardly: who changes the one is held by the other.
    shared = limits.BROWSER.spend(f"address {address}", cost / _BROWSERS_PER_ADDRESS)
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return shared or (limits.BROWSER.spend(f"cookie {cookie[:64]}", cost) if cookie else 0)


def _cost(request: HttpRequest) -> float:
    if request.method == "POST" and request.path in _SEARCHES:
        return _SEARCH_COST
    return _POST_COST if request.method == "POST" else 1.0


__all__ = ["BrowserLimit", "client_address", "too_many"]
