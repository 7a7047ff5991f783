"""Renew: the same prescriptions anew, with the dose untouched and every check made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.medication.actions.prescribing import (
    Findings,
    body_of,
    check_each,
    line_on,
    unanswered,
)
from fellesjournal.care.medication.actions.standing import (
    Answers,
    Changes,
    Done,
    carry_out,
    standing,
)
from fellesjournal.care.medication.issues import note_overridden
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.refusals import Refused, Unconfirmed
from fellesjournal.care.medication.resources import (
    ON_REQUEST,
    RENEWED,
    Medicine,
    Order,
    Person,
    ended,
    own_coding,
    renewed_request,
)
from fellesjournal.fhir.dosage import Doubt
from fellesjournal.foundation import clock

_WHY = "Fornyet"


class Unrenewable(StrEnum):
    """Why a line is not renewed as it is."""

    NOT_PRESCRIBED = "not-prescribed"
    NO_DOSE = "no-dose"
    PAUSED = "paused"
    IN_STAY = "in-stay"
    ENDS = "ends"
    DOUBTFUL = "doubtful"


def why_not(line: Medicine) -> Unrenewable | None:
    """Why a line can't be prescribed again as it stands; None when it can.

    A course with an end, or with steps, would begin anew: that is decided on by a prescription of
    its own, never by a renewal (INV-19).
    """
    if not line.reference.startswith("MedicationRequest/"):
        return Unrenewable.NOT_PRESCRIBED
    if line.in_stay:
        return Unrenewable.IN_STAY
    if line.is_paused:
        return Unrenewable.PAUSED
    dosage = line.instruction.dosage
    if dosage is None:
        if not line.instruction.words.strip():
            return Unrenewable.NO_DOSE
        # words and structure that say two things are not said again
        return Unrenewable.DOUBTFUL if line.instruction.doubt is Doubt.DISAGREES else None
    (first, *more) = dosage.steps
    return Unrenewable.ENDS if more or first.days or first.until else None


def as_it_stands(line: Medicine) -> Order:
    """The order that a renewal of a line is, to be held against allergies and the list."""
    return Order(
        line.name,
        line.atc,
        line.item,
        line.instruction.dosage,
        line.instruction.words,
        line.reason,
    )


def check_renewal(
    session: Session, now: MedicationList, lines: Mapping[str, int]
) -> list[Findings]:
    """What stands in the way of renewing these lines; reads, writes nothing."""
    found = [each for each in now.medicines if each.reference in lines and why_not(each) is None]
    return check_each(session, now, [(as_it_stands(each), each) for each in found])


def renew(
    session: Session,
    *,
    patient: str,
    lines: Mapping[str, int],
    seen: int,
    by_name: str,
    answers: Answers = Answers(),  # noqa: B008 - frozen
    asked_for: Sequence[Operation] = (),
) -> Done:
    """The lines (``MedicationRequest/1`` and the version on the page) prescribed again, in one act.

    ``asked_for`` are what the same act answers: the patient's request. Raises NotAllowed,
    ListChanged, Unconfirmed (of all lines at once), Refused (``nothing-chosen``,
    ``not-on-the-list``, ``not-renewable``).
    """
    now = standing(session, patient, seen)
    if not lines:
        raise Refused("nothing-chosen")
    by = Person(session.person, by_name)
    chosen = [line_on(now, reference, version) for reference, version in lines.items()]
    if kept := [each.reference for each in chosen if why_not(each) is not None]:
        raise Refused("not-renewable", *kept)
    found = check_each(session, now, [(as_it_stands(each), each) for each in chosen])
    open_ = [still for each in found if (still := unanswered(each, answers)) is not None]
    if open_:
        raise Unconfirmed(
            tuple(stop for each in open_ for stop in each.stops),
            tuple(alert for each in open_ for alert in each.alerts),
        )
    changes, more = Changes(), list[Operation](asked_for)
    for line, findings in zip(chosen, found, strict=True):
        data = body_of(session, line)
        changes.remove(line.reference, ended(data, own_coding(RENEWED), _WHY), line.version)
        name = changes.add(
            renewed_request(data, by, starts=clock.today()),
            ON_REQUEST if asked_for else RENEWED,
        )
        more += note_overridden(answers.reasons, findings.blocking, findings.met, patient, name, by)
    named = ", ".join(each.name for each in chosen)
    return carry_out(session, now, changes, by, f"{_WHY}: {named}.", more=more)


__all__ = ["Unrenewable", "as_it_stands", "check_renewal", "renew", "why_not"]
