"""Registering apps and services, by an administrator."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.smart import clients, registrations, tokens
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.access.smart.clients import BadClient, Client
from fellesjournal.surfaces.oauth import who
from fellesjournal.surfaces.oauth.forms import (
    METHOD_WORDS,
    PURPOSE_WORDS,
    ClientForm,
    InvitationForm,
)
from fellesjournal.surfaces.oauth.who import signed_in_only


@require_GET
@signed_in_only
def overview(request: HttpRequest, user: EndUser) -> HttpResponse:
    """All clients."""
    if not who.may_administer(user):
        return _not_there(request)
    return who.page(request, "oauth/clients.html", {"clients": clients.all_clients()})


@require_http_methods(["GET", "POST"])
@signed_in_only
def new(request: HttpRequest, user: EndUser) -> HttpResponse:
    """Register one; its secret is shown once, on the page that answers."""
    if not who.may_administer(user):
        return _not_there(request)
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        client, secret = clients.register(form.client(), by=user.person)
        return _shown(request, user, client, secret)
    return who.page(request, "oauth/client_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in_only
def one(request: HttpRequest, user: EndUser, client_id: str) -> HttpResponse:
    """One client: what it may, and the switch that ends it."""
    found = [c for c in clients.all_clients() if c.client_id == client_id]
    if not who.may_administer(user) or not found:
        return _not_there(request)
    if request.method == "POST":
        if "disable" in request.POST:
            clients.disable(client_id)
        elif "enable" in request.POST:
            clients.enable(client_id)
        tokens.forget()
        return redirect("client", client_id=client_id)
    return _shown(request, user, found[0])


@require_http_methods(["GET", "POST"])
@signed_in_only
def invitation(request: HttpRequest, user: EndUser) -> HttpResponse:
    """Hand out an initial access token (RFC 7591 § 3)."""
    if not who.may_administer(user):
        return _not_there(request)
    form = InvitationForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token = registrations.invite(
                note=given["note"],
                scope=given["scope"],
                by=user.person,
                lifetime=timedelta(days=given["days"]),
            )
        except BadClient as error:
            form.add_error("scope", error.problem)
    return who.page(request, "oauth/invitation.html", {"form": form, "token": token})


def _shown(request: HttpRequest, user: EndUser, client: Client, secret: str = "") -> HttpResponse:
    context = {
        "client": client,
        "secret": secret,
        "method": METHOD_WORDS.get(client.method, client.method),
        "purpose": PURPOSE_WORDS.get(client.purpose, client.purpose),
        "made_by": user.name if client.made_by == user.person else client.made_by,
    }
    return who.page(request, "oauth/client.html", context)


def _not_there(request: HttpRequest) -> HttpResponse:
    """The same for a page that is not there and one that may not be seen."""
    return who.page(request, "oauth/not_there.html", {}, status=404)
