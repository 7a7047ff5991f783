"""Ready for discharge, a change of it, and its withdrawal: each a dated fact of its own."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change, meanwhile
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import events
from fellesjournal.care.stays.actions.standing import load_lasting, named
from fellesjournal.care.stays.readiness import Said, as_extension
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import Stay, stay_of, with_extension
from fellesjournal.foundation import clock

FORETOLD = timedelta(days=14)
"""Assumption (configurable): how far ahead somebody may be said to be ready."""


def mark_ready(
    session: Session, *, patient: str, stay_id: str, since: datetime | None = None, form: str = ""
) -> Stay:
    """Say that a patient is ready for discharge ``since`` a time (aware; None: now).

    Assumption (configurable, this is the place): doctors and nurses of the ward both may.
    Raises StayRefused (ALREADY_READY, OVER, NOT_YOURS, NOT_THEN; NOT_READY when the same ``form``
    has said it before and it was withdrawn since: a late copy says nothing, INV-8).
    """

    def once() -> Stay:
        stay = load_lasting(session, patient, stay_id)[1]
        if stay.ready is not None:
            raise StayRefused(Why.ALREADY_READY)
        return _say(session, patient, stay_id, str(uuid.uuid4()), since or clock.now(), form=form)

    try:
        return meanwhile(once)
    except acts.DoneBefore as error:
        raise StayRefused(Why.NOT_READY) from error


def change_ready(
    session: Session, *, patient: str, stay_id: str, notice: str, since: datetime
) -> Stay:
    """Another time in the notice that stands. Raises StayRefused (NOT_READY when it stands no
    more, OVER, NOT_YOURS, NOT_THEN).
    """

    def once() -> Stay:
        _must_stand(session, patient, stay_id, notice)
        return _say(session, patient, stay_id, notice, since)

    return meanwhile(once)


def withdraw_ready(
    session: Session, *, patient: str, stay_id: str, notice: str, words: str = ""
) -> Stay:
    """Say that she is not ready after all; the notice stays as it was said, with its end.

    Raises StayRefused (NOT_READY when it stands no more, OVER, NOT_YOURS).
    """

    def once() -> Stay:
        _must_stand(session, patient, stay_id, notice)
        return _say(session, patient, stay_id, notice, None, words.strip())

    return meanwhile(once)


def _must_stand(session: Session, patient: str, stay_id: str, notice: str) -> None:
    stay = load_lasting(session, patient, stay_id)[1]
    if stay.ready is None or stay.ready.notice != notice:
        raise StayRefused(Why.NOT_READY)


def _say(
    session: Session,
    patient: str,
    stay_id: str,
    notice: str,
    since: datetime | None,
    words: str = "",
    *,
    form: str = "",
) -> Stay:
    encounter, stay = load_lasting(session, patient, stay_id)
    now = clock.now()
    if since is not None:
        came = None if stay.since is None else stay.since.at
        if since > now + FORETOLD or (came is not None and since < came):
            raise StayRefused(Why.NOT_THEN)
    (me,) = named(session, session.person)
    said = Said(notice, now, me.reference, me.name, since, words)
    name = events.NOT_READY if since is None else events.READY
    (stood,) = act(
        session,
        [change(with_extension(encounter, as_extension(said)), seen=stay.version)],
        lambda _: [events.of_stay(name, stay.patient, stay.reference, notice=notice)],
        form=form,
    )
    return stay_of(acts.content(stood), stood.version)


__all__ = ["FORETOLD", "change_ready", "mark_ready", "withdraw_ready"]
