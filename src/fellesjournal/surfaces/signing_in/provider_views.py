"""What a provider tells us about sessions that are over."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.identity.logout import provider_ended, provider_told
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.surfaces.signing_in.providers import provider_named

_log = logging.getLogger(__name__)


@require_GET
def front_channel(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """A hidden frame of the provider's own page: the session ``sid`` is over."""
    provider = provider_named(request, name)
    if provider is not None:
        provider_ended(provider, issuer=request.GET.get("iss", ""), sid=request.GET.get("sid", ""))
    # The same answer whether there was such a session or not.
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def back_channel(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """The provider's server: a signed ``logout_token``."""
    provider = provider_named(request, name)
    if provider is None:
        return HttpResponse(status=404)
    try:
        provider_told(provider, request.POST.get("logout_token", ""))
    except SignInRefused as refusal:
        _log.warning("logout token refused: %s", refusal.code)
        return HttpResponse(status=400)
    return HttpResponse(status=200)
