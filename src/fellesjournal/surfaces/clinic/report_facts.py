"""What a nursing or care report begins with: what the record knows, so that nobody types it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.clinical import AllergyState, Problem
from fellesjournal.care.chart.queries import Chart
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.deciding import assessments
from fellesjournal.care.homecare.reading_days import Service, services
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.rendering import Line, marks_of, render
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.reporting import Facts, Given, Taken
from fellesjournal.care.stays.queries import open_stay
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Moment
from fellesjournal.foundation import clock
from fellesjournal.national.values import volven

READ = ("Condition", "AllergyIntolerance", "Flag")
"""The types of the chart that a report needs."""
_OF_A_STAY = frozenset({Kind.DISCHARGE_REPORT, Kind.HEALTH_INFORMATION})


def facts_of(session: Session, patient_id: str, kind: Kind, chart: Chart) -> Facts:
    """Everything that reports of this kind tell of. ``chart`` holds at least ``READ``."""
    patient = f"Patient/{patient_id}"
    medicines = list_of(session, patient_id)
    scored = assessments(session, patient)
    stay = open_stay(session, patient_id) if kind in _OF_A_STAY else None
    return Facts(
        medicines=tuple(_taken(medicines)),
        list_says=_list_says(medicines),
        critical=tuple(_critical(chart)),
        allergies_say=_allergies_say(chart),
        problems=tuple(map(_problem, (each for each in chart.problems if each.active))),
        services=tuple(map(_given, services(session, patient))),
        scores=tuple(
            (code, name, scored[0].scores[code])
            for code, name in codes.FUNCTIONS.items()
            if scored and code in scored[0].scores
        ),
        scored=scored[0].made.astimezone(clock.NORWAY).date() if scored else None,
        admitted=stay.since.at if stay is not None and stay.since is not None else None,
    )


def _list_says(found: MedicationList) -> str:
    """Which list it is, by its number (INV-17). Reports are written in bokmål."""
    number = len(found.medicines)
    if not found.number:
        said = f"Ingen felles legemiddelliste er laget. I journalen: {number} legemidler."
    else:
        day = f" av {_day(found.changed):%d.%m.%Y}" if found.changed else ""
        said = f"Legemiddelliste nr. {found.number}{day}: {number} legemidler."
    if found.outside:
        names = ", ".join(each.name for each in found.outside)
        said += f" Utenfor listen, ikke avklart: {names}."
    return said


def _taken(found: MedicationList) -> Iterator[Taken]:
    lines = {each.reference: each for each in render(found, "nb").lines}
    for each in found.medicines:
        line = lines[each.reference]
        began = line.began or line.since
        yield Taken(
            reference=each.reference,
            name=line.name,
            atc=each.atc,
            dose=line.dose,
            reason=line.reason,
            use=_use(each),
            since=_day(began) if began else None,
            remark=_remark(line),
        )


def _remark(line: Line) -> str:
    marks = marks_of(line, "nb")
    return ", ".join(marks).capitalize()


def _use(medicine: Medicine) -> str:
    """1 regular, 2 course, 3 as needed; "" where the dose is words that were not understood."""
    dosage = medicine.instruction.dosage
    if dosage is None:
        return ""
    if all(step.as_needed is not None for step in dosage.steps):
        return "3"
    last = dosage.steps[-1]
    return "2" if last.days is not None or last.until is not None else "1"


def _critical(chart: Chart) -> Iterator[str]:
    for each in chart.allergies.listed:
        reactions = f" ({each.reactions})" if each.reactions else ""
        yield f"{'Alvorlig: ' if each.grave else ''}{each.what}{reactions}"
    for alert in chart.alerts:
        yield alert.text


def _allergies_say(chart: Chart) -> str:
    """The three states of allergies never look alike: listed, none known, nobody has said."""
    state = chart.allergies.state
    if state is AllergyState.LISTED:
        return ""
    if state is AllergyState.NONE_KNOWN:
        return "Ingen kjente allergier."
    said = "Om allergier er ikke annet registrert enn: " if chart.allergies.partly else ""
    partly = ", ".join(chart.allergies.partly)
    return f"{said}{partly}." if said else "Allergier er ikke registrert i journalen."


def _problem(problem: Problem) -> tuple[str, str, str]:
    """Code, list, name. Messages have codes of ICD-10 without a dot."""
    if not problem.code:
        return "", "", problem.text
    return problem.code.replace(".", ""), volven(int(problem.system)), problem.text


def _given(service: Service) -> Given:
    hours = codes.extension(service.data, codes.WEEKLY_HOURS) or {}
    value = (hours.get("valueQuantity") or {}).get("value")
    period = service.data.get("period") or {}
    return Given(
        code=service.kind,
        name=service.name,
        hours=f"{value:g}".replace(".", ",") if value else "",
        starts=_of(period.get("start")),
        ends=_of(period.get("end")),
    )


def _of(value: object) -> date | None:
    read = reading.moment(value)
    return None if read is None else _day(read)


def _day(moment: Moment) -> date:
    return moment.at.astimezone(clock.NORWAY).date()


__all__ = ["READ", "facts_of"]
