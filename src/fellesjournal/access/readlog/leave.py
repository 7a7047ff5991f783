"""Who may read the read log: the citizen her own, whoever acts for her with leave for that
area, and those whose duty it is to review all reading.

A line of the log is no resource, so that the predicate of the policy does not reach it: what
a session may see of it is decided here, from the mandate it enters the database with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.readlog.queries import Database, Line, Names, names_of, number_of
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.smart.scopes import Context
from fellesjournal.access.smart.sessions import SmartSession
from fellesjournal.fhir.issues import NotFound

# Names of who acted are told to those who may read the log, whatever else they may see.
REGISTER = system_session("system:read-log", purpose="PATRQT")


def names_in(found: Iterable[Line]) -> Names:
    """What to call who acted in lines that may be seen (:func:`log_patient`)."""
    return names_of(REGISTER.connection(), list(found))


def opens_log(session: Session, *, letter: str = "s") -> bool:
    """Whether a citizen's session may read the log of the record it has open."""
    return (
        session.mandate is not None
        and session.mandate.opens(Area.LOG)
        and _scopes_reach(session, session.subject, letter)
    )


def log_patient(session: Session, patient: str, *, letter: str = "s") -> int:
    """The number of the patient (``Patient/1``) whose log the session may read.

    ``letter`` is the letter of a scope that an app needs: s to search, r to read. Raises
    NotFound in every other case, whether there is such a patient or not (INV-33).
    """
    database = session.connection()
    if session.mandate is not None and session.subject == patient:
        if opens_log(session, letter=letter):
            return session.mandate.subject
    elif _scopes_reach(session, patient, letter) and reviews_all(session):
        found = number_of(database, patient)
        if found is not None:
            return found
    raise NotFound(f"{patient} is not known")


def reviews_all(session: Session) -> bool:
    """Whether it is this person's duty to review all reading."""
    role = role_of(session.role) if session.kind == "staff" else None
    return role is not None and Duty.REVIEW_ALL in role.duties


def reads_some(session: Session) -> bool:
    """Whether there may be any log that this session reads as AuditEvents."""
    return session.kind == "citizen" or reviews_all(session)


@dataclass(frozen=True, slots=True)
class Opened:
    """One break-glass: why, in a code and in words, and how long it held."""

    reason_code: str
    reason: str
    starts: datetime
    ends: datetime


def openings_said(database: Database, patient: int, numbers: Iterable[int]) -> dict[int, Opened]:
    """What was said when a record was opened past a closed door, by number of the opening.

    For those who may read the log of this patient: see :func:`log_patient`.
    """
    rows = database.execute(
        "select id, reason_code, reason, to_timestamp(starts / 1e6), to_timestamp(ends / 1e6)"
        " from access.opening where id = any(%s) and patient = %s",
        [list(numbers), patient],
    )
    return {number: Opened(*said) for number, *said in rows}


def _scopes_reach(session: Session, patient: str, letter: str) -> bool:
    """Whether an app's scopes open the log of this patient; a restricted scope opens none."""
    if not isinstance(session, SmartSession):
        return True
    return any(
        letter in each.letters("AuditEvent")
        and (each.context != Context.PATIENT or f"Patient/{session.patient}" == patient)
        for each in session.scopes
    )


__all__ = ["Opened", "log_patient", "names_in", "openings_said", "reads_some", "reviews_all"]
