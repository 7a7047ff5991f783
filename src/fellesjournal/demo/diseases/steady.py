"""Lasting conditions that change little: one table instead of a module each."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.catalogue import diagnoses, laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.catalogue.laboratory import Panel
from fellesjournal.demo.catalogue.medicines import Medicine
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.record import Record


@dataclass(frozen=True, slots=True)
class Steady:
    """A lasting condition.

    `shares` is the prevalence (women, men) at the ages from `youngest` to `oldest`; `shifts` are
    (measure, before treatment, after); `every` is the days between checks, 0 for none.
    """

    diagnosis: Diagnosis
    youngest: int
    oldest: int
    shares: tuple[float, float]
    treatment: tuple[Medicine, ...]
    history: str
    plan: str
    panel: Panel | None = None
    every: int = 0
    shifts: tuple[tuple[str, float, float], ...] = ()
    measure: tuple[str, ...] = ()


CONDITIONS = (
    Steady(diagnoses.HYPOTHYROIDISM, 18, 110, (0.07, 0.02), (medicines.LEVOTHYROXINE,),
           "Slapp, frossen og forstoppet. TSH er høy.", "Levotyroksin. TSH om åtte uker.",
           laboratory.THYROID, 240, (("tsh", 9.0, -8.4), ("t4", -6, 5.5)), ("weight",)),
    Steady(diagnoses.GOUT, 40, 110, (0.015, 0.05), (medicines.ALLOPURINOL,),
           "Gjentatte anfall med hovent, rødt stortåledd.", "Allopurinol. Urinsyre om en måned.",
           laboratory.GOUT, 330, (("urate", 170, -165),)),
    Steady(diagnoses.KIDNEY_DISEASE, 60, 110, (0.1, 0.1), (medicines.CANDESARTAN,),
           "Gradvis fallende nyrefunksjon på blodprøvene.", "Blodtrykk og nyrer følges tett.",
           laboratory.KIDNEY, 150, (("creatinine", 48, 0), ("hb", -0.7, 0)), ("bp",)),
    Steady(diagnoses.RHEUMATOID, 30, 110, (0.012, 0.006),
           (medicines.METHOTREXATE, medicines.FOLIC_ACID),
           "Leddgikt, følges sammen med revmatolog.", "Metotreksat én gang i uka med prøver.",
           laboratory.RHEUMA, 84, (("crp", 22, -17),)),
    Steady(diagnoses.MIGRAINE, 14, 66, (0.1, 0.04), (medicines.SUMATRIPTAN,),
           "Anfall med halvsidig hodepine, kvalme og lysskyhet.", "Anfallsmedisin, kalender."),
    Steady(diagnoses.HAY_FEVER, 6, 60, (0.12, 0.12), (medicines.CETIRIZINE,),
           "Rennende nese og kløende øyne hver vår.", "Allergitablett i sesongen."),
    Steady(diagnoses.ECZEMA, 0, 30, (0.09, 0.08), (medicines.HYDROCORTISONE_CREAM,),
           "Tørr og kløende hud i albue- og knehaser.", "Fuktighetskrem daglig, krem ved utbrudd."),
    Steady(diagnoses.REFLUX, 30, 110, (0.08, 0.08), (medicines.PANTOPRAZOLE,),
           "Sure oppstøt og halsbrann.", "Syrehemmer i åtte uker, deretter ved behov."),
    Steady(diagnoses.ADHD, 7, 40, (0.03, 0.05), (medicines.METHYLPHENIDATE,),
           "Utredet i spesialisthelsetjenesten.", "Medisin med vekt og blodtrykk hvert halvår.",
           laboratory.CRP_ONLY, 200, (), ("bp", "pulse", "weight", "height")),
    Steady(diagnoses.PROSTATE_ENLARGED, 55, 110, (0.0, 0.16), (medicines.TAMSULOSIN,),
           "Svak stråle og hyppig vannlating om natta.", "Tamsulosin. PSA er drøftet.",
           laboratory.PROSTATE),
    Steady(diagnoses.OSTEOPOROSIS, 60, 110, (0.12, 0.03),
           (medicines.ALENDRONATE, medicines.CALCIUM_VITAMIN_D),
           "Lav beintetthet målt.", "Tablett én gang i uka, kalsium og vitamin D.",
           laboratory.BASIC),
    Steady(diagnoses.SLEEP, 40, 110, (0.09, 0.05), (medicines.ZOPICLONE,),
           "Sover dårlig, våkner tidlig.", "Søvnråd først. Sovetablett kun få netter i uka."),
    Steady(diagnoses.ANXIETY, 16, 75, (0.06, 0.03), (medicines.SERTRALINE,),
           "Uro og bekymringer det meste av dagen.", "Samtaler og veiledet internettbehandling."),
    Steady(diagnoses.HIGH_CHOLESTEROL, 45, 85, (0.08, 0.09), (medicines.ATORVASTATIN,),
           "Høyt kolesterol og hjertesykdom i nær familie.", "Statin. Kolesterol om tre måneder.",
           laboratory.LIPIDS, 360, (("ldl", 1.6, -2.6), ("cholesterol", 1.8, -2.8))),
)  # fmt: skip


BY_NAME = {condition.diagnosis.name: condition for condition in CONDITIONS}


def begin_all(record: Record) -> None:
    """Draw every condition of the table and let those drawn begin."""
    age = record.age()
    for condition in CONDITIONS:
        share = condition.shares[0 if record.female else 1]
        if condition.youngest <= age <= condition.oldest and record.chance(share):
            begin(record, condition)


def begin(record: Record, condition: Steady, since: int | None = None) -> None:
    """One condition: found, treated, checked if it needs to be; `since` fixes when it began."""
    began = since or onset(record, condition.youngest * 0.9, 12)
    day = first_contact(record, began)
    for measure, before, after in condition.shifts:
        record.body.shift(measure, began - 200, before, ramp=200)
        record.body.shift(measure, began + 20, after, ramp=70)

    def debut(today: int) -> None:
        if record.has(condition.diagnosis):
            return
        discover(
            record, today, condition.diagnosis, began,
            measure=condition.measure, panel=condition.panel, prescribe=condition.treatment,
            story=(condition.history, f"{condition.diagnosis.name}.", condition.plan),
        )  # fmt: skip
        if condition.every and condition.panel:
            follow(
                record, condition.diagnosis, condition.every, measure=condition.measure,
                panel=condition.panel, from_day=today + 60,
                assessment=f"{condition.diagnosis.name} er stabil.",
            )  # fmt: skip

    record.at(day, debut)
