"""One's own sessions: the role of today, how long it lasts, where else one is signed in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.courses import waivers
from fellesjournal.access.identity import people, web_sessions
from fellesjournal.access.identity.people import KnownPerson
from fellesjournal.surfaces.signing_in.course_words import tell_of_courses
from fellesjournal.surfaces.signing_in.entering import leave
from fellesjournal.surfaces.signing_in.signed_in import (
    SignedIn,
    anybody_signed_in,
    forget_for_request,
    not_for_you,
    signed_in,
)


@require_http_methods(["GET", "POST"])
@anybody_signed_in
def role(request: HttpRequest) -> HttpResponse:
    """Choose the role and unit to work in today, or change it; no new sign-in."""
    person = _person(request)
    if not person.is_staff:
        return not_for_you(request)
    known = KnownPerson(person.person, person.name, person.hpr)
    roles = people.roles_of(known)
    after = request.POST.get("next") or request.GET.get("next") or ""
    wanted = request.POST.get("role", "")
    chosen = next((role for role in roles if role.id == wanted and role.allowed), None)
    reason = request.POST.get("reason", "").strip()
    stopped = next((role for role in roles if role.id == wanted and role.is_stopped), None)
    if request.method == "POST" and stopped is not None and reason:
        waivers.enter_in_emergency(person.person, stopped, reason=reason)
        chosen = stopped
    if request.method == "POST" and chosen is not None:
        web_sessions.choose_role(person.session_id, chosen)
        forget_for_request(request)
        tell_of_courses(request, chosen)
        safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(after if safe else reverse("start"))
    status = 200 if request.method == "GET" else 409
    context = {
        "roles": roles,
        "next": after,
        "refused": request.method == "POST" and stopped is None,
        "stopped": stopped,
        "hours": int(waivers.EMERGENCY.total_seconds()) // 3600,
    }
    return render(request, "signing_in/role.html", context, status=status)


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """For the session guard: who is signed in here, as a mark; asking counts as being here."""
    person = signed_in(request)
    return JsonResponse({"mark": "" if person is None else person.mark})


@require_GET
@anybody_signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    person = _person(request)
    listed = web_sessions.sessions_of(person.person, idle=settings.IDLE_LIMIT)
    return render(request, "signing_in/sessions.html", {"sessions": listed})


@require_POST
@anybody_signed_in
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out in one other place."""
    person = _person(request)
    if web_sessions.end(session_id, why="elsewhere", person=person.person):
        messages.success(request, gettext("Signed out there."))
    return redirect("sessions")


@require_POST
@anybody_signed_in
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    web_sessions.end_all(_person(request).person, why="everywhere")
    leave(request)
    response = redirect("sign-in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _person(request: HttpRequest) -> SignedIn:
    person = signed_in(request)
    assert person is not None  # views are behind `anybody_signed_in`
    return person
