"""Messages from units on other systems: each is taken in once and answered once (INV-5, INV-8).

A message about a patient and unit we have becomes a document in her record and owned work at the
unit; a receipt becomes evidence of a delivery; everything else is rejected with the reason. What
can't be answered (no XML, no sender) is kept apart and counted: see :func:`unanswerable`.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC
from enum import StrEnum

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions
from fellesjournal.care.messages.outside.evidence import delivery_answered
from fellesjournal.care.messages.outside.incoming import read_incoming
from fellesjournal.care.messages.outside.keeping import keep
from fellesjournal.care.messages.outside.mailbox import mailbox
from fellesjournal.care.messages.states import State
from fellesjournal.fhir.issues import BadRequest, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.mailbox import Unreadable
from fellesjournal.foundation.outbox import ledger
from fellesjournal.national.answers import (
    Heading,
    NoAnswer,
    heading_of,
    receipt_for,
    rejection_for,
)
from fellesjournal.national.kinds import READERS
from fellesjournal.national.receipts import RECEIPT, Outcome, Receipt, read_receipt, write_receipt
from fellesjournal.national.refusals import NotValid, NotXml, Problem, Refused
from fellesjournal.national.values import Timestamp

_PROVES = {
    Outcome.ACCEPTED.value: State.ACCEPTED,
    Outcome.REJECTED.value: State.REJECTED,
    Outcome.PARTLY.value: State.ACCEPTED_WITH_ERRORS,
}


UNKNOWN = "unknown"


class Fate(StrEnum):
    """What became of a message that came; each has exactly one."""

    QUEUED = "queued"
    REJECTED = "rejected"
    RECEIPT = "receipt"
    UNANSWERABLE = "unanswerable"


def take_in_all(session: Session) -> dict[Fate, int]:
    """Take in what lies in the mailbox, in the order it came; how many had which fate.

    A message leaves ``in`` when what follows from it is in the record and its answer in ``out``;
    killed before, it is taken in again, to the same effect. One that can't be taken in now stays,
    and holds up no other: what was wrong with the first of them is raised at the end.
    """
    box, fates = mailbox(), dict.fromkeys(Fate, 0)
    wrong: Exception | None = None
    for name in box.waiting():
        try:
            content = box.read(name)
        except Unreadable:
            fates[Fate.UNANSWERABLE] += 1
            continue
        try:
            fates[take_in(session, content)] += 1
        except Exception as error:  # noqa: BLE001 - raised below
            wrong = wrong or error
            continue
        box.handled(name)
    if wrong is not None:
        raise wrong
    return fates


def take_in(session: Session, content: bytes) -> Fate:
    """Take in one message, and put its answer into the mailbox."""
    try:
        heading = heading_of(content)
    except NotXml:
        ledger.note(content, kind=UNKNOWN, fate=Fate.UNANSWERABLE)
        return unanswerable(content)
    fate = _take_in(session, heading, content)
    ledger.note(content, kind=_kind(heading), fate=fate)
    return fate


def _kind(heading: Heading) -> str:
    """The kind, when it is one that we know: others may have put anything there."""
    said = heading.kind.code or "" if heading.kind else ""
    code = RECEIPT if heading.root[1] == "AppRec" else said
    return code if code in READERS else UNKNOWN


def _take_in(session: Session, heading: Heading, content: bytes) -> Fate:
    if heading.root[1] == "AppRec" or (heading.kind and heading.kind.code == RECEIPT):
        return _take_in_receipt(session, content)
    try:
        _take_in_document(session, content)
    except Refused as refused:
        return _answer(content, heading, refused)
    return _answer(content, heading, None)


def unanswerable(content: bytes) -> Fate:
    """Keep what nobody can be told about where operators see it."""
    box = mailbox()
    folder = box.folder / "unanswerable"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{uuid.uuid5(uuid.NAMESPACE_OID, content.hex())}.bin").write_bytes(content)
    return Fate.UNANSWERABLE


def _answer(content: bytes, heading: Heading, refused: Refused | None) -> Fate:
    # a refusal never takes the place of the receipt for another message of the same number
    of = "" if refused is None else f" {hashlib.sha256(content).hexdigest()}"
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"receipt of {heading.id}{of}"))
    now = Timestamp(f"{clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    try:
        receipt = (
            receipt_for(heading, receipt_id=number, now=now)
            if refused is None
            else rejection_for(heading, refused, receipt_id=number, now=now)
        )
    except NoAnswer:
        return unanswerable(content)
    mailbox().send(f"{number}.xml", write_receipt(receipt))
    return Fate.QUEUED if refused is None else Fate.REJECTED


def _take_in_receipt(session: Session, content: bytes) -> Fate:
    try:
        receipt: Receipt = read_receipt(content)
    except Refused:
        return unanswerable(content)
    found = delivery_answered(session, receipt)
    if found is None:
        return unanswerable(content)  # for what we never sent, or not from whom we sent it to
    state = _PROVES[str(receipt.status.code)]
    actions.prove(session, found.id, state, f"AppRec {receipt.id}")
    return Fate.RECEIPT


def _take_in_document(session: Session, content: bytes) -> None:
    """A message becomes a document, and somebody's work. Raises Refused with the reason."""
    message = read_incoming(content)
    try:
        with transaction():
            keep(session, message, content)
    except (BadRequest, Unprocessable) as error:
        raise NotValid(Problem("innholdet kan ikke lagres her")) from error


__all__ = ["Fate", "take_in", "take_in_all", "unanswerable"]
