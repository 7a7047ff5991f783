"""Who is signed in, as the authorization server needs to know it: staff and citizens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fellesjournal.access import citizens
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.care.citizens.queries import people
from fellesjournal.care.citizens.resources import Person
from fellesjournal.fhir.issues import FhirError, NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.signed_in import recent_patients
from fellesjournal.surfaces.portal.entering import terms_accepted
from fellesjournal.surfaces.signing_in.signed_in import access_session, sign_in_needed, signed_in

__all__ = ["recent_patients"]

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, EndUser, Parameters], HttpResponse]


def end_user(request: HttpRequest) -> EndUser | None:
    """The person at this browser, with the role she works in now; None: nobody who is ready."""
    person = signed_in(request)
    if person is None:
        return None
    if person.is_staff and not person.role_id:
        return None
    if not person.is_staff and not terms_accepted(request):
        return None
    return EndUser(
        kind="staff" if person.is_staff else "citizen",
        person=person.person,
        name=person.name,
        role=person.role if person.is_staff else "citizen",
        role_id=f"PractitionerRole/{person.role_id}" if person.is_staff else "",
        unit=person.unit,
        signed_in=clock.microseconds(person.authenticated_at),
        web_session=str(person.session_id),
    )


def session_about(request: HttpRequest, user: EndUser, patient: str = "") -> Session:
    """Her own session of the record; a citizen's is about one person, herself or another.

    Raises NotAllowed when she may not act for that person.
    """
    if user.kind == "staff":
        return access_session(request)
    own = user.person.rpartition("/")[2]
    return citizens.citizen(own, patient or own)


def acts_for(user: EndUser) -> list[Person]:
    """Whom a citizen may let an app in to: herself, and those she may act for now (INV-38)."""
    found: list[Person] = []
    try:
        sessions = citizens.every_record(user.person.rpartition("/")[2])
    except NotAllowed:  # she is not known any more
        return found
    for session in sessions:
        try:
            found += people(session, [session.subject.rpartition("/")[2]])
        except FhirError:
            continue
    return found


def seen(request: HttpRequest, user: EndUser, patients: list[str]) -> list[Person]:
    """Those of some patients whom she may see herself, in this order."""
    if user.kind == "staff":
        return list(people(access_session(request), patients))
    found: list[Person] = []
    for patient in patients:
        try:
            found += people(session_about(request, user, patient), [patient])
        except FhirError:
            continue
    return found


def may_administer(user: EndUser) -> bool:
    """Whether it is her duty to register apps and services."""
    role = role_of(user.role) if user.kind == "staff" else None
    return role is not None and Duty.MANAGE_CLIENTS in role.duties


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To what is missing: signing in, a role, the terms; and back here afterwards."""
    person = signed_in(request)
    if person is None:
        return sign_in_needed(request)
    missing = reverse("role" if person.is_staff else "portal-terms")
    return HttpResponseRedirect(f"{missing}?{urlencode({'next': request.get_full_path()})}")


def signed_in_only(
    view: View[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """Give a page its user, or send whoever is nobody to sign in."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        user = end_user(request)
        if user is None:
            return sign_in_first(request)
        return view(request, user, *args, **kwargs)

    return guarded


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page in the frame of whoever is signed in: the clinic's, or HelsaMi's."""
    person = signed_in(request)
    is_citizen = person is not None and not person.is_staff
    base = "portal/base.html" if is_citizen else "clinic/base.html"
    return render(request, template, {**context, "base": base}, status=status)
