"""A referral as a national message: HENVISNING_NYTILSTAND 2.0; new, changed or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.outside.addressing import NoAddress
from fellesjournal.care.messages.outside.envelopes import (
    Outgoing,
    attached,
    info,
    read_related,
)
from fellesjournal.care.messages.resources import message_number
from fellesjournal.care.messages.wording import why
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.national.care import CONTENT_TYPES, ContentType, Responsible
from fellesjournal.national.clinical import Condition, HeadedText, Information, Observation
from fellesjournal.national.enclosing import NEW
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.people import IDS_OF_PERSONS, Ident, Professional
from fellesjournal.national.referral import (
    Referral,
    ReferralMessage,
    WantedService,
    write_referral,
)
from fellesjournal.national.values import Code, Coded, RichText, volven
from fellesjournal.registry.numbers import HPR_SYSTEM

_ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
_UUIDS = "urn:uuid:"
_ACTIONS: Mapping[str, str] = MappingProxyType({"N": "Ny", "M": "Endring", "C": "Kansellering"})
# 8455, as in the national examples
_TO_BE_EXAMINED = Coded("10", CONTENT_TYPES, "Utredning/behandling")
# 8231 and 8233, as in the national examples
_PROBLEM = Coded("PROB", volven(8231), "Aktuell problemstilling")
_WANTED = Coded("UTRED", volven(8231), "Forventet utredning/behandling")
_HISTORY = Coded("ANAM", volven(8233), "Sykehistorie")
# Priorities: N stands in the national examples. The codes of what is urgent are of no list at
# hand: it is said in words without a code, which the schema allows.
_PRIORITIES: Mapping[str, Code] = MappingProxyType(
    {"urgent": Code(None, "Haster"), "asap": Code(None, "Øyeblikkelig hjelp")}
)
_ORDINARY = Code("N", "Elektiv/Ordinær (elektiv)")
# 8254, as in the national examples
_REFERRER = Coded("HHE", volven(8254), "Henvisende helsepersonell")


def base_number(referral_id: str) -> str:
    """The number of a referral's first document; those of changes and of its end begin so."""
    return f"referral-{referral_id}"


def referral(session: Session, out: Outgoing) -> bytes:
    """The referral as it stands. Raises NoAddress."""
    request = read_related(session, out, "ServiceRequest")
    if request is None:
        raise NoAddress("the referral is not known any more")
    performer = next(reading.elements(request.get("performer")), {})
    service = reading.reference_target(performer)
    conversation = None
    if out.action != NEW:
        first = message_number(base_number(str(request["id"])), out.delivery.recipient.reference)
        conversation = Conversation(parent=first, first=first)
    return write_referral(
        ReferralMessage(
            info=info(
                session,
                out,
                service=service if service.startswith("HealthcareService/") else "",
                conversation=conversation,
            ),
            payload=_payload(session, out, request),
            attachments=attached(out),
        )
    )


def _payload(session: Session, out: Outgoing, request: Resource) -> Referral:
    action = Code(out.action, _ACTIONS[out.action])
    notes = [reading.string(each.get("text")) for each in reading.elements(request.get("note"))]
    what = reading.string((request.get("code") or {}).get("text"))
    reason = next(reading.elements(request.get("reasonCode")), {})
    history = "\n\n".join(text for text in notes if text and text != "–")
    priority = _PRIORITIES.get(reading.string(request.get("priority")), _ORDINARY)
    return Referral(
        action=action,
        issued=out.sent,
        document=_key(request),
        comment=why(request) or None,
        responsible=_responsible(session, request),
        content=ContentType(type=_TO_BE_EXAMINED),
        information=tuple(
            Information(observation=Observation(description=RichText(text)), type=_HISTORY)
            for text in [history]
            if text
        ),
        reasons=tuple(
            HeadedText(heading=heading, text=RichText(text))
            for heading, text in ((_PROBLEM, reading.concept_text(reason)), (_WANTED, what))
            if text
        ),
        diagnoses=_diagnoses(reason),
        wanted=WantedService(action=action, priority=priority),
    )


def _diagnoses(reason: reading.Element) -> tuple[Condition, ...]:
    return tuple(
        Condition(code=Coded(code, volven(7170), display or reading.concept_text(reason)))
        for system, code, display in reading.codings(reason)
        if system == _ICPC2
    )


def _responsible(session: Session, request: Resource) -> tuple[Responsible, ...]:
    """Who refers, where she has an HPR number to be named by."""
    reference = reading.reference_target(request.get("requester"))
    try:
        who, _ = acts.read(session, *reference.split("/"))
    except (FhirError, TypeError):
        return ()
    name: Resource = next(iter(who.get("name", ())), {})
    numbers = [e["value"] for e in who.get("identifier", ()) if e.get("system") == HPR_SYSTEM]
    if not numbers:
        return ()
    hpr = Ident(id=str(numbers[0]), type=Coded("HPR", IDS_OF_PERSONS, "HPR-nummer"))
    staff = Professional(
        family=str(name.get("family") or name.get("text", "")),
        given=" ".join(name.get("given", ())) or None,
        idents=(hpr,),
    )
    return (Responsible(staff=staff, relation=_REFERRER),)


def _key(request: Resource) -> str:
    known = (reading.string(e.get("value")) for e in reading.elements(request.get("identifier")))
    urns = (value.removeprefix(_UUIDS) for value in known if value.startswith(_UUIDS))
    return next(urns, str(request["id"]))


__all__ = ["base_number", "referral"]
