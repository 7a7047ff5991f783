"""Signing in and out: to the provider and back."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.identity import failures, flow, people
from fellesjournal.access.identity.claims import Identity
from fellesjournal.access.identity.flow import Arrival
from fellesjournal.access.identity.logout import address_at_provider
from fellesjournal.access.identity.people import KnownPerson
from fellesjournal.access.identity.providers import Provider, ProviderName
from fellesjournal.access.identity.refusals import ProviderUnavailable, SignInRefused
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.signing_in.entering import Errand, enter, leave, recall, remember
from fellesjournal.surfaces.signing_in.providers import (
    own_address,
    provider_for,
    provider_named,
)
from fellesjournal.surfaces.signing_in.signed_in import SignedIn, signed_in

_log = logging.getLogger(__name__)
# Nobody's fault: they don't count as misuse.
_INNOCENT = {"cancelled", "provider-unavailable", "expired", "other-person"}
_LANGUAGES = {"nb": "nb", "nn": "nn", "en": "en", "se": "se"}


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The two ways in."""
    after = request.GET.get("next", "")
    return render(
        request,
        "signing_in/sign_in.html",
        {
            "next": after,
            "window": "window" in request.GET,
            "citizens_first": after.startswith(reverse("portal")),
            "staff": provider_for(request, "staff") is not None,
            "citizens": provider_for(request, "citizen") is not None,
        },
    )


@require_GET
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the browser to the provider. Parameters: next, window, step_up."""
    if _must_wait(request):
        return _refused(request, "too-many", status=429)
    provider = provider_for(request, kind)
    if provider is None:
        return _refused(request, "not-set-up", status=503)
    step_up = "step_up" in request.GET
    try:
        address, journey = flow.begin(
            provider,
            redirect_uri=_callback_address(request, provider),
            language=_LANGUAGES.get(get_language() or "nb", "nb"),
            again=step_up,
            max_age=0 if step_up else None,
        )
    except SignInRefused as refusal:
        return _refusal(request, refusal)
    errand = Errand(
        journey, _own(request, request.GET.get("next", "")),
        window="window" in request.GET, step_up=step_up,
    )  # fmt: skip
    remember(request, errand)
    return HttpResponseRedirect(address)


@require_GET
def callback(request: HttpRequest, name: ProviderName) -> HttpResponse:
    """Where the provider sends the browser back to."""
    if _must_wait(request):
        return _refused(request, "too-many", status=429)
    try:
        errand = recall(request, request.GET.get("state", ""))
        arrival = _arrival(request, name, errand)
        entered = enter(request, arrival, _known(arrival.identity), errand)
    except SignInRefused as refusal:
        person_here = signed_in(request) if refusal.code == "state" else None
        if person_here is not None:
            # Reloaded, or a second window's answer: she is in already, and nothing has changed.
            return HttpResponseRedirect(_way_on(person_here, ""))
        return _refusal(request, refusal)
    except FhirError as error:
        # The record can't be searched just now, as while its index is rebuilt.
        return _refusal(request, ProviderUnavailable(f"the record: {error.status}"))
    if errand.window:
        return HttpResponseRedirect(reverse("sign-in-done"))
    return HttpResponseRedirect(_way_on(entered, errand.after))


def _arrival(request: HttpRequest, name: ProviderName, errand: Errand) -> Arrival:
    provider = provider_named(request, name)
    if provider is None:
        raise SignInRefused("not-set-up", "this provider is not in use")
    answer = {key: str(value) for key, value in request.GET.items()}
    return flow.finish(provider, errand.journey, answer)


def _known(identity: Identity) -> KnownPerson:
    staff = identity.provider is ProviderName.HELSEID
    return people.practitioner_of(identity) if staff else people.patient_of(identity)


@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """The end of signing in beside a page that waits: tells it, and can be closed."""
    return render(request, "signing_in/done.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, then at the provider; the browser forgets what it holds of it."""
    person = signed_in(request)
    hint = leave(request)
    address = ""
    provider = None if person is None else provider_for(request, person.kind)
    if provider is not None and hint:
        address = _address_at_provider(request, provider, hint)
    # Not a redirect: the policy of our pages lets a form lead to ourselves only.
    response = render(request, "signing_in/signed_out.html", {"onward": address})
    if address:  # on the page the provider leads back to
        messages.success(request, gettext("You are signed out"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _address_at_provider(request: HttpRequest, provider: Provider, hint: str) -> str:
    try:
        back_to = own_address(request) + reverse("sign-in")
        return address_at_provider(provider, id_token=hint, back_to=back_to)
    except SignInRefused as refusal:
        _log.warning("not signed out at %s: %s", provider.name, refusal.code)
        return ""


def _way_on(person: SignedIn, after: str) -> str:
    """Where somebody who has just signed in goes: her page, if she may have it."""
    home = reverse("start") if person.is_staff else reverse("portal")
    if person.is_staff != after.startswith(reverse("portal")):
        home = after or home
    if person.is_staff and not person.role_id:
        return f"{reverse('role')}?{urlencode({'next': home}, safe='/')}"
    return home


def _own(request: HttpRequest, address: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and address.startswith("/") else ""


def _callback_address(request: HttpRequest, provider: Provider) -> str:
    return own_address(request) + reverse("sign-in-callback", kwargs={"name": provider.name})


def _refusal(request: HttpRequest, refusal: SignInRefused) -> HttpResponse:
    _log.warning("sign-in refused: %s (%s)", refusal.code, refusal)
    if refusal.code not in _INNOCENT:
        failures.note(address_of(request), refusal.code, key=settings.SECRET_KEY)
    return _refused(request, refusal.code, status=502 if _is_outage(refusal) else 403)


def _is_outage(refusal: SignInRefused) -> bool:
    return isinstance(refusal, ProviderUnavailable)


def _refused(request: HttpRequest, code: str, *, status: int) -> HttpResponse:
    response = render(request, "signing_in/refused.html", {"code": code}, status=status)
    if status == 429:
        response["Retry-After"] = str(int(failures.WINDOW.total_seconds()))
    return response


def _must_wait(request: HttpRequest) -> bool:
    return failures.too_many(address_of(request), key=settings.SECRET_KEY)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: as the nearest proxy says, when there is one."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.ENVIRONMENT.url else ""
    return forwarded.split(",")[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
