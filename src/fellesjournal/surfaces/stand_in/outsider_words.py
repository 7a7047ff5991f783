"""What the systems outside say in a demonstration: replies, and messages of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType

from fellesjournal.national import dialogue, discharge, logistics, referral
from fellesjournal.national.care import CONTENT_TYPES, ContentType, Sending, TimedEvent
from fellesjournal.national.clinical import Condition, HeadedText
from fellesjournal.national.dialogue import Dialogue, DialogueMessage, Note
from fellesjournal.national.discharge import (
    DischargedPatient,
    DischargeMessage,
    DischargeSummary,
    Event,
    PastEvent,
)
from fellesjournal.national.envelope import Address, Conversation, MessageInfo, two_levels
from fellesjournal.national.logistics import Logistics, OneEvent, SeveralEvents, event_code
from fellesjournal.national.older import Service, counterpart
from fellesjournal.national.people import IDS_OF_PERSONS, Ident, Person
from fellesjournal.national.referral import Referral, WantedService
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven

# Kind, topic with its list, words. Codes are those of the national examples.
_REPLIES: Mapping[str, tuple[str, Coded, str]] = MappingProxyType(
    {
        dialogue.REFERRAL_STATUS: (
            "Status på henvisning",
            Coded("2", dialogue.REFERRAL_STATUSES, "Rett til helsehjelp, tidspunkt kommer"),
            "Henvisningen er vurdert. Pasienten har rett til helsehjelp, og får brev om time.",
        ),
        dialogue.ANSWER: (
            "Svar på forespørsel",
            Coded("6", volven(7322), "Henvendelse om pasient"),
            "Det finnes ikke flere opplysninger enn dem som står i henvisningen.",
        ),
        dialogue.PROFESSIONAL: (
            "Helsefaglig dialog",
            Coded("6", volven(7322), "Henvendelse om pasient"),
            "Kommunen kan ta imot pasienten i morgen.",
        ),
    }
)


def reply(info: MessageInfo, kind: str, now: Timestamp) -> DialogueMessage:
    """What the receiver of a message writes back to its sender, in its thread."""
    name, topic, words = _REPLIES[kind]
    first = info.conversation.first if info.conversation else info.id
    return DialogueMessage(
        info=MessageInfo(
            kind=Code(kind, name),
            generated=now,
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"outsider's reply to {info.id}")),
            sender=info.receiver,
            receiver=info.sender,
            patient=info.patient,
            conversation=Conversation(parent=info.id, first=first),
        ),
        payload=Dialogue(notes=(Note(topic=topic, title=name, text=RichText(words)),)),
    )


def write(what: str, *, patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    """A message of KINDS that a unit outside writes about the patient with a number."""
    return KINDS[what](patient, sender, receiver, now)


def _info(
    kind: str, patient: str, sender: Address, receiver: Address, now: Timestamp
) -> MessageInfo:
    number = Ident(id=patient, type=Coded("FNR", IDS_OF_PERSONS, "Fødselsnummer"))
    return MessageInfo(
        kind=Code(kind),
        generated=now,
        id=str(uuid.uuid4()),
        sender=two_levels("Virksomhet utenfor", "Tjeneste utenfor", sender),
        receiver=two_levels("Mottaker", "Tjeneste", receiver),
        patient=Person(family="Ukjent", idents=(number,)),
    )


def _referral(patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    asks = (("PROB", "Aktuell problemstilling", "Vondt i høyre kne i to år."),
            ("UTRED", "Forventet utredning/behandling", "Vurdering av kneet."))  # fmt: skip
    return referral.write_referral(
        referral.ReferralMessage(
            info=_info(referral.NEW_CONDITION, patient, sender, receiver, now),
            payload=Referral(
                action=Code("N", "Ny"),
                issued=now,
                document=str(uuid.uuid4()),
                content=ContentType(type=Coded("10", CONTENT_TYPES, "Utredning/behandling")),
                reasons=tuple(
                    HeadedText(heading=Coded(code, volven(8231), name), text=RichText(words))
                    for code, name, words in asks
                ),
                diagnoses=(Condition(code=Coded("L90", volven(7170), "Kneartrose")),),
                wanted=WantedService(
                    action=Code("N", "Ny"), priority=Code("N", "Elektiv/Ordinær (elektiv)")
                ),
            ),
        )
    )


def _summary(patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    texts = (("AI", "Årsak til innleggelse", "Lungebetennelse."),
             ("FO", "Forløp og behandling", "Behandlet med antibiotika i tre dager."),
             ("OP", "Planer for videre oppfølging", "Kontroll hos fastlegen om to uker."))  # fmt: skip
    return discharge.write_discharge(
        DischargeMessage(
            kind=Code(discharge.DISCHARGE_SUMMARY, "Epikrise"),
            generated=now,
            id=str(uuid.uuid4()),
            summary=DischargeSummary(
                action=Code("N", "Ny"),
                issued=now,
                status=Code("F", "Endelig rapport"),
                description="Sykehusepikrise",
                document=str(uuid.uuid4()),
                events=(
                    Event(
                        past=PastEvent(begins=now),
                        action=Code("N", "Ny"),
                        service=Service(category=Code("1", "Heldøgnsopphold")),
                        texts=tuple(
                            HeadedText(heading=Coded(code, display=name), text=RichText(words))
                            for code, name, words in texts
                        ),
                    ),
                ),
                patient=DischargedPatient(id=patient, id_type=Code("FNR", "Fødselsnummer")),
                provider=counterpart("Virksomhet utenfor", "Tjeneste utenfor", sender),
                requester=counterpart("Mottaker", "Tjeneste", receiver),
            ),
        )
    )


def _admitted(patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    says = Logistics(
        sending=Sending(action=Code("N", "Ny")), admitted=OneEvent(event=_event("1", now))
    )
    return _logistics(logistics.ADMITTED, says, patient, sender, receiver, now)


def _ready(patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    says = Logistics(
        sending=Sending(action=Code("N", "Ny")),
        ready=SeveralEvents(events=(_event("1", now), _event("3", now))),
    )
    return _logistics(logistics.READY, says, patient, sender, receiver, now)


def _letter(patient: str, sender: Address, receiver: Address, now: Timestamp) -> bytes:
    topic = Coded("6", volven(7322), "Henvendelse om pasient")
    words = RichText("Vi følger opp pasienten videre hos oss.")
    return dialogue.write_dialogue(
        DialogueMessage(
            info=_info(dialogue.PROFESSIONAL, patient, sender, receiver, now),
            payload=Dialogue(notes=(Note(topic=topic, title="Om pasienten", text=words),)),
        )
    )


def _logistics(
    kind: str,
    says: Logistics,
    patient: str,
    sender: Address,
    receiver: Address,
    now: Timestamp,
) -> bytes:
    info = _info(kind, patient, sender, receiver, now)
    return logistics.write_logistics(logistics.LogisticsMessage(info=info, payload=says))


def _event(code: str, at: Timestamp) -> TimedEvent:
    return TimedEvent(code=event_code(code), at=at, is_estimate=False)


KINDS: Mapping[str, Callable[[str, Address, Address, Timestamp], bytes]] = MappingProxyType(
    {
        "admitted": _admitted,
        "letter": _letter,
        "ready": _ready,
        "referral": _referral,
        "summary": _summary,
    }
)
"""What can be written, by the word of the command line."""

__all__ = ["KINDS", "reply", "write"]
