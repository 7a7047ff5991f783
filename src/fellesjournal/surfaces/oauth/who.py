"""Who is signed in, as the authorization server needs to know it.

The one place that asks the pages' sign-in; until identity is joined in, the demo's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.surfaces.clinic import signed_in

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, EndUser, Parameters], HttpResponse]


def end_user(request: HttpRequest) -> EndUser | None:
    """The person at this browser, with the role she works in now; None: nobody."""
    person = signed_in.signed_in(request)
    if person is None or not person.is_staff or not person.role_id:
        return None
    return EndUser(
        kind="staff",
        person=person.person,
        name=person.name,
        role=person.role,
        role_id=f"PractitionerRole/{person.role_id}",
        unit=person.unit,
        web_session=str(person.session_id),
    )


def session_of(request: HttpRequest) -> Session:
    """Her own session of the record."""
    return signed_in.access_session(request)


def may_administer(user: EndUser) -> bool:
    """Whether she registers apps. The demo has no administrator yet: unit leaders stand in."""
    return user.role in {"administrator", "operator", "unit-leader"}


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('sign-in')}?{query}")


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


def recent_patients(request: HttpRequest) -> list[str]:
    """Ids of the patients she opened lately."""
    return signed_in.recent_patients(request)
