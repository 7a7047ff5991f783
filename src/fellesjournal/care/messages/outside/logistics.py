"""Notices of a stay to a municipality on another system: patient logistics (PLO) 1.6.

What is told is read from the stay as it stands when the notice goes out; the notice itself says
which event of it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.access.acts import Resource
from fellesjournal.access.discharges import READINESS, READY_NOTICE, part
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.outside.addressing import NoAddress
from fellesjournal.care.messages.outside.envelopes import Outgoing, info, read_related
from fellesjournal.care.messages.resources import message_number
from fellesjournal.fhir import reading
from fellesjournal.national.care import DISCHARGED_TO, DischargedTo, Sending, TimedEvent
from fellesjournal.national.enclosing import CANCELLATION, CHANGE, NEW
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.logistics import (
    Discharge,
    Logistics,
    LogisticsMessage,
    OneEvent,
    SeveralEvents,
    event_code,
    write_logistics,
)
from fellesjournal.national.values import Code, Coded, Timestamp

KINDS = (Kind.ADMITTED, Kind.READY, Kind.READY_WITHDRAWN, Kind.DISCHARGED, Kind.DEAD)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        # 9121, as the national examples name them
        "1": "Pasient innlagt",
        "2": "Pasient utskrevet",
        "3": "Pasient utskrivningsklar",
        "4": "Avmelding av utskrivningsklar pasient",
        "13": "Pasienten er død",
    }
)
_HOME = Coded("1", DISCHARGED_TO, "Bosted/arbeidssted")
# The examples show 1 of 8408 alone: other places are told in words without a code, which the
# schema allows.
_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {"snf": "Sykehjem", "other-hcf": "Annen helseinstitusjon"}
)
_ACTIONS: Mapping[str, str] = MappingProxyType(
    {NEW: "Ny", CHANGE: "Endring", CANCELLATION: "Kansellering"}
)
# What a second notice of the same kind does to the first; a withdrawal is a kind of its own.
_ANSWERS: Mapping[Kind, str] = MappingProxyType({Kind.READY: CHANGE, Kind.ADMITTED: CANCELLATION})


def notice(session: Session, out: Outgoing) -> bytes:
    """What has happened in the stay. Raises NoAddress."""
    stay = read_related(session, out, "Encounter")
    told = read_related(session, out, "Communication")
    if stay is None or told is None:
        raise NoAddress("the stay is not known any more")
    conversation = _parent(told, out.delivery.recipient.reference)
    action = NEW if conversation is None else _ANSWERS.get(out.delivery.kind, NEW)
    return write_logistics(
        LogisticsMessage(
            info=info(session, out, conversation=conversation),
            payload=_payload(out, stay, told, Sending(action=Code(action, _ACTIONS[action]))),
        )
    )


def _payload(out: Outgoing, stay: Resource, told: Resource, sending: Sending) -> Logistics:
    period = stay.get("period") or {}
    admitted = _event("1", _at(period.get("start"), out))
    kind = out.delivery.kind
    if kind is Kind.ADMITTED:
        return Logistics(sending=sending, admitted=OneEvent(event=admitted))
    if kind is Kind.DISCHARGED:
        ended = _event("2", _at(period.get("end"), out))
        return Logistics(sending=sending, discharged=Discharge(to=_to(stay), event=ended))
    if kind is Kind.DEAD:
        died = _event("13", _at(period.get("end"), out))
        return Logistics(sending=sending, dead=OneEvent(event=died))
    said = [each for each in _said(stay) if _text(each, "notice") == _notice_of(told)]
    ready = [each for each in said if part(each, "from").get("valueDateTime")]
    if not ready:
        raise NoAddress("nothing was said of when she is ready")
    since = _event("3", _at(part(ready[-1], "from").get("valueDateTime"), out))
    if kind is Kind.READY:
        return Logistics(sending=sending, ready=SeveralEvents(events=(admitted, since)))
    gone = next((e for e in said if not part(e, "from").get("valueDateTime")), ready[-1])
    ends = _event("4", _at(part(gone, "at").get("valueDateTime"), out))
    return Logistics(sending=sending, withdrawn=SeveralEvents(events=(admitted, since, ends)))


def _to(stay: Resource) -> DischargedTo:
    disposition = (stay.get("hospitalization") or {}).get("dischargeDisposition")
    where = {code for _, code, _ in reading.codings(disposition)}
    words = next((_ELSEWHERE[code] for code in where if code in _ELSEWHERE), None)
    return DischargedTo(to=_HOME if words is None else Coded(display=words))


def _event(code: str, at: Timestamp) -> TimedEvent:
    return TimedEvent(code=event_code(code, _NAMES[code]), at=at, is_estimate=False)


def _at(value: object, out: Outgoing) -> Timestamp:
    read = reading.moment(value)
    return out.sent if read is None else Timestamp.of(read.at)


def _said(stay: Resource) -> list[reading.Element]:
    return [e for e in reading.elements(stay.get("extension")) if e.get("url") == READINESS]


def _text(extension: reading.Element, name: str) -> str:
    return reading.string(part(extension, name).get("valueString"))


def _notice_of(told: Resource) -> str:
    """Which of the things said about being ready a notice tells."""
    known = told.get("identifier", ())
    return next((str(e["value"]) for e in known if e.get("system") == READY_NOTICE), "")


def _parent(told: Resource, recipient: str) -> Conversation | None:
    """The message that this one changes or ends, where it does."""
    before = next(reading.elements(told.get("inResponseTo")), None)
    if before is None:
        return None
    number = message_number(base_number(reading.reference_target(before)), recipient)
    return Conversation(parent=number, first=number)


def base_number(notice: str) -> str:
    """The number of the document that tells of a notice (``Communication/1``)."""
    return f"notice-{notice.partition('/')[2]}"


__all__ = ["KINDS", "base_number", "notice"]
