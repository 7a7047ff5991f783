"""Taking back an answer that was given in the wrong row: nothing of it is lost, and it is open again.

INV-20, INV-24: what was taken back must be answered anew; the visit is not signed off any more, so
that its shift does not stay closed over it. INV-23: the administration is entered in error and
gives its number free, so that the dose has one true administration at most.
"""

from __future__ import annotations

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, act, change, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import number, reference, without_extension
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import everything, items
from fellesjournal.care.homecare.taken_back import TakenBack, with_taken_back
from fellesjournal.care.homecare.visiting import MOST_WORDS, gives_medicines
from fellesjournal.care.homecare.visits import read_item, read_visit, with_state
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock

_ANSWERED = frozenset({State.DONE, State.NOT_DONE})


class NothingToTakeBack(Conflict):
    """Nobody has answered it, or the answer was taken back before."""


def take_back(session: Session, *, patient: str, item_id: str, seen: int, reason: str) -> None:
    """Take back what was said of an action or a dose, for a reason in words; it is open again.

    By whoever works at the unit of the visit, not only by who had answered. With a dose, the
    action that gives the medicines of its visit is open again as well: "done" there says that
    every dose has its answer. Raises BadRequest without a reason, NothingToTakeBack, NotFound for
    an item of another unit, and Conflict or PreconditionFailed when somebody was first.
    """
    why = reason.strip()[:MOST_WORDS]
    if not why:
        raise BadRequest("what is taken back has a reason", code="required")
    task, version = acts.read(session, "Task", item_id)
    item = read_item(task, version)
    visit_data, visit_seen = acts.read(session, "Encounter", item.visit)
    visit = read_visit(visit_data, visit_seen)
    if item.patient != patient or visit.patient != patient or visit.unit != session.unit:
        raise NotFound(f"Task/{item_id} is not known")
    if item.state not in _ANSWERED:
        raise NothingToTakeBack("nobody has answered this, or it was taken back")
    operations = [change(_open_again(session, task, item, visit.unit, why), seen=seen)]
    # Written even when it was not signed off: a shift that is closed at the same moment has seen
    # nothing open here, and one of the two must be refused.
    operations.append(change(without_extension(visit_data, codes.SIGNED_OFF), seen=visit_seen))
    if item.is_dose:
        operations.append(_entered_in_error(session, item, why))
        operations += _giving(session, item, visit.unit, why)
    act(session, operations, lambda _: [events.plan_changed(patient)])


def _open_again(session: Session, task: Resource, item: Item, unit: str, why: str) -> Resource:
    taken = TakenBack(
        was_done=item.state is State.DONE, by=item.by, ended=item.ended, words=item.reason,
        taken_by=session.person, at=clock.now(), why=why,
    )  # fmt: skip
    answered = {"executionPeriod", "output", "owner"}
    kept = {name: value for name, value in task.items() if name not in answered}
    return with_taken_back(with_state(kept, State.OPEN), taken) | {"owner": reference(unit)}


def _entered_in_error(session: Session, item: Item, why: str) -> Operation:
    asked = [("identifier", f"{codes.DOSE_NUMBER}|{item.root}")]
    found = everything(session, "MedicationAdministration", asked)
    if len(found) != 1:
        # it must not stay told as given while the list says that it is open
        raise Conflict("what was told of this dose can't be found")
    told = content(found[0])
    note = {
        "authorReference": reference(session.person),
        "time": clock.now().isoformat(timespec="seconds"),
        "text": why,
    }
    corrected = told | {
        "identifier": number(codes.DOSE_TAKEN_BACK, f"{item.root}.{found[0].id}"),
        "status": "entered-in-error",
        "note": [*told.get("note", ()), note],
    }
    return change(corrected, seen=found[0].version)


def _giving(session: Session, dose: Item, unit: str, why: str) -> list[Operation]:
    """The actions that give the medicines of the visit, open again if they were done.

    One that is open is written as it stands: whoever ends it at the same moment has counted on
    the answer that is taken back, and one of the two must be refused.
    """
    found = []
    for item in items(session, [dose.visit]):
        is_asked = item.state in {State.DONE, State.OPEN} and not item.is_dose
        if not is_asked or not gives_medicines(session, item):
            continue
        task, _ = acts.read(session, "Task", item.id)
        if item.state is State.DONE:
            task = _open_again(session, task, item, unit, why)
        found.append(change(task, seen=item.version))
    return found


__all__ = ["NothingToTakeBack", "take_back"]
