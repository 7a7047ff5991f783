"""Changing what is kept of training: each change is a new version with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, Unprocessable
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.rollout import queries, training_queries
from fellesjournal.leadership.rollout.training import Shift, Training
from fellesjournal.leadership.rollout.training_book import (
    COURSES,
    PASSES,
    ROSTER,
    Courses,
    Passes,
    Roster,
)


def keep_courses(
    session: Session, actor: str, courses: Courses, *, seen: int, reason: str
) -> Document[Courses]:
    """Let other courses stand, and what comes of a missing one. Raises NotFound for an organisation
    without a plan, Unprocessable when something is asked and the organisation isn't named, and as
    ``documents.actions.save``.
    """
    _known(session, actor)
    if courses.needed and not courses.unit.startswith("Organization/"):
        raise Unprocessable("say which organisation of the record it is", code="required")
    return save(session, COURSES, key=actor, body=courses, seen=seen, reason=reason)


def record_passes(
    session: Session, actor: str, passed: Iterable[Training], *, seen: int, reason: str
) -> Document[Passes]:
    """Write down who has passed. Raises NotFound for an organisation without a plan, Unprocessable for
    a course it does not have, and as ``documents.actions.save``.
    """
    _known(session, actor)
    found = tuple(passed)
    courses = training_queries.courses(session, actor).body
    if unknown := {each.course for each in found if courses.course(each.course) is None}:
        raise Unprocessable(f"no course is called {', '.join(sorted(unknown))}", code="value")
    body = training_queries.passes(session, actor).body.with_passes(found)
    return save(session, PASSES, key=actor, body=body, seen=seen, reason=reason)


def keep_shifts(
    session: Session, actor: str, shifts: Iterable[Shift], *, seen: int, reason: str
) -> Document[Roster]:
    """Write down who works when: what is told of a unit and a day replaces what stood of it. Raises as
    ``record_passes``.
    """
    _known(session, actor)
    body = training_queries.roster(session, actor).body.with_shifts(shifts)
    return save(session, ROSTER, key=actor, body=body, seen=seen, reason=reason)


def name_super_user(
    session: Session,
    actor: str,
    person: str,
    unit: str,
    *,
    named: bool,
    seen: int,
    reason: str,
) -> Document[Courses]:
    """Name somebody a super-user of a unit, or no longer. Raises as ``keep_courses``."""
    before = training_queries.courses(session, actor).body
    others = tuple(each for each in before.super_users if each != (person, unit))
    after = replace(before, super_users=(*others, (person, unit)) if named else others)
    return keep_courses(session, actor, after, seen=seen, reason=reason)


def _known(session: Session, actor: str) -> None:
    if queries.programme(session).body.plan(actor) is None:
        raise NotFound("there is no such organisation with a plan")


__all__ = ["keep_courses", "keep_shifts", "name_super_user", "record_passes"]
