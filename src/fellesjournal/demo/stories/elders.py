"""Aslaug, Oddmund, Torvald, Ingebrigt and Bergljot."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import following, home_visits, orders, plans, powers
from fellesjournal.demo.catalogue import diagnoses, medicines
from fellesjournal.demo.contacts import contact, gp_visit
from fellesjournal.demo.diseases import (
    atrial_fibrillation,
    cancer,
    copd,
    coronary,
    dementia,
    diabetes,
    heart_failure,
    hip_fracture,
    hypertension,
    osteoarthritis,
    steady,
)
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import home_care, nursing_home
from fellesjournal.demo.stories import work
from fellesjournal.demo.stories.parts import gp_contact, meet_gp, own_measurements
from fellesjournal.demo.writing import document
from fellesjournal.registry.units import UnitKind

_PENICILLIN = ("medication", "J01CE", "Penicillin", "Anafylaktisk reaksjon", "severe", "high")


def aslaug(record: Record) -> None:
    """82, heart failure, diabetes, home care every day; an appointment at the GP in three days."""
    until = record.until
    meet_gp(
        record, allergies=(_PENICILLIN,), smokes="former",
        flags=(("Alvorlig penicillinallergi (anafylaksi)", "clinical"),),
        history="Ny på listen etter flytting. Bor alene, datteren Marit er nærmeste pårørende.",
    )  # fmt: skip
    hypertension.begin(record, until - 5400)
    diabetes.begin(record, until - 3300)
    atrial_fibrillation.begin(record, until - 1900)
    heart_failure.begin(record, until - 1500)
    osteoarthritis.begin(record, until - 2900)
    record.at(until - 430, partial(heart_failure.worsen, record))
    nurse = record.region.worker("staff-home-care-nurse")
    record.at(
        until - 395,
        partial(
            home_care.start_service, record,
            decision=home_care.Decision(("15", "6", "27"), 7, 4.5), primary=nurse,
            goals=("Bo hjemme i Granlivegen og klare kaffeselskapet på torsdager",
                   "Ikke bli innlagt for hjertet igjen"),
            activities=(("Stell og støttestrømper", "Hver morgen"),
                        ("Gi medisinene på listen", "Morgen og kveld"),
                        ("Vekt, pleieren sier fra til legen ved mer enn 2 kg opp på tre døgn", "Mandag og torsdag"),
                        ("Trygghetsalarm", "Hele døgnet")),
        ),
    )  # fmt: skip
    record.at(until - 390, partial(_visit_aslaug, record))
    record.body.shift("weight", until - 45, 1.6, ramp=30)
    own_measurements(record, record.unit(UnitKind.HOME_CARE), ("weight", "bp"), every=3, weeks=6)
    record.body.shift("systolic", until - 2, 24, ramp=1)
    following.pressure_followed(record, record.gp, 40, 150, 90)
    gp_contact(
        record, 26, "Hjertesvikt og diabetes",
        history="Litt mer tung pust i trappa de siste ukene. Sover med to puter.",
        assessment="Lett væskeopphopning. Vekten er litt opp siden sist.",
        plan="Furosemid som før, ny vekt hver dag. Time om fire uker med blodprøver.",
        measure=("bp", "pulse", "weight", "saturation"),
    )  # fmt: skip
    work.applied_for_more(record, 5)
    record.at(record.end, partial(_book_aslaug, record))
    record.at(record.end, partial(home_visits.make_later_visits, record))
    record.at(until - 200, partial(powers.attorney, record, "cast-marit", until + 530))


def _visit_aslaug(record: Record, day: int) -> None:
    nurse = record.region.worker("staff-home-care-nurse")
    record.home_care.append(home_visits.plan_visits(record, nurse.unit, day, nurse=nurse))


def _book_aslaug(record: Record, _day: int) -> None:
    orders.appointment(
        record, record.until + 3, record.gp.unit, record.gp,
        "Kontroll av hjerte og diabetes, blodprøver", minutes=10 * 60 + 20,
        created=record.end - 4,
    )  # fmt: skip


def oddmund(record: Record) -> None:
    """71, severe COPD, sends his saturation from home."""
    until = record.until
    meet_gp(record, smokes="former", history="Tidligere fisker. Røykte i 42 år, sluttet i 2019.")
    copd.begin(record, until - 3600)
    record.body.shift("saturation", until - 2500, -2.5, ramp=2000)
    record.body.shift("weight", until - 2000, -6, ramp=1900)
    steady.begin(record, steady.BY_NAME[diagnoses.OSTEOPOROSIS.name], until - 900)
    for days_ago in (640, 360, 118, 33):
        record.at(until - days_ago, partial(copd.exacerbate, record))
    own_measurements(
        record, record.unit(UnitKind.HOME_CARE), ("saturation", "pulse"), every=1, weeks=4
    )
    record.at(until - 100, partial(_home_follow_up, record))


def _home_follow_up(record: Record, day: int) -> None:
    unit = record.unit(UnitKind.HOME_CARE)
    nurse = record.region.someone(unit, record.rng, "home-care-nurse")
    goal = plans.goal(record, unit, "Ta tak i forverringer før det blir sykehus", day, "active",
                      "in-progress")  # fmt: skip
    plans.care_plan(
        record, unit, "Digital hjemmeoppfølging ved kols", day, None, author=nurse, goals=(goal,),
        activities=(("Måle oksygenmetning og puls", "Daglig"),
                    ("Ringe ved metning under 88 %", "Ved behov"),
                    ("Videosamtale med sykepleier", "Annenhver uke")),
        problems=[p for p in record.problems.values() if p.diagnosis is diagnoses.COPD],
        category=("remote", "Digital hjemmeoppfølging"),
    )  # fmt: skip


def torvald(record: Record) -> None:
    """88, dementia, lasting place in a nursing home, without capacity to consent."""
    until = record.until
    meet_gp(record, smokes="former")
    hypertension.begin(record, until - 4000)
    dementia.begin(record, until - 1800)
    atrial_fibrillation.begin(record, until - 2300)
    record.at(until - 900, partial(hip_fracture.fall, record))
    nurse = record.region.worker("staff-nursing-home-nurse")
    record.at(until - 520, partial(nursing_home.move_in, record, primary=nurse))
    record.at(until - 515, partial(_capacity, record))
    record.at(until - 480, partial(powers.guardian, record, "cast-havard"))


def _capacity(record: Record, day: int) -> None:
    unit = record.unit(UnitKind.NURSING_HOME)
    at = contact(record, "nursing-home-round", record.office_day(day), unit=unit, worker=record.gp)
    plans.flag(record, unit, "Mangler samtykkekompetanse; kona Jorunn er nærmeste pårørende",
               at.day, at.worker, "safety")  # fmt: skip
    document(
        record, at, ("B02-2", "Journalnotat"), "Vurdering av samtykkekompetanse",
        "Torvald forstår ikke lenger hva helsehjelpen gjelder eller følgene av å si nei. "
        "Vurderingen gjelder helsehjelp på sykehjemmet. Kona er informert og hørt.\n",
    )  # fmt: skip


def ingebrigt(record: Record) -> None:
    """67 with most of what a GP knows, and a visit or a call every third week."""
    until = record.until
    meet_gp(record, smokes="former", allergies=(
        ("medication", "M01A", "NSAID", "Magesår og blødning", "severe", "high"),))  # fmt: skip
    hypertension.begin(record, until - 6000)
    diabetes.begin(record, until - 4000)
    coronary.begin(record, until - 3500)
    atrial_fibrillation.begin(record, until - 1400)
    copd.begin(record, until - 2600)
    osteoarthritis.begin(record, until - 2800)
    for diagnosis, days in (
        (diagnoses.GOUT, 2500),
        (diagnoses.KIDNEY_DISEASE, 1600),
        (diagnoses.REFLUX, 3000),
        (diagnoses.SLEEP, 1200),
        (diagnoses.PROSTATE_ENLARGED, 1500),
        (diagnoses.HIGH_CHOLESTEROL, 4200),
    ):
        steady.begin(record, steady.BY_NAME[diagnosis.name], until - days)
    for turn in range(30):
        gp_contact(
            record, 9 + 22 * turn, "Oppfølging",
            kind=("gp", "gp-phone", "gp-e")[turn % 3],
            history=("Vond i knærne, sover dårlig.", "Spør om blodprøvesvar.",
                     "Svimmel etter økt blodtrykksmedisin.")[turn % 3],
            assessment="Mange sykdommer som virker på hverandre.",
            plan="Justerer forsiktig, én ting om gangen.",
            measure=("bp",) if turn % 3 == 0 else (),
        )  # fmt: skip


def bergljot(record: Record) -> None:
    """Died of bowel cancer; her record is complete and closed."""
    died = record.person.death or record.until
    meet_gp(record)
    hypertension.begin(record, died - 3800)
    record.at(died - 780, partial(cancer.suspect, record, cancer=cancer.COLON))
    record.body.shift("weight", died - 300, -14, ramp=290)
    record.body.shift("albumin", died - 200, -13, ramp=190)
    record.body.shift("hb", died - 250, -2.5, ramp=240)
    record.at(died - 140, partial(
        home_care.start_service, record, decision=home_care.Decision(("15", "6"), 14, 9.0),
        goals=("Være hjemme den tiden som er igjen", "Ha minst mulig smerter"),
        activities=(("Smertelindring", "Morgen, kveld og ved behov"), ("Stell", "Daglig")),
    ))  # fmt: skip
    record.at(died - 150, partial(_palliative, record))
    for days in (21, 9, 4):
        record.at(died - days, partial(_last_days, record))


def _palliative(record: Record, day: int) -> None:
    at = gp_visit(record, day, diagnoses.COLON_CANCER)
    vitals(record, at, "bp", "weight")
    known = record.problems.get(diagnoses.COLON_CANCER.name)
    start(record, at, medicines.OXYCODONE, known)
    plans.flag(record, at.unit, "Lindrende behandling: ikke gjenoppliving, avtalt med pasient og "
               "pårørende", at.day, at.worker)  # fmt: skip
    document(
        record, at, ("B02-2", "Journalnotat"), "Samtale om livets siste tid",
        "Samtale hjemme med Bergljot og sønnen. Hun ønsker å være hjemme. Palliativ plan laget "
        "sammen med hjemmetjenesten.\n",
    )  # fmt: skip


def _last_days(record: Record, day: int) -> None:
    at = contact(record, "home-care", day, unit=record.unit(UnitKind.HOME_CARE),
                 worker=record.region.someone(record.unit(UnitKind.HOME_CARE), record.rng,
                                              "home-care-nurse"), minutes=20 * 60)  # fmt: skip
    document(record, at, ("B02-2", "Journalnotat"), "Notat fra hjemmebesøk",
             "Rolig. Smertelindret. Familien er hos henne.\n")  # fmt: skip
