"""A referral as its receiver needs it, whichever version it came in.

Referral 2.0 and 1.1 say the same things in other places; 1.1 leaves code lists to the element,
and here they are named as 2.0 names them. Nothing is guessed: a name that came as one text stays
one text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fellesjournal.national.care import CONTENT_TYPES, NextOfKin
from fellesjournal.national.clinical import Condition, HeadedText, Information
from fellesjournal.national.envelope import Address, Document, address_of
from fellesjournal.national.old_referral import OldReferralMessage
from fellesjournal.national.older import address_of_provider
from fellesjournal.national.people import IDS_OF_PERSONS, Ident, Person
from fellesjournal.national.referral import ReferralMessage
from fellesjournal.national.values import Code, Coded, Timestamp, volven

HEADINGS = volven(8231)
INFORMATION_TYPES = volven(8233)


@dataclass(frozen=True)
class IncomingReferral:
    """What came in. ``document`` is the referral's number through changes; ``replaces`` the
    message that a change or cancellation refers to (2.0 only, 1.1 goes by ``document``).
    """

    message: str
    kind: str
    version: str
    action: str
    document: str
    replaces: str | None
    issued: Timestamp
    sender: Address | None
    receiver: Address | None
    patient: Ident | None
    patient_name: str
    content: Coded
    priority: Code
    reasons: tuple[HeadedText, ...]
    diagnoses: tuple[Condition, ...]
    information: tuple[Information, ...]
    next_of_kin: tuple[NextOfKin, ...]
    attachments: tuple[Document, ...]


def incoming_referral(message: ReferralMessage | OldReferralMessage) -> IncomingReferral:
    """One shape for both versions."""
    if isinstance(message, OldReferralMessage):
        return _from_old(message)
    info, says = message.info, message.payload
    return IncomingReferral(
        message=info.id,
        kind=info.kind.code or "",
        version=says.version,
        action=says.action.code or "",
        document=says.document,
        replaces=info.conversation.parent if info.conversation else None,
        issued=says.issued,
        sender=address_of(info.sender.organisation),
        receiver=address_of(info.receiver.organisation),
        patient=next(iter(info.patient.idents), None) if info.patient else None,
        patient_name=_name(info.patient),
        content=says.content.type,
        priority=says.wanted.priority,
        reasons=says.reasons,
        diagnoses=says.diagnoses,
        information=says.information,
        next_of_kin=says.next_of_kin,
        attachments=message.attachments,
    )


def _from_old(message: OldReferralMessage) -> IncomingReferral:
    says = message.request
    patient = says.patient
    ident = None
    if patient.id and patient.id_type:
        ident = Ident(
            id=patient.id,
            type=Coded(patient.id_type.code, IDS_OF_PERSONS, patient.id_type.display),
        )
    return IncomingReferral(
        message=message.id,
        kind=(message.kind.code if message.kind else None) or "HENVISNING",
        version=message.version,
        action=says.action.code or "",
        document=says.document,
        replaces=None,
        issued=says.issued,
        sender=address_of_provider(says.requester.provider),
        receiver=address_of_provider(says.provider.provider),
        patient=ident,
        patient_name=patient.name or "",
        content=Coded(says.content.code, CONTENT_TYPES, says.content.display),
        priority=says.wanted.priority,
        reasons=tuple(
            replace(one, heading=_of_list(one.heading, HEADINGS)) for one in says.reasons
        ),
        diagnoses=says.diagnoses,
        information=tuple(
            replace(one, type=replace(one.type, system=INFORMATION_TYPES))
            for one in patient.information
        ),
        next_of_kin=patient.next_of_kin,
        attachments=tuple(Document(reference=one) for one in says.references),
    )


def _name(person: Person | None) -> str:
    names = (person.given, person.middle, person.family) if person else ()
    return " ".join(one for one in names if one)


def _of_list(code: Coded | None, system: str) -> Coded | None:
    return None if code is None else replace(code, system=system)
