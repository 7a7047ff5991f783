"""Reactions to events and the job of the clock; see config/wiring.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.applications import take_in
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.pauses import follow_stay, open_stays
from fellesjournal.care.homecare.reading_days import planned_citizens
from fellesjournal.care.homecare.tasks import escalate_left_open

Payload = dict[str, Any]
Thing = TypeVar("Thing")


def take_in_application(session: Session, payload: Payload) -> None:
    """``application-sent``: the allocation office gets its task."""
    take_in(session, _id(payload["application"]))


def pause_or_review(session: Session, payload: Payload) -> None:
    """``admitted`` and ``discharged``: what follows from the stay as it stands."""
    follow_stay(session, payload["patient"], _id(payload["encounter"]))


def note_ready(session: Session, payload: Payload) -> None:
    """``ready-for-discharge``: the unit sees that she will come home."""
    follow_stay(session, payload["patient"], _id(payload["encounter"]), ready=True)


def note_not_ready(session: Session, payload: Payload) -> None:
    """``ready-withdrawn``: she stays in hospital after all."""
    follow_stay(session, payload["patient"], _id(payload["encounter"]), ready=False)


def make_again(session: Session, payload: Payload) -> None:
    """Plan, service, pause or medicines are others: the days ahead are made anew."""
    make_days(session, payload["patient"])


def make_all_days(session: Session) -> None:
    """By the clock: visits and items of today and tomorrow, and what was left open before.

    Raises an ExceptionGroup at its end when something failed for somebody: one citizen's odd
    plan must not leave all others without their visits.
    """
    failures = [
        *_each(open_stays(session), lambda stay: follow_stay(session, *stay)),
        *_each(planned_citizens(session), lambda patient: make_days(session, patient)),
    ]
    escalate_left_open(session)
    if failures:
        raise ExceptionGroup("some days were not made", failures)


def _each(things: Iterable[Thing], act: Callable[[Thing], object]) -> list[Exception]:
    failures = []
    for thing in things:
        try:
            act(thing)
        except Exception as error:  # noqa: BLE001 - told at the end, when the others are served
            failures.append(error)
    return failures


def _id(target: str) -> str:
    return target.rpartition("/")[2]


__all__ = [
    "make_again", "make_all_days", "note_not_ready", "note_ready", "pause_or_review",
    "take_in_application",
]  # fmt: skip
