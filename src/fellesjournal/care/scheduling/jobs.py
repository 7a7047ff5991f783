"""Reactions to events; see config/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.access import acts, booked
from fellesjournal.access.acts import act, change, meanwhile
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading

_TO_COME = frozenset({"booked", "pending"})


def note_opened_letter(session: Session, payload: Mapping[str, str]) -> None:
    """On ``delivery-arrived``: the patient has opened a letter that calls her in, so that she knows
    of the time. A letter that was posted tells nobody that she has read it (INV-10).
    """
    if payload.get("state") != "opened":
        return
    task, _ = acts.read(session, "Task", payload["delivery"].partition("/")[2])
    letter = reading.reference_target(task.get("focus")).partition("/")[2]
    document, _ = acts.read(session, "DocumentReference", letter)
    for each in reading.elements((document.get("context") or {}).get("related")):
        kind, _, fhir_id = reading.reference_target(each).partition("/")
        if kind == "Appointment":
            _note(session, fhir_id)


def _note(session: Session, appointment: str) -> None:
    def once() -> None:
        standing, version = acts.read(session, "Appointment", appointment)
        if standing.get("status") in _TO_COME and booked.answer_of(standing) == "needs-action":
            act(session, [change(booked.told(standing), seen=version)])

    meanwhile(once)


__all__ = ["note_opened_letter"]
