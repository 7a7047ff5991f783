"""Prescribe, change, stop: one line of the list at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fellesjournal.access import acts, patients
from fellesjournal.access.acts import act
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions.standing import (
    Answers,
    Changes,
    Done,
    carry_out,
    may_prescribe,
    standing,
)
from fellesjournal.care.medication.alerts import Alert, alerts_for
from fellesjournal.care.medication.formulary import is_weekly_only
from fellesjournal.care.medication.issues import (
    is_answered,
    note_overridden,
    note_shown,
    of_this_visit,
)
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.resources import (
    CHANGED,
    PRESCRIBED,
    STOP_REASONS,
    Medicine,
    Order,
    Person,
    Resource,
    ended,
    medication_request,
    own_coding,
    stop_coding,
)
from fellesjournal.care.medication.safety import HardStop, hard_stops
from fellesjournal.foundation import clock

_LEAST_REASON = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the way of an order. ``answered`` are alerts already gone past in this
    visit: they are shown beside the form, and ask for nothing again.
    """

    stops: tuple[HardStop, ...]
    alerts: tuple[Alert, ...]
    answered: tuple[Alert, ...]
    met: Mapping[str, tuple[Resource, int]]

    @property
    def blocking(self) -> tuple[Alert, ...]:
        """The alerts for which a reason must be given."""
        return tuple(each for each in self.alerts if each.blocks)


def check(
    session: Session, now: MedicationList, order: Order, *, instead_of: Medicine | None = None
) -> Findings:
    """What must be confirmed or given a reason for before this order; reads, writes nothing.

    ``instead_of`` is the line it takes the place of. Raises Refused without a dose.
    """
    (found,) = check_each(session, now, [(order, instead_of)])
    return found


def alerts_of_choice(
    session: Session, now: MedicationList, order: Order, *, instead_of: Medicine | None = None
) -> tuple[Alert, ...]:
    """The alerts of a medicine that is chosen, before any dose is written; reads, writes nothing.

    They are only told: what must be answered is asked for by :func:`check`, with the dose.
    """
    return _alerts(_allergies(session, now), now, order, instead_of)


def check_each(
    session: Session, now: MedicationList, orders: Sequence[tuple[Order, Medicine | None]]
) -> list[Findings]:
    """As :func:`check` for several orders, each with the line it takes the place of: what they are
    held against is read once. Raises Refused without a dose.
    """
    for order, _ in orders:
        if order.dosage is None and not order.words.strip():
            raise Refused("no-dose", order.name)
    allergies = _allergies(session, now)
    alerts = [_alerts(allergies, now, order, line) for order, line in orders]
    met = of_this_visit(session, now.patient) if any(alerts) else {}
    return [
        _findings(order, line, raised, met)
        for (order, line), raised in zip(orders, alerts, strict=True)
    ]


def _allergies(session: Session, now: MedicationList) -> list[Resource]:
    patient = now.patient.removeprefix("Patient/")
    found = patients.record_of(session, patient, {"AllergyIntolerance": 100})
    return [acts.content(each) for each in found["AllergyIntolerance"]]


def _alerts(
    allergies: Sequence[Resource], now: MedicationList, order: Order, line: Medicine | None
) -> tuple[Alert, ...]:
    return alerts_for(
        order.atc,
        order.name,
        allergies=allergies,
        in_use=now.in_use(),
        replaces={line.reference} if line else (),
    )


def _findings(
    order: Order,
    line: Medicine | None,
    alerts: Sequence[Alert],
    met: Mapping[str, tuple[Resource, int]],
) -> Findings:
    answered = tuple(each for each in alerts if each.id in met and is_answered(met[each.id][0]))
    return Findings(
        stops=hard_stops(
            order.dosage,
            order.words,
            before=line.instruction if line else None,
            weekly_only=is_weekly_only(order.atc, order.name),
            medicine=order.name,
        ),
        alerts=tuple(each for each in alerts if each not in answered),
        answered=answered,
        met=met,
    )


def meet(session: Session, now: MedicationList, found: Findings, by: Person) -> None:
    """Record that the blocking alerts were shown, so that heeded ones count too (INV-22)."""
    noted = note_shown(found.blocking, found.met, now.patient, by)
    if noted and may_prescribe(session):
        act(session, noted)


def unanswered(found: Findings, answers: Answers) -> Unconfirmed | None:
    """What is still to be said before it is done; None when all is."""
    stops = tuple(stop for stop in found.stops if stop.id not in answers.confirmed)
    alerts = tuple(
        each
        for each in found.blocking
        if len(answers.reasons.get(each.id, "").strip()) < _LEAST_REASON
    )
    return Unconfirmed(stops, alerts) if stops or alerts else None


def prescribe(
    session: Session,
    *,
    patient: str,
    order: Order,
    seen: int,
    by_name: str,
    answers: Answers = Answers(),  # noqa: B008 - frozen
) -> Done:
    """A new medicine on the list of ``patient`` (Patient/1), whose number on the page was ``seen``.

    Raises NotAllowed, ListChanged, Unconfirmed (stops and alerts not answered), Refused without
    a dose.
    """
    now = standing(session, patient, seen)
    by = Person(session.person, by_name)
    found = check(session, now, order)
    if (still := unanswered(found, answers)) is not None:
        raise still
    changes = Changes()
    request = medication_request(patient, order, by, starts=clock.today())
    name = changes.add(request, PRESCRIBED)
    more = note_overridden(answers.reasons, found.blocking, found.met, patient, name, by)
    return carry_out(session, now, changes, by, f"Forskrevet: {order.name}.", more=more)


def change_medicine(
    session: Session,
    *,
    patient: str,
    medicine: str,
    medicine_seen: int,
    order: Order,
    why: str,
    seen: int,
    by_name: str,
    answers: Answers = Answers(),  # noqa: B008 - frozen
) -> Done:
    """Another dose, strength or reason for a line (``medicine`` is its reference) of the list.

    A change between day and week is refused until it is confirmed outright (INV-19). Raises as
    :func:`prescribe`, and Refused for what is not on the list or has no reason.
    """
    now = standing(session, patient, seen)
    by = Person(session.person, by_name)
    line = line_on(now, medicine, medicine_seen)
    if len(why.strip()) < _LEAST_REASON:
        raise Refused("no-reason", medicine)
    found = check(session, now, order, instead_of=line)
    if (still := unanswered(found, answers)) is not None:
        raise still
    changes = Changes()
    name = replace_line(session, changes, line, order, why.strip(), by, patient)
    more = note_overridden(answers.reasons, found.blocking, found.met, patient, name, by)
    note = f"Endret: {order.name}. {why.strip()}"
    return carry_out(session, now, changes, by, note, more=more)


def stop(
    session: Session,
    *,
    patient: str,
    medicine: str,
    medicine_seen: int,
    code: str,
    why: str,
    seen: int,
    by_name: str,
) -> Done:
    """A line goes from the list, with a reason by code (7500) and in words.

    Raises NotAllowed, ListChanged, Refused (``no-reason``, ``not-on-the-list``).
    """
    now = standing(session, patient, seen)
    by = Person(session.person, by_name)
    line = line_on(now, medicine, medicine_seen)
    changes = Changes()
    stop_line(session, changes, line, code, why)
    return carry_out(session, now, changes, by, f"Seponert: {line.name}. {why.strip()}")


def line_on(now: MedicationList, medicine: str, version: int) -> Medicine:
    """The line as it was on the page. Raises Refused for none, ListChanged for a changed one."""
    line = now.of(medicine)
    if line is None:
        raise Refused("not-on-the-list", medicine)
    if line.version != version:
        raise ListChanged(now.number, now.number)
    return line


def stop_line(session: Session, changes: Changes, line: Medicine, code: str, why: str) -> None:
    """Let a line go within an act. Raises Refused without a known code and words."""
    if code not in STOP_REASONS or len(why.strip()) < _LEAST_REASON:
        raise Refused("no-reason", line.reference)
    data = body_of(session, line)
    changes.remove(line.reference, ended(data, stop_coding(code), why.strip()), line.version)


def replace_line(
    session: Session,
    changes: Changes,
    line: Medicine,
    order: Order,
    why: str,
    by: Person,
    patient: str,
) -> str:
    """Let an order take the place of a line within an act; answers how the act refers to it."""
    data = body_of(session, line)
    changes.remove(line.reference, ended(data, own_coding(CHANGED), why), line.version)
    request = medication_request(patient, order, by, starts=clock.today(), prior=line.reference)
    return changes.add(request, CHANGED)


def body_of(session: Session, line: Medicine) -> Resource:
    """The resource of a line as it was on the page. Raises ListChanged when it is another now."""
    kind, _, fhir_id = line.reference.partition("/")
    data: dict[str, Any]
    data, version = acts.read(session, kind, fhir_id)
    if version != line.version:
        raise ListChanged(line.version, version)
    return data


__all__ = [
    "Findings",
    "body_of",
    "change_medicine",
    "check",
    "check_each",
    "line_on",
    "meet",
    "prescribe",
    "replace_line",
    "stop",
    "stop_line",
    "unanswered",
]
