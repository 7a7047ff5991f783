"""What signing in leaves behind in the browser's session, and what signing out takes away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from fellesjournal.access.identity import people, web_sessions
from fellesjournal.access.identity.flow import JOURNEY_SECONDS, Arrival, Journey
from fellesjournal.access.identity.people import KnownPerson
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.surfaces.signing_in.course_words import tell_of_courses
from fellesjournal.surfaces.signing_in.hints import opened, sealed
from fellesjournal.surfaces.signing_in.signed_in import (
    SESSION_KEY,
    SignedIn,
    forget_for_request,
    signed_in,
)

_JOURNEYS = "journeys"
_PERSON = "person"
_HINT = "id-token"
# Sign-ins begun in several windows of a browser and not finished yet.
_MOST_JOURNEYS = 5


@dataclass(frozen=True, slots=True)
class Errand:
    """A journey with what is to happen at its end.

    ``window``: it was begun beside a page that waits. ``step_up``: the person signed in must
    be the same.
    """

    journey: Journey
    after: str
    window: bool
    step_up: bool


def remember(request: HttpRequest, errand: Errand) -> None:
    """Keep a journey in this browser's session until it comes back."""
    journeys: dict[str, Any] = request.session.get(_JOURNEYS, {})
    journeys[errand.journey.state] = {
        "journey": errand.journey.as_dict(),
        "after": errand.after,
        "window": errand.window,
        "step_up": errand.step_up,
    }
    if SESSION_KEY not in request.session:
        # Nobody yet, and perhaps never: such a session is not kept for a shift.
        request.session.set_expiry(JOURNEY_SECONDS)
    latest = sorted(journeys.items(), key=lambda entry: entry[1]["journey"]["started"])
    request.session[_JOURNEYS] = dict(latest[-_MOST_JOURNEYS:])


def recall(request: HttpRequest, state: str) -> Errand:
    """The journey with this state, once. Raises SignInRefused (``state``)."""
    journeys: dict[str, Any] = request.session.get(_JOURNEYS, {})
    kept = journeys.pop(state, None)
    if kept is None:
        raise SignInRefused("state", "this browser has begun no such sign-in")
    request.session[_JOURNEYS] = journeys
    # At once: the same answer may arrive twice at the same time.
    request.session.save()
    return Errand(
        Journey(**kept["journey"]), kept["after"], window=kept["window"], step_up=kept["step_up"]
    )


def enter(request: HttpRequest, arrival: Arrival, person: KnownPerson, errand: Errand) -> SignedIn:
    """Begin a session under a new key. Raises SignInRefused (``other-person``) at a step-up.

    The same person goes on with what she had (her role, the patients opened); for another the
    browser begins anew.
    """
    before = signed_in(request)
    same = request.session.get(_PERSON) == person.reference
    if errand.step_up and not same:
        raise SignInRefused("other-person", "somebody else is signed in here")
    _end_row(request, why="again" if same else "other-person")
    if same:
        # The token of forms stays: a page left open must be able to send its form.
        request.session.cycle_key()
    else:
        request.session.flush()
        rotate_token(request)
    name = web_sessions.begin(
        arrival.identity,
        person,
        device=device_of(request.headers.get("User-Agent", "")),
        lifetime=settings.SESSION_LIMIT,
    )
    request.session.set_expiry(None)
    request.session[SESSION_KEY] = str(name)
    request.session[_PERSON] = person.reference
    request.session[_HINT] = sealed(arrival.id_token)
    if person.reference.startswith("Practitioner/"):
        _choose_obvious_role(request, name, person, before if same else None)
    forget_for_request(request)
    entered = signed_in(request)
    assert entered is not None  # begun a moment ago
    return entered


def _choose_obvious_role(
    request: HttpRequest, name: UUID, person: KnownPerson, before: SignedIn | None
) -> None:
    """The role she had a moment ago if it still counts, or the only one there is."""
    allowed = [role for role in people.roles_of(person) if role.allowed]
    kept = [role for role in allowed if before is not None and role.id == before.role_id]
    if len(kept or allowed) == 1:
        (chosen,) = kept or allowed
        web_sessions.choose_role(name, chosen)
        tell_of_courses(request, chosen)


def leave(request: HttpRequest) -> str:
    """End the session and forget all in it; answers the hint for signing out at the provider."""
    hint = opened(str(request.session.get(_HINT, "")))
    _end_row(request, why="signed-out")
    request.session.flush()
    forget_for_request(request)
    return hint


def _end_row(request: HttpRequest, *, why: str) -> None:
    name = request.session.get(SESSION_KEY)
    if name:
        web_sessions.end(UUID(str(name)), why=why)


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
            ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_of(agent: str) -> str:
    """Browser and system in words, for the list of one's own sessions; "" when not known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(part for part in (browser, system) if part)
