"""Components of the nursing and care messages (poKomponent 1.5, 1.6, 2.0) that are used here.

Code lists: 9033 kinship, 9034 role to patient, 8254 relation to the report, 8455 type of content,
9121 events, 8431 state at discharge, 8408 discharged to.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.people import Organisation, Person, Professional
from fellesjournal.national.values import Code, Coded, Timestamp, volven

EVENTS = volven(9121)
STATES_AT_DISCHARGE = volven(8431)
DISCHARGED_TO = volven(8408)
CONTENT_TYPES = volven(8455)

_OLD = ("care-1.5", "care-1.6")
_LATE = ("care-1.6", "care-2.0")
_NEW = ("care-2.0",)


@dataclass(frozen=True, kw_only=True)
class PatientDetails(Part):
    """Civil status, living alone, language."""

    civil_status: Code | None = optional("SivilStatus")
    lives_alone: bool | None = optional("BorAlene", form=Form.BOOLEAN)
    language: Code | None = optional("Sprak")
    municipal_services: bool | None = optional(
        "MottarKommunaleTjenester", form=Form.BOOLEAN, only=_NEW
    )
    remark: str | None = optional("Merknad", only=_NEW)


@dataclass(frozen=True, kw_only=True)
class NextOfKin(Part):
    """A relative or guardian; ``kinship`` from 9033."""

    kinship: Code | None = optional("Slektskap")
    function: Code | None = optional("Omsorgsfunksjon")
    birth_year_of_minor: Timestamp | None = optional(
        "FodselsarMindrearigParorende", form=Form.YEAR, only=_LATE
    )
    nearest: bool | None = optional("NarmesteParorende", form=Form.BOOLEAN, only=_NEW)
    person: Person = element("Referanseperson", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class ContactUnit(Part):
    """A unit to reach."""

    unit: Organisation = element("Kontaktenhet", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class ContactStaff(Part):
    """A member of staff to reach, as the patient's GP."""

    staff: Professional = element("Kontaktperson", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Responsible(Part):
    """Who answers for the report; ``relation`` from 8254."""

    staff: Professional = element("AnsvarligRapport", parts="common")
    approved: Timestamp | None = optional("GodkjentDato", form=Form.DATE)
    relation: Coded | None = optional("TypeRelasjon")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class SentDocument(Part):
    """Whether something was sent, when and to whom."""

    information: Coded = element("Opplysning")
    was_sent: bool = element("JaNei", form=Form.BOOLEAN)
    sent: Timestamp | None = optional("DatoSendt", form=Form.DATE)
    receiver_type: Coded | None = optional("TypeMottaker")
    receiver: str | None = optional("NavnMottaker")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class ContentType(Part):
    """What the message is about (8455)."""

    type: Coded = element("TypeInnhold")
    remark: str | None = optional("Merknad")


_ENDS = {"care-2.0": Form.DATE}


@dataclass(frozen=True, kw_only=True)
class Assistance(Part):
    """Need of an interpreter or of other help to be understood."""

    person: Person | None = optional("PersonTolkebehov", parts="common")
    hearing_loss: bool | None = optional("Horselsvikt", form=Form.BOOLEAN)
    sight_loss: bool | None = optional("Synsvikt", form=Form.BOOLEAN)
    interpreter_language: Code | None = optional("BehovTolkSprak")
    preferred_interpreter: Person | None = optional("PreferertTolk", parts="common")
    ended: Timestamp | None = optional("BehovOpphortDato", form=Form.TS, forms=_ENDS)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class AssistanceInformation(Part):
    """The wrapper of ``Assistance`` in referral 2.0."""

    assistance: Assistance = element("AssistertKommunikasjon")


@dataclass(frozen=True, kw_only=True)
class IndividualPlan(Part):
    """Whether there is an individual plan, and a coordinator."""

    exists: bool | None = optional("IndividuellPlanForeligger", form=Form.BOOLEAN)
    coordinator: bool | None = optional("KoordinatorOppnevnt", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class PatientContact(Part):
    """Somebody outside health care who knows the patient, as a teacher."""

    position: str | None = optional("StillingRolle")
    workplace: str | None = optional("Arbeidssted")
    person: Person = element("Referanseperson", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class MedicationReview(Part):
    """When medicines were reviewed and reconciled."""

    reviewed: Timestamp | None = optional("DatoLegemiddelgjennomgang", form=Form.DATE)
    reconciled: Timestamp | None = optional("DatoSamstemming", form=Form.DATE)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class AskedFor(Part):
    """The request that a message answers."""

    type: Coded = element("TypeForesp")
    purpose: Coded | None = optional("Formål")
    urgency: Code | None = optional("Hastegrad")
    information: Coded | None = optional("TypeJournalinfo")
    question: str | None = optional("Sporsmal")
    reason: str | None = optional("Begrunnelse")
    begins: Timestamp | None = optional("FraDato", form=Form.DATE)
    ends: Timestamp | None = optional("TilDato", form=Form.DATE)
    document: str | None = optional("RefDokIdForesp")


@dataclass(frozen=True, kw_only=True)
class Sending(Part):
    """Whether the message is new, a change or a cancellation, and what it answers."""

    action: Code = element("Forsendelsesstatus")
    may_be_forwarded_with_reservation: bool | None = optional(
        "ForbeholdOmVideresending", form=Form.BOOLEAN, only=_OLD
    )
    is_answer: bool | None = optional("SvarPaaForesporsel", form=Form.BOOLEAN)
    asked: AskedFor | None = optional("Foresporsel", only=_OLD)


@dataclass(frozen=True, kw_only=True)
class Place(Part):
    """Where something happened."""

    name: str = element("StedHendelse")


@dataclass(frozen=True, kw_only=True)
class TimedEvent(Part):
    """Something that happened or is expected at a time; ``code`` from 9121."""

    code: Coded | None = optional("Hendelsekode")
    description: str | None = optional("BeskrivelseAvHendelse")
    at: Timestamp = element("TidspunktForHendelse", form=Form.TS)
    is_estimate: bool = element("Anslag", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")
    place: Place | None = optional("StedForHendelse")


@dataclass(frozen=True, kw_only=True)
class DischargedTo(Part):
    """In which state (8431) and where to (8408) the patient was discharged."""

    state: Coded | None = optional("Uttilstand")
    to: Coded = element("UtTil")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class GivenInformation(Part):
    """Who was told what by whom."""

    type: Coded | None = optional("TypeInformasjon")
    description: str | None = optional("BeskrivelseInformasjon")
    was_oral: bool | None = optional("MuntligInformasjon", form=Form.BOOLEAN, needed=("care-1.5",))
    to: Person = element("InformasjonGittTil", parts="common")
    on: Timestamp = element("InformasjonGittDato", form=Form.DATE)
    by: Professional = element("InformasjonGittAv", parts="common")


@dataclass(frozen=True, kw_only=True)
class InformationGiven(Part):
    """What the patient or relatives were told."""

    items: tuple[GivenInformation, ...] = many("InformasjonGitt", needed=True)
