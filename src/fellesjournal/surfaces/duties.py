"""Pages that are for a duty and not for a patient: who may open one, and as whom she asks.

Administration and the leaders' pages are such.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.signing_in.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]

FRESH_MINUTES = 30
"""Giving and ending access needs a sign-in this recent. Assumption (configurable)."""


def duties_of(request: HttpRequest) -> frozenset[Duty]:
    """The duties of the role she works in today; none without a role."""
    person = signed_in(request)
    role = None if person is None or not person.is_staff else role_of(person.role)
    return frozenset() if role is None else role.duties


def for_duty(*duties: Duty) -> Callable[[View[Parameters]], View[Parameters]]:
    """For staff whose role has one of these duties; for everybody else there is no such page.

    What the record refuses inside the page is answered the same way.
    """

    def guard(view: View[Parameters]) -> View[Parameters]:
        @staff_only
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            if duties_of(request).isdisjoint(duties):
                return not_there(request)
            try:
                return view(request, *args, **kwargs)
            except FhirError as error:
                if is_unseen(error):
                    return not_there(request)
                raise

        return guarded

    return guard


def session_of(request: HttpRequest, purpose: str = "HSYSADMIN") -> Session:
    """Her own session, for another purpose than care: running the platform, or leading (HOPERAT)."""
    return replace(access_session(request), purpose=purpose)


def not_there(request: HttpRequest) -> HttpResponse:
    """The same for a page that is not there and one that may not be seen (INV-33)."""
    return render(request, "signing_in/not_there.html", status=404)
