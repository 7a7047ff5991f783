"""Appointments: those that were kept, missed or cancelled the last year, and those to come."""

from __future__ import annotations

from datetime import date

from fellesjournal.demo.orders import appointment
from fellesjournal.demo.record import Record
from fellesjournal.demo.terms import ENCOUNTER_TYPE, Resource

_RECENT_DAYS = 300


def book(record: Record) -> None:
    """Write appointments after the record has been lived."""
    _kept(record)
    rng = record.rng
    if rng.random() < 0.06 and record.age() > 15:
        state = "noshow" if rng.random() < 0.5 else "cancelled"
        day = record.end - int(rng.random() * _RECENT_DAYS)
        if day > record.start:
            appointment(record, day, record.gp.unit, record.gp, "Time hos fastlege", state=state)
    if not record.alive:
        return
    soonest = record.until + 2
    if record.controls:
        control = record.controls[0]
        wait = int(rng.random() * min(90, control.every))
        text = f"Kontroll: {control.diagnosis.name.lower()}"
        appointment(record, soonest + wait, record.gp.unit, record.gp, text, created=record.end - 9)
    elif rng.random() < 0.07:
        appointment(record, soonest + int(rng.random() * 21), record.gp.unit, record.gp,
                    "Time hos fastlege", created=record.end - 1)  # fmt: skip


def _kept(record: Record) -> None:
    """An appointment for each recent planned encounter, fulfilled."""
    kinds = {"gp": False, "outpatient": True}
    recent = [r for r in record.resources if r["resourceType"] == "Encounter"][-6:]
    for encounter in recent:
        code = encounter["type"][0]["coding"][0]
        if code["system"] != ENCOUNTER_TYPE or code["code"] not in kinds:
            continue
        _appointment_of(record, encounter, hospital=kinds[code["code"]])


def _appointment_of(record: Record, encounter: Resource, *, hospital: bool) -> None:
    began = encounter["period"]["start"]
    day = date.fromisoformat(began[:10]).toordinal()
    if day < record.end - _RECENT_DAYS:
        return
    minutes = int(began[11:13]) * 60 + int(began[14:16])
    key = encounter["participant"][0]["individual"]["reference"].split("/")[1]
    worker = record.region.worker(key)
    made = appointment(
        record, day, worker.unit, worker, encounter["type"][0]["text"],
        hospital=hospital, state="fulfilled", minutes=minutes,
    )  # fmt: skip
    encounter["appointment"] = [{"reference": f"Appointment/{made['id']}"}]
