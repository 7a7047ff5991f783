"""Reconciliation: every line of the list decided, new ones added, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.medication.actions.prescribing import (
    check,
    line_on,
    replace_line,
    stop_line,
    unanswered,
)
from fellesjournal.care.medication.actions.standing import (
    Answers,
    Changes,
    Done,
    carry_out,
    standing,
)
from fellesjournal.care.medication.alerts import Alert
from fellesjournal.care.medication.issues import note_overridden
from fellesjournal.care.medication.refusals import Refused, Unconfirmed
from fellesjournal.care.medication.resources import (
    RECONCILED,
    Medicine,
    Order,
    Person,
    medication_request,
)
from fellesjournal.care.medication.safety import HardStop
from fellesjournal.foundation import clock


class Decision(StrEnum):
    """What becomes of a line."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Decisive:
    """One decided line: a change has its ``order``, a stop its ``code`` (7500), both ``why``."""

    decision: Decision
    version: int
    order: Order | None = None
    code: str = ""
    why: str = ""


def reconcile(
    session: Session,
    *,
    patient: str,
    decided: Mapping[str, Decisive],
    new: Sequence[Order] = (),
    encounter: str = "",
    seen: int,
    by_name: str,
    answers: Answers = Answers(),  # noqa: B008 - frozen
) -> Done:
    """The list after reconciliation: each line of it decided, by reference, and ``new`` added.

    A line that held during the stay only, and is continued, becomes a prescription that holds
    after it. Raises Refused (``undecided``, with the lines), and as ``change_medicine``; of all
    lines at once what is still to be confirmed (Unconfirmed).
    """
    now = standing(session, patient, seen)
    by = Person(session.person, by_name)
    if open_lines := [m.reference for m in now.medicines if m.reference not in decided]:
        raise Refused("undecided", *open_lines)
    changes, more = Changes(), list[Operation]()
    stops, alerts = list[HardStop](), list[Alert]()

    def cleared(order: Order, line: Medicine | None, name: str) -> None:
        found = check(session, now, order, instead_of=line)
        if (still := unanswered(found, answers)) is not None:
            stops.extend(still.stops)
            alerts.extend(still.alerts)
        else:
            more.extend(
                note_overridden(answers.reasons, found.blocking, found.met, patient, name, by)
            )

    for reference, decisive in decided.items():
        line = line_on(now, reference, decisive.version)
        if decisive.decision is Decision.STOP:
            stop_line(session, changes, line, decisive.code, decisive.why)
        elif decisive.decision is Decision.CHANGE:
            if decisive.order is None or len(decisive.why.strip()) < 3:
                raise Refused("no-reason", reference)
            order = replace(decisive.order, in_stay=False, encounter=encounter)
            name = replace_line(session, changes, line, order, decisive.why.strip(), by, patient)
            cleared(order, line, name)
        elif line.in_stay:
            order = _as_it_was(line, encounter)
            replace_line(session, changes, line, order, "Videreføres etter oppholdet", by, patient)
    for order in new:
        request = medication_request(
            patient, replace(order, in_stay=False, encounter=encounter), by, starts=clock.today()
        )
        cleared(order, None, changes.add(request, RECONCILED))
    if stops or alerts:
        raise Unconfirmed(tuple(stops), tuple(alerts))
    return carry_out(session, now, changes, by, "Samstemt.", encounter=encounter, more=more)


def _as_it_was(line: Medicine, encounter: str) -> Order:
    instruction = line.instruction
    return Order(
        line.name,
        line.atc,
        line.item,
        instruction.dosage,
        instruction.words,
        line.reason,
        encounter,
    )


__all__ = ["Decision", "Decisive", "reconcile"]
