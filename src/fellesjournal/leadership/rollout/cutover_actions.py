"""Making and following the plan of a cut-over: each change is a new version with its reason."""

from __future__ import annotations

from collections.abc import Callable

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.rollout import cutover, queries
from fellesjournal.leadership.rollout.cutover import CUTOVER, Cutover, TaskState, Verdict
from fellesjournal.leadership.rollout.fixtures import cutover_data
from fellesjournal.leadership.rollout.queries import Seen


def standing(session: Session, actor: str) -> Seen[Cutover | None]:
    """The plan of an organisation; None while nobody has made one."""
    found = find(session, CUTOVER, actor)
    return Seen(None, 0) if found is None else Seen(found.body, found.version)


def begin(session: Session, actor: str, *, seen: int, reason: str) -> Document[Cutover]:
    """Make the plan from the template. Raises NotFound for an organisation that isn't there,
    Unprocessable when it is made already, and as ``documents.actions.save``.
    """
    if queries.programme(session).body.plan(actor) is None:
        raise NotFound("there is no such organisation with a plan")
    if standing(session, actor).body is not None:
        raise Unprocessable("the plan is made already", code="value")
    given = cutover_data()
    body = Cutover(given.start_hour, given.tasks)
    return save(session, CUTOVER, key=actor, body=body, seen=seen, reason=reason)


def move(
    session: Session,
    actor: str,
    task: str,
    *,
    owner: str,
    state: TaskState,
    note: str,
    seen: int,
    reason: str,
) -> Document[Cutover]:
    """Write down how a task stands. Raises NotFound, Unprocessable for what can't be, and as
    ``documents.actions.save``.
    """
    return _changed(
        session, actor, seen, reason,
        lambda plan: cutover.moved(
            plan, task, owner=owner, state=state, note=note.strip(), now=clock.now()
        ),
    )  # fmt: skip


def decide(
    session: Session, actor: str, task: str, verdict: Verdict, *, why: str, seen: int, reason: str
) -> Document[Cutover]:
    """Decide to go or not; who decides is who is signed in. Raises as ``move``."""
    return _changed(
        session, actor, seen, reason,
        lambda plan: cutover.decided(
            plan, task, verdict, by=session.person, reason=why, now=clock.now()
        ),
    )  # fmt: skip


def turn_back(
    session: Session, actor: str, *, why: str, seen: int, reason: str
) -> Document[Cutover]:
    """Turn back to the old systems. Raises as ``move``."""
    return _changed(
        session, actor, seen, reason,
        lambda plan: cutover.turned_back(plan, by=session.person, reason=why, now=clock.now()),
    )  # fmt: skip


def _changed(
    session: Session, actor: str, seen: int, reason: str, change: Callable[[Cutover], Cutover]
) -> Document[Cutover]:
    before = standing(session, actor).body
    if before is None:
        raise NotFound("there is no such plan")
    try:
        body = change(before)
    except LookupError as error:
        raise NotFound(str(error)) from None
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, CUTOVER, key=actor, body=body, seen=seen, reason=reason)


__all__ = ["begin", "decide", "move", "standing", "turn_back"]
