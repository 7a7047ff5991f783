"""The authorization endpoint: sign in, be led to what must be chosen, agree.

http://hl7.org/fhir/smart-app-launch/app-launch.html. An error reaches the app only at an
address that it registered; before that is known, the person gets a page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fellesjournal.access.smart import authorizations, scopes
from fellesjournal.access.smart.addresses import is_https, origin
from fellesjournal.access.smart.authorizations import Agreed, EndUser
from fellesjournal.access.smart.ceilings import within_role
from fellesjournal.access.smart.clients import PUBLIC, Client, client_of
from fellesjournal.access.smart.launches import take_launch
from fellesjournal.access.smart.protocol import Asked, OAuth2Error, Request, with_parameters
from fellesjournal.access.smart.scopes import ScopeSet
from fellesjournal.access.smart.server import Server
from fellesjournal.care.chart.contacts import Contact, contact_of
from fellesjournal.foundation.ui.headers import CONTENT_SECURITY_POLICY
from fellesjournal.surfaces.oauth import who, wording
from fellesjournal.surfaces.oauth.answers import see_other
from fellesjournal.surfaces.oauth.endpoints import asked_of, root_of
from fellesjournal.surfaces.oauth.pending import Pending, drop, keep, pending_of
from fellesjournal.surfaces.oauth.who import signed_in_only

_SCOPE_FIELD = "allow"


@csrf_exempt  # an app's form can't have our token; it changes nothing
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Check what an app asks for, then ask the person."""
    if request.method == "POST":
        # The person's cookie does not come with a foreign form: she is asked by a GET.
        form = {name: request.POST.getlist(name) for name in request.POST}
        return see_other(f"{request.path}?{urlencode(form, doseq=True)}")
    asked = asked_of(request, form=False)
    if asked is None:
        return stopped(request, "invalid_request")
    server = Server(root_of(request))
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        return _error(request, asked, error.error, error.description, error.redirect_uri)
    address: str = grant.redirect_uri
    data: dict[str, str] = grant.request.payload.data
    if problem := _smart_problem(data, server):
        return _error(request, asked, "invalid_request", problem, address)
    user = who.end_user(request)
    if user is None:
        if data.get("prompt") == "none":
            return _error(request, asked, "login_required", "", address)
        return who.sign_in_first(request)
    return _ask(request, asked, user, grant.request.client.client)


def _smart_problem(data: dict[str, str], server: Server) -> str:
    """What SMART demands beyond OAuth: state, and the API that the app believes it talks to."""
    if not data.get("state"):
        return "state is missing"
    audience = data.get("aud") or data.get("resource") or ""
    if audience.rstrip("/") not in {f"{server.root}/fhir", *_other_names(server)}:
        return "aud is not the address of this FHIR API"
    return ""


def _other_names(server: Server) -> set[str]:
    if settings.ENVIRONMENT.url:
        return set()
    # on the own machine both names of it
    names = [("//127.0.0.1", "//localhost"), ("//localhost", "//127.0.0.1")]
    return {f"{server.root.replace(one, other)}/fhir" for one, other in names}


def _ask(request: HttpRequest, asked: Asked, user: EndUser, client: Client) -> HttpResponse:
    """Narrow what is asked for, find the context, and go to the page that is next."""
    parameters = {name: list(values) for name, values in asked.parameters.items()}
    pending = Pending("", parameters, "", user.person)
    wanted = within_role(
        scopes.narrow(scopes.parse(pending.value("scope")), scopes.parse(client.scope)), user
    )
    handle = pending.value("launch")
    if handle:
        launch = take_launch(handle, person=user.person, client_id=client.client_id)
        if launch is None:
            return refuse(request, pending, "invalid_request", "launch is unknown, over or used")
        pending = replace(
            pending,
            patient=launch.patient,
            encounter=launch.encounter,
            intent=launch.intent,
            launched=True,
        )
    else:
        wanted = wanted.without("launch")
    if not wanted:
        return refuse(request, pending, "invalid_scope", "nothing that may be asked for here")
    pending = keep(request, replace(pending, scope=str(wanted)))
    if pending.value("prompt") == "none":
        return _silently(request, pending, user, client)
    return go_on(request, pending, user, client)


def go_on(request: HttpRequest, pending: Pending, user: EndUser, client: Client) -> HttpResponse:
    """To the page that is next, or back to the app when nothing is left to ask."""
    wanted = scopes.parse(pending.scope)
    if missing := _missing(wanted, pending):
        return redirect(f"oauth-{missing}", key=pending.key)
    if pending.value("prompt") != "consent" and _agreed_before(pending, user, client):
        return _finish(request, pending, user, client, wanted, remembered=False)
    return redirect("oauth-consent", key=pending.key)


def _missing(wanted: ScopeSet, pending: Pending) -> str:
    """What is still to be chosen: ``patient``, ``encounter``, or nothing."""
    if wanted.needs_patient and not pending.patient:
        return "patient"
    if wanted.has("launch/encounter") and not pending.encounter:
        return "encounter"
    return ""


def _unseen(request: HttpRequest, pending: Pending, user: EndUser) -> str:
    """Why the context may not be given on: asked anew before anything is shown or sent."""
    if not pending.patient:
        return ""
    if not who.seen(request, user, [pending.patient]):
        return "the patient may not be seen"
    if pending.encounter and _contact(request, pending, user) is None:
        return "the encounter may not be seen"
    return ""


def _contact(request: HttpRequest, pending: Pending, user: EndUser) -> Contact | None:
    if not pending.encounter:
        return None
    session = who.session_about(request, user, pending.patient)
    return contact_of(session, pending.patient, pending.encounter)


def _silently(
    request: HttpRequest, pending: Pending, user: EndUser, client: Client
) -> HttpResponse:
    wanted = scopes.parse(pending.scope)
    if missing := _missing(wanted, pending):
        return refuse(request, pending, "interaction_required", f"the {missing} must be chosen")
    if not _agreed_before(pending, user, client):
        return refuse(request, pending, "consent_required", "the person must be asked")
    return _finish(request, pending, user, client, wanted, remembered=False)


def _agreed_before(pending: Pending, user: EndUser, client: Client) -> bool:
    # Any program of the same machine may listen there (RFC 8252 § 8.6): she is asked each time.
    if client.method == PUBLIC and not is_https(pending.value("redirect_uri")):
        return False
    before = authorizations.remembered_scope(client, user, pending.patient)
    return bool(before) and scopes.within(scopes.parse(pending.scope), before)


@require_http_methods(["GET", "POST"])
@signed_in_only
def consent(request: HttpRequest, user: EndUser, key: str) -> HttpResponse:
    """Say in words what the app asks for; the person agrees to all, to parts, or to nothing."""
    pending, client = known(request, user, key)
    if pending is None or client is None:
        return stopped(request, "over")
    wanted = scopes.parse(pending.scope)
    if missing := _missing(wanted, pending):
        return redirect(f"oauth-{missing}", key=key)
    if problem := _unseen(request, pending, user):
        return refuse(request, pending, "access_denied", problem)
    if request.method == "POST":
        if "agree" not in request.POST:
            return refuse(request, pending, "access_denied", "the person said no")
        granted = _ticked(request, wanted)
        if not granted.resources and wanted.resources:
            return refuse(request, pending, "access_denied", "the person allowed nothing")
        remembered = request.POST.get("remember") == "1"
        return _finish(request, pending, user, client, granted, remembered=remembered)
    response = who.page(
        request, "oauth/consent.html", _consent_words(request, pending, user, client)
    )
    # The answer to the form leads to the app: the policy must let the form go there.
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin(pending.value('redirect_uri'))}"
    )
    return response


def _consent_words(
    request: HttpRequest, pending: Pending, user: EndUser, client: Client
) -> dict[str, Any]:
    wanted = scopes.parse(pending.scope)
    about = who.seen(request, user, [pending.patient]) if pending.patient else []
    return {
        "client": client,
        "user": user,
        "about": about[0] if about else None,
        "contact": _contact(request, pending, user),
        "lines": wording.lines(wanted),
        "identity": wanted.has(*scopes.IDENTITY_SCOPES),
        "lasts": wording.duration(wanted),
        "return_to": wording.place(pending.value("redirect_uri")),
        "field": _SCOPE_FIELD,
    }


def _ticked(request: HttpRequest, wanted: ScopeSet) -> ScopeSet:
    """What is left of the request: the lines that stayed ticked."""
    ticked = set(request.POST.getlist(_SCOPE_FIELD))
    lines = wording.lines(wanted)
    kept = [scope for line in lines if line.key in ticked for scope in line.scopes]
    return replace(wanted, resources=scopes.merged(kept))


def known(request: HttpRequest, user: EndUser, key: str) -> tuple[Pending | None, Client | None]:
    """The request a page is about, if it is this person's, and the app that asks."""
    pending = pending_of(request, key, user.person)
    return pending, client_of(pending.client_id) if pending else None


def _finish(
    request: HttpRequest,
    pending: Pending,
    user: EndUser,
    client: Client,
    granted: ScopeSet,
    *,
    remembered: bool,
) -> HttpResponse:
    """Keep what was agreed to, and send the person back with a code."""
    if problem := _unseen(request, pending, user):
        return refuse(request, pending, "access_denied", problem)
    agreed = Agreed(
        scope=granted,
        patient=pending.patient,
        encounter=pending.encounter,
        intent=pending.intent,
        banner=not pending.launched,
        nonce=pending.value("nonce")[:500],
        remembered=remembered,
    )
    server = Server(root_of(request))
    asked = Request(_again(request, pending))
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error:  # the client changed meanwhile
        return stopped(request, "over")
    drop(request, pending.key)
    authorization = authorizations.authorize(client, user, agreed)
    answer = server.create_authorization_response(asked, authorization, grant)
    return see_other(with_parameters(answer.location, {"iss": server.root}))


def _again(request: HttpRequest, pending: Pending) -> Asked:
    url = root_of(request) + reverse("oauth-authorize")
    return Asked("GET", url, request.headers, pending.parameters)


def refuse(request: HttpRequest, pending: Pending, error: str, description: str) -> HttpResponse:
    """Send the person back to the app with an error; the request is over."""
    drop(request, pending.key)
    address = pending.value("redirect_uri")
    return _error(request, _again(request, pending), error, description, address)


def _error(
    request: HttpRequest,
    asked: Asked,
    error: str,
    description: str | None,
    address: str | None,
) -> HttpResponse:
    """To the app if its address is known to be its own, else a page."""
    if not address:
        return stopped(request, error, str(description or ""))
    told = {"error": error}
    if description:
        told["error_description"] = description
    state = (asked.parameters.get("state") or [""])[0]
    if state:
        told["state"] = state
    return see_other(with_parameters(address, {**told, "iss": root_of(request)}))


def stopped(request: HttpRequest, error: str, description: str = "") -> HttpResponse:
    """A page for the person, when there is no address of an app to send her to."""
    return who.page(
        request, "oauth/stopped.html", {"error": error, "description": description}, status=400
    )
