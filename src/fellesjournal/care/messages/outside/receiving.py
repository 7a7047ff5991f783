"""Messages from units on other systems: each is taken in once and answered once (INV-5, INV-8).

A message about a patient and unit we have becomes a document in her record and owned work at the
unit; a receipt becomes evidence of a delivery; everything else is rejected with the reason. What
can't be answered (no XML, no sender) is kept apart and counted: see :func:`unanswerable`.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote

from fellesjournal.access import acts, records
from fellesjournal.access.acts import Resource, act, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions
from fellesjournal.care.messages.inside import received_resource
from fellesjournal.care.messages.outside.addressing import unit_by_her
from fellesjournal.care.messages.outside.evidence import NUMBER, delivery_answered
from fellesjournal.care.messages.outside.mailbox import mailbox
from fellesjournal.care.messages.resources import MESSAGE_SYSTEM, RECEIVED_SYSTEM, VISIBILITY
from fellesjournal.care.messages.states import State
from fellesjournal.fhir.issues import BadRequest, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.mailbox import Unreadable
from fellesjournal.national.answers import (
    Heading,
    NoAnswer,
    heading_of,
    receipt_for,
    rejection_for,
)
from fellesjournal.national.dialogue import KINDS, DialogueMessage, read_dialogue
from fellesjournal.national.envelope import address_of
from fellesjournal.national.receipts import RECEIPT, Outcome, Receipt, read_receipt, write_receipt
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotXml, Problem, Refused
from fellesjournal.national.values import Timestamp
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM

_NUMBERS = {"FNR": FNR_SYSTEM, "DNR": DNR_SYSTEM}
_PROVES = {
    Outcome.ACCEPTED.value: State.ACCEPTED,
    Outcome.REJECTED.value: State.REJECTED,
    Outcome.PARTLY.value: State.ACCEPTED_WITH_ERRORS,
}


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
        return unanswerable(content)
    if heading.root[1] == "AppRec" or (heading.kind and heading.kind.code == RECEIPT):
        return _take_in_receipt(session, content)
    try:
        _take_in_document(session, heading, content)
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


def _take_in_document(session: Session, heading: Heading, content: bytes) -> None:
    """A dialogue message becomes a document and work. Raises Refused with the reason."""
    if heading.kind is None or heading.kind.code not in KINDS:
        raise NotUnderstood(Problem("meldingstypen kan ikke mottas her"))
    message = read_dialogue(content)
    unit, patient = _unit(session, message), _patient(session, message)
    if not NUMBER.fullmatch(message.info.id):
        raise NotValid(Problem("meldingsnummeret kan ikke brukes"))
    try:
        with transaction():
            _keep(session, message, content, unit=unit, patient=patient)
    except (BadRequest, Unprocessable) as error:
        raise NotValid(Problem("innholdet kan ikke lagres her")) from error


def _keep(
    session: Session, message: DialogueMessage, content: bytes, *, unit: Resource, patient: Resource
) -> None:
    """Document and work, once for each number. Raises NotValid for a number of another message."""
    document, number = f"urn:uuid:{uuid.uuid4()}", message.info.id
    named = quote(number, safe="")
    stood, work = act(
        session,
        [
            create(
                _document(message, content, unit=unit, patient=patient),
                known_as=document,
                unless=f"identifier={MESSAGE_SYSTEM}|{named}",
            ),
            create(
                received_resource(
                    number=number,
                    document=document,
                    patient=f"Patient/{patient['id']}",
                    unit=f"Organization/{unit['id']}",
                    sender="",
                    urgent=False,
                ),
                unless=f"identifier={RECEIVED_SYSTEM}|{named}",
            ),
        ],
    )
    is_its_work = acts.content(work)["focus"]["reference"] == f"DocumentReference/{stood.id}"
    if not is_its_work or not _is_same(message, content, acts.content(stood)):
        raise NotValid(Problem("meldingsnummeret er brukt for en annen melding"))


def _is_same(message: DialogueMessage, content: bytes, standing: Resource) -> bool:
    """Whether what stands is this message: else it would be answered as received, and be lost."""
    kept = base64.b64decode(standing["content"][-1]["attachment"].get("data", ""))
    if kept == content:
        return True
    try:
        before = read_dialogue(kept)
    except Refused:
        return False
    return (
        (before.info.sender, before.info.receiver, before.info.patient)
        == (message.info.sender, message.info.receiver, message.info.patient)
        and before.payload == message.payload
        and before.attachments == message.attachments
    )


def _unit(session: Session, message: DialogueMessage) -> Resource:
    address = address_of(message.info.receiver.organisation)
    if address is None:
        raise NotValid(Problem("mottaker mangler HER-id på to nivåer"))
    unit = unit_by_her(session, address.party)
    if unit is None:
        raise NotValid(Problem("mottakeren finnes ikke her"))
    return unit


def _patient(session: Session, message: DialogueMessage) -> Resource:
    numbers = [] if message.info.patient is None else message.info.patient.idents
    for ident in numbers:
        system = _NUMBERS.get(str(ident.type.code))
        if system is None:
            continue
        page = records.search(session, "Patient", [("identifier", f"{system}|{ident.id}")])
        if page.matches:
            return acts.content(page.matches[0])
    raise NotValid(Problem("pasienten finnes ikke hos mottakeren"))


def _document(
    message: DialogueMessage, content: bytes, *, unit: Resource, patient: Resource
) -> Resource:
    notes, requests = message.payload.notes, message.payload.requests
    kind = message.info.kind
    title = next((note.title for note in notes if note.title), None) or next(
        (each.subject for each in requests if each.subject), None
    )
    texts = [note.text for note in notes if note.text]
    texts += [each.question for each in requests if each.question]
    text = "\n\n".join(each.text for each in texts)
    return {
        "resourceType": "DocumentReference",
        "meta": {"security": [{"system": VISIBILITY, "code": "N"}]},
        "identifier": [{"system": MESSAGE_SYSTEM, "value": message.info.id}],
        "status": "current",
        "docStatus": "final",
        "type": {"text": kind.display or str(kind.code)},
        "subject": {"reference": f"Patient/{patient['id']}"},
        "date": _instant(message).isoformat(),
        "author": [{"display": message.info.sender.organisation.name}],
        "custodian": {"reference": f"Organization/{unit['id']}"},
        "description": title or kind.display or str(kind.code),
        "content": [
            _attached("text/plain; charset=utf-8", text.encode()),
            _attached("application/xml", content),
        ],
    }


def _attached(kind: str, data: bytes) -> Resource:
    return {
        "attachment": {
            "contentType": kind,
            "language": "nb-NO",
            "data": base64.b64encode(data).decode(),
        }
    }


def _instant(message: DialogueMessage) -> datetime:
    """When it was made, by its sender's clock; ours when that can't be read as an instant."""
    try:
        said = datetime.fromisoformat(message.info.generated.value)
    except ValueError:
        return clock.now()
    return said if said.tzinfo else said.replace(tzinfo=clock.NORWAY)


__all__ = ["Fate", "take_in", "take_in_all", "unanswerable"]
