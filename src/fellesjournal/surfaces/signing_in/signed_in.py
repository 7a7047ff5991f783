"""Who is signed in: what every page asks first.

    person = signed_in(request)          # None, or who it is
    session = access_session(request)    # what every read and write is made with

Views are wrapped in :func:`staff_only`, :func:`citizen_only` or :func:`anybody_signed_in`, and
acts that need a fresh proof in :func:`requires_step_up`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fellesjournal.access import citizens
from fellesjournal.access.identity import web_sessions
from fellesjournal.access.identity.web_sessions import WebSession
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock

SESSION_KEY = "web-session"
ACTING_FOR = "acting-for"
"""Where the browser's session keeps the id of the Patient a citizen acts for; absent: herself."""
_REMEMBERED = "_fellesjournal_signed_in"
_SESSION = "_fellesjournal_access_session"

_ADMINISTRATION = frozenset(
    {
        Duty.MANAGE_ROLES,
        Duty.MANAGE_UNITS,
        Duty.MANAGE_CLIENTS,
        Duty.OPERATE,
        Duty.REVIEW_ALL,
    }
)

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody at a browser. ``person`` is Practitioner/x or Patient/x.

    ``role_id`` (a PractitionerRole), ``role`` (its code), ``role_title``, ``unit``
    (Organization/x) and ``unit_name`` are "" for citizens and until a role is chosen.
    """

    session_id: UUID
    kind: str
    person: str
    name: str
    hpr: str
    role_id: str
    role: str
    role_title: str
    unit: str
    unit_name: str
    security_level: str
    authenticated_at: datetime
    ends: datetime

    @property
    def is_staff(self) -> bool:
        """Whether she is here to work."""
        return self.kind == "staff"

    @property
    def administers(self) -> bool:
        """Whether the role she works in today has duties beside reading and writing."""
        role = role_of(self.role) if self.is_staff else None
        return role is not None and bool(role.duties & _ADMINISTRATION)

    @property
    def leads(self) -> bool:
        """Whether the leaders' pages are for the role she works in today."""
        role = role_of(self.role) if self.is_staff else None
        return role is not None and Duty.SEE_FIGURES in role.duties

    @property
    def mark(self) -> str:
        """Tells two people apart in a page's scripts, and tells nothing else."""
        text = f"{settings.SECRET_KEY}:{self.person}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def proved_within(self, minutes: int) -> bool:
        """Whether she has proved who she is that recently."""
        return clock.now() - self.authenticated_at <= timedelta(minutes=minutes)


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Who is signed in, if anybody; asked of the database once per request."""
    if not hasattr(request, _REMEMBERED):
        setattr(request, _REMEMBERED, _look_up(request))
    found: SignedIn | None = getattr(request, _REMEMBERED)
    return found


def forget_for_request(request: HttpRequest) -> None:
    """Look again: the session has changed within this request."""
    for name in (_REMEMBERED, _SESSION):
        if hasattr(request, name):
            delattr(request, name)


def _look_up(request: HttpRequest) -> SignedIn | None:
    try:
        name = UUID(str(request.session.get(SESSION_KEY, "")))
    except ValueError:
        return None
    row = web_sessions.current(name, idle=settings.IDLE_LIMIT)
    return None if row is None else _from_row(row)


def _from_row(row: WebSession) -> SignedIn:
    return SignedIn(
        session_id=row.id,
        kind=row.kind,
        person=row.person,
        name=row.name,
        hpr=row.hpr,
        role_id=row.role_id,
        role=row.role,
        role_title=row.role_title,
        unit=row.unit,
        unit_name=row.unit_name,
        security_level=row.security_level,
        authenticated_at=row.authenticated_at,
        ends=row.ends,
    )


def access_session(request: HttpRequest) -> Session:
    """The session every read and write of the record is made with; the same all through a request.

    Behind the guards below; raises LookupError elsewhere, rather than read for nobody. Raises
    NotAllowed when a citizen may not act any more for whom she has chosen.
    """
    if not hasattr(request, _SESSION):
        acting_for = str(request.session.get(ACTING_FOR, ""))
        setattr(request, _SESSION, _access_session(signed_in(request), acting_for))
    session: Session = getattr(request, _SESSION)
    return session


def _access_session(person: SignedIn | None, acting_for: str) -> Session:
    if person is not None and not person.is_staff:
        return citizens.citizen(person.person.removeprefix("Patient/"), acting_for or None)
    if person is None or not person.role_id:
        raise LookupError("nobody is signed in whose session this could be")
    return staff_session(
        practitioner=person.person, role_id=person.role_id, role=person.role, unit=person.unit
    )


def _unless(
    refused: Callable[[HttpRequest], HttpResponse | None], view: View[Parameters]
) -> View[Parameters]:
    """The view, unless ``refused`` has another answer for this request."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        answer = refused(request)
        return view(request, *args, **kwargs) if answer is None else answer

    return guarded


def staff_only(view: View[Parameters]) -> View[Parameters]:
    """For staff in a role that stands; others sign in or choose first, and come back afterwards."""
    return _unless(_not_staff, view)


def _not_staff(request: HttpRequest) -> HttpResponse | None:
    person = signed_in(request)
    if person is None:
        return sign_in_needed(request, kind="staff")
    if not person.is_staff:
        return not_for_you(request)
    if not person.role_id:
        return HttpResponseRedirect(_with_next(request, reverse("role")))
    try:
        access_session(request).connection()
    except NotAllowed:
        return _role_ended(request, person)
    return None


def _role_ended(request: HttpRequest, person: SignedIn) -> HttpResponse:
    """Her role was taken from her, or its period is over: she chooses another, or has none."""
    web_sessions.drop_role(person.session_id)
    forget_for_request(request)
    address = _with_next(request, reverse("role"))
    if "HX-Request" in request.headers:
        response = HttpResponse(status=403)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def citizen_only(view: View[Parameters]) -> View[Parameters]:
    """For citizens; others sign in first, and come back afterwards."""
    return _unless(_not_citizen, view)


def _not_citizen(request: HttpRequest) -> HttpResponse | None:
    person = signed_in(request)
    if person is None:
        return sign_in_needed(request, kind="citizen")
    return not_for_you(request) if person.is_staff else None


def anybody_signed_in(view: View[Parameters]) -> View[Parameters]:
    """For staff and citizens alike, whatever role they have chosen."""
    return _unless(
        lambda request: sign_in_needed(request) if signed_in(request) is None else None, view
    )


def requires_step_up(minutes: int) -> Callable[[View[Parameters]], View[Parameters]]:
    """Inside one of the guards above: who she is must have been proved that recently.

    Otherwise she is sent through sign-in, where the provider asks her again
    (``prompt=login``, ``max_age=0``), and comes back.
    """

    def not_proved(request: HttpRequest) -> HttpResponse | None:
        person = signed_in(request)
        if person is None:
            return sign_in_needed(request)
        if not person.proved_within(minutes):
            return sign_in_needed(request, kind=person.kind, step_up=True)
        return None

    def guard(view: View[Parameters]) -> View[Parameters]:
        return _unless(not_proved, view)

    return guard


def sign_in_needed(request: HttpRequest, *, kind: str = "", step_up: bool = False) -> HttpResponse:
    """The way to sign in, without losing what was on its way.

    A script's request gets 401, and the page opens the dialog of the session guard. A posted
    form gets a page that keeps what was typed and sends it when she is back.
    """
    if "HX-Request" in request.headers:
        response = HttpResponse(status=401)
        response["HX-Reswap"] = "none"
        response["X-Sign-In"] = "step-up" if step_up else "again"
        return response
    if request.method not in {"GET", "HEAD"}:
        return _kept_form(request, kind=kind, step_up=step_up)
    if step_up:
        return HttpResponseRedirect(_with_next(request, start_address(kind), step_up="1"))
    return HttpResponseRedirect(_with_next(request, reverse("sign-in")))


def start_address(kind: str) -> str:
    """Where signing in as ``staff`` or ``citizen`` begins."""
    return reverse("sign-in-start", kwargs={"kind": kind})


def not_for_you(request: HttpRequest) -> HttpResponse:
    """The answer to a person of the wrong kind: which page it was does not matter."""
    return render(request, "signing_in/not_for_you.html", status=403)


def _kept_form(request: HttpRequest, *, kind: str, step_up: bool) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    query = {"window": "1"} | ({"step_up": "1"} if step_up else {})
    address = start_address(kind) if kind else reverse("sign-in")
    return render(
        request,
        "signing_in/kept_form.html",
        {"kept": kept, "sign_in_again": f"{address}?{urlencode(query)}", "step_up": step_up},
        status=401,
    )


def _with_next(request: HttpRequest, address: str, **query: str) -> str:
    return f"{address}?{urlencode({'next': request.get_full_path(), **query})}"


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``signed_in``, ``stand_in`` and the seconds a session may idle."""
    return {
        "signed_in": signed_in(request) if hasattr(request, "session") else None,
        "stand_in": settings.STAND_IN,
        "idle_seconds": int(settings.IDLE_LIMIT.total_seconds()),
    }
