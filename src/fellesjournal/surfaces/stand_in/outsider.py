"""Units on other systems, as one program that shares our mailbox: it takes in what we send to
them and answers each message with a receipt, and some with a message of its own. A stand-in for
demonstrations and tests.

It knows the national messages and the folder, nothing else of the platform.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national import dialogue, logistics
from fellesjournal.national.answers import NoAnswer, heading_of, receipt_for, rejection_for
from fellesjournal.national.dialogue import DialogueMessage, write_dialogue
from fellesjournal.national.enclosing import NEW, Enclosed
from fellesjournal.national.kinds import NationalMessage, read_message
from fellesjournal.national.logistics import Logistics
from fellesjournal.national.receipts import write_receipt
from fellesjournal.national.referral import Referral
from fellesjournal.national.refusals import NotUnderstood, NotXml, Problem, Refused
from fellesjournal.national.values import Timestamp
from fellesjournal.surfaces.stand_in.outsider_words import reply


@dataclass(frozen=True, slots=True)
class Answer:
    """A message to us: ``number`` names its file, so that answering again replaces it."""

    number: str
    content: bytes


def work(mailbox: Path) -> int:
    """Take in all that lies in ``out``, and answer; how many messages that were."""
    out, taken = mailbox / "out", mailbox / "outsider"
    taken.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    done = 0
    for path in sorted(out.glob("*.xml")):
        for answer in answers_to(path.read_bytes()):
            Mailbox(mailbox).receive(f"{answer.number}.xml", answer.content)
        path.replace(taken / path.name)
        done += 1
    return done


def answers_to(content: bytes) -> Iterator[Answer]:
    """The receipt for a message, and what its receiver has to say; nothing for a receipt, and
    for what is no message.
    """
    try:
        heading = heading_of(content)
    except NotXml:
        return
    if heading.root[1] in {"AppRec", "EI_fellesformat"}:
        return
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"outsider's receipt of {heading.id}"))
    message, refused = _read(content)
    try:
        receipt = (
            receipt_for(heading, receipt_id=number, now=_now())
            if refused is None
            else rejection_for(heading, refused, receipt_id=number, now=_now())
        )
    except NoAnswer:
        return
    yield Answer(number, write_receipt(receipt))
    replied = None if message is None else _reply(message)
    if replied is not None:
        yield Answer(replied.info.id, write_dialogue(replied))


def _read(content: bytes) -> tuple[NationalMessage | None, Refused | None]:
    try:
        return read_message(content), None
    except NotUnderstood:
        return None, NotUnderstood(Problem("meldingstypen kan ikke mottas her"))
    except Refused as refused:
        return None, refused


def _reply(message: NationalMessage) -> DialogueMessage | None:
    """What the receiver writes back: a referral gets its status, a question an answer, a notice
    that a patient is ready a word that she can come.
    """
    if not isinstance(message, Enclosed):
        return None
    says, kind = message.payload, message.info.kind.code
    if isinstance(says, Referral) and says.action.code == NEW:
        return reply(message.info, dialogue.REFERRAL_STATUS, _now())
    if kind == dialogue.REQUEST:
        return reply(message.info, dialogue.ANSWER, _now())
    if isinstance(says, Logistics) and kind == logistics.READY and says.sending.action.code == NEW:
        return reply(message.info, dialogue.PROFESSIONAL, _now())
    return None


def _now() -> Timestamp:
    return Timestamp(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


__all__ = ["Answer", "answers_to", "work"]
