"""Readings that citizens have reported, as the data protection officer decides on them.

What is found is told to the citizen in either case: she asked (norway.md section 9 L4). Nobody
decides on her own reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import oversight
from fellesjournal.access.oversight import OversightTask
from fellesjournal.access.readlog.audit_event import line_and_patient
from fellesjournal.access.readlog.queries import Line, line, names_of
from fellesjournal.access.readlog.seen_by import Visit, visit_of, visits_of
from fellesjournal.access.readlog.words import Language
from fellesjournal.access.relations.derive import LOG_REPORT
from fellesjournal.access.review_decisions import outcome_of, rewrite, with_note
from fellesjournal.access.reviews import PLATFORM, Outcome
from fellesjournal.access.sessions import Session
from fellesjournal.access.unjustified import Matter, conclude
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.foundation.database.connection import transaction


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: the citizen's words, and the visits they are about as she was told of them.

    ``outcome`` is None while nobody has decided, ``decided`` what the officer wrote.
    """

    task: str
    version: int
    patient: str
    birth_year: str
    words: str
    visits: tuple[Visit, ...]
    deadline: datetime | None
    is_open: bool
    is_late: bool
    outcome: Outcome | None
    decided: str


def reported(session: Session, language: Language) -> list[Reported]:
    """All reports, open ones first. Raises NotAllowed for a role without the duty.

    Being shown is logged about each patient.
    """
    found = _found(session)
    if found:
        oversight.shown(session, [report.task for report in found])
    return [_of(report, language) for report in found]


def decide_report(session: Session, task: str, version: int, outcome: Outcome, text: str) -> None:
    """Justified or not, with words that say why. ``version`` is the one that was shown.

    Raises NotAllowed without the duty, NotFound for none of hers, BadRequest without words or
    when it is decided already, Conflict when it was changed meanwhile, NobodyToTell when
    nobody could follow up; nothing is written then.
    """
    if outcome is Outcome.ASKED:
        raise BadRequest("a report is answered, not asked", code="value")
    said = oversight.words(text)
    with transaction():
        found = _found(session)
        one = oversight.only((each.task for each in found), task)
        report = next(each for each in found if each.task is one)
        data = with_note(one.data, session.person, said)
        data["status"] = "completed"
        data["output"] = [outcome_of(outcome)]
        rewrite(task, version, data)
        subject = reading.reference_target(one.data.get("for"))
        conclude(session, Matter(report.lines, report.patient, subject, task), outcome)
        oversight.shown(session, [one])


@dataclass(frozen=True, slots=True)
class _Report:
    """A Task with the lines it names, newest first, and her number when they were written."""

    task: OversightTask
    lines: tuple[Line, ...]
    patient: int


def _found(session: Session) -> list[_Report]:
    found = map(_report, oversight.tasks_of(session, LOG_REPORT))
    return [
        report
        for report in found
        if report.lines and all(one.who.person != session.person for one in report.lines)
    ]


def _report(task: OversightTask) -> _Report:
    texts = (text.removeprefix("AuditEvent/") for text in task.input_texts("log-line"))
    named = [each for each in map(line_and_patient, texts) if each is not None]
    found = [line(PLATFORM.connection(), key) for key, _ in named]
    known = sorted((x for x in found if x), key=lambda one: (one.id, one.chain), reverse=True)
    return _Report(task, tuple(known), named[0][1] if named else task.patient)


def _of(report: _Report, language: Language) -> Reported:
    task = report.task
    names = names_of(PLATFORM.connection(), report.lines)
    output = list(reading.elements(task.data.get("output")))
    notes = list(reading.elements(task.data.get("note")))
    code = reading.first_code(output[0].get("valueCodeableConcept")) if output else ""
    return Reported(
        task=task.id,
        version=task.version,
        patient=task.patient_name,
        birth_year=task.birth_year,
        words=reading.string(task.data.get("description")),
        visits=tuple(
            visit_of(group, report.patient, names, language)
            for group in visits_of(report.lines, report.patient)
        ),
        deadline=task.deadline,
        is_open=task.is_open,
        is_late=task.is_late,
        outcome=Outcome(code) if code else None,
        decided=reading.string(notes[-1].get("text")) if notes else "",
    )


__all__ = ["Reported", "decide_report", "reported"]
