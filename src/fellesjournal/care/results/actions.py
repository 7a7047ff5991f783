"""Taking note of a result, and what is done about it."""

from __future__ import annotations

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import ANSWERING_ROLES
from fellesjournal.care.results.events import ACKNOWLEDGED, result_event
from fellesjournal.care.results.resources import Outcome, acknowledged, task_of
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed


class AcknowledgementRefused(ValueError):
    """It can't be acknowledged so; ``code`` says why: ``no-action-text``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def acknowledge(
    session: Session,
    *,
    patient: str,
    task: str,
    seen: int,
    outcome: Outcome,
    words: str = "",
    by_name: str = "",
) -> None:
    """Take note of the result of a Task (its id), with what is done about it (INV-29).

    ``patient`` is whose result was on the page, as ``Patient/1`` (INV-44); ``seen`` is the
    Task's version on the page: a result that changed since is not acknowledged. Raises
    AcknowledgementRefused for an action without words, NotFound, NotAllowed,
    PreconditionFailed.
    """
    if outcome is Outcome.ACTION and not words.strip():
        raise AcknowledgementRefused("no-action-text")
    if session.role not in ANSWERING_ROLES:
        raise NotAllowed("this role does not acknowledge results", code="forbidden")
    data, version = acts.read(session, "Task", task)
    read = task_of(data, version)
    if read.patient != patient or not read.report:
        raise NotFound(f"Task/{task} is not known")
    if version != seen or not read.is_open:
        raise PreconditionFailed("the result has changed, or somebody has acknowledged it")
    by = {"reference": session.person, **({"display": by_name} if by_name else {})}
    done = acknowledged(data, outcome, words.strip(), by)
    event = result_event(ACKNOWLEDGED, patient, read.report)
    act(session, [change(done, seen=seen)], lambda _stood: [event])


__all__ = ["AcknowledgementRefused", "acknowledge"]
