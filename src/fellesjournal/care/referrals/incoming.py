"""What a national referral message says, as this package keeps it.

Nothing is guessed: what has no place of its own here stands in the history under the name its
sender gave it, and the message itself stays in the record as it came.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from fellesjournal.care.referrals.actions.receiving import Kind, Message
from fellesjournal.care.referrals.resources import Content
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.national.clinical import Information
from fellesjournal.national.incoming import IncomingReferral, incoming_referral
from fellesjournal.national.kinds import read_message
from fellesjournal.national.old_referral import OldReferralMessage
from fellesjournal.national.referral import Referral, ReferralMessage
from fellesjournal.national.values import RichText, Timestamp, volven

_ICPC2 = volven(7170)
# 8231: the present problem is what is asked about, expected examination what is asked for.
_ASKS = ("UTRED", "PROB")
# Assumption (configurable): the codes of priorities are of no list at hand, so that the words that
# come with them are read; what is not known is ordinary.
_URGENCIES = (
    ("øyeblikkelig", "asap"),
    ("akutt", "asap"),
    ("haster", "urgent"),
    ("pakke", "urgent"),
)
_LONGEST = 500


class NoReferral(Exception):
    """The bytes are a message of another kind."""

    code = "no-referral"


def message_of(
    data: bytes, *, patient: str, service: str, office: str, sender: str, document: str = ""
) -> Message:
    """A referral message (2.0 or 1.1; new, change or cancel) for :func:`receive_referral`.

    Who it is about and from, and in which document it is kept, was found by whoever took it in.
    Raises NoReferral, and what ``national.kinds.read_message`` raises.
    """
    read = _read(data)
    said = incoming_referral(read)
    kind = Kind(said.action) if said.action in set(Kind) else Kind.NEW
    return Message(
        kind=kind,
        key=key_of(said),
        sent=_written(read, said),
        patient=patient,
        service=service,
        office=office,
        sender=sender,
        content=None if kind is Kind.CANCEL else content_of(said),
        document=document,
    )


def _read(data: bytes) -> ReferralMessage | OldReferralMessage:
    read = read_message(data)
    if isinstance(read, OldReferralMessage):
        return read
    if not isinstance(getattr(read, "payload", None), Referral):
        raise NoReferral("a message of another kind")
    return cast("ReferralMessage", read)


def key_of(said: IncomingReferral) -> str:
    """The referral's own number through changes, as a UUID; made from it when it is none."""
    try:
        return str(uuid.UUID(said.document))
    except ValueError:
        sender = "" if said.sender is None else said.sender.party
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{sender} {said.document}"))


def content_of(said: IncomingReferral) -> Content:
    """What is asked for, why, and the history as one text."""
    by_heading = {one.heading.code: _line(one.text) for one in said.reasons if one.heading}
    what = next((text for code in _ASKS if (text := by_heading.get(code, ""))), "")
    first = next(iter(said.diagnoses), None)
    named = "" if first is None else first.code.display or first.code.code or ""
    coded = first is not None and first.code.system == _ICPC2
    return Content(
        what=what[:_LONGEST] or said.content.display or "–",
        diagnosis=named or what[:_LONGEST] or "–",
        diagnosis_code=(first.code.code or "") if first is not None and coded else "",
        history="\n\n".join(_history(said)),
        urgency=_urgency(said),
    )


def _history(said: IncomingReferral) -> Iterator[str]:
    for reason in said.reasons:
        name = reason.heading.display if reason.heading else ""
        if text := _text(reason.text):
            yield f"{name}: {text}" if name else text
    for more in said.diagnoses[1:]:
        yield " ".join(filter(None, (more.code.code, more.code.display)))
    for one in said.information:
        if text := _information(one):
            yield f"{one.type.display or one.type.code}: {text}"


def _information(one: Information) -> str:
    if one.observation is not None:
        said = one.observation
        return " ".join(filter(None, (_text(said.description), _text(said.comment))))
    if one.medication is not None:
        taken = one.medication
        named = taken.drug.display or taken.drug.code
        return " ".join(filter(None, (named, taken.dosage_text, taken.comment)))
    return ""


def _urgency(said: IncomingReferral) -> str:
    words = (said.priority.display or "").casefold()
    return next((code for word, code in _URGENCIES if word in words), "routine")


def _written(read: ReferralMessage | OldReferralMessage, said: IncomingReferral) -> datetime:
    """When the message was made; where its head does not tell, when the referral was issued."""
    info = getattr(read, "info", None)
    return _instant(said.issued if info is None else info.generated)


def _instant(moment: Timestamp) -> datetime:
    """A time without an offset is Norwegian time; a day begins at midnight."""
    said = datetime.fromisoformat(moment.value)
    return said if said.tzinfo else said.replace(tzinfo=NORWAY)


def _text(value: RichText | str | None) -> str:
    text = value.text if isinstance(value, RichText) else value or ""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _line(value: RichText | None) -> str:
    return " ".join(_text(value).split())


__all__ = ["NoReferral", "content_of", "key_of", "message_of"]
