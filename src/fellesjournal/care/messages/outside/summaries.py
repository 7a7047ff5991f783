"""A discharge summary as a national message: EPIKRISE 1.2, with the document itself attached."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from fellesjournal.access.acts import Resource
from fellesjournal.access.discharges import SUMMARY_SECTION
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.outside.addressing import NoAddress, party_of
from fellesjournal.care.messages.outside.envelopes import (
    Outgoing,
    attachment,
    info,
    read_related,
)
from fellesjournal.fhir import reading
from fellesjournal.national.clinical import HeadedText
from fellesjournal.national.discharge import (
    DISCHARGE_SUMMARY,
    DischargedPatient,
    DischargeMessage,
    DischargeSummary,
    Event,
    PastEvent,
    write_discharge,
)
from fellesjournal.national.envelope import address_of
from fellesjournal.national.older import Counterpart, Service, counterpart
from fellesjournal.national.people import Organisation
from fellesjournal.national.values import Code, Coded, RichText, Timestamp

# 8311, as far as the national example shows it. Assumption (configurable): a section that it has
# no heading for stands under that of the course, with its own title before it.
_HEADINGS = {
    "reason": Coded("AI", display="Årsak til innleggelse"),
    "course": Coded("FO", display="Forløp og behandling"),
    "follow-up": Coded("OP", display="Planer for videre oppfølging"),
}
_COURSE = _HEADINGS["course"]
# 8240, 7306, 7309 and the roles, as in the national example
_WHOLE_STAY = Code("1", "Heldøgnsopphold")
_FINAL = Code("F", "Endelig rapport")
_NEW = Code("N", "Ny")


def summary(session: Session, out: Outgoing) -> bytes:
    """The signed summary. Raises NoAddress."""
    head = info(session, out)
    composition = read_related(session, out, "Composition")
    if composition is None:
        raise NoAddress("the summary is not known any more")
    person = head.patient
    number = person.idents[0] if person is not None and person.idents else None
    return write_discharge(
        DischargeMessage(
            kind=Code(DISCHARGE_SUMMARY, "Epikrise"),
            generated=out.sent,
            id=head.id,
            summary=DischargeSummary(
                action=_NEW,
                issued=out.sent,
                approved=out.sent,
                status=_FINAL,
                description=out.letter.title,
                document=str(composition["id"]),
                events=(_event(read_related(session, out, "Encounter") or {}, composition, out),),
                patient=DischargedPatient(
                    name=reading.name_text(out.patient.get("name")) or None,
                    id=number.id if number else None,
                    id_type=Code(number.type.code, number.type.display) if number else None,
                ),
                provider=_counterpart(party_of(session, out.delivery.owner).organisation, "SPR"),
                requester=_counterpart(head.receiver.organisation, "REQ"),
                references=(attachment(out),),
            ),
        )
    )


def _event(encounter: Resource, composition: Resource, out: Outgoing) -> Event:
    period = encounter.get("period") or {}
    began, ended = (_moment(period.get(name)) for name in ("start", "end"))
    return Event(
        past=PastEvent(begins=began or out.sent, ends=ended),
        action=_NEW,
        service=Service(category=_WHOLE_STAY),
        texts=tuple(_texts(composition)),
    )


def _texts(composition: Resource) -> Iterator[HeadedText]:
    """The sections in their order; each heading holds the words that were signed."""
    under: dict[Coded, list[str]] = {}
    for section in reading.elements(composition.get("section")):
        codes = [c for system, c, _ in reading.codings(section.get("code"))
                 if system == SUMMARY_SECTION]  # fmt: skip
        heading = _HEADINGS.get(codes[0] if codes else "")
        words = _words(section)
        if heading is None:
            heading, words = _COURSE, f"{reading.string(section.get('title'))}\n{words}"
        under.setdefault(heading, []).append(words)
    for heading, parts in under.items():
        yield HeadedText(heading=heading, text=RichText("\n\n".join(parts)))


def _words(section: reading.Element) -> str:
    div = str((section.get("text") or {}).get("div", ""))
    broken = re.sub(r"<br\s*/?>|</p>\s*(?=<)", "\n", div)
    return html.unescape(re.sub(r"<[^>]*>", "", broken)).strip()


def _counterpart(organisation: Organisation, role: str) -> Counterpart:
    address, unit = address_of(organisation), organisation.unit
    if address is None or unit is None:  # pragma: no cover - party_of has seen to it
        raise NoAddress("no HER-id on two levels")
    made = counterpart(organisation.name, unit.name, address)
    names = {"SPR": "Tjenesteyter", "REQ": "Rekvirent"}
    return Counterpart(role=Code(role, names[role]), provider=made.provider)


def _moment(value: object) -> Timestamp | None:
    read = reading.moment(value)
    return None if read is None else Timestamp.of(read.at)


__all__ = ["summary"]
