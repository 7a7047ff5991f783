"""Units on other systems, as one program that shares our mailbox: it takes in what we send to
them and answers each message with a receipt. A stand-in for demonstrations and tests.

It knows the national messages and the folder, nothing else of the platform.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national import dialogue, discharge, logistics, referral
from fellesjournal.national.answers import NoAnswer, heading_of, receipt_for, rejection_for
from fellesjournal.national.receipts import write_receipt
from fellesjournal.national.refusals import NotUnderstood, NotXml, Problem, Refused
from fellesjournal.national.values import Timestamp

_READERS: Mapping[str, Callable[[bytes], object]] = {
    **dict.fromkeys(dialogue.KINDS, dialogue.read_dialogue),
    **dict.fromkeys(referral.KINDS, referral.read_referral),
    **dict.fromkeys(logistics.KINDS, logistics.read_logistics),
    "EPIKRISE": discharge.read_discharge,
}


def work(mailbox: Path) -> int:
    """Take in all that lies in ``out``, and answer; how many messages that were."""
    out, taken = mailbox / "out", mailbox / "outsider"
    taken.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    done = 0
    for path in sorted(out.glob("*.xml")):
        answer = answer_to(path.read_bytes())
        if answer is not None:
            name, content = answer
            Mailbox(mailbox).receive(f"{name}.xml", content)
        path.replace(taken / path.name)
        done += 1
    return done


def answer_to(content: bytes) -> tuple[str, bytes] | None:
    """Number and bytes of the receipt for a message; None for a receipt, and for what is none."""
    try:
        heading = heading_of(content)
    except NotXml:
        return None
    if heading.root[1] == "AppRec":
        return None
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, f"outsider's receipt of {heading.id}"))
    now = Timestamp(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    try:
        refused = _refusal(heading.kind.code if heading.kind else None, content)
        receipt = (
            receipt_for(heading, receipt_id=number, now=now)
            if refused is None
            else rejection_for(heading, refused, receipt_id=number, now=now)
        )
    except NoAnswer:
        return None
    return number, write_receipt(receipt)


def _refusal(kind: str | None, content: bytes) -> Refused | None:
    read = _READERS.get(str(kind))
    if read is None:
        return NotUnderstood(Problem("meldingstypen kan ikke mottas her"))
    try:
        read(content)
    except Refused as refused:
        return refused
    return None


__all__ = ["answer_to", "work"]
