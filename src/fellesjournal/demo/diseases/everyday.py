"""Everyday illness and small injuries: most of what a GP and an out-of-hours clinic see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate

from fellesjournal.demo import orders
from fellesjournal.demo.catalogue import diagnoses, laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.catalogue.laboratory import Panel
from fellesjournal.demo.catalogue.medicines import Medicine
from fellesjournal.demo.contacts import gp_visit, illness, out_of_hours
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.services import physiotherapy
from fellesjournal.demo.services.hospital import Stay, admit, follow_up
from fellesjournal.demo.writing import document, note

# Age bands of the weights: 0-5, 6-17, 18-39, 40-66, 67 and older.
_BANDS = (6, 18, 40, 67)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reason to see a doctor.

    `weights` by age band; `urgent` is the share that ends at the out-of-hours clinic, `admitted`
    the share then admitted. `fever` degrees and `crp` describe how ill the body gets.
    """

    diagnosis: Diagnosis
    weights: tuple[float, float, float, float, float]
    history: str
    plan: str
    days: int = 7
    measure: tuple[str, ...] = ()
    panel: Panel | None = None
    adult: Medicine | None = None
    child: Medicine | None = None
    course: int = 7
    treated: float = 1.0
    urgent: float = 0.0
    admitted: float = 0.0
    fever: float = 0.0
    crp: float = 0.0
    sex: str = ""
    physio: float = 0.0
    remote: float = 0.0


_ILL = ("temperature", "pulse", "saturation", "respiration")
_CRP = laboratory.CRP_ONLY
_PENICILLIN, _PENICILLIN_CHILD = medicines.PHENOXYMETHYLPENICILLIN, medicines.PENICILLIN_CHILD

COMPLAINTS = (
    Complaint(diagnoses.COLD, (9, 5, 5, 4, 3), "Hoste, snørr og lett feber i noen dager.",
              "Ingen antibiotika. Ny kontakt ved forverring.", 8, ("temperature",), _CRP,
              urgent=0.25, fever=0.8, crp=8, remote=0.2),
    Complaint(diagnoses.EAR_INFECTION, (6, 1.5, 0.2, 0.1, 0.1), "Vondt i øret og feber.",
              "Smertestillende, ser an. Penicillin ved manglende bedring.", 7, ("temperature",),
              None, _PENICILLIN, _PENICILLIN_CHILD, 5, 0.4, 0.5, fever=1.4, crp=20),
    Complaint(diagnoses.TONSILLITIS, (1.5, 3, 2, 0.6, 0.1), "Vond hals og feber, ingen hoste.",
              "Penicillin ved streptokokker. Drikke og hvile.", 8, ("temperature",), _CRP,
              _PENICILLIN, _PENICILLIN_CHILD, 7, 0.8, 0.3, fever=1.6, crp=45),
    Complaint(diagnoses.BRONCHIOLITIS, (2, 0.3, 0.5, 0.8, 1.2), "Hoste og tett i brystet.",
              "Luftveisinfeksjon uten behov for antibiotika.", 12, _ILL, _CRP, urgent=0.5,
              admitted=0.06, fever=0.9, crp=18),
    Complaint(diagnoses.PNEUMONIA, (0.4, 0.3, 0.4, 0.9, 3.2),
              "Feber, hoste og smerter ved pust.", "Antibiotika. Kontroll om tre dager.", 16,
              _ILL, laboratory.INFECTION, medicines.AMOXICILLIN, _PENICILLIN_CHILD, 7, 1.0, 0.55,
              0.5, 1.8, 130),
    Complaint(diagnoses.INFLUENZA, (0.8, 1, 1.2, 1.2, 1.0), "Brå feber, muskelverk og hoste.",
              "Hvile og febernedsettende.", 9, _ILL, _CRP, urgent=0.4, admitted=0.06, fever=2.0,
              crp=28),
    Complaint(diagnoses.GASTROENTERITIS, (2.5, 1, 0.9, 0.6, 0.6), "Oppkast og diaré.",
              "Drikke ofte og lite. Kontakt ved slapphet.", 5, ("temperature", "pulse"),
              urgent=0.4, admitted=0.05, fever=0.7, crp=12),
    Complaint(diagnoses.CYSTITIS, (0.2, 0.4, 2.4, 2, 3.2), "Svie og hyppig vannlating.",
              "Antibiotika i tre dager. Rikelig drikke.", 5, (), None, medicines.PIVMECILLINAM,
              None, 3, 1.0, 0.2, sex="female", remote=0.35),
    Complaint(diagnoses.PYELONEPHRITIS, (0.1, 0.1, 0.4, 0.4, 1.3),
              "Frostanfall, feber og smerter i flanken.", "Antibiotika. Urin til dyrkning.", 12,
              _ILL, laboratory.INFECTION, medicines.CIPROFLOXACIN, None, 7, 1.0, 0.7, 0.45, 2.1,
              150),
    Complaint(diagnoses.SKIN_INFECTION, (0.8, 0.8, 0.8, 1, 1.6), "Rødt, varmt og ømt hudområde.",
              "Antibiotika. Merket av. Kontroll om to dager.", 9, ("temperature",), _CRP,
              medicines.DICLOXACILLIN, None, 7, 0.8, 0.3, 0.1, 0.5, 40),
    Complaint(diagnoses.EYE_INFECTION, (3, 1, 0.6, 0.5, 0.6), "Røde øyne med puss.",
              "Vask. Salve ved manglende bedring.", 5, (), None, medicines.CHLORAMPHENICOL,
              medicines.CHLORAMPHENICOL, 5, 0.6, 0.2, remote=0.3),
    Complaint(diagnoses.WARTS, (0.4, 1.6, 0.3, 0.2, 0.1), "Vorter på føttene.",
              "Fryses. Forsvinner som regel av seg selv.", 60),
    Complaint(diagnoses.WOUND, (1.2, 1.6, 1.2, 0.9, 0.9), "Kuttskade.",
              "Renset og lukket. Stivkrampevaksine vurdert.", 12, urgent=0.8),
    Complaint(diagnoses.ANKLE_SPRAIN, (0.1, 1.8, 1.4, 0.7, 0.2), "Tråkket over.",
              "Ikke brudd. Hvile, trening av balanse.", 30, urgent=0.5, physio=0.08),
    Complaint(diagnoses.WRIST_FRACTURE, (0.2, 0.9, 0.3, 0.6, 1.1), "Falt på strak arm.",
              "Røntgen viser brudd. Gips i fem uker.", 45, ("pulse",), urgent=1.0, physio=0.3,
              adult=medicines.PARACETAMOL, course=7),
    Complaint(diagnoses.HEAD_INJURY, (1, 1, 0.3, 0.2, 0.5), "Slo hodet, kort bevisstløs.",
              "Hjernerystelse. Observert. Ro i to døgn.", 10, ("bp", "pulse"), urgent=1.0,
              admitted=0.15),
    Complaint(diagnoses.BACK_PAIN, (0, 0.4, 3, 4, 2.2), "Vondt i korsryggen, uten utstråling.",
              "Holde seg i gang. Smertestillende ved behov. Sykmelding vurdert.", 35, (), None,
              medicines.IBUPROFEN, None, 10, 0.5, 0.1, physio=0.1, remote=0.15),
    Complaint(diagnoses.SHOULDER_PAIN, (0, 0.1, 0.9, 2.6, 1.5), "Vondt i skulderen ved løft.",
              "Øvelser, fysioterapi.", 120, physio=0.2),
    Complaint(diagnoses.NECK_PAIN, (0, 0.3, 1.6, 1.8, 0.8), "Stiv og vond nakke.",
              "Øvelser og variasjon i arbeid.", 30, physio=0.1, remote=0.2),
    Complaint(diagnoses.CHEST_PAIN, (0, 0.1, 0.7, 1.5, 1.7), "Stikkende smerter i brystet.",
              "EKG uten akutte funn. Prøver følges opp.", 4, ("bp", "pulse", "saturation"),
              laboratory.CHEST_PAIN, urgent=0.6, admitted=0.25),
    Complaint(diagnoses.DIZZINESS, (0, 0.2, 0.8, 1, 2.3), "Svimmel ved rask oppreising.",
              "Blodtrykk liggende og stående. Legemidler gjennomgått.", 14, ("bp", "pulse"),
              laboratory.BASIC, urgent=0.15),
    Complaint(diagnoses.TIREDNESS, (0.1, 0.9, 2, 2, 1.5), "Slapp og trett i flere uker.",
              "Blodprøver. Ny samtale når svarene er klare.", 45, ("bp", "weight"),
              laboratory.FATIGUE, remote=0.1),
    Complaint(diagnoses.IRON_DEFICIENCY, (0.2, 0.4, 0.8, 0.6, 0.5), "Trett og blek.",
              "Jerntabletter i tre måneder. Årsak utredes.", 110, (), laboratory.IRON,
              medicines.IRON, None, 90, sex="female"),
    Complaint(diagnoses.ABDOMINAL_PAIN, (0.8, 1.2, 1, 1, 1), "Vondt i magen.",
              "Ingen alarmsymptomer. Ny vurdering ved forverring.", 9, ("temperature", "bp"),
              laboratory.INFECTION, urgent=0.35, admitted=0.08, crp=12),
    Complaint(diagnoses.APPENDICITIS, (0.05, 0.3, 0.2, 0.1, 0.05),
              "Magesmerter som flytter seg ned til høyre.", "Innlegges.", 14, _ILL,
              laboratory.INFECTION, urgent=1.0, admitted=1.0, fever=0.9, crp=80),
    Complaint(diagnoses.GALLSTONES, (0, 0, 0.2, 0.4, 0.4), "Takvise smerter under høyre ribbein.",
              "Ultralyd bestilt. Smertestillende.", 60, ("temperature",), laboratory.ADMISSION,
              urgent=0.6, admitted=0.3),
    Complaint(diagnoses.CONSTIPATION, (0.8, 0.5, 0.3, 0.4, 1.5), "Treg mage.",
              "Kost, væske og bevegelse. Laktulose.", 40, (), None, medicines.LACTULOSE, None, 30,
              0.7),
    Complaint(diagnoses.CONTRACEPTION, (0, 0.6, 1.8, 0.2, 0), "Ønsker prevensjon.",
              "Blodtrykk normalt. Resept.", 1, ("bp",), None, medicines.DESOGESTREL, None, 360,
              sex="female", remote=0.3),
    Complaint(diagnoses.MENOPAUSE, (0, 0, 0, 1.2, 0.1), "Hetetokter og dårlig søvn.",
              "Informert om behandling, nytte og risiko.", 200, ("bp",), sex="female"),
    Complaint(diagnoses.EAR_WAX, (0.1, 0.1, 0.3, 0.8, 1.5), "Tett øre.", "Skylt.", 2),
    Complaint(diagnoses.CERTIFICATE, (0.2, 0.8, 1.2, 1.3, 1.8), "Trenger attest.",
              "Attest skrevet.", 1, ("bp",), remote=0.3),
)  # fmt: skip
# Visits a year for this kind of thing, by age band (women, men). UNVERIFIED: rounded guesses.
_YEARLY = ((1.8, 1.8), (0.75, 0.65), (1.2, 0.75), (1.35, 0.95), (1.55, 1.4))


def begin_all(record: Record) -> None:
    """Spread everyday contacts over the recorded time."""
    day = record.start
    while True:
        yearly = _YEARLY[_band(record.age(day))][0 if record.female else 1]
        day += max(5, int(record.rng.expovariate(yearly) * YEAR))
        if day > record.end:
            return
        complaint = _draw(record, day)
        record.at(day, partial(see_doctor, record, complaint=complaint))


def _band(age: int) -> int:
    return sum(age >= limit for limit in _BANDS)


def _draw(record: Record, day: int) -> Complaint:
    band = _band(record.age(day))
    fitting, weights = _choices(band, record.person.sex)
    return record.rng.choices(fitting, cum_weights=weights)[0]


@cache
def _choices(band: int, sex: str) -> tuple[tuple[Complaint, ...], tuple[float, ...]]:
    """The complaints of an age band and sex, with their cumulative weights."""
    fitting = tuple(c for c in COMPLAINTS if not c.sex or c.sex == sex)
    return fitting, tuple(accumulate(c.weights[band] for c in fitting))


def see_doctor(record: Record, day: int, *, complaint: Complaint) -> None:
    """One illness: the body reacts, somebody looks at it, a few are admitted."""
    if record.busy(day) or record.in_nursing_home_from:
        return
    if complaint.diagnosis in _FERTILE and not _may_conceive(record, day):
        return
    _fall_ill(record, day, complaint)
    if record.chance(complaint.urgent):
        at = out_of_hours(record, day, complaint.diagnosis)
        title = f"Legevakt: {complaint.diagnosis.name.lower()}"
    else:
        remote = record.chance(complaint.remote)
        at = gp_visit(record, day, complaint.diagnosis, "gp-e" if remote else "gp")
        title = complaint.diagnosis.name
        if remote:
            _prescribe(record, complaint, at)
            document(record, at, ("B02-2", "Journalnotat"), "E-konsultasjon",
                     f"{complaint.history}\n\nSvar: {complaint.plan}\n")  # fmt: skip
            return
    illness(record, complaint.diagnosis, day - 2, complaint.days, at)
    vitals(record, at, *complaint.measure)
    if complaint.panel is not None:
        labs(record, at, complaint.panel)
    admitted = at.unit.key.endswith("out-of-hours") and record.chance(complaint.admitted)
    if not admitted:
        _prescribe(record, complaint, at)
    note(
        record, at, title,
        history=complaint.history,
        assessment=f"{complaint.diagnosis.name}." + (" Legges inn." if admitted else ""),
        plan=f"Henvist akuttmottak, {record.place.hospital_name}." if admitted else complaint.plan,
    )  # fmt: skip
    if admitted:
        orders.request(record, at, orders.REFERRAL, record.ward("emergency"), complaint.diagnosis,
                       complaint.history, priority="urgent")  # fmt: skip
        _admit(record, at.day, complaint)
    elif record.chance(complaint.physio):
        to = record.unit(physiotherapy.KIND)
        orders.refer(record, at, to, complaint.diagnosis, "Ønsker vurdering og opptrening.",
                     kind=physiotherapy.ORDER)  # fmt: skip
        physiotherapy.treat(record, day + 25, complaint.diagnosis)


def _prescribe(record: Record, complaint: Complaint, at: Contact) -> None:
    chosen = complaint.child if record.age(at.day) < 12 else complaint.adult
    if chosen is medicines.PENICILLIN_CHILD and record.age(at.day) < 5:
        chosen = medicines.PENICILLIN_SMALL_CHILD
    if chosen is not None and record.chance(complaint.treated):
        start(record, at, chosen, days=complaint.course)


_FERTILE = (diagnoses.CONTRACEPTION, diagnoses.MENOPAUSE)


def _may_conceive(record: Record, day: int) -> bool:
    return record.age(day) >= 15 and not record.pregnant(day)


def _fall_ill(record: Record, day: int, complaint: Complaint) -> None:
    body, severity = record.body, record.rng.uniform(0.6, 1.4)
    if complaint.fever:
        body.shift("temperature", day - 2, complaint.fever * severity, ramp=1, lasting=4)
        body.shift("pulse", day - 2, 9 * complaint.fever * severity, ramp=1, lasting=4)
    if complaint.crp:
        body.shift("crp", day - 2, complaint.crp * severity, ramp=2, lasting=5)
        body.shift("leukocytes", day - 2, complaint.crp * severity / 22, ramp=2, lasting=5)
    if complaint.diagnosis is diagnoses.PNEUMONIA:
        body.shift("saturation", day - 2, -4 * severity, ramp=2, lasting=5)
        body.shift("respiration", day - 2, 7 * severity, ramp=2, lasting=5)
    if complaint.diagnosis is diagnoses.IRON_DEFICIENCY:
        body.shift("ferritin", day - 200, -55, ramp=200, lasting=300)
        body.shift("hb", day - 120, -2.2, ramp=120, lasting=170)


def _admit(record: Record, day: int, complaint: Complaint) -> None:
    child = record.age(day) < 16
    surgical = complaint.diagnosis in {diagnoses.APPENDICITIS, diagnoses.GALLSTONES}
    operation = (
        ("Fjerning av blindtarmen",) if complaint.diagnosis is diagnoses.APPENDICITIS else ()
    )
    stay = Stay(
        complaint.diagnosis, "surgical" if surgical else "paediatric" if child else "medical",
        1 + int(record.rng.random() * (3 if child or surgical else 6)),
        f"{complaint.history} Behandlet i avdelingen med god bedring.",
        "Ny kontakt med fastlegen ved manglende bedring.", procedures=operation,
    )  # fmt: skip
    if admit(record, day, stay) is not None and not child:
        follow_up(record, stay, day)
