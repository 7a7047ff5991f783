"""A citizen's request to have medicines renewed, and what a prescriber answers her: both are said once
and stay as they were said.

A request is a Communication about prescriptions of her own, to the unit of her list GP; an answer is
a Communication that is ``partOf`` it. Neither changes what is prescribed: that is the answer's own
act (care/medication). Who said "renewed" may take it back at once, with what it did; the answer then
stays, as entered in error. The platform alone notes on an answer who has seen it (access/opened.py).
Held on every path: pages, API and Bundles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fellesjournal.access.conversing import CATEGORY_SYSTEM, following, is_conversation
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import seen
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import in_transaction
from fellesjournal.store.commit import Change, Method

REQUEST = "renewal-request"
"""Asks for a renewal of the prescriptions it is about."""
ANSWER = "renewal-answer"
"""Says what came of it."""
PRESCRIBERS = frozenset({"doctor"})
"""Roles that prescribe, and so answer. Assumption: doctors; what midwives, public health nurses and
dentists may prescribe by helsepersonelloven § 11 is narrower and not built."""
TAKEN_BACK_WITHIN = timedelta(seconds=15)
"""So long an answer can be taken back: as a change of the list (ten seconds) and the act itself."""
TAKEN_BACK = "entered-in-error"
MOST_LINES = 50
"""More medicines than anybody asks for at once."""


def is_renewal_request(data: Mapping[str, Any]) -> bool:
    """Whether this is a request for a renewal."""
    return data.get("resourceType") == "Communication" and _has(data, REQUEST)


def is_renewal_answer(data: Mapping[str, Any]) -> bool:
    """Whether this says what came of a request."""
    return data.get("resourceType") == "Communication" and _has(data, ANSWER)


def office_of_gp(session: Session) -> str:
    """The unit (``Organization/1``) of the list GP of the citizen whose record is open; "" when she
    has none, or none that may read what she writes.
    """
    found = (each.unit for each in following(session) if GroundKind.LIST_GP in each.grounds)
    return next(found, "")


def alone(session: Session, subject: str) -> None:
    """Let whoever asks for the same citizen (``Patient/1``) at once wait until this transaction is
    over: what nobody has asked for yet is asked for once. To be called inside it.
    """
    assert in_transaction()  # else the lock ends with this statement
    session.connection().execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"renewal {subject}"]
    )


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed."""
    for change in changes:
        if change.type != "Communication":
            continue
        data = None if change.body is None else change.body.data
        if change.method is not Method.POST:
            _check_kept(session, change, data)
        elif data is not None and _has(data, REQUEST):
            _check_request(session, data)
        elif data is not None and _has(data, ANSWER):
            _check_answer(session, data)


def _check_kept(session: Session, change: Change, data: Mapping[str, Any] | None) -> None:
    stood = seen(session, f"Communication/{change.id}")
    if _is_taken_back(session, stood, data):
        return
    if any(
        each is not None and (_has(each, REQUEST) or _has(each, ANSWER)) for each in (data, stood)
    ):
        raise NotAllowed("what was asked for or answered stays as it was", code="forbidden")


def _is_taken_back(
    session: Session, stood: Mapping[str, Any] | None, data: Mapping[str, Any] | None
) -> bool:
    """Whether who answered takes her own answer back at once, and nothing else of it changes."""
    if stood is None or data is None or not _has(stood, ANSWER) or session.kind != "staff":
        return False
    if reading.reference_target(stood.get("sender")) != session.person:
        return False
    sent = reading.first_moment(stood, "sent")
    # both ways: a time that is still to come keeps no answer open until then
    if sent is None or abs(clock.now() - sent.at) > TAKEN_BACK_WITHIN:
        return False
    return _said(stood) == _said(data) and data.get("status") == TAKEN_BACK


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in {"status", "meta"}}


def _check_request(session: Session, data: Mapping[str, Any]) -> None:
    subject = reading.reference_target(data.get("subject"))
    if session.kind != "citizen" or reading.reference_target(data.get("sender")) != session.person:
        raise NotAllowed("a renewal is asked for by the citizen herself", code="forbidden")
    if is_conversation(data) or _has(data, ANSWER) or data.get("partOf") or data.get("extension"):
        # who asks promises nothing in the name of the unit: the platform says by when it answers
        raise NotAllowed("it is a request for a renewal, and nothing else", code="forbidden")
    recipients = [reading.reference_target(e) for e in reading.elements(data.get("recipient"))]
    if len(recipients) != 1 or recipients[0] != office_of_gp(session):
        raise NotAllowed("a renewal is asked for at the GP's office", code="forbidden")
    lines = _about(data)
    if not 0 < len(lines) <= MOST_LINES or not all(_is_hers(session, e, subject) for e in lines):
        raise NotAllowed("it is about no prescription of hers", code="forbidden")


def _is_hers(session: Session, line: str, subject: str) -> bool:
    if not line.startswith("MedicationRequest/"):
        return False
    found = seen(session, line)
    return found is not None and reading.reference_target(found.get("subject")) == subject


def _check_answer(session: Session, data: Mapping[str, Any]) -> None:
    if session.kind != "staff" or session.role not in PRESCRIBERS:
        raise NotAllowed("this role does not prescribe", code="forbidden")
    if reading.reference_target(data.get("sender")) != session.person:
        raise NotAllowed("nobody answers for another", code="forbidden")
    parents = [reading.reference_target(each) for each in reading.elements(data.get("partOf"))]
    asked = seen(session, parents[0]) if len(parents) == 1 else None
    about = reading.reference_target(data.get("subject"))
    if (
        is_conversation(data)
        or asked is None
        or not _has(asked, REQUEST)
        or reading.reference_target(asked.get("subject")) != about
        or not set(_about(data)) <= set(_about(asked))
    ):
        raise NotAllowed("it answers no request of hers", code="forbidden")


def _about(data: Mapping[str, Any]) -> list[str]:
    return [reading.reference_target(each) for each in reading.elements(data.get("about"))]


def _has(data: Mapping[str, Any], code: str) -> bool:
    return any(
        (system, found) == (CATEGORY_SYSTEM, code)
        for concept in reading.elements(data.get("category"))
        for system, found, _ in reading.codings(concept)
    )


__all__ = [
    "ANSWER",
    "MOST_LINES",
    "PRESCRIBERS",
    "REQUEST",
    "TAKEN_BACK",
    "TAKEN_BACK_WITHIN",
    "alone",
    "check",
    "is_renewal_answer",
    "is_renewal_request",
    "office_of_gp",
]
