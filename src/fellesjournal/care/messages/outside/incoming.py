"""A message from another system in one shape, whatever its kind: who, to whom, about whom, and
what it says in words. What the words mean for the patient is for the packages that act on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from fellesjournal.care.messages.outside import aloud, aloud_reports
from fellesjournal.foundation import clock
from fellesjournal.national import dialogue, discharge, logistics, nursing, old_referral, referral
from fellesjournal.national.discharge import DischargeMessage
from fellesjournal.national.enclosing import CANCELLATION, NEW, Enclosed
from fellesjournal.national.envelope import Address, MessageInfo, address_of
from fellesjournal.national.kinds import NationalMessage, read_message
from fellesjournal.national.old_referral import OldReferralMessage
from fellesjournal.national.older import address_of_provider
from fellesjournal.national.receipts import Receipt
from fellesjournal.national.refusals import NotUnderstood, NotValid, Problem
from fellesjournal.national.values import Foreign, Timestamp

REFERRALS: Final = (*referral.KINDS, old_referral.REFERRAL)
ABOUT_ONE_DOCUMENT: Final = (
    discharge.DISCHARGE_SUMMARY,
    *logistics.KINDS,
    *nursing.KINDS,
)
"""Kinds of which a change or cancellation takes the place of what came before."""
_RANK = MappingProxyType({NEW: 0, CANCELLATION: 2})


@dataclass(frozen=True, slots=True)
class Incoming:
    """``essence`` is what makes it this message and no other: all that it says, without the time
    of its making. ``about`` names the document it is about through changes ("": none), ``rank``
    orders what was written in one second: new, changed, cancelled.
    """

    kind: str
    number: str
    title: str
    text: str
    sender: Address | None
    sender_name: str
    receivers: tuple[Address, ...]
    patient: tuple[tuple[str, str], ...]
    at: datetime
    parent: str
    about: str
    action: str
    files: tuple[tuple[str, bytes], ...]
    essence: tuple[Any, ...]
    code: str = ""
    """The status of a referral (9148) that it tells."""

    @property
    def rank(self) -> int:
        """Which of two written in the same second is the later."""
        return _RANK.get(self.action, 1)


def read_incoming(data: bytes) -> Incoming:
    """Read a message of any kind that can be taken in. Raises Refused (national.refusals)."""
    try:
        message = read_message(data)
    except NotUnderstood as refused:
        raise NotUnderstood(
            Problem("meldingstypen kan ikke mottas her"), *refused.problems
        ) from refused
    if isinstance(message, Receipt):
        raise NotUnderstood(Problem("en kvittering kan ikke mottas som melding"))
    if isinstance(message, OldReferralMessage):
        return _old_referral(message)
    if isinstance(message, DischargeMessage):
        return _discharge(message)
    return _enclosed(message)


def _enclosed(message: NationalMessage) -> Incoming:
    assert isinstance(message, Enclosed)  # the others are handled by the caller
    says, head = message.payload, message.info
    kind = head.kind.code or ""
    receiver = address_of(head.receiver.organisation)
    if receiver is None:
        raise NotValid(Problem("mottaker mangler HER-id på to nivåer"))
    thread = head.conversation
    title, text = _aloud(says)
    name = head.kind.display or kind
    return Incoming(
        kind=kind,
        number=head.id,
        title=f"{title}{name}" if isinstance(says, nursing.Report) else title or name,
        text=text,
        sender=address_of(head.sender.organisation),
        sender_name=_name(head.sender.organisation.name, head.sender.organisation.unit),
        receivers=(receiver,),
        patient=tuple(
            (str(each.type.code), each.id) for each in (head.patient.idents if head.patient else ())
        ),
        at=_instant(head.generated),
        parent=thread.parent if thread else "",
        about=_about(kind, head, _action(says)),
        action=_action(says),
        files=tuple(_files([each.reference.content for each in message.attachments])),
        essence=(head.sender, head.receiver, head.patient, says, message.attachments),
        code=_status(kind, says),
    )


def _about(kind: str, head: MessageInfo, action: str) -> str:
    """A new report in a thread is one of its own, as an answer to a question is."""
    thread = head.conversation
    if kind in logistics.KINDS or (kind in nursing.KINDS and action != NEW):
        return thread.first if thread else head.id
    return head.id if kind in nursing.KINDS else ""


def _status(kind: str, says: object) -> str:
    if kind != dialogue.REFERRAL_STATUS or not isinstance(says, dialogue.Dialogue):
        return ""
    return says.notes[0].topic.code or ""


def _old_referral(message: OldReferralMessage) -> Incoming:
    says = message.request
    title, text = aloud.old_referral(says)
    return Incoming(
        kind=old_referral.REFERRAL,
        number=message.id,
        title=title,
        text=text,
        sender=address_of_provider(says.requester.provider),
        sender_name=_provider(says.requester.provider),
        receivers=tuple(_addresses(says.provider.provider)),
        patient=_ident(says.patient.id_type, says.patient.id),
        at=_instant(message.generated),
        parent="",
        about="",
        action=says.action.code or NEW,
        files=tuple(_files([each.content for each in says.references])),
        essence=(says,),
    )


def _discharge(message: DischargeMessage) -> Incoming:
    says = message.summary
    title, text = aloud.discharge(says)
    sender = address_of_provider(says.provider.provider)
    ends = [says.requester.provider, *(copy.provider for copy in says.copies)]
    return Incoming(
        kind=discharge.DISCHARGE_SUMMARY,
        number=message.id,
        title=title,
        text=text,
        sender=sender,
        sender_name=_provider(says.provider.provider),
        receivers=tuple(address for each in ends for address in _addresses(each)),
        patient=_ident(says.patient.id_type, says.patient.id),
        at=_instant(message.generated),
        parent="",
        about=f"{sender.party if sender else ''} {says.document}" if says.document else "",
        action=says.action.code or NEW,
        files=tuple(_files([each.content for each in says.references])),
        essence=(says,),
    )


def _report(says: nursing.Report) -> tuple[str, str]:
    """What stands before the name of the kind, and the words."""
    first, sections = aloud_reports.report(says)
    return first, aloud_reports.as_text(sections)


_READ_ALOUD: Mapping[type, Callable[[Any], tuple[str, str]]] = MappingProxyType(
    {
        dialogue.Dialogue: aloud.dialogue,
        referral.Referral: aloud.referral,
        logistics.Logistics: aloud.logistics,
        nursing.Report: _report,
    }
)


def _aloud(says: object) -> tuple[str, str]:
    return _READ_ALOUD[type(says)](says)


def _action(says: object) -> str:
    if isinstance(says, logistics.Logistics | nursing.Report):
        return says.sending.action.code or NEW
    return (says.action.code or NEW) if isinstance(says, referral.Referral) else NEW


# Any: providers and organisations of several standards, each with a name and perhaps a unit
def _name(entity: str, unit: Any) -> str:
    return ", ".join(filter(None, [unit.name if unit else "", entity]))


def _provider(provider: Any) -> str:
    institution = provider.institution
    if institution is None:
        return provider.practitioner.name or "" if provider.practitioner else ""
    unit = next(iter((*institution.departments, *institution.staff)), None)
    return _name(institution.name or "", unit)


def _addresses(provider: Any) -> Iterator[Address]:
    address = address_of_provider(provider)
    if address is not None:
        yield address


def _ident(kind: Any, number: str | None) -> tuple[tuple[str, str], ...]:
    return ((str(kind.code), number),) if kind and number else ()


def _files(contents: list[Any]) -> Iterator[tuple[str, bytes]]:
    """The PDF files that came along; whatever else did stands in the message as it came."""
    for content in contents:
        for item in content.items if content else ():
            file = _file(item)
            if file is not None and file.startswith(b"%PDF-"):
                yield "application/pdf", file


def _file(item: Foreign) -> bytes | None:
    try:
        return item.file
    except ValueError:
        return None


def _instant(said: Timestamp) -> datetime:
    """When it was made, by its sender's clock; ours when that can't be read as an instant."""
    try:
        at = datetime.fromisoformat(said.value)
    except ValueError:
        return clock.now()
    return at if at.tzinfo else at.replace(tzinfo=clock.NORWAY)


__all__ = ["ABOUT_ONE_DOCUMENT", "REFERRALS", "Incoming", "read_incoming"]
