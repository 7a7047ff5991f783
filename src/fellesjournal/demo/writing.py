"""Documents: notes, discharge letters and referrals as plain text that we wrote ourselves."""

from __future__ import annotations

import base64

from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import DOCUMENT_TYPE, NO_BASIS, Element, coding

NOTE = ("B02-2", "Journalnotat")
CLINIC_NOTE = ("B03-2", "Poliklinisk notat")
DISCHARGE_LETTER = ("A03-2", "Epikrise")
NURSING_SUMMARY = ("A04-2", "Sykepleiesammenfatning")
PHYSIOTHERAPY_SUMMARY = ("A05-2", "Fysioterapisammenfatning")
REFERRAL = ("I01-2", "Henvisninger")
LETTER = ("I02-2", "Brev")


def document(
    record: Record,
    at: Contact,
    kind: tuple[str, str],
    title: str,
    text: str,
    *,
    days_later: int = 0,
    minutes_later: int = 25,
) -> None:
    """Write a DocumentReference with the text as UTF-8 in its attachment."""
    raw = text.encode()
    moment = iso_moment(min(record.end, at.day + days_later), at.minutes + minutes_later)
    body: Element = {
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [coding(DOCUMENT_TYPE, *kind)], "text": kind[1]},
        "subject": record.subject,
        "date": moment,
        "author": [at.worker.ref],
        "custodian": at.unit.ref,
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain; charset=utf-8",
                    "language": "nb",
                    "data": base64.b64encode(raw).decode(),
                    "size": len(raw),
                    "title": title,
                    "creation": moment,
                }
            }
        ],
        "context": {"encounter": [at.ref]},
    }
    record.add("DocumentReference", "doc", body, of=at.unit,
               profile=NO_BASIS + "DocumentReference")  # fmt: skip


def note(
    record: Record,
    at: Contact,
    subject: str,
    *,
    history: str,
    assessment: str,
    plan: str,
    kind: tuple[str, str] = NOTE,
) -> None:
    """A consultation note with the findings of the encounter filled in."""
    findings = ", ".join(at.findings) or "Ingen målinger."
    text = f"Bakgrunn: {history}\n\nFunn: {findings}\n\nVurdering: {assessment}\n\nTiltak: {plan}\n"
    document(record, at, kind, subject, text)


def discharge_letter(
    record: Record,
    at: Contact,
    diagnosis: Diagnosis,
    *,
    course: str,
    plan: str,
    days: int,
    medicines: str = "",
) -> None:
    """A discharge letter (epikrise), written on the day of discharge."""
    person = record.person
    text = (
        f"Epikrise fra {at.unit.name}\n\nPasient: {person.name}\n"
        f"Diagnose: {diagnosis.name} ({diagnosis.icd10})\n\nForløp: {course}\n\n"
        f"Funn ved innkomst: {', '.join(at.findings[:8])}\n\n"
        f"Legemidler: {medicines or 'Ingen endringer.'}\n\nVidere plan: {plan}\n\n"
        f"Ansvarlig for oppfølging: {record.gp.name}, fastlege\n"
    )
    document(record, at, DISCHARGE_LETTER, f"Epikrise: {diagnosis.name}", text,
             days_later=days, minutes_later=11 * 60 - at.minutes)  # fmt: skip
