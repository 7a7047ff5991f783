"""Nursing and care reports to those on other systems: composed from the record, shown, signed.

Inside the platform nothing is sent: everybody reads the same record (INV-16). What the record says
is gathered by who calls, from the packages that own it; what is signed is kept with the document
as it will go, so that the preview is what is received (INV-41).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from fellesjournal.access.directory.systems import reads
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.actions import NotPreviewed, Sender, send_for
from fellesjournal.care.messages.kinds import INSTEAD, NATIONAL, REPORTS, Kind
from fellesjournal.care.messages.letters import Letter, fingerprint
from fellesjournal.care.messages.outside.aloud_reports import report as aloud
from fellesjournal.care.messages.resources import Delivery, Recipient
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.national.care import ContentType, Responsible, Sending, TimedEvent
from fellesjournal.national.enclosing import NEW
from fellesjournal.national.logistics import event_code
from fellesjournal.national.nursing import Report, write_report
from fellesjournal.national.nursing_parts import (
    Diagnoses,
    Diagnosis,
    FromNurse,
    Function,
    Functions,
    Medical,
    Nursing,
    Service,
    StayEvent,
    WholeAssessment,
)
from fellesjournal.national.people import IDS_OF_PERSONS, Ident, Professional
from fellesjournal.national.prescribed import Medicine, Prescribed, Prescription
from fellesjournal.national.record_notes import (
    MEDICINES,
    OTHER_NOTES,
    WARNINGS,
    Beware,
    Note,
    NoteText,
    Warned,
    Warnings,
)
from fellesjournal.national.values import Code, Coded, Timestamp, volven

_USES = {"1": "Fast", "2": "Kur", "3": "Ved behov"}
"""As the national examples have them; no list is named."""
TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ADMISSION_REPORT: "Innleggelsesrapport",
        Kind.DISCHARGE_REPORT: "Utskrivningsrapport",
        Kind.HEALTH_INFORMATION: "Helseopplysninger",
        Kind.SERVICES_OFFERED: "Orientering om tjenestetilbud",
        Kind.TO_DOCTOR: "Helseopplysninger til lege",
        Kind.MEDICAL_INFORMATION: "Medisinske opplysninger",
    }
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What is written under one heading of a kind; ``is_nursing``: among the nurses' notes."""

    code: Coded
    is_nursing: bool = False


def _nurse(code: str, name: str) -> Heading:
    return Heading(Coded(code, volven(9141), name), is_nursing=True)


def _medical(code: str, name: str, system: int = 9142) -> Heading:
    return Heading(Coded(code, volven(system), name))


# The headings that the national examples of each kind have.
HEADINGS: Mapping[Kind, Mapping[str, Heading]] = MappingProxyType(
    {
        Kind.ADMISSION_REPORT: {
            "reason": _medical("AAI", "Årsak til innleggelse"),
            "nursing": _nurse("8", "Sykepleiesammenfatning"),
            "practical": _nurse("14", "Praktiske opplysninger"),
        },
        Kind.DISCHARGE_REPORT: {
            "nursing": _nurse("8", "Sykepleiesammenfatning"),
            "status": _nurse("12", "Status ved utskrivning"),
            "follow_up": _medical("OP", "Planer for videre oppfølging"),
        },
        Kind.HEALTH_INFORMATION: {
            "status": _medical("1", "Pasientens status", 9145),
            "course": _medical("2", "Antatt forløp", 9145),
        },
        Kind.SERVICES_OFFERED: {},
        Kind.TO_DOCTOR: {
            "problem": _medical("PROB", "Aktuell problemstilling"),
            "nursing": _nurse("8", "Sykepleiesammenfatning"),
        },
        Kind.MEDICAL_INFORMATION: {
            "problem": _medical("PROB", "Aktuell problemstilling"),
            "findings": _medical("FU", "Funn og undersøkelsesresultat"),
        },
    }
)
_CONTENTS = {
    Kind.DISCHARGE_REPORT: Coded("11", volven(9139), "Utskrivningsrapport"),
    Kind.HEALTH_INFORMATION: Coded("1", volven(9140), "Varsel om innlagt pasient"),
}
_WITH_MEDICINES = frozenset(REPORTS) - {Kind.SERVICES_OFFERED, Kind.HEALTH_INFORMATION}
_WITH_FUNCTIONS = frozenset(REPORTS) - {Kind.SERVICES_OFFERED}
_WITH_SERVICES = frozenset({Kind.ADMISSION_REPORT, Kind.SERVICES_OFFERED})


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine of the list, in the one rendering of it. ``use``: 1 regular, 2 course, 3 as
    needed.
    """

    reference: str
    name: str
    atc: str
    dose: str
    reason: str
    use: str
    since: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class Given:
    """A municipal service (9151) that is granted."""

    code: str
    name: str
    hours: str
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says of a patient. ``list_says`` names the medication list and its number;
    ``scores`` are code and name of 9111 with the score; ``critical`` allergies and alerts,
    ``allergies_say`` what is known where none stands ("none known" is no warning);
    ``problems`` code (of ``system``) and name; ``admitted`` is when the stay that lasts began.
    """

    medicines: tuple[Taken, ...] = ()
    list_says: str = ""
    critical: tuple[str, ...] = ()
    allergies_say: str = ""
    problems: tuple[tuple[str, str, str], ...] = ()
    services: tuple[Given, ...] = ()
    scores: tuple[tuple[str, str, str], ...] = ()
    scored: date | None = None
    admitted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who answers for it: family and given names, and number of authorisation ("": none)."""

    family: str
    given: str
    hpr: str


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody adds: texts by the keys of ``HEADINGS``, and when she is expected ready."""

    texts: Mapping[str, str]
    expected: date | None = None


def compose(
    kind: Kind, facts: Facts, written: Written, author: Author, *, number: str, day: date
) -> Report:
    """A report from what the record says. ``number`` is that of the form: the same form makes the
    same report, to the byte. Raises BadRequest for what its kind can't do without.
    """
    if kind is Kind.SERVICES_OFFERED and not facts.services:
        raise BadRequest("no service is granted: there is nothing to tell of", code="required")
    if kind is Kind.HEALTH_INFORMATION and written.expected is None:
        raise BadRequest("say when she is expected to be ready", code="required")
    texts = [
        (heading, words)
        for key, heading in HEADINGS[kind].items()
        if (words := written.texts.get(key, "").strip())
    ]
    if HEADINGS[kind] and not texts:
        raise BadRequest("a report without words is not sent", code="required")
    ids = _Ids(number)
    nursing = tuple(_text(*each) for each in texts if each[0].is_nursing)
    has_services = kind in _WITH_SERVICES
    return Report(
        sending=Sending(action=Code(NEW, "Ny")),
        responsible=_responsible(author, day),
        content=_content(kind),
        stay=tuple(_stay(kind, facts, written)),
        diagnoses=() if kind is Kind.SERVICES_OFFERED else _diagnoses(facts),
        medical=None if kind is Kind.SERVICES_OFFERED else _medical_part(kind, facts, texts, ids),
        medicines=_medicines(facts, ids) if kind in _WITH_MEDICINES else (),
        services=tuple(map(_service, facts.services)) if has_services else (),
        functions=_functions(facts) if kind in _WITH_FUNCTIONS else None,
        nursing=Nursing(nurse=FromNurse(texts=nursing)) if nursing else None,
    )


class _Ids:
    """Numbers of components, the same for the same form."""

    def __init__(self, number: str) -> None:
        self._number, self._turn = number, 0

    def next(self) -> str:
        self._turn += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._number}#component-{self._turn}"))


def _responsible(author: Author, day: date) -> tuple[Responsible, ...]:
    if not author.hpr:
        return ()  # the standard wants a number; her name stands in the document
    staff = Professional(
        family=author.family,
        given=author.given or None,
        idents=(Ident(id=author.hpr, type=Coded("HPR", IDS_OF_PERSONS, "HPR-nummer")),),
    )
    return (Responsible(staff=staff, approved=Timestamp(day.isoformat())),)


def _content(kind: Kind) -> ContentType | None:
    found = _CONTENTS.get(kind)
    return None if found is None else ContentType(type=found)


def _stay(kind: Kind, facts: Facts, written: Written) -> Iterator[StayEvent]:
    if kind not in _CONTENTS:
        return
    if facts.admitted is not None:
        yield _event("1", "Pasient innlagt", Timestamp.of(facts.admitted), is_estimate=False)
    if written.expected is not None:
        at = Timestamp(written.expected.isoformat())
        yield _event("3", "Pasient utskrivningsklar", at, is_estimate=True)


def _event(code: str, name: str, at: Timestamp, *, is_estimate: bool) -> StayEvent:
    event = TimedEvent(code=event_code(code, name), at=at, is_estimate=is_estimate)
    return StayEvent(event=event)


def _diagnoses(facts: Facts) -> tuple[Diagnoses, ...]:
    items = tuple(
        Diagnosis(code=Coded(code, system, name)) if code else Diagnosis(description=name)
        for code, system, name in facts.problems
    )
    return (Diagnoses(items=items),) if items else ()


def _text(heading: Heading, words: str) -> NoteText:
    return NoteText(heading=heading.code, text=words)


def _medical_part(
    kind: Kind, facts: Facts, texts: Sequence[tuple[Heading, str]], ids: _Ids
) -> Medical:
    notes = []
    written = tuple(_text(*each) for each in texts if not each[0].is_nursing)
    if written:
        notes.append(Note(category=OTHER_NOTES, id=ids.next(), texts=written))
    if facts.allergies_say:
        said = (NoteText(text=facts.allergies_say),)
        notes.append(Note(category=WARNINGS, id=ids.next(), texts=said))
    if kind in _WITH_MEDICINES:
        said = (NoteText(text=facts.list_says),)
        notes.append(Note(category=MEDICINES, id=ids.next(), texts=said))
    beware = Beware(
        category=WARNINGS,
        id=ids.next(),
        warnings=Warnings(
            category=WARNINGS,
            id=ids.next(),
            warned=tuple(Warned(word=each) for each in facts.critical),
        ),
    )
    return Medical(beware=beware if facts.critical else None, notes=tuple(notes))


def _medicines(facts: Facts, ids: _Ids) -> tuple[Medicine, ...]:
    return tuple(
        Medicine(
            category=MEDICINES,
            id=ids.next(),
            prescription=Prescription(
                prescription=each.reference.partition("/")[2] or None,
                remark=each.remark or None,
                what=Prescribed(
                    reason=each.reason or None,
                    dose=each.dose or None,
                    name=each.name,
                    atc=Code(each.atc) if each.atc else None,
                    use=Code(each.use, _USES[each.use]) if each.use in _USES else None,
                    begins=Timestamp(each.since.isoformat()) if each.since else None,
                ),
            ),
        )
        for each in facts.medicines
    )


def _service(given: Given) -> Service:
    return Service(
        type=Coded(given.code, volven(9151), given.name),
        is_private=False,
        details=f"{given.hours} timer i uka" if given.hours else None,
        begins=Timestamp(given.starts.isoformat()) if given.starts else None,
        ends=Timestamp(given.ends.isoformat()) if given.ends else None,
    )


def _functions(facts: Facts) -> Functions | None:
    if not facts.scores:
        return None
    scored = f"Funksjonsvurdering gjort {facts.scored:%d.%m.%Y}." if facts.scored else None
    return Functions(
        whole=WholeAssessment(remark=scored) if scored else None,
        variables=tuple(
            Function(variable=Coded(code, volven(9111), name), score=int(score))
            for code, name, score in facts.scores
        ),
    )


def letter_of(
    report: Report, kind: Kind, *, to: str, about: str, sender: str, author: str, day: date
) -> Letter:
    """The report as the document that is shown, signed and attached."""
    _, sections = aloud(report)
    return Letter(
        title=TITLES[kind], lang="nb", to=(to,), about=about, sender=sender, place="",
        author=author, day=day, sections=sections,
    )  # fmt: skip


def seal(report: Report, kind: Kind, letter: Letter) -> str:
    """What tells two reports apart: all that is shown, and all that is sent beside it."""
    content = write_report(report, NATIONAL[kind][0])
    return hashlib.sha256(fingerprint(letter).encode() + content).hexdigest()


def refuse_receiver(session: Session, kind: Kind, recipient: Recipient) -> None:
    """Raises BadRequest for a unit that reads this record itself (INV-16), and for one whose
    system reads neither the kind nor a letter (INV-4).
    """
    if recipient.route is not Route.NATIONAL:
        raise BadRequest(
            "this unit reads the same record: nothing is sent to it", code="same-record"
        )
    way = recipient.reference
    if not reads(session, way, *NATIONAL[kind]) and not reads(session, way, *INSTEAD):
        raise BadRequest("this unit's system reads no such report, and no letter", code="not-read")


def send_report(
    session: Session,
    report: Report,
    letter: Letter,
    *,
    kind: Kind,
    patient: str,
    recipient: Recipient,
    number: str,
    previewed: str,
    urgent: bool = False,
) -> list[Delivery]:
    """Sign a report and queue its delivery. The same ``number`` again is the same report (INV-8).

    Raises NotPreviewed when it is not what was shown, BadRequest as ``refuse_receiver``.
    """
    refuse_receiver(session, kind, recipient)
    if seal(report, kind, letter) != previewed:
        raise NotPreviewed("the report has changed since it was shown; look at it again")
    return send_for(
        session,
        letter,
        sender=Sender(session.person, session.unit),
        patient=patient,
        recipients=[recipient],
        number=number,
        kind=kind,
        urgent=urgent,
        payload=write_report(report, NATIONAL[kind][0]),
    )


__all__ = [
    "HEADINGS", "TITLES", "Author", "Facts", "Given", "Taken", "Written", "compose", "letter_of",
    "refuse_receiver", "seal", "send_report",
]  # fmt: skip
