"""The pages on which a person chooses what an app is opened for: the patient, the encounter.

http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#requesting-context-with-scopes
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.care.chart.contacts import contact_of, contacts_of
from fellesjournal.care.citizens.queries import find_people
from fellesjournal.foundation import clock
from fellesjournal.surfaces.oauth import who
from fellesjournal.surfaces.oauth.authorizing import go_on, known, refuse, stopped
from fellesjournal.surfaces.oauth.pending import keep
from fellesjournal.surfaces.oauth.who import signed_in_only

_SAID_NO = "the person said no"


@require_http_methods(["GET", "POST"])
@signed_in_only
def patient(request: HttpRequest, user: EndUser, key: str) -> HttpResponse:
    """Choose whom the app is to be about, among those the person may see herself."""
    pending, client = known(request, user, key)
    if pending is None or client is None:
        return stopped(request, "over")
    question = ""
    if request.method == "POST":
        if "cancel" in request.POST:
            return refuse(request, pending, "access_denied", _SAID_NO)
        chosen = request.POST.get("patient", "")
        if chosen and who.seen(request, user, [chosen]):
            # an encounter chosen before was another patient's
            pending = keep(request, replace(pending, patient=chosen, encounter=""))
            return go_on(request, pending, user, client)
        question = request.POST.get("q", "").strip()[:200]
    if user.kind == "citizen":
        found, shown = None, who.acts_for(user)
    elif question:
        found = find_people(who.session_about(request, user), question, today=clock.today())
        shown = list(found.people)
    else:
        found, shown = None, who.seen(request, user, who.recent_patients(request))
    context = {
        "client": client,
        "question": question,
        "searches": user.kind == "staff",
        "found": found,
        "people": shown,
    }
    return who.page(request, "oauth/patient.html", context)


@require_http_methods(["GET", "POST"])
@signed_in_only
def encounter(request: HttpRequest, user: EndUser, key: str) -> HttpResponse:
    """Choose the encounter, among those of the patient that the person may see herself."""
    pending, client = known(request, user, key)
    if pending is None or client is None:
        return stopped(request, "over")
    if not pending.patient:
        return redirect("oauth-patient", key=key)
    about = who.seen(request, user, [pending.patient])
    if not about:
        return refuse(request, pending, "access_denied", "the patient may not be seen")
    session = who.session_about(request, user, pending.patient)
    refused = False
    if request.method == "POST":
        if "cancel" in request.POST:
            return refuse(request, pending, "access_denied", _SAID_NO)
        chosen = request.POST.get("encounter", "")
        if chosen and contact_of(session, pending.patient, chosen):
            pending = keep(request, replace(pending, encounter=chosen))
            return go_on(request, pending, user, client)
        refused = bool(chosen)
    contacts = contacts_of(session, pending.patient, request.GET.get("after", ""))
    if not contacts.shown and "without" in request.POST:
        left = scopes.parse(pending.scope).without("launch/encounter")
        pending = keep(request, replace(pending, scope=str(left)))
        return go_on(request, pending, user, client)
    context = {"client": client, "about": about[0], "contacts": contacts, "refused": refused}
    return who.page(request, "oauth/encounter.html", context, status=400 if refused else 200)
