"""Components of nursing and care reports (poKomponent 1.6) that logistics messages do not have.

Code lists: 9111 function variables, 9151 municipal services, 7110 ICD-10, 7170 ICPC-2.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.care import TimedEvent
from fellesjournal.national.people import Organisation, Person, Professional
from fellesjournal.national.prescribed import GivenAtTransfer
from fellesjournal.national.record_notes import AllergyNote, Beware, Note, NoteText
from fellesjournal.national.values import Code, Coded, Quantity, Timestamp


@dataclass(frozen=True, kw_only=True)
class Applied(Part):
    """Whether the patient has applied for services herself."""

    herself: bool = element("EgensoknadSendt", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class ConsultationContent(Part):
    """What a report to a doctor is about."""

    type: Code = element("TypeInnholdKonsultasjon")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class StayEvent(Part):
    """Something of a stay at a time."""

    event: TimedEvent = element("TidsfestetHendelse")


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Part):
    """A diagnosis, coded or in words."""

    is_main: bool | None = optional("Hoveddiagnose", form=Form.BOOLEAN)
    code: Coded | None = optional("Diagnosekode")
    description: str | None = optional("DiagnoseBeskrivelse")


@dataclass(frozen=True, kw_only=True)
class Diagnoses(Part):
    """Diagnoses told together."""

    items: tuple[Diagnosis, ...] = many("MedisinskDiagnose", needed=True)


@dataclass(frozen=True, kw_only=True)
class DiagnosisPeriod(Part):
    """A diagnosis that held for a time."""

    begins: Timestamp = element("StartdatoDiagnose", form=Form.DATE)
    ends: Timestamp | None = optional("SluttdatoDiagnose", form=Form.DATE)
    diagnosis: Diagnosis = element("MedisinskDiagnose")


@dataclass(frozen=True, kw_only=True)
class Statistics(Part):
    """What the municipality reports to its register."""

    diagnoses: tuple[DiagnosisPeriod, ...] = many("TidsperiodeDiagnose")
    event: TimedEvent | None = optional("TidsfestetHendelse")


@dataclass(frozen=True, kw_only=True)
class BloodType(Part):
    """A registered blood type."""

    type: Code = element("Blodtype")
    rhesus: Code | None = optional("Rhesusgruppe")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class EarlierIllness(Part):
    """An illness or disability of before."""

    is_lasting: bool = element("FunksjonshemmingKroniskSykdom", form=Form.BOOLEAN)
    name: str = element("TidligereSykdom")
    code: Coded | None = optional("Diagnosekode")


@dataclass(frozen=True, kw_only=True)
class Earlier(Part):
    """What was before, as a keyword or in words."""

    illness: EarlierIllness | None = optional("TidligereSykdomFragment")
    text: NoteText | None = optional("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class Medical(Part):
    """What doctors know: illnesses, allergies, notes."""

    blood_type: BloodType | None = optional("RegistrertBlodtype")
    earlier: tuple[Earlier, ...] = many("InfoTidligereSykdommer")
    beware: Beware | None = optional("Cave", home="cave")
    allergies: tuple[AllergyNote, ...] = many("Allerginotat", home="cave")
    notes: tuple[Note, ...] = many("GenereltJournalnotat", home="notes")


@dataclass(frozen=True, kw_only=True)
class Service(Part):
    """A service of the municipality; ``type`` from 9151."""

    type: Coded | None = optional("IPLOStjenestetype")
    name: str | None = optional("BetegnelseTjeneste")
    is_private: bool = element("PrivatTjeneste", form=Form.BOOLEAN)
    by: str | None = optional("TjenestenLevertAv")
    details: str | None = optional("OpplysningerOmTjenesten")
    amount: Decimal | None = optional("AntallEnheter", form=Form.DECIMAL)
    unit: str | None = optional("Enhet")
    begins: Timestamp | None = optional("Startdato", form=Form.DATE)
    ends: Timestamp | None = optional("Sluttdato", form=Form.DATE)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class ServiceNeed(Part):
    """A service that somebody thinks is needed."""

    type: Coded | None = optional("IPLOStjenestetype")
    name: str | None = optional("BetegnelseTjeneste")
    institution: str | None = optional("VedInstitusjon")
    description: str | None = optional("BeskrivelseAvTjeneste")
    amount: Decimal | None = optional("AntallEnheterOnsket")
    unit: str | None = optional("Enhet")


@dataclass(frozen=True, kw_only=True)
class WholeAssessment(Part):
    """The level of function as a whole."""

    weight: Decimal | None = optional("Pleietyngde", form=Form.DECIMAL)
    words: str | None = optional("VurderingPleietyngde")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Function(Part):
    """One function variable (9111) and its score."""

    variable: Coded | None = optional("Funksjonsvariabel")
    score: int | None = optional("Vurdering", form=Form.INTEGER)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Answerable(Part):
    """Who did or decided something."""

    event: Coded | None = optional("TypeHendelse")
    at: Timestamp = element("TidspunktForHendelse", form=Form.DATE_TIME)
    is_external: bool = element("Ekstern", form=Form.BOOLEAN)
    staff: Professional | None = optional("AnsvarligTjenesteyter", parts="common")
    organisation: Organisation | None = optional("Virksomhet", parts="common")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Functions(Part):
    """The level of function."""

    whole: WholeAssessment | None = optional("SamletVurderingFunksjonsniva")
    variables: tuple[Function, ...] = many("KartlagtFunksjon", needed=True)
    by: Answerable | None = optional("Ansvarlig")


@dataclass(frozen=True, kw_only=True)
class OtherImportant(Part):
    """What else one must know."""

    notes: tuple[Note, ...] = many("GenereltJournalnotat", home="notes")
    allergies: tuple[AllergyNote, ...] = many("Allerginotat", home="cave")


@dataclass(frozen=True, kw_only=True)
class PlannedMeasure(Part):
    """When something is to be done."""

    begins: Timestamp = element("PlanlagtStart", form=Form.DATE)
    ends: Timestamp | None = optional("PlanlagtSlutt", form=Form.DATE)
    weekdays: tuple[Code, ...] = many("FasteUkedager")
    every: Quantity | None = optional("GjentagelseIntervall")
    when_needed: bool | None = optional("EtterBehov", form=Form.BOOLEAN)


@dataclass(frozen=True, kw_only=True)
class MeasureDone(Part):
    """When something was done."""

    on: Timestamp = element("UtfortTidspunkt", form=Form.DATE)
    may_end: bool | None = optional("TiltakKanTermineres", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Measure(Part):
    """Something done, or to be done."""

    codes: tuple[Coded, ...] = many("IntervensjonTiltakKode")
    description: str | None = optional("IntervensjonTiltakBeskrivelse")
    profession: Code | None = optional("KategoriHelsepersonell")
    words: tuple[str, ...] = many("Stikkord")
    evaluated: Timestamp | None = optional("EvalueringTidspunkt", form=Form.DATE)
    remark: str | None = optional("Merknad")
    done: tuple[MeasureDone, ...] = many("GjennomforingAvTiltak")
    planned: PlannedMeasure | None = optional("PlanlagtGjennomforingTiltak")


@dataclass(frozen=True, kw_only=True)
class DescribedMeasure(Part):
    """A measure that was begun, or is recommended."""

    measure: Measure = element("Tiltaksbeskrivelse")


@dataclass(frozen=True, kw_only=True)
class Judgement(Part):
    """One judgement of an area."""

    area: Coded | None = optional("Funksjonsområde")
    coded: Coded | None = optional("KodetVurdering")
    text: str | None = optional("VurderingTekst")


@dataclass(frozen=True, kw_only=True)
class AssessmentContent(Part):
    """What an assessment is about."""

    about: str = element("VurderingenGjelder")
    words: tuple[str, ...] = many("Stikkord")
    begins: Timestamp | None = optional("FraDato", form=Form.DATE)
    ends: Timestamp | None = optional("TilDato", form=Form.DATE)
    profession: Code | None = optional("KategoriHelsepersonell")
    judgements: tuple[Judgement, ...] = many("Enkeltvurdering")


@dataclass(frozen=True, kw_only=True)
class Assessment(Part):
    """An assessment, and words about it."""

    content: AssessmentContent = element("InnholdVurdering")
    texts: tuple[NoteText, ...] = many("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class GoalContent(Part):
    """What is hoped for."""

    expected: Coded | None = optional("MaalForventetResultat")
    degree: Coded | None = optional("ForventetGradMaaloppnaaelse")
    description: str | None = optional("Beskrivelse")
    profession: Code | None = optional("KategoriHelsepersonell")
    reached: Timestamp | None = optional("ForventesOppnaadd", form=Form.DATE)
    begins: Timestamp | None = optional("FraDato", form=Form.DATE)
    ends: Timestamp | None = optional("TilDato", form=Form.DATE)
    words: tuple[str, ...] = many("Stikkord")


@dataclass(frozen=True, kw_only=True)
class Goal(Part):
    """A goal, and words about it."""

    content: GoalContent = element("InnholdMaaldokument")
    texts: tuple[NoteText, ...] = many("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class ForFollowUp(Part):
    """What whoever follows the patient up must know."""

    bandages: bool | None = optional("BandasjemateriellEngangsutstyr", form=Form.BOOLEAN)
    helped_with_medicines: bool | None = optional("HjelpLegemiddeladm", form=Form.BOOLEAN)
    change_of_function: str | None = optional("EndringFunksjonsnivaa")
    about_bandages: str | None = optional("MerknadTilBandasjemateriell")
    about_medicines: str | None = optional("MerknadTilLegemiddeladministrering")


@dataclass(frozen=True, kw_only=True)
class FromNurse(Part):
    """What the nurse writes."""

    follow_up: ForFollowUp | None = optional("OpplysningerRelevantOppfolging")
    texts: tuple[NoteText, ...] = many("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class HowHandedOut(Part):
    """How medicines are handed out."""

    form: Code | None = optional("Utleveringsform")
    measures: tuple[Code, ...] = many("SarskilteTiltak")


@dataclass(frozen=True, kw_only=True)
class MedicineAgreement(Part):
    """Who sees to the medicines."""

    medicines: bool = element("AvtaleAdmLegemidler", form=Form.BOOLEAN)
    multidose: bool = element("AvtaleAdmMultidose", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")
    instructions: HowHandedOut | None = optional("AdmInstrukser")
    measures: tuple[Measure, ...] = many("Tiltaksbeskrivelse")


@dataclass(frozen=True, kw_only=True)
class AgreedMedicines(Part):
    """The wrapper of ``MedicineAgreement``."""

    agreement: MedicineAgreement = element("AvtaleOmAdmLegemidler")


@dataclass(frozen=True, kw_only=True)
class Nursing(Part):
    """The nurses' documentation."""

    nurse: FromNurse | None = optional("InfoFraSykepleier")
    given: GivenAtTransfer | None = optional("LegemidlerAdministrertVedOverforing", home="drugs")
    agreed: AgreedMedicines | None = optional("InfoAvtaleOmLegemiddeladm")
    assessments: tuple[Assessment, ...] = many("InfoVurderinger")
    begun: tuple[DescribedMeasure, ...] = many("IverksatteTiltak")
    recommended: tuple[DescribedMeasure, ...] = many("AnbefaltVidereTiltak")
    goals: tuple[Goal, ...] = many("InfoMaalForventetRes")
    by: tuple[Answerable, ...] = many("Ansvarlig")


@dataclass(frozen=True, kw_only=True)
class OtherReport(Part):
    """A report of another profession."""

    begins: Timestamp | None = optional("BehandlingStart", form=Form.DATE)
    at_admission: str | None = optional("StatusInnleggelse")
    at_beginning: str | None = optional("StatusBehandlingsstart")
    at_discharge: str | None = optional("ForventetStatusUtskriving")
    by: Professional | None = optional("AnsvarligRapport", parts="common")
    texts: tuple[NoteText, ...] = many("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class OtherProfessions(Part):
    """What other professions say."""

    report: OtherReport | None = optional("AndreFagrapporter")
    recommended: tuple[DescribedMeasure, ...] = many("AnbefaltVidereTiltak")
    assessments: tuple[Assessment, ...] = many("InfoVurderinger")


@dataclass(frozen=True, kw_only=True)
class Reservation(Part):
    """Something that the patient does not want."""

    about: str = element("Gjelder")
    by: Person = element("FramsattAv", parts="common")
    on: Timestamp = element("FramsattDato", form=Form.DATE)
    withdrawn_by: Person | None = optional("TrukketTilbakeAv", parts="common")
    withdrawn: Timestamp | None = optional("TrukketTilbakeDato", form=Form.DATE)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Reservations(Part):
    """Reservations told together."""

    items: tuple[Reservation, ...] = many("ReservasjonOnske", needed=True)


@dataclass(frozen=True, kw_only=True)
class Told(Part):
    """Who has been told."""

    patient: bool = element("PasientInformert", form=Form.BOOLEAN)
    next_of_kin: bool = element("ParorendeInformert", form=Form.BOOLEAN)


@dataclass(frozen=True, kw_only=True)
class BookedControl(Part):
    """A control that is, or is not, booked."""

    is_booked: bool = element("BestiltKontrolltime", form=Form.BOOLEAN)
    at: Timestamp | None = optional("TidspunktTime", form=Form.DATE_TIME)
    minutes: int | None = optional("Varighet", form=Form.INTEGER)
    place: str | None = optional("StedTime")
    told: Told | None = optional("InformertOm")


@dataclass(frozen=True, kw_only=True)
class ControlToBook(Part):
    """A control that the patient is to book."""

    by_patient: bool = element("PasientParorendeBestiller", form=Form.BOOLEAN)
    told: Told | None = optional("InformertOm")


@dataclass(frozen=True, kw_only=True)
class TentativeControl(Part):
    """A control that is thought of."""

    at: str | None = optional("TentativtTidspunktTime")
    place: str | None = optional("StedTime")
    remark: str | None = optional("Merknad")
    told: Told | None = optional("InformertOm")


@dataclass(frozen=True, kw_only=True)
class Control(Part):
    """A control: one of three."""

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (("booked", "to_book", "tentative"),)

    booked: BookedControl | None = optional("InformasjonOmTime")
    to_book: ControlToBook | None = optional("KontrolltimeBestill")
    tentative: TentativeControl | None = optional("InformasjonOmTentativTime")


@dataclass(frozen=True, kw_only=True)
class PersonalAids(Part):
    """Glasses, hearing aid, pacemaker."""

    glasses: Code | None = optional("Briller")
    hearing: Code | None = optional("HjelpemiddelHorsel")
    pacemaker: bool | None = optional("Pacemaker", form=Form.BOOLEAN)
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class AidDescription(Part):
    """An aid by name."""

    sequence: int | None = optional("Sekvensnummer", form=Form.INTEGER)
    code: Coded | None = optional("HjelpemiddelkodeRTV")
    name: str = element("BetegnelseHjelpemiddel")


@dataclass(frozen=True, kw_only=True)
class Aid(Part):
    """An aid, and whether it is in use."""

    status: Code = element("Status")
    description: AidDescription = element("Hjelpemiddelbeskrivelse")


@dataclass(frozen=True, kw_only=True)
class Aids(Part):
    """Aids of every kind."""

    personal: tuple[PersonalAids, ...] = many("FasteHjelpemidler")
    others: tuple[Aid, ...] = many("StatusHjelpemiddel")
