"""Undo: the last change taken back by who made it, within ten seconds by the server's clock.

It is a change like any other: the list gets a new number, and the record keeps both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fellesjournal.access import acts, records
from fellesjournal.access.acts import change
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.medication.actions.standing import (
    Changes,
    Done,
    carry_out,
    may_prescribe,
    standing,
)
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.refusals import Refused
from fellesjournal.care.medication.resources import (
    UNDONE,
    Person,
    own_coding,
    references_in,
    taken_up_again,
)
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

UNDO_SECONDS = 10


def may_undo(session: Session, now: MedicationList, by: str) -> bool:
    """Whether the last change of this list can still be taken back by this person."""
    return (
        may_prescribe(session)
        and now.number > 1
        and now.changed is not None
        and session.person == by
        and clock.now() - now.changed.at <= timedelta(seconds=UNDO_SECONDS)
    )


def undo(
    session: Session,
    *,
    patient: str,
    number: int,
    by_name: str,
    taken_back: Sequence[Operation] = (),
) -> Done:
    """Take back what made this number of the list, as long as it stands. ``taken_back`` are the
    answers to the patient that the same act takes back: what she asked for is not undone without
    them (care/medication/renewals).

    Raises ListChanged when another number stands, Refused (``too-late``, ``nothing-to-undo``).
    """
    now = standing(session, patient, number)
    if not now.id or number < 2:
        raise Refused("nothing-to-undo")
    stands, _ = acts.read(session, "List", now.id)
    author = reading.reference_target(stands.get("source"))
    if not may_undo(session, now, author) or (now.was_asked_for and not taken_back):
        raise Refused("too-late")
    before = acts.content(records.read_version(session, "List", now.id, number - 1))
    came = [each for each in references_in(stands) if each not in references_in(before)]
    went = [each for each in references_in(before) if each not in references_in(stands)]
    changes = Changes()
    for reference in came:
        kind, _, fhir_id = reference.partition("/")
        data, version = acts.read(session, kind, fhir_id)
        reason = {"coding": [own_coding(UNDONE)], "text": "Angret"}
        changes.remove(reference, {**data, "status": "cancelled", "statusReason": reason}, version)
    for reference in went:
        kind, _, fhir_id = reference.partition("/")
        data, version = acts.read(session, kind, fhir_id)
        changes.operations.append(change(taken_up_again(data), seen=version))
        changes.added[reference] = UNDONE
    by = Person(session.person, by_name)
    return carry_out(session, now, changes, by, "Angret.", more=taken_back)


__all__ = ["UNDO_SECONDS", "may_undo", "undo"]
