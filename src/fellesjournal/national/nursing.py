"""Nursing and care reports between municipality, hospital and GP (PLO 1.6), in one shape.

Kinds (8279): INNLEGGELSESRAPPORT from home care at an admission, UTSKRIVNINGSRAPPORT from a ward at
a discharge, HELSEOPPL_SOKNAD early from a ward, ORIENTERING_TJENESTETILBUD what the municipality
offers, HELSEOPPLYSNINGER_LEGE to a doctor, MEDISINSKE_OPPLYSNINGER from a doctor. Each kind has a
schema of its own with a selection of the same components. Code lists: 7309 action, 9138, 9139 and
9140 what a report is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from fellesjournal.national.binding import Part, Schema, element, many, optional
from fellesjournal.national.care import (
    Assistance,
    AssistanceInformation,
    ContactStaff,
    ContactUnit,
    ContentType,
    InformationGiven,
    NextOfKin,
    PatientDetails,
    Responsible,
    Sending,
    SentDocument,
)
from fellesjournal.national.documents import Document, namespace, parse
from fellesjournal.national.enclosing import (
    CANCELLATION,
    CHANGE,
    NEW,
    Enclosed,
    against_action,
    kind_in,
    read_enclosed,
    write_enclosed,
)
from fellesjournal.national.nursing_parts import (
    Aids,
    Applied,
    ConsultationContent,
    Control,
    Diagnoses,
    Functions,
    Medical,
    Nursing,
    OtherImportant,
    OtherProfessions,
    Reservations,
    Service,
    ServiceNeed,
    Statistics,
    StayEvent,
)
from fellesjournal.national.prescribed import Medicine
from fellesjournal.national.reading import read_part
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable, Problem
from fellesjournal.national.schemas import (
    ADMISSION_REPORT_1_6,
    DISCHARGE_REPORT_1_6,
    HEALTH_INFORMATION_1_6,
    MEDICAL_INFORMATION_1_6,
    SERVICES_OFFERED_1_6,
    TO_DOCTOR_1_6,
)
from fellesjournal.national.writing import Writer

ADMISSION_REPORT = "INNLEGGELSESRAPPORT"
DISCHARGE_REPORT = "UTSKRIVNINGSRAPPORT"
HEALTH_INFORMATION = "HELSEOPPL_SOKNAD"
SERVICES_OFFERED = "ORIENTERING_TJENESTETILBUD"
TO_DOCTOR = "HELSEOPPLYSNINGER_LEGE"
MEDICAL_INFORMATION = "MEDISINSKE_OPPLYSNINGER"
ACTIONS = (NEW, CHANGE, CANCELLATION)

_FORMS: Mapping[str, tuple[str, Schema]] = MappingProxyType(
    {
        ADMISSION_REPORT: ("Innleggelsesrapport", ADMISSION_REPORT_1_6),
        DISCHARGE_REPORT: ("TverrfagligEpikrise", DISCHARGE_REPORT_1_6),
        HEALTH_INFORMATION: ("HelseopplysningerVedSoknad", HEALTH_INFORMATION_1_6),
        SERVICES_OFFERED: ("OrienteringOmTjenestetilbud", SERVICES_OFFERED_1_6),
        TO_DOCTOR: ("Konsultasjon", TO_DOCTOR_1_6),
        MEDICAL_INFORMATION: ("OverforingMedisinskeOpplysninger", MEDICAL_INFORMATION_1_6),
    }
)
"""The element and schema of each kind."""
KINDS = tuple(_FORMS)

_FIRST = ("sending", "patient", "next_of_kin", "units", "staff", "responsible", "sent")


@dataclass(frozen=True, kw_only=True)
class Report(Part):
    """What a report says; each kind has the fields that ``orders`` names for its schema."""

    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {
        ADMISSION_REPORT_1_6.name: (
            *_FIRST, "diagnoses", "medical", "medicines", "services", "functions", "other",
            "nursing", "professions", "aids", "assistance", "reservations", "told",
        ),
        DISCHARGE_REPORT_1_6.name: (
            *_FIRST, "content", "stay", "diagnoses", "medical", "medicines", "other", "nursing",
            "professions", "functions", "needs", "told", "assistance", "reservations", "controls",
            "aids",
        ),
        HEALTH_INFORMATION_1_6.name: (
            *_FIRST, "content", "stay", "applied", "diagnoses", "medical", "nursing",
            "professions", "functions", "assistance", "told", "needs",
        ),
        SERVICES_OFFERED_1_6.name: (*_FIRST, "services", "communication"),
        TO_DOCTOR_1_6.name: (
            *_FIRST, "consultation", "diagnoses", "medical", "medicines", "other", "nursing",
            "functions", "told", "assistance", "reservations",
        ),
        MEDICAL_INFORMATION_1_6.name: (
            *_FIRST, "content", "applied", "diagnoses", "medical", "medicines", "statistics",
            "professions", "functions", "assistance", "told", "needs", "other", "reservations",
        ),
    }  # fmt: skip

    sending: Sending = element("InformasjonOmForsendelsen", home="care")
    patient: PatientDetails | None = optional("TilleggsopplysningPasient", home="care")
    next_of_kin: tuple[NextOfKin, ...] = many("ParorendeForesatt", home="care")
    units: tuple[ContactUnit, ...] = many("TilknyttetEnhet", home="care")
    staff: tuple[ContactStaff, ...] = many("KontaktpersonHelsepersonell", home="care")
    responsible: tuple[Responsible, ...] = many("AnsvarForRapport", home="care")
    sent: tuple[SentDocument, ...] = many("SendtDokument", home="care")
    content: ContentType | None = optional(
        "TypeInnholdIMelding",
        home="care",
        needed=(DISCHARGE_REPORT_1_6.name, HEALTH_INFORMATION_1_6.name),
    )
    consultation: ConsultationContent | None = optional("InnholdKonsultasjon", home="care")
    stay: tuple[StayEvent, ...] = many(
        "OpplysningOpphold", home="care", needed=(HEALTH_INFORMATION_1_6.name,)
    )
    applied: Applied | None = optional("OpplysningerTilSoknad", home="care")
    diagnoses: tuple[Diagnoses, ...] = many(
        "InfoMedisinskDiagnose", home="care", single_in=(MEDICAL_INFORMATION_1_6.name,)
    )
    medical: Medical | None = optional("MedisinskfagligeOpplysninger", home="care")
    medicines: tuple[Medicine, ...] = many("Legemiddelinfo", home="drugs")
    statistics: Statistics | None = optional("InfoIPLOSrelevantInformasjon", home="care")
    services: tuple[Service, ...] = many(
        "EksisterendeTjeneste", home="care", needed=(SERVICES_OFFERED_1_6.name,)
    )
    functions: Functions | None = optional("InfoKartleggingFunksjonsniva", home="care")
    other: OtherImportant | None = optional("InfoAndreViktigeOpplysninger", home="care")
    nursing: Nursing | None = optional("Sykepleierdokumentasjon", home="care")
    professions: tuple[OtherProfessions, ...] = many(
        "OpplysningerAndreFaggrupper", home="care", single_in=(ADMISSION_REPORT_1_6.name,)
    )
    needs: tuple[ServiceNeed, ...] = many("TjenesteBehov", home="care")
    told: tuple[InformationGiven, ...] = many("InfoInformasjonGitt", home="care")
    assistance: tuple[AssistanceInformation, ...] = many("InfoAssistertKommunikasjon", home="care")
    communication: tuple[Assistance, ...] = many("AssistertKommunikasjon", home="care")
    reservations: tuple[Reservations, ...] = many("InfoReservasjon", home="care")
    controls: tuple[Control, ...] = many("InfoKontrolltime", home="care")
    aids: Aids | None = optional("OpplysningerOmHjelpemidler", home="care")


NursingMessage = Enclosed[Report]


def read_nursing(data: bytes) -> NursingMessage:
    """A report of one of ``KINDS``.

    Raises:
        NotXml, NotUnderstood, NotValid: also for an action other than N, M and C, and for a change
            or cancellation that names no message it changes.
    """
    kind = kind_in(data)
    if kind not in _FORMS:
        raise NotUnderstood(Problem("a kind that is no nursing or care report"))
    name, schema = _FORMS[kind]
    message = read_enclosed(data, Report, name, {schema.uri: schema}, (kind,))
    for told in _wrong(message):
        raise NotValid(Problem(told, path=f"/MsgHead/Document/RefDoc/Content/{name}"))
    return message


def write_nursing(message: NursingMessage) -> bytes:
    """The report as its kind. Raises ``NotWritable``, for the same reasons too."""
    for told in _wrong(message):
        raise NotWritable(Problem(told, path="Report"))
    name, schema = _form(message.info.kind.code)
    return write_enclosed(message, name, schema)


def write_report(report: Report, kind: str) -> bytes:
    """What a report says, without a head: as it is signed and kept. Raises ``NotWritable``."""
    name, schema = _form(kind)
    writer = Writer(schema)
    return writer.bytes(writer.root(name, report, schema))


def read_report(data: bytes, kind: str) -> Report:
    """The same, read back. Raises ``NotXml``, ``NotUnderstood`` for another kind, ``NotValid``."""
    name, schema = _form(kind)
    xml: Document = parse(data)
    if (namespace(xml.root), xml.root.tag.rpartition("}")[2]) != (schema.uri, name):
        raise NotUnderstood(Problem(f"no {name}"))
    return read_part(xml, xml.root, Report, schema)


def _form(kind: str | None) -> tuple[str, Schema]:
    if kind is None or kind not in _FORMS:
        raise NotWritable(Problem("a kind that is no nursing or care report"))
    return _FORMS[kind]


def _wrong(message: NursingMessage) -> list[str]:
    if message.info.kind.code not in _FORMS:
        return ["a kind that is no nursing or care report"]
    return against_action(message.payload.sending.action, message.info, ACTIONS)


__all__ = [
    "ADMISSION_REPORT", "DISCHARGE_REPORT", "HEALTH_INFORMATION", "KINDS", "MEDICAL_INFORMATION",
    "SERVICES_OFFERED", "TO_DOCTOR", "NursingMessage", "Report", "read_nursing", "read_report",
    "write_nursing", "write_report",
]  # fmt: skip
