"""Admitting, placing, and taking back what was registered by mistake."""

from __future__ import annotations

from datetime import datetime, timedelta

from fellesjournal.access import acts, records
from fellesjournal.access.acts import DoneBefore, act, change, create
from fellesjournal.access.discharges import LEAST_WORDS, MISTAKE
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import codes, events
from fellesjournal.care.stays.actions.standing import load, load_lasting, named
from fellesjournal.care.stays.queries import open_stay
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import (
    Placing,
    Stay,
    exception,
    new_stay,
    placed,
    stay_of,
    with_extension,
)
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

REGISTERED_WITHIN = timedelta(days=2)
"""Assumption (configurable): how long after it a coming may be written down as an admission."""
_CLOCKS_DIFFER = timedelta(minutes=5)


def admit(
    session: Session,
    *,
    patient: str,
    number: str,
    placing: Placing,
    reason: str,
    is_acute: bool,
    referral: str = "",
    at: datetime | None = None,
) -> Stay:
    """Admit a patient (an id) to the unit of who asks: an Encounter in progress, and ``admitted``.

    ``number`` identifies the form: sent twice, she is admitted once (INV-8), and a copy that comes
    after she has been discharged answers the stay it made. ``referral`` is the
    id of an accepted ServiceRequest for a planned admission. ``at`` is when she came, now or up
    to REGISTERED_WITHIN ago. The names in ``placing`` are read anew. Raises StayRefused
    (ALREADY_IN this unit, MISSING reason or doctor, NOT_THEN).
    """
    now = clock.now()
    at = now if at is None else at
    missing = [
        name
        for name, said in (("reason", reason.strip()), ("doctor", placing.doctor.reference))
        if not said
    ]
    if missing:
        raise StayRefused(Why.MISSING, *missing)
    if not now - REGISTERED_WITHIN <= at <= now + _CLOCKS_DIFFER:
        raise StayRefused(Why.NOT_THEN)
    made_before = _of_form(session, patient, number)
    if made_before is not None:
        return made_before
    there = open_stay(session, patient)
    if there is not None and there.unit.reference == session.unit:
        raise StayRefused(Why.ALREADY_IN)
    unit, *_ = named(session, session.unit)
    encounter = new_stay(
        number=number,
        patient=f"Patient/{patient}",
        unit=unit,
        placing=_named(session, placing),
        reason=reason.strip(),
        is_acute=is_acute,
        referral=referral,
        at=at,
    )
    # two who admit her at once admit her once
    unless = (
        f"patient=Patient/{patient}&service-provider={session.unit}&status=in-progress"
        f"&class={codes.ACT_CODE}%7CIMP"
    )
    facts = {"referral": f"ServiceRequest/{referral}"} if referral else {}
    try:
        (stood,) = act(
            session,
            [create(encounter, unless=unless)],
            lambda made: [
                events.of_stay(events.ADMITTED, f"Patient/{patient}", each.reference, **facts)
                for each in made
            ],
            form=number,
        )
    except DoneBefore:  # by a copy of the form that came at the same time
        made_before = _of_form(session, patient, number)
        if made_before is None:
            raise StayRefused(Why.ALREADY_IN) from None
        return made_before
    return stay_of(acts.content(stood), stood.version)


def _of_form(session: Session, patient: str, number: str) -> Stay | None:
    """The stay that this form has made before, whatever has become of it."""
    asked = [("patient", patient), ("identifier", f"{codes.STAY_NUMBER}|{number}")]
    for stored in records.search(session, "Encounter", asked).matches:
        return stay_of(acts.content(stored), stored.version)
    return None


def place(session: Session, *, patient: str, stay_id: str, seen: int, placing: Placing) -> Stay:
    """Another bed, doctor or nurse; who had it before is kept with the end of it.

    Raises StayRefused (NOT_YOURS, OVER, MISSING doctor), PreconditionFailed.
    """
    encounter, _ = load_lasting(session, patient, stay_id)
    if not placing.doctor.reference:
        raise StayRefused(Why.MISSING, "doctor")
    moved = placed(encounter, _named(session, placing), clock.now())
    (stood,) = act(session, [change(moved, seen=seen)])
    return stay_of(acts.content(stood), stood.version)


def take_back(session: Session, *, patient: str, stay_id: str, seen: int, words: str) -> None:
    """Say that a stay was registered by mistake, and why; it stays in the history.

    Raises StayRefused (NOT_YOURS, NO_REASON), PreconditionFailed.
    """
    encounter, stay = load(session, patient, stay_id)
    if len(words.strip()) < LEAST_WORDS:
        raise StayRefused(Why.NO_REASON)
    (me,) = named(session, session.person)
    why = exception(MISTAKE, words.strip(), me, clock.now())
    wrong = {**with_extension(encounter, why), "status": "entered-in-error"}
    act(
        session,
        [change(wrong, seen=seen)],
        lambda _: [events.of_stay(events.TAKEN_BACK, stay.patient, stay.reference)],
    )


def _named(session: Session, placing: Placing) -> Placing:
    """With the names of the directory. Raises NotFound for somebody who is not in it."""
    doctor, nurse = named(session, placing.doctor.reference, placing.nurse.reference)
    for each in (doctor, nurse):
        if each.reference and not each.name:
            raise NotFound(f"{each.reference} is not known")
    return Placing(placing.bed.strip(), doctor, nurse)


__all__ = ["REGISTERED_WITHIN", "admit", "place", "take_back"]
