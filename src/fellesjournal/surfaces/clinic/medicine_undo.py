"""The last change of a medication list that she who is signed in made, to be undone from elsewhere.

Kept in the browser session: ids and a time, so that the page that comes after a renewal can offer
to take it back without reading the record again. Whether it can be is asked of the record then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from fellesjournal.care.medication.actions import UNDO_SECONDS
from fellesjournal.foundation import clock

_KEY = "list-changed"


@dataclass(frozen=True, slots=True)
class LatestChange:
    """Whose list (an id), and the number that is undone."""

    patient_id: str
    number: int


def remember_change(request: HttpRequest, patient_id: str, number: int) -> None:
    """She has just made this number of a patient's list."""
    request.session[_KEY] = [patient_id, number, clock.now().isoformat()]


def latest_change(request: HttpRequest) -> LatestChange | None:
    """What she may still undo; None when its time is over."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    patient_id, number, at = kept
    if clock.now() - datetime.fromisoformat(at) > timedelta(seconds=UNDO_SECONDS):
        return None
    return LatestChange(patient_id, number)


def forget_change(request: HttpRequest) -> None:
    """It is undone: nothing is left to undo."""
    request.session.pop(_KEY, None)


__all__ = ["LatestChange", "forget_change", "latest_change", "remember_change"]
