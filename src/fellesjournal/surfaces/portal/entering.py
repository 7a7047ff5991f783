"""Who may be in HelsaMi: a citizen who has signed in and accepted the terms, in her own record
or in that of somebody she may act for at this moment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from fellesjournal.access.citizens import is_withheld, opens
from fellesjournal.access.identity.terms import has_accepted
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.privacy.queries import Acting, acting_now
from fellesjournal.fhir.issues import FhirError, NotAllowed
from fellesjournal.surfaces.portal.wording import acting_row
from fellesjournal.surfaces.signing_in.signed_in import (
    ACTING_FOR,
    SignedIn,
    access_session,
    citizen_only,
    forget_for_request,
    signed_in,
)
from fellesjournal.surfaces.unseen import is_unseen

# Raised when the terms change in a way that must be accepted anew.
TERMS_VERSION = "1"
_ACCEPTED = "terms-accepted"
SUBJECT_FIELD = "subject"
"""The field of every form that names whose record was on the page (INV-44)."""

# Fields that are the form's own, not what somebody typed.
_OWN_FIELDS = frozenset(
    {"csrfmiddlewaretoken", SUBJECT_FIELD, "key", "version", "person", "unit", "do", "line"}
)
_A_WORD = 40

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


def citizen(request: HttpRequest) -> SignedIn:
    """The citizen signed in; behind :func:`in_helsami` or ``citizen_only``."""
    person = signed_in(request)
    assert person is not None  # the guards see to it
    return person


def in_helsami(view: View[Parameters]) -> View[Parameters]:
    """For citizens who have accepted the terms; others do so first, and come back afterwards.

    Whom she acts for is asked anew: when that right has ended she is back in her own record,
    and told so. A form that was filled in about somebody else than is open now is refused.
    """

    @citizen_only
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        if not terms_accepted(request):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('portal-terms')}?{query}")
        try:
            session = access_session(request)
            session.connection()
        except NotAllowed:
            return _back_to_herself(request)
        if request.method == "POST" and request.POST.get(SUBJECT_FIELD) != session.subject:
            return _other_record(request)
        try:
            return view(request, *args, **kwargs)
        except FhirError as error:
            return refused(request, error)

    return guarded


def part(area: Area) -> Callable[[View[Parameters]], View[Parameters]]:
    """Inside :func:`in_helsami`: for who acts for another, a part of the record that is open to her.

    Otherwise an empty page would tell that there is nothing, which she can't know.
    """

    def guard(view: View[Parameters]) -> View[Parameters]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponse:
            if not opens(open_session(request), area):
                return page(request, "portal/closed_part.html", {}, status=403)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def act_for(request: HttpRequest, patient_id: str) -> None:
    """Open somebody else's record from now on; her own when the id is her own.

    Raises NotAllowed, with nothing changed, when she may not.
    """
    before = request.session.get(ACTING_FOR)
    own = own_id(request)
    request.session[ACTING_FOR] = "" if patient_id == own else patient_id
    forget_for_request(request)
    try:
        access_session(request)
    except NotAllowed:
        request.session[ACTING_FOR] = before or ""
        forget_for_request(request)
        raise


def own_id(request: HttpRequest) -> str:
    """The id of the Patient who is signed in."""
    return citizen(request).person.removeprefix("Patient/")


def open_session(request: HttpRequest) -> Session:
    """The session of the record that is open; behind :func:`in_helsami`."""
    return access_session(request)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    acting: Acting | None = None,
) -> HttpResponse:
    """A page of HelsaMi: never kept by the browser, and it knows whose record is open.

    ``acting``: how she acts in it, where the page has asked for that.
    """
    session = open_session(request)
    other = acting or acting_now(session)
    banner = None if other is None else acting_row(other)
    known = {
        "acting": banner,
        "subject": session.subject,
        "is_withheld": is_withheld(session),
        **context,
    }
    response = render(request, template, known, status=status)
    response["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest, error: FhirError) -> HttpResponse:
    """What may not be seen or done is answered alike, whether it is there or not."""
    status = 404 if is_unseen(error) else error.status
    context = {"changed": status in {409, 412}}
    return page(request, "portal/not_possible.html", context, status=status)


def terms_accepted(request: HttpRequest) -> bool:
    """Whether she has accepted; asked of the database once per session."""
    if request.session.get(_ACCEPTED) == TERMS_VERSION:
        return True
    accepted = has_accepted(citizen(request).person, TERMS_VERSION)
    if accepted:
        request.session[_ACCEPTED] = TERMS_VERSION
    return accepted


def _back_to_herself(request: HttpRequest) -> HttpResponse:
    if not request.session.get(ACTING_FOR):
        return render(request, "signing_in/not_for_you.html", status=403)
    request.session[ACTING_FOR] = ""
    forget_for_request(request)
    messages.warning(
        request,
        gettext(
            "You can't act for that person any more. You are back in your own record, and"
            " nothing was done in the other."
        ),
    )
    return HttpResponseRedirect(reverse("portal"))


def _other_record(request: HttpRequest) -> HttpResponse:
    """INV-44: a page left open was about somebody else than the record that is open now. What she
    typed is shown, to be carried over by hand (INV-50).
    """
    typed = [
        value
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
        if " " in value.strip() or len(value) > _A_WORD
    ]
    return page(request, "portal/other_record.html", {"typed": typed}, status=409)
