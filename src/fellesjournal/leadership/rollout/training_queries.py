"""Reading what is kept of training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.documents.queries import (
    Together,
    all_standing,
    all_together,
    find,
    together,
)
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.rollout.queries import Seen
from fellesjournal.leadership.rollout.training import Training
from fellesjournal.leadership.rollout.training_book import (
    COURSES,
    PASSES,
    ROSTER,
    Book,
    Courses,
    Passes,
    Roster,
)

Body = TypeVar("Body")
KINDS = (COURSES, PASSES, ROSTER)
"""What training is kept in."""


def courses(session: Session, actor: str) -> Seen[Courses]:
    """The courses of an organisation, and what comes of a missing one."""
    return _seen(session, COURSES, actor, Courses)


def passes(session: Session, actor: str) -> Seen[Passes]:
    """Who has passed at an organisation."""
    return _seen(session, PASSES, actor, Passes)


def roster(session: Session, actor: str) -> Seen[Roster]:
    """Who works when at an organisation."""
    return _seen(session, ROSTER, actor, Roster)


def book(session: Session, actor: str) -> Book:
    """All that is kept of an organisation's training."""
    found = together(session, actor, COURSES, PASSES, ROSTER)
    bodies = {name: each.body for name, each in found.items()}
    return Book(
        bodies.get(COURSES.name, Courses()),
        bodies.get(PASSES.name, Passes()),
        bodies.get(ROSTER.name, Roster()),
    )


def all_passed(session: Session) -> tuple[Training, ...]:
    """Who has passed what at every organisation, each with the organisation it was at."""
    return tuple(
        replace(each, actor=kept.key)
        for kept in all_standing(session, PASSES)
        for each in kept.body.passed
    )


def all_books(session: Session) -> dict[str, Book]:
    """What is kept of training, by organisation; those of which nothing is kept are missing."""
    return books_of(all_together(session, *KINDS))


def books_of(kept: Together) -> dict[str, Book]:
    """The same of what was read already: the documents of :data:`KINDS`."""
    courses_of = {each.key: each.body for each in kept.of(COURSES)}
    passes_of = {each.key: each.body for each in kept.of(PASSES)}
    rosters = {each.key: each.body for each in kept.of(ROSTER)}
    return {
        actor: Book(kept, passes_of.get(actor, Passes()), rosters.get(actor, Roster()))
        for actor, kept in courses_of.items()
    }


def _seen(session: Session, kind: Kind[Body], actor: str, empty: Callable[[], Body]) -> Seen[Body]:
    found = find(session, kind, actor)
    return Seen(empty(), 0) if found is None else Seen(found.body, found.version)


__all__ = ["KINDS", "all_books", "all_passed", "book", "books_of", "courses", "passes", "roster"]
