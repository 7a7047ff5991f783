"""The stand-in's endpoints."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.identity import held
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.surfaces.signing_in.providers import STAND_IN_CLIENT, own_address
from fellesjournal.surfaces.stand_in import issuing, keys, people
from fellesjournal.surfaces.stand_in.checks import (
    Refused,
    check_client,
    check_proof,
    check_request,
)

_REQUEST_SECONDS = 600
_REQUEST_PREFIX = "urn:ietf:params:oauth:request_uri:"

Endpoint = Callable[[HttpRequest, ProviderName], HttpResponse]


def _in_demo_only(view: Endpoint) -> Endpoint:
    """Not there at all outside a demo, and refusals as OAuth has them."""

    @wraps(view)
    def guarded(request: HttpRequest, name: ProviderName) -> HttpResponse:
        if not settings.STAND_IN:
            raise Http404
        try:
            return view(request, name)
        except Refused as refusal:
            return JsonResponse({"error": refusal.error}, status=refusal.status)

    return guarded


@require_GET
@_in_demo_only
def configuration(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """OpenID Connect Discovery."""
    issuer = _issuer(request, name)
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "authorization_response_iss_parameter_supported": True,
            "require_pushed_authorization_requests": name is ProviderName.HELSEID,
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [keys.ALGORITHM[name]],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "ui_locales_supported": ["nb", "nn", "en", "se"],
        }
    )


@require_GET
@_in_demo_only
def jwks(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """The public keys."""
    del request
    return JsonResponse({"keys": keys.public_keys(name)})


@csrf_exempt
@require_POST
@_in_demo_only
def pushed(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """RFC 9126: a request from server to server."""
    form = request.POST.dict()
    check_client(form, _issuer(request, name))
    asked = {key: str(value) for key, value in form.items() if not key.startswith("client_a")}
    check_request(asked, _redirect_uri(request, name))
    kept = held.hold(f"stand-in-request-{name}", asked, seconds=_REQUEST_SECONDS)
    return JsonResponse(
        {"request_uri": _REQUEST_PREFIX + kept, "expires_in": _REQUEST_SECONDS}, status=201
    )


@require_http_methods(["GET", "POST"])
@_in_demo_only
def authorize(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """The page to choose whom to be; the choice is posted and leads back to the client."""
    asked = _asked(request, name)
    check_request(asked, _redirect_uri(request, name))
    person = people.chosen(name, request.POST.get("person", ""))
    if request.method == "POST" and "cancel" in request.POST:
        return _back(request, name, asked, {"error": "access_denied"})
    if request.method == "POST" and person is not None:
        if request.GET.get("request_uri"):
            # A pushed request serves once.
            held.take(f"stand-in-request-{name}", _request_name(request))
        code = issuing.issue_code(name, _issuer(request, name), asked, person)
        return _back(request, name, asked, {"code": code})
    return render(
        request,
        "stand_in/authorize.html",
        {"people": people.choices(name), "staff": name is ProviderName.HELSEID},
    )


@csrf_exempt
@require_POST
@_in_demo_only
def token(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """A code for tokens; bound to the client's key where the real provider binds them."""
    form = request.POST.dict()
    issuer = _issuer(request, name)
    check_client({key: str(value) for key, value in form.items()}, issuer)
    thumbprint = ""
    if name is ProviderName.HELSEID:
        thumbprint = check_proof(request.headers.get("DPoP", ""), "POST", f"{issuer}/token")
    answer = issuing.redeem(name, {key: str(value) for key, value in form.items()}, thumbprint)
    return JsonResponse(answer)


@csrf_exempt
@require_GET
@_in_demo_only
def userinfo(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """The claims about the user, for whoever holds the token and its key."""
    kind, _, access_token = request.headers.get("Authorization", "").partition(" ")
    told, thumbprint = issuing.userinfo(name, access_token)
    if thumbprint:
        proof = request.headers.get("DPoP", "")
        url = f"{_issuer(request, name)}/userinfo"
        if kind != "DPoP" or thumbprint != check_proof(
            proof, "GET", url, access_token=access_token
        ):
            raise Refused("invalid_token", 401)
    return JsonResponse(told)


@require_GET
@_in_demo_only
def logout(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """RP-Initiated Logout: there is no session here to end, so back at once."""
    del name
    back_to = own_address(request) + reverse("sign-in")
    if (
        request.GET.get("client_id") != STAND_IN_CLIENT
        or request.GET.get("post_logout_redirect_uri") != back_to
    ):
        raise Refused("invalid_request")
    return HttpResponseRedirect(back_to)


def _asked(request: HttpRequest, name: ProviderName) -> dict[str, str]:
    """The request: pushed where that is demanded, else in the address."""
    if name is not ProviderName.HELSEID:
        return {key: str(value) for key, value in request.GET.items()}
    kept = held.look(f"stand-in-request-{name}", _request_name(request))
    if kept is None or kept.get("client_id") != request.GET.get("client_id"):
        raise Refused("invalid_request_uri")
    return {key: str(value) for key, value in kept.items()}


def _request_name(request: HttpRequest) -> str:
    return request.GET.get("request_uri", "").removeprefix(_REQUEST_PREFIX)


def _back(
    request: HttpRequest, name: ProviderName, asked: dict[str, str], answer: dict[str, str]
) -> HttpResponse:
    query = urlencode({**answer, "state": asked["state"], "iss": _issuer(request, name)})
    return HttpResponseRedirect(f"{asked['redirect_uri']}?{query}")


def _issuer(request: HttpRequest, name: ProviderName) -> str:
    return f"{own_address(request)}/stand-in/{name}"


def _redirect_uri(request: HttpRequest, name: ProviderName) -> str:
    return own_address(request) + reverse("sign-in-callback", kwargs={"name": name})
