"""Everything that is done to appointments: booked, moved, called off, missed, kept.

Each is one act (access.acts): the resource, its line in the log and its event stand together or
not at all. That one time is given once is the database's own rule (store/claims.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fellesjournal.access import acts, booked
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.scheduling import events
from fellesjournal.care.scheduling.queries import FreeTime, next_free
from fellesjournal.care.scheduling.resources import Appointment, read_appointment
from fellesjournal.fhir.issues import Conflict, NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event

_NEAREST = 6
_GP_CONSULTATION = {
    "coding": [
        {
            "system": "https://fellesjournal.example/fhir/CodeSystem/encounter-type",
            "code": "gp",
            "display": "Konsultasjon hos fastlege",
        }
    ],
    "text": "Konsultasjon hos fastlege",
}


class JustTaken(Conflict):
    """Somebody was first (409). ``nearest`` are the free times closest to the one wanted."""

    def __init__(self, nearest: list[FreeTime]) -> None:
        super().__init__("this time has just been taken", code="duplicate")
        self.nearest = nearest


class InvalidState(Conflict):
    """What was wanted does not fit what the appointment is (409): it was called off, say."""

    def __init__(self, why: str) -> None:
        super().__init__(why, code="business-rule")


def book(
    session: Session, *, patient: str, time: FreeTime, reason: str = "", is_told: bool = True,
    form: str = "",
) -> Appointment:  # fmt: skip
    """Book a time for a patient (``Patient/1``).

    ``is_told``: she knows of it, for she chose it or is present; else she is on the call list
    until somebody has told her. ``form`` is the key of the form, for one that is sent twice.
    Raises JustTaken, NotAllowed, Unprocessable, and acts.DoneBefore, once.RefusedBefore.
    """
    made = booked.booked(
        patient=patient, schedule=time.schedule.data, opening=time.opening,
        reason=reason.strip()[: LIMITS.reason.number], now=clock.now(), is_told=is_told,
    )  # fmt: skip
    return _claim(session, acts.create(made), events.APPOINTMENT_BOOKED, time, form)


def move(
    session: Session, *, patient: str, appointment: str, seen: int, time: FreeTime,
    is_told: bool = True,
) -> Appointment:  # fmt: skip
    """Move an appointment to another time of its schedule, in one act: the old time is free in
    the moment the new one is taken. Raises JustTaken, InvalidState, PreconditionFailed.
    """
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending"}, "only what is to come can be moved")
    wanted = booked.moved(standing, opening=time.opening, is_told=is_told)
    return _claim(session, acts.change(wanted, seen=seen), events.APPOINTMENT_MOVED, time)


def cancel(
    session: Session, *, patient: str, appointment: str, seen: int, code: str, reason: str = ""
) -> Appointment:
    """Call an appointment off with a code of 7621; that it was late is noted by the limit.

    Raises InvalidState, PreconditionFailed, Unprocessable for a code that does not fit.
    """
    allowed = (booked.BY_SERVICE, booked.NOT_AT_HOME, booked.BY_CITIZEN, booked.ON_BEHALF)
    if code not in allowed:
        raise Unprocessable("this is no reason to call an appointment off", code="code-invalid")
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending", "arrived"}, "it has been called off or is over")
    words = reason.strip()[: LIMITS.reason.number]
    wanted = booked.cancelled(standing, code=code, reason=words, now=clock.now())
    return _change(session, wanted, seen, events.APPOINTMENT_CANCELLED)


def mark_missed(session: Session, *, patient: str, appointment: str, seen: int) -> Appointment:
    """The patient did not come (7621 IM). Not before it has begun. Raises InvalidState."""
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending"}, "only who has not come can be missed")
    span = booked.span_of(standing)
    if span is None or clock.now() < span[0]:
        raise InvalidState("it has not begun yet")
    return _change(
        session, booked.missed(standing, now=clock.now()), seen, events.APPOINTMENT_MISSED
    )


def mark_arrived(session: Session, *, patient: str, appointment: str, seen: int) -> Appointment:
    """The patient is here. Raises InvalidState for another day's appointment."""
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending", "noshow"}, "she is here already, or it is called off")
    _not_too_early(standing)
    return _change(session, {**standing, "status": "arrived"}, seen)


def confirm_notice(session: Session, *, patient: str, appointment: str, seen: int) -> Appointment:
    """The patient knows of the time: she said so, or was told, or a letter reached her."""
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending"}, "only what is to come is told of")
    return _change(session, booked.told(standing), seen)


def start_consultation(
    session: Session, *, patient: str, appointment: str, seen: int
) -> tuple[Appointment, str]:
    """Begin: an Encounter in progress, with who begins it, and the appointment kept; one act.

    Answers the appointment and the id of the Encounter. Raises InvalidState.
    """
    standing = _standing(session, patient, appointment, seen)
    _require(standing, {"booked", "pending", "arrived", "checked-in", "noshow"}, "it has begun")
    _not_too_early(standing)
    wanted = {**standing, "status": "fulfilled"}
    encounter = _encounter(session, wanted, patient)
    kept, made = acts.act(session, [acts.change(wanted, seen=seen), acts.create(encounter)])
    return read_appointment(acts.content(kept), kept.id, kept.version), made.id


def end_consultation(session: Session, *, patient: str, encounter: str, seen: int) -> None:
    """The Encounter is finished. Raises InvalidState, NotFound for another patient's."""
    standing, version = acts.read(session, "Encounter", encounter)
    if (standing.get("subject") or {}).get("reference") != patient:
        raise NotFound(f"Encounter/{encounter} is not known")
    if standing.get("status") != "in-progress":
        raise InvalidState("it is not under way")
    period = {**standing.get("period", {}), "end": clock.now_text()}
    wanted = {**standing, "status": "finished", "period": period}
    acts.act(session, [acts.change(wanted, seen=seen or version)])


def _encounter(session: Session, appointment: dict[str, Any], patient: str) -> dict[str, Any]:
    labels = {
        name: found
        for name, found in appointment.get("meta", {}).items()
        if name in {"security", "tag"}
    }
    made: dict[str, Any] = {
        "resourceType": "Encounter",
        **({"meta": labels} if labels else {}),
        "status": "in-progress",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "type": [_GP_CONSULTATION],
        "subject": {"reference": patient},
        "participant": [{"individual": {"reference": session.person}}],
        "appointment": [{"reference": f"Appointment/{appointment['id']}"}],
        "period": {"start": clock.now_text()},
    }  # fmt: skip
    if "reasonCode" in appointment:
        made["reasonCode"] = appointment["reasonCode"]
    if session.unit:
        made["serviceProvider"] = {"reference": session.unit}
    return made


def _claim(
    session: Session, operation: Operation, event: str, time: FreeTime, form: str = ""
) -> Appointment:
    try:
        (stored,) = acts.act(session, [operation], _tells(event), form=form)
    except Conflict as error:
        if not any(issue.code == "duplicate" for issue in error.issues):
            raise
        nearest = next_free(session, [time.schedule], time.opening.start, most=_NEAREST)
        raise JustTaken(nearest) from None
    return read_appointment(acts.content(stored), stored.id, stored.version)


def _change(
    session: Session, wanted: dict[str, Any], seen: int, event: str | None = None
) -> Appointment:
    tell = None if event is None else _tells(event)
    (stored,) = acts.act(session, [acts.change(wanted, seen=seen)], tell)
    return read_appointment(acts.content(stored), stored.id, stored.version)


def _tells(name: str) -> acts.Tell:
    def tell(stood: Sequence[acts.Stored]) -> list[Event]:
        return [events.about(name, acts.content(each), each.id) for each in stood]

    return tell


def _standing(session: Session, patient: str, appointment: str, seen: int) -> dict[str, Any]:
    """What stands, of this patient; another version than the one seen is refused by the act."""
    standing, version = acts.read(session, "Appointment", appointment)
    if booked.patient_of(standing) != patient:
        raise NotFound(f"Appointment/{appointment} is not known")
    if version != seen:
        raise PreconditionFailed(f"version {version} stands, not {seen}")
    return standing


def _require(standing: dict[str, Any], statuses: set[str], why: str) -> None:
    if standing.get("status") not in statuses:
        raise InvalidState(why)


def _not_too_early(standing: dict[str, Any]) -> None:
    span = booked.span_of(standing)
    if span is None or span[0] - clock.now() > LIMITS.arrives_before.time:
        raise InvalidState("it is another day's appointment")


__all__ = [
    "InvalidState",
    "JustTaken",
    "book",
    "cancel",
    "confirm_notice",
    "end_consultation",
    "mark_arrived",
    "mark_missed",
    "move",
    "start_consultation",
]
