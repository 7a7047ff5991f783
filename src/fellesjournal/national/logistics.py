"""Patient logistics between hospital and municipality (PLO): 1.6 out, 1.5 and 1.6 in.

Kinds (8279): LOG_INNLAGT admitted, LOG_UTSKRIVNINGSKLAR ready for discharge, LOG_AVMELDING ready
notice withdrawn, LOG_UTSKREVET discharged, LOG_DOD dead. Code lists: 7309 action, 9121 events
(1 admitted, 2 discharged, 3 ready, 4 withdrawn, 13 dead), 8431 state at discharge, 8408 where to.
Each kind has a form of its own, and the schema's documentation says which events it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from fellesjournal.national.binding import Part, element, many, optional
from fellesjournal.national.care import (
    EVENTS,
    ContactStaff,
    ContactUnit,
    DischargedTo,
    InformationGiven,
    NextOfKin,
    PatientDetails,
    Responsible,
    Sending,
    SentDocument,
    TimedEvent,
)
from fellesjournal.national.enclosing import (
    CANCELLATION,
    CHANGE,
    NEW,
    Enclosed,
    against_action,
    read_enclosed,
    schema_of,
    write_enclosed,
)
from fellesjournal.national.refusals import NotValid, NotWritable, Problem
from fellesjournal.national.schemas import LOGISTICS_1_5, LOGISTICS_1_6
from fellesjournal.national.values import Coded

ADMITTED = "LOG_INNLAGT"
READY = "LOG_UTSKRIVNINGSKLAR"
WITHDRAWN = "LOG_AVMELDING"
DISCHARGED = "LOG_UTSKREVET"
DEAD = "LOG_DOD"
ACTIONS = (NEW, CHANGE, CANCELLATION)
SCHEMAS = {schema.uri: schema for schema in (LOGISTICS_1_6, LOGISTICS_1_5)}

# Which field holds each kind, and the event (9121) it is about.
_FIELDS = MappingProxyType(
    {
        ADMITTED: ("admitted", "1"),
        READY: ("ready", "3"),
        WITHDRAWN: ("withdrawn", "4"),
        DISCHARGED: ("discharged", "2"),
        DEAD: ("dead", "13"),
    }
)
KINDS = tuple(_FIELDS)


def event_code(code: str, display: str | None = None) -> Coded:
    """An event of 9121."""
    return Coded(code, EVENTS, display)


@dataclass(frozen=True, kw_only=True)
class OneEvent(Part):
    """Admitted (9121: 1), or dead (13)."""

    event: TimedEvent = element("TidsfestetHendelse", home="care")


@dataclass(frozen=True, kw_only=True)
class SeveralEvents(Part):
    """Ready (admitted and ready), or withdrawn (admitted, ready and withdrawn)."""

    events: tuple[TimedEvent, ...] = many("TidsfestetHendelse", home="care", needed=True)


@dataclass(frozen=True, kw_only=True)
class Discharge(Part):
    """Discharged: where to, in which state, and when."""

    to: DischargedTo = element("UtskrevetTil", home="care")
    event: TimedEvent = element("TidsfestetHendelse", home="care")
    told: InformationGiven | None = optional("InfoInformasjonGitt", home="care")


@dataclass(frozen=True, kw_only=True)
class Logistics(Part):
    """What a logistics message says: one of five things."""

    versioned: ClassVar[bool] = True
    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("dead", "discharged", "ready", "withdrawn", "admitted"),
    )

    sending: Sending = element("InformasjonOmForsendelsen", home="care")
    patient: PatientDetails | None = optional("TilleggsopplysningPasient", home="care")
    next_of_kin: tuple[NextOfKin, ...] = many("ParorendeForesatt", home="care")
    units: tuple[ContactUnit, ...] = many("TilknyttetEnhet", home="care")
    staff: tuple[ContactStaff, ...] = many("KontaktpersonHelsepersonell", home="care")
    responsible: tuple[Responsible, ...] = many("AnsvarForRapport", home="care")
    sent: tuple[SentDocument, ...] = many("SendtDokument", home="care")
    dead: OneEvent | None = optional("OrienteringOmDod")
    discharged: Discharge | None = optional("MeldingOmUtskrevetPasient")
    ready: SeveralEvents | None = optional("MeldingUtskrivningsklarPasient")
    withdrawn: SeveralEvents | None = optional("AvmeldingUtskrivningsklarPasient")
    admitted: OneEvent | None = optional("MeldingInnlagtPasient")
    version: str = "1.6"

    @property
    def events(self) -> tuple[TimedEvent, ...]:
        """All events told, in order."""
        several = self.ready or self.withdrawn
        if several:
            return several.events
        one = self.dead or self.discharged or self.admitted
        return (one.event,) if one else ()


LogisticsMessage = Enclosed[Logistics]


def read_logistics(data: bytes) -> LogisticsMessage:
    """A logistics message of one of ``KINDS``.

    Raises:
        NotXml, NotUnderstood, NotValid: also where form or event (9121) is not that of the kind,
            for an action other than N, M and C, and for a change or cancellation that names no
            message it changes.
    """
    message = read_enclosed(data, Logistics, "Pasientlogistikk", SCHEMAS, KINDS)
    for told in _wrong(message):
        raise NotValid(Problem(told, path="/MsgHead/Document/RefDoc/Content/Pasientlogistikk"))
    return message


def write_logistics(message: LogisticsMessage) -> bytes:
    """The message in its version (send 1.6). Raises ``NotWritable``, for the same reasons too."""
    for told in _wrong(message):
        raise NotWritable(Problem(told, path="Logistics"))
    return write_enclosed(message, "Pasientlogistikk", schema_of(message.payload.version, SCHEMAS))


def main_event(message: LogisticsMessage) -> TimedEvent:
    """The event that the message is about: that of its kind (9121)."""
    _, code = _FIELDS[message.info.kind.code or ""]
    return next(one for one in message.payload.events if _is(one, code))


def _wrong(message: LogisticsMessage) -> list[str]:
    kind, says = message.info.kind.code or "", message.payload
    if kind not in _FIELDS:
        return ["a kind that is no logistics message"]
    field, code = _FIELDS[kind]
    if getattr(says, field) is None:
        return [f"a message of kind {kind} in the form of another"]
    if not any(_is(one, code) for one in says.events):
        return [f"a message of kind {kind} without its event (code {code} of 9121)"]
    return against_action(says.sending.action, message.info, ACTIONS)


def _is(event: TimedEvent, code: str) -> bool:
    return event.code is not None and (event.code.code, event.code.system) == (code, EVENTS)
