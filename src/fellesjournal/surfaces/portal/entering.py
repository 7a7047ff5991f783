"""Who may be in HelsaMi: a citizen who has signed in and accepted the terms."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fellesjournal.access.identity.terms import has_accepted
from fellesjournal.surfaces.signing_in.signed_in import SignedIn, citizen_only, signed_in

# Raised when the terms change in a way that must be accepted anew.
TERMS_VERSION = "1"
_ACCEPTED = "terms-accepted"

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


def citizen(request: HttpRequest) -> SignedIn:
    """The citizen signed in; behind :func:`in_helsami` or ``citizen_only``."""
    person = signed_in(request)
    assert person is not None  # the guards see to it
    return person


def in_helsami(view: View[Parameters]) -> View[Parameters]:
    """For citizens who have accepted the terms; others do so first, and come back afterwards."""

    @citizen_only
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        if not terms_accepted(request):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('portal-terms')}?{query}")
        return view(request, *args, **kwargs)

    return guarded


def terms_accepted(request: HttpRequest) -> bool:
    """Whether she has accepted; asked of the database once per session."""
    if request.session.get(_ACCEPTED) == TERMS_VERSION:
        return True
    accepted = has_accepted(citizen(request).person, TERMS_VERSION)
    if accepted:
        request.session[_ACCEPTED] = TERMS_VERSION
    return accepted
