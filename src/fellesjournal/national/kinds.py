"""All kinds of message that are read here, behind one door.

``read_message`` looks at what a message says it is and takes the reader for it. What no reader
knows is ``NotUnderstood``, to be answered with ``answers.rejection_for``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from fellesjournal.national import (
    dialogue,
    discharge,
    logistics,
    nursing,
    old_referral,
    receipts,
    referral,
)
from fellesjournal.national.answers import Heading, heading_of
from fellesjournal.national.dialogue import DialogueMessage
from fellesjournal.national.discharge import DischargeMessage
from fellesjournal.national.enclosing import shown
from fellesjournal.national.logistics import LogisticsMessage
from fellesjournal.national.nursing import NursingMessage
from fellesjournal.national.old_referral import OldReferralMessage
from fellesjournal.national.receipts import Receipt
from fellesjournal.national.referral import ReferralMessage
from fellesjournal.national.refusals import NotUnderstood, Problem

NationalMessage = (
    DialogueMessage
    | ReferralMessage
    | OldReferralMessage
    | DischargeMessage
    | LogisticsMessage
    | NursingMessage
    | Receipt
)
_Reader = Callable[[bytes], NationalMessage]

# By kind (8279): who reads it.
READERS: Mapping[str, _Reader] = MappingProxyType(
    {
        **dict.fromkeys(dialogue.KINDS, dialogue.read_dialogue),
        **dict.fromkeys(referral.KINDS, referral.read_referral),
        **dict.fromkeys(logistics.KINDS, logistics.read_logistics),
        **dict.fromkeys(nursing.KINDS, nursing.read_nursing),
        old_referral.REFERRAL: old_referral.read_old_referral,
        discharge.DISCHARGE_SUMMARY: discharge.read_discharge,
        receipts.RECEIPT: receipts.read_receipt,
    }
)
# Kinds whose versions are read, and which of them we send.
VERSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(dialogue.KINDS, ("1.1", "1.0")),
        **dict.fromkeys(referral.KINDS, ("2.0",)),
        **dict.fromkeys(logistics.KINDS, ("1.6", "1.5")),
        **dict.fromkeys(nursing.KINDS, ("1.6",)),
        old_referral.REFERRAL: ("1.1",),
        discharge.DISCHARGE_SUMMARY: ("1.2", "1.1"),
        receipts.RECEIPT: ("1.0", "1.1"),
    }
)


def read_message(data: bytes) -> NationalMessage:
    """Any message that is read here.

    Raises:
        NotXml: broken or hostile bytes.
        NotUnderstood: a kind or version without a reader.
        NotValid: against its standard.
    """
    heading = heading_of(data)
    reader = READERS.get(_kind(heading))
    if reader is None:
        name = shown(heading.kind) if heading.kind else "unknown"
        raise NotUnderstood(Problem(f"a message of kind {name}, which is not read here"))
    return reader(data)


def _kind(heading: Heading) -> str:
    # receipts may come without a head; older messages need not say their kind
    if heading.root[1] in {"AppRec", "EI_fellesformat"}:
        return receipts.RECEIPT
    if heading.kind is None and heading.root[0] in old_referral.SCHEMAS:
        return old_referral.REFERRAL
    if heading.kind is None and heading.root[0] in discharge.SCHEMAS:
        return discharge.DISCHARGE_SUMMARY
    return (heading.kind.code or "") if heading.kind else ""
