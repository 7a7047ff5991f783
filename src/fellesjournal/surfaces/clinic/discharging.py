"""Where stays and letters meet: a discharge summary as the letter that others receive.

The page shows what is made here, and sends the same: the fingerprint of what was shown is compared
with that of what would be sent (INV-41). The letter, one delivery for each recipient, the
signature, the end of the stay and the news of it are one act: the operations that ``care.messages``
makes are handed, ready-made, to ``care.stays``, so that neither package knows the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fellesjournal.access.acts import create
from fellesjournal.access.discharges import DOCUMENT_TYPE, SUMMARY_TYPE
from fellesjournal.access.list_gp import gp_offices
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.messages.actions import NotPreviewed, deliveries, queued
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.letters import Letter, Section, fingerprint
from fellesjournal.care.messages.queries import recipients_of
from fellesjournal.care.messages.resources import LETTER_SYSTEM, Recipient, letter_resource
from fellesjournal.care.referrals.queries import referral_of
from fellesjournal.care.stays.actions import Leaving, Sending, discharge, send_owed
from fellesjournal.care.stays.queries import services_of
from fellesjournal.care.stays.resources import Stay
from fellesjournal.care.stays.summaries import PARTS, TITLES, Summary
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock


@dataclass(frozen=True, slots=True)
class Addressee:
    """A recipient, and why she gets it: "gp", "referrer", "services", "patient"."""

    recipient: Recipient
    why: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as a letter names her: "name, role", and the unit."""

    name: str
    unit: str


def addressees(session: Session, stay: Stay) -> tuple[Addressee, ...]:
    """Who gets the summary of a stay (L11), each once: the list GP, who referred her, the units
    that give her services over time, and she herself. The ward itself is left out.
    """
    patient_id = stay.patient.partition("/")[2]
    wanted = [(each, "gp") for each in gp_offices(session, stay.patient)]
    wanted += [(each, "referrer") for each in _referrers(session, patient_id, stay)]
    wanted += [(each.reference, "services") for each in services_of(session, patient_id)]
    wanted.append((stay.patient, "patient"))
    reasons: dict[str, str] = {}
    for reference, why in wanted:
        if reference != stay.unit.reference:
            reasons.setdefault(reference, why)
    found = recipients_of(session, list(reasons))
    return tuple(map(Addressee, found, reasons.values()))


def _referrers(session: Session, patient_id: str, stay: Stay) -> list[str]:
    if not stay.referral:
        return []
    try:
        unit = referral_of(session, patient_id, stay.referral).referral.referring_unit
    except FhirError:
        return []  # closed to this ward: the GP gets it all the same
    return [unit] if unit.startswith("Organization/") else []


def has_gp(to: Sequence[Addressee]) -> bool:
    """Whether the patient's GP is among the recipients (INV-42)."""
    return any(each.why == "gp" for each in to)


def letter_of(
    summary: Summary, to: Sequence[Addressee], *, person: Person, signer: Signer
) -> Letter:
    """The summary as it is received. Parts without words are left out."""
    return Letter(
        title=TITLES.get(summary.language, TITLES["nb"]),
        lang=summary.language,
        to=tuple(each.recipient.name for each in to),
        about=", ".join(filter(None, [person.name, person.number])),
        sender=signer.unit,
        place="",
        author=signer.name,
        day=clock.today(),
        sections=tuple(
            Section(part.title(summary.language), _paragraphs(summary.texts[part.key]))
            for part in PARTS
            if summary.texts[part.key].strip()
        ),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in text.split("\n\n"))))


def send_and_discharge(
    session: Session,
    stay: Stay,
    summary: Summary,
    letter: Letter,
    to: Sequence[Addressee],
    *,
    seen: int,
    previewed: str,
    leaving: Leaving,
    without_gp: str = "",
) -> Stay:
    """Send what was shown and end the stay, in one transaction.

    ``seen`` is the version of the stay on the page, ``previewed`` the fingerprint of the letter
    on it. Raises NotPreviewed, and what ``stays.discharge`` raises.
    """
    sending = _sending(session, stay, summary, letter, to, previewed)
    return discharge(
        session,
        patient=stay.patient.partition("/")[2],
        stay_id=stay.id,
        seen=seen,
        summary_id=summary.id,
        summary_seen=summary.version,
        leaving=leaving,
        sending=sending,
        without_gp=without_gp,
    )


def send_afterwards(
    session: Session,
    stay: Stay,
    summary: Summary,
    letter: Letter,
    to: Sequence[Addressee],
    *,
    previewed: str,
) -> None:
    """Send the summary of a stay that has ended without it. Raises as above."""
    sending = _sending(session, stay, summary, letter, to, previewed)
    send_owed(
        session,
        patient=stay.patient.partition("/")[2],
        stay_id=stay.id,
        summary_id=summary.id,
        summary_seen=summary.version,
        sending=sending,
    )


def _sending(
    session: Session,
    stay: Stay,
    summary: Summary,
    letter: Letter,
    to: Sequence[Addressee],
    previewed: str,
) -> Sending:
    if fingerprint(letter) != previewed:
        raise NotPreviewed("the summary has changed since it was shown; look at it again")
    # one summary is one letter, however often it is sent
    number = f"epikrise-{summary.id}"
    known_as = f"urn:uuid:{uuid.uuid4()}"
    document = letter_resource(
        letter,
        number=number,
        patient=stay.patient,
        author=session.person,
        unit=session.unit,
        at=clock.now(),
    )
    coding = {"system": DOCUMENT_TYPE, "code": SUMMARY_TYPE, "display": letter.title}
    document |= {
        "type": {"coding": [coding], "text": letter.title},
        "context": {
            "encounter": [{"reference": stay.reference}],
            "related": [{"reference": f"Composition/{summary.id}"}],
        },
    }
    operations = [
        create(document, known_as=known_as, unless=f"identifier={LETTER_SYSTEM}|{number}"),
        *deliveries(
            session,
            number=number,
            document=known_as,
            patient=stay.patient,
            recipients=[each.recipient for each in to],
            urgent=False,
            kind=Kind.DISCHARGE_SUMMARY,
        ),
    ]
    return Sending(operations, lambda stood: queued(stood[1:]))


__all__ = [
    "Addressee", "Signer", "addressees", "has_gp", "letter_of", "send_afterwards",
    "send_and_discharge",
]  # fmt: skip
