"""Ask for a renewal, renew what was asked for, decline it with a reason; take back at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from fellesjournal.access import acts, patients, renewing
from fellesjournal.access.acts import Operation, act, change, content, create
from fellesjournal.access.once import DoneBefore, was_sent
from fellesjournal.access.representation.rules import Code
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import Answers, Done, may_prescribe, renew, undo
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.refusals import Refused
from fellesjournal.care.medication.renewals.events import read_event
from fellesjournal.care.medication.renewals.queries import (
    askable,
    prescribed_already,
    request_of,
    requests_of,
    task_about,
)
from fellesjournal.care.medication.renewals.resources import (
    MOST_WORDS,
    Outcome,
    Request,
    answer_resource,
    request_resource,
)
from fellesjournal.care.medication.renewals.tasks import RenewalTask, answered, open_again
from fellesjournal.care.medication.resources import Person
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish

# Those who act for a child as its parents do: what they ask for is labelled as shown to them.
_AS_PARENT = frozenset({Code.PARENT, Code.GUARDIAN})
_LEAST_REASON = 3
# The answers and the list of one act say when they were written, to the second.
_SAME_ACT = timedelta(seconds=2)


def ask(session: Session, *, lines: Collection[str], form: str, by_name: str) -> str:
    """A citizen, or somebody acting for her, asks for lines (``MedicationRequest/1``) of her list to
    be renewed; answers the id of the request. ``form`` is the key of the form.

    Raises Refused (``nothing-chosen``, ``no-office``, ``asked``, or why a line can't be asked for,
    with the line), DoneBefore, RefusedBefore, NotAllowed.
    """
    wanted = list(dict.fromkeys(lines))
    if not wanted:
        raise Refused("nothing-chosen")
    with transaction():
        renewing.alone(session, session.subject)  # nobody asks for the same beside her
        if was_sent(session, form):
            raise DoneBefore
        now = list_of(session, session.subject.removeprefix("Patient/"))
        may = askable(session, now, requests_of(session, session.subject))
        if not may.unit:
            raise Refused("no-office")
        for each in wanted:
            if each not in may.lines:
                raise Refused(may.why_not.get(each, "not-on-the-list"), each)
        unit = {"reference": may.unit}
        for known in patients.read_known(session, [("Organization", may.unit.partition("/")[2])]):
            unit["display"] = reading.string(content(known).get("name"))
        body = request_resource(
            patient=session.subject,
            sender=Person(session.person, by_name).pointer,
            unit=unit,
            lines=wanted,
            shown_to_parents=session.role in _AS_PARENT,
        )
        (stood,) = act(session, [create(body)], form=form)
    return stood.id


def note_opened(session: Session, requests: Collection[Request]) -> None:
    """She has the answers to these requests before her: which of them she had not seen is told."""
    new = [answer.id for each in requests for answer in each.unread(session.person)]
    if new:
        with transaction():
            publish(read_event(session.subject, new, session.person))


def renew_lines(
    session: Session,
    *,
    patient: str,
    lines: Mapping[str, int],
    seen: int,
    by_name: str,
    answers: Answers = Answers(),  # noqa: B008 - frozen
    task: str = "",
    task_seen: int = 0,
) -> Done:
    """Renew lines of the list, and answer in the same act what was asked of them.

    What was asked for before a change of the dose is answered by what took its place. From a
    request (``task``) its version on the page counts. From the list alone every open request
    for these lines is answered. Raises as :func:`fellesjournal.care.medication.actions.renew`,
    PreconditionFailed when somebody has answered the request meanwhile.
    """
    if not may_prescribe(session):
        raise NotAllowed("this role does not prescribe", code="forbidden")
    if not lines:
        raise Refused("nothing-chosen")  # before asking who else answered: nobody need have
    by = Person(session.person, by_name)
    answering = list[Operation]()
    now = list_of(session, patient.removeprefix("Patient/"))
    chosen = [each for each in now.medicines if each.reference in lines]
    renewed = {*lines, *(before for each in chosen for before in now.before(each))}
    for request in requests_of(session, patient):
        asked = [line for line in request.open_lines if line in renewed]
        found = task_about(session, request.id) if asked else None
        if found is None:
            continue
        if found.id == task and found.version != task_seen:
            raise PreconditionFailed("somebody has answered it")
        answering += _answer(session, request, found, Outcome.RENEWED, asked, "", by)
    if task and not answering:
        raise PreconditionFailed("somebody has answered it")
    return renew(
        session,
        patient=patient,
        lines=lines,
        seen=seen,
        by_name=by_name,
        answers=answers,
        asked_for=answering,
    )


def decline(
    session: Session,
    *,
    patient: str,
    request: str,
    task_seen: int,
    words: str,
    by_name: str,
) -> None:
    """Say no to what is left of a request, with a reason that the citizen reads.

    Raises Refused (``no-reason``, ``too-long``), NotFound, NotAllowed, PreconditionFailed.
    """
    if not may_prescribe(session):
        raise NotAllowed("this role does not prescribe", code="forbidden")
    said = words.strip()
    if len(said) < _LEAST_REASON:
        raise Refused("no-reason")
    if len(said) > MOST_WORDS:
        raise Refused("too-long")
    asked, task = _open(session, patient, request, task_seen)
    by = Person(session.person, by_name)
    act(session, _answer(session, asked, task, Outcome.DECLINED, asked.open_lines, said, by))


def close_prescribed(
    session: Session, *, patient: str, request: str, task_seen: int, by_name: str
) -> int:
    """Answer the lines of a request that are prescribed already (``prescribed_already``); how many.
    Nothing is prescribed again.

    Raises Refused (``not-prescribed-since``), NotFound, NotAllowed, PreconditionFailed.
    """
    if not may_prescribe(session):
        raise NotAllowed("this role does not prescribe", code="forbidden")
    asked, task = _open(session, patient, request, task_seen)
    lines = prescribed_already(list_of(session, patient.removeprefix("Patient/")), asked)
    if not lines:
        raise Refused("not-prescribed-since")
    by = Person(session.person, by_name)
    act(session, _answer(session, asked, task, Outcome.PRESCRIBED, tuple(lines), "", by))
    return len(lines)


def undo_renewal(session: Session, *, patient: str, number: int, by_name: str) -> list[str]:
    """Take back the last change of the list, as :func:`fellesjournal.care.medication.actions.undo`;
    when it answered the patient, the answer in the same act, so that she still waits for one.
    Answers the requests (ids) that wait again. Raises as it.
    """
    now = list_of(session, patient.removeprefix("Patient/"))
    taken_back, again = _answers_of(session, now) if now.was_asked_for else ([], [])
    undo(session, patient=patient, number=number, by_name=by_name, taken_back=taken_back)
    return again


def _answers_of(session: Session, now: MedicationList) -> tuple[list[Operation], list[str]]:
    """The answers that the last number of the list gave, as taken back, and the requests' ids."""
    found: list[Operation] = []
    again: list[str] = []
    for request in requests_of(session, now.patient):
        given = [
            each
            for each in request.answers
            if each.outcome is Outcome.RENEWED
            and now.changed is not None
            and abs(each.at - now.changed.at) <= _SAME_ACT
        ]
        task = task_about(session, request.id) if given else None
        if task is None:
            continue
        for each in given:
            data, version = acts.read(session, "Communication", each.id)
            found.append(change({**data, "status": renewing.TAKEN_BACK}, seen=version))
        data, version = acts.read(session, "Task", task.id)
        found.append(change(open_again(data), seen=version))
        again.append(request.id)
    return found, again


def _open(
    session: Session, patient: str, request: str, task_seen: int
) -> tuple[Request, RenewalTask]:
    """A request with something open, and its Task as it stood on the page."""
    asked = request_of(session, patient, request)
    task = task_about(session, request)
    if task is None:
        raise NotFound(f"the Task of Communication/{request} is not known")
    if not task.is_open or task.version != task_seen or not asked.open_lines:
        raise PreconditionFailed("somebody has answered it")
    return asked, task


def _answer(
    session: Session,
    request: Request,
    task: RenewalTask,
    outcome: Outcome,
    lines: Collection[str],
    words: str,
    by: Person,
) -> list[Operation]:
    """The answer to some lines, and the Task that stands until all of them are answered."""
    data, version = acts.read(session, "Task", task.id)
    if version != task.version:
        raise PreconditionFailed("somebody has answered it")
    wholly = set(request.open_lines) <= set(lines)
    said = answer_resource(request, outcome, lines, words, by.pointer, session.unit)
    return [create(said), change(answered(data, by.pointer, wholly=wholly), seen=version)]


__all__ = ["ask", "close_prescribed", "decline", "note_opened", "renew_lines", "undo_renewal"]
