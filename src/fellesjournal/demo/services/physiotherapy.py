"""Municipal physiotherapy: examination with goals, a row of treatments, a summary to the GP."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import orders, plans
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.contacts import contact
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.writing import PHYSIOTHERAPY_SUMMARY, document, note
from fellesjournal.registry.units import UnitKind

KIND = UnitKind.PHYSIOTHERAPY
ORDER = orders.PHYSIOTHERAPY


def treat(record: Record, day: int, reason: Diagnosis, *, sessions: int = 6) -> None:
    """Plan an examination, weekly treatments and a closing summary from a day on."""
    unit = record.unit(KIND)
    worker = record.region.someone(unit, record.rng, "physiotherapist")
    record.at(day, lambda today: _examine(record, today, reason, sessions, worker))


def _examine(record: Record, day: int, reason: Diagnosis, sessions: int, worker: Worker) -> None:
    if record.busy(day):
        record.at(record.in_hospital_until + 7,
                  lambda then: _examine(record, then, reason, sessions, worker))  # fmt: skip
        return
    at = contact(record, "physiotherapy", record.office_day(day), unit=worker.unit, worker=worker,
                 reason=reason, length=60)  # fmt: skip
    ends = at.day + 7 * sessions
    done = ends <= record.end
    goal = plans.goal(
        record, worker.unit, "Klare hverdagens gjøremål uten å stoppe av smerter eller svakhet",
        at.day, "completed" if done else "active", "achieved" if done else "in-progress",
    )  # fmt: skip
    plans.care_plan(
        record, worker.unit, f"Opptrening: {reason.name.lower()}", at.day,
        ends if done else None if record.alive else record.end,
        author=worker, goals=(goal,),
        activities=(("Veiledet trening", "Én gang i uka"), ("Egne øvelser", "Daglig")),
        category=("physiotherapy", "Fysioterapiplan"),
    )  # fmt: skip
    note(
        record, at, "Fysioterapi: undersøkelse",
        history=f"Henvist for {reason.name.lower()}.",
        assessment="Nedsatt styrke og bevegelighet. Motivert for trening.",
        plan=f"{sessions} behandlinger med øvelser og veiledning.",
    )  # fmt: skip
    for turn in range(1, sessions):
        last = turn == sessions - 1
        session = partial(_session, record, reason=reason, worker=worker, last=last)
        record.at(at.day + 7 * turn, session)
    if not done and ends > record.until:
        orders.appointment(record, record.until + 3, worker.unit, worker, "Fysioterapi",
                           length=45)  # fmt: skip


def _session(record: Record, day: int, reason: Diagnosis, worker: Worker, *, last: bool) -> None:
    if record.busy(day):
        return
    at = contact(record, "physiotherapy", record.office_day(day), unit=worker.unit, worker=worker,
                 reason=reason)  # fmt: skip
    if last:
        document(
            record, at, PHYSIOTHERAPY_SUMMARY, "Fysioterapisammenfatning",
            f"Behandling for {reason.name.lower()} er avsluttet.\n\n"
            "Bedre styrke, balanse og gangdistanse. Fortsetter med egne øvelser og "
            "treningsgruppe.\n",
        )  # fmt: skip
