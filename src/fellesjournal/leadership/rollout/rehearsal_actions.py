"""Planning and playing dress rehearsals: each change is a new version with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, Unprocessable
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.rollout import queries, rehearsals
from fellesjournal.leadership.rollout.queries import Seen
from fellesjournal.leadership.rollout.rehearsals import REHEARSALS, Rehearsals
from fellesjournal.leadership.rollout.trials import Rehearsal, RehearsalFinding, Retest, Step


def standing(session: Session, actor: str) -> Seen[Rehearsals]:
    """The dress rehearsals of an organisation."""
    found = find(session, REHEARSALS, actor)
    return Seen(Rehearsals(), 0) if found is None else Seen(found.body, found.version)


def plan(
    session: Session,
    actor: str,
    *,
    service: str,
    day: date,
    steps: Sequence[Step],
    seen: int,
    reason: str,
) -> Document[Rehearsals]:
    """Plan one. Raises NotFound for an organisation without a plan, Unprocessable without a step, and
    as ``documents.actions.save``.
    """
    if queries.programme(session).body.plan(actor) is None:
        raise NotFound("there is no such organisation with a plan")
    before = standing(session, actor).body
    body = _possible(lambda: before.planned(service, day, steps))
    return save(session, REHEARSALS, key=actor, body=body, seen=seen, reason=reason)


def play(
    session: Session, actor: str, key: str, place: int, minutes: int, *, seen: int, reason: str
) -> Document[Rehearsals]:
    """Tick a step with its time. Raises NotFound, Unprocessable, and as ``documents.actions.save``."""
    return _changed(
        session, actor, key, lambda each: rehearsals.played(each, place, minutes), seen, reason
    )


def note(
    session: Session, actor: str, key: str, finding: RehearsalFinding, *, seen: int, reason: str
) -> Document[Rehearsals]:
    """Write down what was found. Raises as ``play``."""
    return _changed(session, actor, key, lambda each: rehearsals.found(each, finding), seen, reason)


def retest(
    session: Session, actor: str, key: str, place: int, tried: Retest, *, seen: int, reason: str
) -> Document[Rehearsals]:
    """Write down that a finding was tried again; one that passed closes it. Raises as ``play``."""
    return _changed(
        session, actor, key, lambda each: rehearsals.retested(each, place, tried), seen, reason
    )


def _changed(
    session: Session,
    actor: str,
    key: str,
    change: Callable[[Rehearsal], Rehearsal],
    seen: int,
    reason: str,
) -> Document[Rehearsals]:
    before = standing(session, actor).body
    rehearsal = before.rehearsal(key)
    if rehearsal is None:
        raise NotFound("there is no such dress rehearsal")
    body = _possible(lambda: before.with_rehearsal(change(rehearsal)))
    return save(session, REHEARSALS, key=actor, body=body, seen=seen, reason=reason)


def _possible(make: Callable[[], Rehearsals]) -> Rehearsals:
    try:
        return make()
    except LookupError as error:
        raise NotFound(str(error)) from None
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None


__all__ = ["note", "plan", "play", "retest", "standing"]
