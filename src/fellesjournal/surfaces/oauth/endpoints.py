"""The protocol endpoints: token, introspection, revocation, keys, style. No page, no cookie."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from fellesjournal.access import limits
from fellesjournal.access.smart import keys
from fellesjournal.access.smart.protocol import Answer, Asked
from fellesjournal.access.smart.server import Server
from fellesjournal.surfaces.limiting import client_address

# What authlib repeats in a description of an error, where other characters may not stand.
_NAMED = ("response_type", "grant_type", "code_challenge_method", "token_type_hint")
_NAME = re.compile(r"[A-Za-z0-9_.:/ -]{0,200}", re.ASCII)
_LONGEST_FORM = 64 * 1024
# What the platform's pages look like, for apps that want to fit in
# (http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#launch-context-data).
_STYLE = {
    "color_background": "#ffffff",
    "color_error": "#b3253b",
    "color_highlight": "#005b82",
    "color_modal_backdrop": "",
    "color_success": "#0f6e3c",
    "color_text": "#1c2329",
    "dim_border_radius": "6px",
    "dim_font_size": "15px",
    "dim_spacing_size": "16px",
    "font_family_body": "Inter, system-ui, sans-serif",
    "font_family_heading": "Inter, system-ui, sans-serif",
}


def root_of(request: HttpRequest) -> str:
    """The platform's address without trailing slash: as configured, else as asked for."""
    configured: str | None = settings.ENVIRONMENT.url
    if configured:
        return configured.rstrip("/")
    return f"{request.scheme}://{request.get_host()}"


def asked_of(request: HttpRequest, *, form: bool) -> Asked | None:
    """The request for the protocol; None when it can't be one (no form, U+0000, odd names)."""
    if form and request.content_type != "application/x-www-form-urlencoded":
        return None
    given = request.POST if form else request.GET
    parameters = {name: given.getlist(name) for name in given}
    if any("\0" in text for name, values in parameters.items() for text in (name, *values)):
        return None
    if not all(_NAME.fullmatch(text) for name in _NAMED for text in parameters.get(name, ())):
        return None
    return Asked(
        method=request.method or "GET",
        url=root_of(request) + request.path,
        headers=request.headers,
        parameters=parameters,
    )


def answered(answer: Answer) -> HttpResponse:
    """An answer of the protocol as a response of Django."""
    response = JsonResponse(answer.body or {}, status=answer.status)
    for name, value in answer.headers:
        response[name] = value
    return response


def _open_to_browsers(view: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Apps in browsers call from their own origin, without cookies."""

    @csrf_exempt
    def opened(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(status=204) if request.method == "OPTIONS" else view(request)
        response["Access-Control-Allow-Origin"] = "*"
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP"
            response["Access-Control-Max-Age"] = "86400"
        return response

    return opened


def _refused(description: str) -> HttpResponse:
    response = JsonResponse(
        {"error": "invalid_request", "error_description": description}, status=400
    )
    response["Cache-Control"] = "no-store"
    return response


def _protocol(answer: Callable[[Server, Asked], Answer]) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            response = HttpResponse(status=405)
            response["Allow"] = "POST, OPTIONS"
            return response
        asked = asked_of(request, form=True)
        if asked is None:
            return _refused("send application/x-www-form-urlencoded in UTF-8")
        if any(len(values) > 1 for values in asked.parameters.values()):
            return _refused("a parameter is there twice")  # RFC 6749 § 3.2
        if request.GET:
            return _refused("parameters belong into the body")  # an address ends up in logs
        return _held_back(request, asked) or _noted(
            request, asked, answer(Server(root_of(request)), asked)
        )

    return _open_to_browsers(view)


# What a wrong proof of who is asking is answered with.
_FAILURES = frozenset({"invalid_client", "invalid_grant", "invalid_dpop_proof"})


def _held_back(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """429 for an address that failed too often for this client; others may go on for it."""
    if not limits.must_wait("oauth", client_address(request), _client_named(request, asked)):
        return None
    response = JsonResponse({"error": "slow_down"}, status=429)
    response["Retry-After"] = str(limits.LOCKED_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _noted(request: HttpRequest, asked: Asked, answer: Answer) -> HttpResponse:
    error = str((answer.body or {}).get("error", ""))
    if error in _FAILURES:
        name = _client_named(request, asked)
        limits.note_failure("oauth", client_address(request), name, error)
    return answered(answer)


def _client_named(request: HttpRequest, asked: Asked) -> str:
    """The client a request is in the name of, as it says itself; "" when it says none."""
    given = asked.parameters.get("client_id") or [""]
    if given[0]:
        return given[0][:200]
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(value, validate=True).decode().partition(":")[0][:200]
    except ValueError:
        return ""


def _token(server: Server, asked: Asked) -> Answer:
    found: Answer = server.create_token_response(asked)
    return found


def _introspect(server: Server, asked: Asked) -> Answer:
    found: Answer = server.create_endpoint_response("introspection", asked)
    return found


def _revoke(server: Server, asked: Asked) -> Answer:
    found: Answer = server.create_endpoint_response("revocation", asked)
    return found


token = _protocol(_token)
introspect = _protocol(_introspect)
revoke = _protocol(_revoke)


def _published(body: Callable[[], dict[str, Any]], seconds: int) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
        response = JsonResponse(body())
        response["Cache-Control"] = f"public, max-age={seconds}"
        return response

    return _open_to_browsers(view)


jwks = _published(keys.public_set, 300)
style = _published(lambda: dict(_STYLE), 3600)
