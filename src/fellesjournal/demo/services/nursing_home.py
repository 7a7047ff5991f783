"""Nursing home: a lasting place for the frailest, with rounds and a yearly medicine review."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import plans
from fellesjournal.demo.catalogue import laboratory
from fellesjournal.demo.catalogue.diagnoses import DEMENTIA
from fellesjournal.demo.contacts import contact
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import home_care
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.writing import note
from fellesjournal.registry.units import UnitKind


def plan(record: Record) -> None:
    """Draw whether the citizen lives in a nursing home at the end of the recorded time."""
    age = record.age()
    if age < 78:
        return
    share = 0.04 if age < 84 else 0.09 if age < 90 else 0.2
    if record.chance(share):
        begin = record.some_day(max(record.start, record.end - 900), record.end - 20)
        record.at(begin, partial(move_in, record))


def move_in(record: Record, day: int, *, primary: Worker | None = None) -> None:
    """The lasting place: stay, plan, team, monthly measurements and rounds every six weeks."""
    if record.busy(day):
        record.at(record.in_hospital_until + 2, partial(move_in, record, primary=primary))
        return
    unit = record.unit(UnitKind.NURSING_HOME)
    nurse = primary or record.region.someone(unit, record.rng, "nursing-home-nurse")
    record.in_nursing_home_from = day
    home_care.end_service(record, day)
    end = None if record.alive else record.end
    stay = contact(record, "nursing-home", day, unit=unit, worker=nurse, minutes=12 * 60,
                   length=max(60, (record.end - day) * 1440))  # fmt: skip
    if end is None:
        stay.resource["status"] = "in-progress"
        stay.resource["period"] = {"start": iso_moment(day, 12 * 60)}
    plans.episode(record, unit, "21", day, end, nurse)
    team = plans.team(record, unit, (("Primærkontakt", nurse), ("Tilsynslege", record.gp)), day,
                      end)  # fmt: skip
    goal = plans.goal(record, unit, "Gode dager med mat, ro og folk rundt seg", day,
                      "active" if end is None else "cancelled",
                      "in-progress" if end is None else "not-attainable")  # fmt: skip
    plans.care_plan(
        record, unit, "Tiltaksplan på sykehjem", day, end, author=nurse, team_of=team,
        goals=(goal,), category=("nursinghome", "Tiltaksplan på sykehjem"),
        activities=(("Stell morgen og kveld", "Daglig"), ("Vekt", "Hver måned"),
                    ("Musikk og fellesskap", "To ganger i uka")),
        problems=[p for p in record.problems.values() if p.diagnosis is DEMENTIA],
    )  # fmt: skip
    for turn, then in enumerate(range(day + 14, record.end, 42)):
        record.at(then, partial(_round, record, nurse=nurse, yearly=turn % 9 == 0))


def _round(record: Record, day: int, *, nurse: Worker, yearly: bool) -> None:
    if record.busy(day):
        return
    at = contact(record, "nursing-home-round", record.office_day(day), unit=nurse.unit,
                 worker=record.gp)  # fmt: skip
    vitals(record, at, "bp", "pulse", "weight")
    if yearly:
        labs(record, at, laboratory.BASIC)
    note(
        record, at, "Legevisitt",
        history="Visitt sammen med primærkontakt.",
        assessment="Stabil. Spiser og sover greit." if not yearly else
        "Årlig legemiddelgjennomgang er gjort sammen med sykepleier.",
        plan="Ingen endringer." if not yearly else "Legemiddellisten er bekreftet.",
    )  # fmt: skip
