"""Home care: application, decision, plan with goals, visits, and the people around the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fellesjournal.demo import doses, orders, plans, questions
from fellesjournal.demo.catalogue import diagnoses
from fellesjournal.demo.contacts import contact, gp_visit
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.moments import iso_moment, norwegian_date
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import FUNCTION_VARIABLE, HL7, OWN, coding, concept
from fellesjournal.demo.writing import LETTER, NOTE, document
from fellesjournal.registry.units import UnitKind

_NEEDING = (
    diagnoses.DEMENTIA, diagnoses.HEART_FAILURE, diagnoses.STROKE, diagnoses.HIP_FRACTURE,
    diagnoses.COPD,
)  # fmt: skip
# Visits are written out for the last weeks only; a whole history would drown everything else.
VISIT_WEEKS = 8
_FUNCTIONS = (
    ("7", "Personlig hygiene"), ("8", "På- og avkledning"), ("9", "Lage mat"),
    ("4", "Ivareta egen helse"), ("5", "Bevege seg innendørs"), ("15", "Hukommelse"),
)  # fmt: skip
_SCORES = {
    1: "Ingen problem eller utfordringer",
    2: "Ikke behov for personbistand",
    3: "Middels behov for personbistand",
    4: "Stort behov for personbistand",
}
_NOTES = (
    "Stelt og kledd med tilrettelegging. Spiste frokost. I godt humør.",
    "Medisinene på listen er gitt. Drakk to glass vann.",
    "Litt ustø i dag, brukte rullator hele veien. Følges med.",
    "Dusjet. Huden er hel. Smurt leggene.",
    "Ønsket ikke hjelp til middag i dag, ville klare det selv.",
    "Støttestrømper på. Ankler uten hevelse.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What the municipality has decided to give: services (9151), visits a week, hours a week."""

    services: tuple[str, ...]
    visits_a_week: int
    hours: float


def chance_of(record: Record) -> float:
    """How likely the citizen gets home care, from age."""
    age = record.age()
    if age < 62:
        return 0.0
    return 0.04 if age < 75 else 0.16 if age < 82 else 0.32 if age < 88 else 0.5


def plan(record: Record) -> None:
    """Draw whether and from when."""
    if not record.chance(chance_of(record)):
        return
    begin = record.some_day(max(record.start, record.end - 1300), record.end - 30)
    visits = record.rng.choice((2, 4, 7, 7, 14))
    services = ["15"] + (["1"] if record.chance(0.6) else []) + (
        ["6"] if record.chance(0.5) else []) + (["5"] if record.chance(0.25) else [])  # fmt: skip
    decision = Decision(tuple(services), visits, round(visits * 0.4, 1))
    record.at(begin, partial(start_service, record, decision=decision))


def start_service(
    record: Record,
    day: int,
    *,
    decision: Decision,
    primary: Worker | None = None,
    goals: tuple[str, ...] = ("Bo trygt hjemme så lenge som mulig",),
    activities: tuple[tuple[str, str], ...] = (),
) -> None:
    """Application, assessment, decision, team and plan on a day; visits for the last weeks."""
    unit = record.unit(UnitKind.HOME_CARE)
    office = record.unit(UnitKind.ALLOCATION_OFFICE)
    officer = record.region.someone(office, record.rng, "case-officer")
    nurse = primary or record.region.someone(unit, record.rng, "home-care-nurse")
    record.home_care_from = day
    at = gp_visit(record, day)
    orders.request(record, at, orders.APPLICATION, office, None,
                   "Trenger hjelp til stell og medisiner.")  # fmt: skip
    first = contact(record, "home-care", record.office_day(day + 6), unit=unit, worker=nurse,
                    length=60)  # fmt: skip
    assess(record, first.day, nurse)
    names = ", ".join(plans.SERVICES[code].lower() for code in decision.services)
    document(
        record, first, LETTER, "Vedtak om helse- og omsorgstjenester",
        f"Vedtak {norwegian_date(first.day)}\n\n{record.person.name} er innvilget {names}, "
        f"{str(decision.hours).replace('.', ',')} timer i uka.\n\n"
        "Begrunnelse: vurdering av funksjon og samtale i hjemmet.\n"
        f"Klagefrist tre uker. Saksbehandler: {officer.name}\n",
    )  # fmt: skip
    end = None if record.alive else record.end
    for code in decision.services:
        record.home_care.append(plans.episode(record, unit, code, first.day, end, nurse))
    members = (("Fastlege", record.gp), ("Primærkontakt", nurse), ("Saksbehandler", officer))
    team = plans.team(record, unit, members, first.day, end)
    made = [
        plans.goal(record, unit, text, first.day, "active" if record.alive else "cancelled",
                   "in-progress" if record.alive else "not-attainable")
        for text in goals
    ]  # fmt: skip
    care_plan = plans.care_plan(
        record, unit, "Tiltaksplan i hjemmetjenesten", first.day, end, author=nurse, team_of=team,
        goals=made, activities=activities or _activities(decision),
        problems=[p for p in record.problems.values() if p.diagnosis in _NEEDING],
    )  # fmt: skip
    record.home_care += [care_plan, team, *made]
    visits_from = max(first.day + 1, record.end - VISIT_WEEKS * 7)
    step = 7 / min(7, decision.visits_a_week)
    turn = 0
    while visits_from + int(turn * step) <= record.end:
        record.at(visits_from + int(turn * step), partial(visit, record, nurse=nurse))
        turn += 1
    for later in range(first.day + 180, record.end, 180):
        record.at(later, partial(_reassess, record, nurse=nurse))


def end_service(record: Record, day: int) -> None:
    """Close services, team, goals and plan when the citizen moves to a nursing home."""
    for resource in record.home_care:
        plans.close(resource, day)
    record.home_care.clear()
    record.home_care_from = 0


def _activities(decision: Decision) -> tuple[tuple[str, str], ...]:
    often = f"{decision.visits_a_week} ganger i uka"
    found = [("Hjelp til stell og påkledning", often), ("Gi medisinene på listen", often)]
    if "1" in decision.services:
        found.append(("Rengjøring", "Hver tredje uke"))
    return tuple(found)


def assess(record: Record, day: int, worker: Worker) -> None:
    """Function variables (9111): scores 1 to 4 of needed help."""
    for code, name in _FUNCTIONS:
        score = 2 + int(record.rng.random() * 3)
        if code == "15" and not record.has(diagnoses.DEMENTIA):
            score = 1
        body = {
            "status": "final",
            "category": [{"coding": [coding(HL7 + "observation-category", "survey", "Survey")]}],
            "code": concept(FUNCTION_VARIABLE, code, name),
            "subject": record.subject,
            "effectiveDateTime": iso_moment(day, 12 * 60),
            "performer": [worker.ref],
            "valueCodeableConcept": concept(OWN + "function-score", str(score), _SCORES[score]),
        }
        record.add("Observation", "obs", body, of=worker.unit)


def _reassess(record: Record, day: int, *, nurse: Worker) -> None:
    if not record.busy(day) and not record.in_nursing_home_from:
        assess(record, day, nurse)


def visit(record: Record, day: int, *, nurse: Worker) -> None:
    """One visit: somebody on the team, sometimes with measurements or a note."""
    if record.busy(day) or record.in_nursing_home_from:
        return
    rng = record.rng
    worker = nurse if rng.random() < 0.3 else record.region.someone(
        nurse.unit, rng, "carer", "home-care-nurse")  # fmt: skip
    at = contact(record, "home-care", day, unit=nurse.unit, worker=worker,
                 minutes=8 * 60 + int(rng.random() * 120))  # fmt: skip
    doses.give(record, at)
    questions.ask(record, at)
    if rng.random() < 0.15:
        names = ["bp", "pulse"] + (["weight"] if record.has(diagnoses.HEART_FAILURE) else [])
        vitals(record, at, *names)
    if rng.random() < 0.3:
        document(record, at, NOTE, "Notat fra hjemmebesøk", rng.choice(_NOTES) + "\n")
