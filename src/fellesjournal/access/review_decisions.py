"""Deciding on a broken glass: justified or not, a question back, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from fellesjournal.access.reviews import (
    OUTCOME_SYSTEM,
    PLATFORM,
    Found,
    Outcome,
    awaiting,
    log_review,
    of_her_own,
)
from fellesjournal.access.sessions import Session
from fellesjournal.access.unjustified import conclude, of_opening
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.issues import BadRequest, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction

_LONGEST_TEXT = 1000


def decide(session: Session, task: str, version: int, outcome: Outcome, text: str = "") -> None:
    """Justified or not, or a question back. ``version`` is the one that was shown.

    What was not justified is told to the citizen and followed up, in the same transaction.
    Raises NotAllowed without the duty, NotFound for no review of hers, BadRequest without
    the words that a refusal or a question needs, Conflict when it was changed meanwhile,
    NobodyToTell when nobody could follow up; nothing is written then.
    """
    words = _words(text, needed=outcome is not Outcome.JUSTIFIED)
    with transaction():
        row = _only(awaiting(session, logged=False), task)
        if not row.review.is_open:
            raise BadRequest("this review is decided already", code="business-rule")
        data = with_note(row.data, session.person, words)
        data["status"] = "on-hold" if outcome is Outcome.ASKED else "completed"
        data["output"] = [outcome_of(outcome)]
        _write(session, task, version, data, row)
        if outcome is Outcome.NOT_JUSTIFIED:
            subject = reading.reference_target(data.get("for"))
            conclude(session, of_opening(row.opening, row.patient, subject, task), outcome)


def answer(session: Session, task: str, version: int, text: str) -> None:
    """What she who broke the glass answers to a question; the review awaits a decision again.

    Raises NotFound unless she was asked, BadRequest without words, Conflict as above.
    """
    words = _words(text, needed=True)
    with transaction():
        row = _only(of_her_own(session), task)
        if row.review.outcome is not Outcome.ASKED:
            raise NotFound(f"Task/{task} is not known")
        data = with_note(row.data, session.person, words)
        data["status"] = "requested"
        data.pop("output", None)
        _write(session, task, version, data, row)


def _only(rows: Iterable[Found], task: str) -> Found:
    for row in rows:
        if row.review.task == task:
            return row
    raise NotFound(f"Task/{task} is not known")


def _words(text: str, *, needed: bool) -> str:
    words = text.strip()
    if needed and not words:
        raise BadRequest("say why, or what you ask", code="required")
    if len(words) > _LONGEST_TEXT:
        raise BadRequest(f"at most {_LONGEST_TEXT} characters", code="too-long")
    return words


def outcome_of(outcome: Outcome) -> dict[str, Any]:
    """What a review came to, as an output of its Task."""
    return {
        "type": {"coding": [{"system": OUTCOME_SYSTEM, "code": "outcome"}]},
        "valueCodeableConcept": {"coding": [{"system": OUTCOME_SYSTEM, "code": outcome.value}]},
    }


def with_note(data: dict[str, Any], person: str, words: str) -> dict[str, Any]:
    """A Task changed now, with what a member of staff writes about it ("": nothing)."""
    now = clock.now_text()
    changed = data | {"lastModified": now}
    if words:
        name = reading.name_text(_name_of(person))
        author = {"reference": person, **({"display": name} if name else {})}
        note = {"authorReference": author, "time": now, "text": words}
        changed["note"] = [*data.get("note", ()), note]
    return changed


def _name_of(person: str) -> Any:
    row = PLATFORM.connection().execute(
        "select v.body from store.resource r join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.fhir_id = %s and r.rid in (select e.practitioner from access.employment e)",
        [person.partition("/")[2]],
    ).fetchone()  # fmt: skip
    return None if row is None else bodies.parse(row[0]).data.get("name")


def _write(session: Session, task: str, version: int, data: dict[str, Any], row: Found) -> None:
    """As the platform, which alone may; with a line that it was she who reviewed or answered."""
    rewrite(task, version, data)
    log_review(session, [row])


def rewrite(task: str, version: int, data: dict[str, Any]) -> None:
    """A new version of a Task of ours. Raises Conflict unless ``version`` stands."""
    body = bodies.parse(orjson.dumps({k: v for k, v in data.items() if k != "meta"}))
    write(PLATFORM, [Operation("update", "Task", id=task, body=body, if_match=version)])


__all__ = ["answer", "decide", "outcome_of", "rewrite", "with_note"]
