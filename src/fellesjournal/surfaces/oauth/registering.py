"""Dynamic client registration on the wire (RFC 7591)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from fellesjournal.access.smart.registrations import BadMetadata, NotInvited, register_by_token

_LONGEST = 64 * 1024


@csrf_exempt
def register(request: HttpRequest) -> HttpResponse:
    """Register a client for the holder of an initial access token."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _not_invited()
    metadata = _metadata(request)
    if metadata is None:
        return _refused("invalid_client_metadata", "send a JSON object")
    try:
        told = register_by_token(token.strip(), metadata)
    except NotInvited:
        return _not_invited()
    except BadMetadata as error:
        return _refused(error.code, str(error))
    return _unstored(JsonResponse(told, status=201))


def _metadata(request: HttpRequest) -> dict[str, Any] | None:
    if request.content_type != "application/json" or len(request.body) > _LONGEST:
        return None
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _not_invited() -> HttpResponse:
    response = JsonResponse({"error": "invalid_token"}, status=401)
    response["WWW-Authenticate"] = 'Bearer realm="fellesjournal", error="invalid_token"'
    return _unstored(response)


def _refused(code: str, problem: str) -> HttpResponse:
    return _unstored(JsonResponse({"error": code, "error_description": problem}, status=400))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
