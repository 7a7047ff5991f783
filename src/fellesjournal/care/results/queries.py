"""Results as people read them: what awaits somebody, one report, and all of a patient's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.answering import Why, of_unit, owners_for, posts_of, why
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import Post
from fellesjournal.care.results.news import News, is_abnormal, news_of
from fellesjournal.care.results.resources import RESULT_TASK, ResultTask, task_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation import clock

CODE = f"{TASK_SYSTEM}|{RESULT_TASK}"
"""What the Task of a result is searched by."""
_LABORATORY = "http://terminology.hl7.org/CodeSystem/v2-0074|LAB"
_MOST = "500"
NAMED = 5
"""So many analyses of a usual result are named in the inbox; its page has all."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of a report: what was measured, and the Observation as FHIR."""

    name: str
    observation: Element


@dataclass(frozen=True, slots=True)
class Waiting:
    """One result that awaits acknowledgement. ``title`` and ``issued`` are the report's;
    ``abnormal`` are its values outside what is usual, as far as she who asks may see them, and
    ``analyses`` the names of what was measured: of a usual result the first few alone.
    """

    task: ResultTask
    patient_id: str
    patient_name: str
    title: str
    issued: Moment | None
    why: Why
    abnormal: tuple[Measured, ...] = ()
    analyses: tuple[str, ...] = ()

    @property
    def is_mine(self) -> bool:
        """Whether she who asks answers for it now."""
        return self.why is not Why.NOT

    @property
    def age(self) -> timedelta:
        """How long it has waited."""
        return clock.now() - self.task.since if self.task.since else timedelta()

    @property
    def is_late(self) -> bool:
        """Whether its deadline has passed."""
        return self.task.deadline is not None and self.task.deadline <= clock.now()


def inbox(session: Session) -> list[Waiting]:
    """The results that await her who asks, and those of her unit: her own first, abnormal ones
    first among them, then by deadline. A fixed number of searches; their count is their length.

    What is abnormal is read with the reports, never kept in the Task: whoever sees the Task of a
    result may be closed out of its values.
    """
    now = clock.now()
    posts = posts_of(session, session.unit)
    owners = owners_for(session, posts, now)
    found: dict[str, Waiting] = {}
    reports: dict[str, Element] = {}
    for task, beside in _open_tasks(session, _of_unit_or_owner(session.unit, owners)):
        why = _why(session, task, posts, now)
        if why is not Why.NOT or task.unit == session.unit:
            report = beside.get(f"DiagnosticReport/{task.report}", {})
            found[task.id] = _waiting(task, report, beside, why)
            if report.get("status") not in _WITHDRAWN_VALUE:
                reports[task.id] = report
    return sorted(_with_analyses(session, found, reports), key=_order)


def _with_analyses(
    session: Session, found: Mapping[str, Waiting], reports: Mapping[str, Element]
) -> Iterator[Waiting]:
    """Each result with what was measured, in the order of its report; one statement for all."""
    values = {
        key: list(islice(_values_of(report), None if found[key].task.is_abnormal else NAMED))
        for key, report in reports.items()
    }
    pairs = [pair for listed in values.values() for pair in listed]
    read = {
        stored.id: orjson.loads(stored.body or b"{}")
        for stored in patients.read_known(session, pairs)
    }
    for key, waiting in found.items():
        bodies = [read[fhir_id] for _, fhir_id in values.get(key, ()) if fhir_id in read]
        measured = [
            Measured(name, body)
            for body in bodies
            if body.get("status") not in _WITHDRAWN_VALUE
            and (name := reading.concept_text(body.get("code")))
        ]
        yield replace(
            waiting,
            abnormal=tuple(each for each in measured if is_abnormal(each.observation)),
            analyses=tuple(each.name for each in measured),
        )


def _values_of(report: Element) -> Iterator[tuple[str, str]]:
    """The Observations a report holds, as (type, id)."""
    for each in reading.elements(report.get("result")):
        kind, _, key = reading.reference_target(each).partition("/")
        if kind == "Observation":
            yield kind, key


def _of_unit_or_owner(unit: str, owners: Collection[str]) -> tuple[str, str]:
    """One search for both: most Tasks fit twice."""
    name, tag = of_unit(unit)
    each = [f'{name} eq "{tag}"', *(f'owner eq "{owner}"' for owner in sorted(owners))]
    return "_filter", " or ".join(each)


def _open_tasks(
    session: Session, which: tuple[str, str]
) -> Iterator[tuple[ResultTask, Mapping[str, Element]]]:
    """Each open Task, with its report and its patient by reference."""
    query = [
        ("code", CODE),
        ("status", "requested"),
        which,
        ("_include", "Task:focus"),
        ("_include", "Task:patient"),
        ("_count", _MOST),
    ]
    cursor: str | None = None
    while True:
        page = records.search(session, "Task", query, cursor=cursor)
        beside = {
            f"{each.type}/{each.id}": orjson.loads(each.body or b"{}") for each in page.included
        }
        for stored in page.matches:
            yield task_of(orjson.loads(stored.body or b"{}"), stored.version), beside
        cursor = page.next
        if cursor is None:
            return


def _why(session: Session, task: ResultTask, posts: Sequence[Post], at: datetime) -> Why:
    return why(session, task.owner, task.unit, is_escalated=task.is_escalated, posts=posts, at=at)


def _waiting(task: ResultTask, report: Element, beside: Mapping[str, Element], why: Why) -> Waiting:
    patient = beside.get(task.patient, {})
    return Waiting(
        task=task,
        patient_id=task.patient.removeprefix("Patient/"),
        patient_name=reading.name_text(patient.get("name")),
        title=reading.concept_text(report.get("code")),
        issued=reading.first_moment(report, "issued", "effectiveDateTime"),
        why=why,
    )


def _order(each: Waiting) -> tuple[bool, bool, float, str]:
    deadline = each.task.deadline
    return (
        not each.is_mine,
        not each.task.is_abnormal,
        deadline.timestamp() if deadline else 0.0,
        each.task.id,
    )


@dataclass(frozen=True, slots=True)
class Result:
    """One report with its values. ``observations`` are those that stand, as FHIR; none when the
    report is withdrawn: what was taken back is never shown as valid (INV-30). ``withdrawn`` names
    single values taken back. ``task`` is None for a report that came before there was an inbox,
    or that she who asks may not see the Task of. ``requests`` are what it answers
    (ServiceRequest/1).
    """

    id: str
    title: str
    status: str
    issued: Moment | None
    taken: Moment | None
    laboratory: str
    conclusion: str
    news: News
    observations: tuple[Element, ...]
    withdrawn: tuple[str, ...]
    task: ResultTask | None
    requests: tuple[str, ...] = ()

    @property
    def is_corrected(self) -> bool:
        """Whether something in it was changed after it was first given."""
        return self.status in {"amended", "corrected"} or any(
            each.get("status") in {"amended", "corrected"} for each in self.observations
        )

    @property
    def abnormal(self) -> frozenset[str]:
        """Ids of the values outside what is usual."""
        return frozenset(str(each.get("id")) for each in self.observations if is_abnormal(each))


def result_of(session: Session, patient_id: str, report_id: str) -> Result:
    """One report of a patient. Raises NotFound, also for another patient's."""
    stored = records.read(session, "DiagnosticReport", report_id)
    report = orjson.loads(stored.body or b"{}")
    if reading.reference_target(report.get("subject")) != f"Patient/{patient_id}":
        raise NotFound(f"DiagnosticReport/{report_id} is not known")
    values = patients.read_known(session, _values_of(report))
    found = [orjson.loads(each.body) for each in values if each.body]
    tasks = _tasks(session, [("focus", f"DiagnosticReport/{report_id}")])
    return _result(report, found, tasks.get(report_id))


def results_of(session: Session, patient_id: str) -> list[Result]:
    """All laboratory reports of a patient that say something, newest first, with their values.

    For the citizen too: what is labelled as delayed (NORU) or refused is not among them.
    """
    reports: list[Element] = []
    values: dict[str, Element] = {}
    cursor: str | None = None
    while True:
        page = records.search(
            session,
            "DiagnosticReport",
            [
                ("subject", f"Patient/{patient_id}"),
                ("category", _LABORATORY),
                ("_include", "DiagnosticReport:result"),
                ("_sort", "-date"),
                ("_count", _MOST),
            ],
            cursor=cursor,
        )
        reports += [orjson.loads(each.body or b"{}") for each in page.matches]
        values |= {
            f"{each.type}/{each.id}": orjson.loads(each.body or b"{}") for each in page.included
        }
        cursor = page.next
        if cursor is None:
            break
    tasks = _tasks(session, [("patient", f"Patient/{patient_id}")])
    found = [_result(each, _held(each, values), tasks.get(str(each["id"]))) for each in reports]
    return [each for each in found if each.news.has_answers or each.news.is_withdrawn]


def _held(report: Element, values: Mapping[str, Element]) -> list[Element]:
    targets = [reading.reference_target(each) for each in reading.elements(report.get("result"))]
    return [values[each] for each in targets if each in values]


def _tasks(session: Session, query: list[tuple[str, str]]) -> dict[str, ResultTask]:
    page = records.search(session, "Task", [("code", CODE), *query, ("_count", _MOST)])
    found = [task_of(orjson.loads(each.body or b"{}"), each.version) for each in page.matches]
    return {each.report: each for each in found}


def _result(report: Element, observations: Iterable[Element], task: ResultTask | None) -> Result:
    listed = list(observations)
    news = news_of(report, listed)
    stands = [each for each in listed if each.get("status") not in _WITHDRAWN_VALUE]
    performers = list(reading.elements(report.get("performer")))
    return Result(
        id=str(report.get("id")),
        title=reading.concept_text(report.get("code")),
        status=news.status,
        issued=reading.first_moment(report, "issued"),
        taken=reading.first_moment(report, "effectiveDateTime", "effectivePeriod"),
        laboratory=reading.reference_text(performers[0]) if performers else "",
        conclusion="" if news.is_withdrawn else reading.string(report.get("conclusion")),
        news=news,
        observations=() if news.is_withdrawn else tuple(stands),
        withdrawn=tuple(
            reading.concept_text(each.get("code"))
            for each in listed
            if news.is_withdrawn or each.get("status") in _WITHDRAWN_VALUE
        ),
        task=task,
        requests=tuple(
            target
            for each in reading.elements(report.get("basedOn"))
            if (target := reading.reference_target(each)).startswith("ServiceRequest/")
        ),
    )


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who ordered an analysis, by name, and the unit (Organization/1) that answers for it; each ""
    when it is not said.
    """

    name: str = ""
    unit: str = ""
    unit_name: str = ""


def orderer_of(session: Session, result: Result) -> Orderer:
    """Who ordered a result, as far as she who asks may see its requisition; two round trips."""
    asked = [(kind, key) for kind, _, key in (each.partition("/") for each in result.requests)]
    for stored in patients.read_known(session, asked):
        request = orjson.loads(stored.body or b"{}")
        said = request.get("requester")
        pointer = next(
            (e.get("valueReference") for e in reading.elements(request.get("extension"))
             if e.get("url") == ANSWERING_UNIT),
            None,
        )  # fmt: skip
        who, unit = reading.reference_target(said), reading.reference_target(pointer)
        names = _names(session, [each for each in (who, unit) if each])
        return Orderer(
            reading.reference_text(said) or names.get(who, ""),
            unit,
            reading.reference_text(pointer) or names.get(unit, ""),
        )
    return Orderer()


def _names(session: Session, references: Sequence[str]) -> dict[str, str]:
    """Names of people and units at work."""
    keys = [(kind, key) for kind, _, key in (each.partition("/") for each in references)]
    found = [
        (f"{stored.type}/{stored.id}", orjson.loads(stored.body or b"{}").get("name"))
        for stored in patients.read_known(session, keys)
    ]
    return {
        reference: name if isinstance(name, str) else reading.name_text(name)
        for reference, name in found
    }


_WITHDRAWN_VALUE = frozenset({"cancelled", "entered-in-error"})

__all__ = [
    "CODE", "Measured", "Orderer", "Result", "Waiting", "Why", "inbox", "orderer_of", "result_of", "results_of",
]  # fmt: skip
