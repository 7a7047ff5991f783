"""My referrals: what was sent, where it stands and what happens next, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.areas import Area
from fellesjournal.care.referrals.queries import Booked, appointments_for, referrals_of
from fellesjournal.care.referrals.resources import Referral
from fellesjournal.care.referrals.states import State
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import at_time, on_day
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part


@dataclass(frozen=True, slots=True)
class Told:
    """One referral in plain words: the present state in a sentence, then what was and what is
    to come, in order; ``when`` is "" where there is no day.
    """

    title: str
    to: str
    now: str
    is_open: bool
    steps: tuple[tuple[str, str, bool], ...]
    reason: str


@require_GET
@in_helsami
@part(Area.REQUESTS)
def referrals(request: HttpRequest) -> HttpResponse:
    """All referrals of the record that is open, newest first."""
    session = open_session(request)
    found = referrals_of(session, session.subject.removeprefix("Patient/"))
    booked = appointments_for(session, found)
    told = [_told(each, booked.get(each.id)) for each in found]
    return page(
        request,
        "portal/referrals.html",
        {
            "open": [each for each in told if each.is_open],
            "closed": [each for each in told if not each.is_open],
        },
    )


def _told(referral: Referral, booked: Booked | None) -> Told:
    return Told(
        title=referral.content.what or referral.content.diagnosis or gettext("Referral"),
        to=referral.receiver_name,
        now=_now(referral, booked),
        is_open=referral.state.is_open,
        steps=tuple(_steps(referral, booked)),
        reason=referral.reason,
    )


def _now(referral: Referral, booked: Booked | None) -> str:
    """Where it stands, as one sentence."""
    day = {"day": on_day(referral.assess_by)}
    match referral.state:
        case State.TO_ASSESS | State.ASKED if _is_late(referral):
            return gettext(
                "The hospital should have assessed your referral by %(day)s. It must tell Helfo,"
                " and you keep your place."
            ) % day  # fmt: skip
        case State.TO_ASSESS if referral.assess_by:
            return gettext("The hospital has your referral and is to assess it by %(day)s.") % day
        case State.TO_ASSESS if referral.received:
            return gettext("The hospital has your referral and is to assess it.")
        case State.TO_ASSESS:
            # sent by message, or by another system: what is not known is not said (INV-1)
            return gettext("The referral is on its way. The receiver has not answered yet.")
        case State.ASKED:
            return gettext(
                "The hospital has asked who referred you for more information. You don't have to"
                " do anything."
            )
        case State.WAITING:
            care = {"day": on_day(referral.care_by)}
            return gettext(
                "You have a right to care, and you are on the waiting list. Care is to begin by"
                " %(day)s. You will get an appointment."
            ) % care  # fmt: skip
        case State.CALLED_IN if booked is not None and booked.start is not None:
            return gettext("You have an appointment: %(when)s.") % {"when": at_time(booked.start)}
        case State.CALLED_IN:
            return gettext("You have an appointment.")
        case State.REJECTED:
            return gettext("The hospital has rejected the referral. Who referred you is told too.")
        case State.CANCELLED:
            return gettext("Who referred you has taken the referral back.")
        case _:
            return gettext("This referral is closed.")


def _steps(referral: Referral, booked: Booked | None) -> Iterator[tuple[str, str, bool]]:
    """What has happened and what is to come: words, day, whether it has happened."""
    sent = referral.sent
    if sent is not None:
        yield gettext("Sent by %(who)s") % {"who": _from(referral)}, on_day(sent.at.date()), True
    if referral.received:
        yield gettext("Received"), on_day(referral.received), True
    if referral.assessed:
        yield gettext("Assessed"), on_day(referral.assessed), True
    elif referral.state.is_open and referral.assess_by:
        yield gettext("To be assessed by"), on_day(referral.assess_by), False
    if referral.state.is_waiting and referral.care_by:
        yield gettext("Care is to begin by"), on_day(referral.care_by), False
    if booked is not None and booked.start is not None:
        yield gettext("Appointment"), at_time(booked.start), False


def _from(referral: Referral) -> str:
    names = (referral.requester_name, referral.referring_unit_name)
    return ", ".join(filter(None, names)) or "–"


def _is_late(referral: Referral) -> bool:
    return referral.assess_by is not None and clock.today() > referral.assess_by


__all__ = ["referrals"]
