"""Reactions to events; see config/wiring.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from fellesjournal.access.courses.rules import Mode, Needed, Passed, Rule, keep
from fellesjournal.access.sessions import Session
from fellesjournal.leadership.rollout import queries, training_queries
from fellesjournal.leadership.rollout.resources import PROGRAMME
from fellesjournal.leadership.rollout.training_book import COURSES, PASSES, Book


def keep_course_rules(session: Session, payload: dict[str, Any]) -> None:
    """``document-saved``: what is asked when a role is chosen follows the courses, who has passed,
    and the day of go-live. Worked out from what stands, so that telling it twice changes nothing.
    """
    kind, key = payload["kind"], str(payload["key"])
    if kind not in {PROGRAMME.name, COURSES.name, PASSES.name}:
        return
    programme = queries.programme(session).body
    books = training_queries.all_books(session)
    for actor, book in books.items():
        plan = programme.plan(actor)
        if plan is not None and book.courses.unit and (kind == PROGRAMME.name or actor == key):
            keep(session, rule_of(actor, book, plan.go_live(programme.wave(plan.wave))))


def rule_of(actor: str, book: Book, go_live: date) -> Rule:
    """What the door asks, of what is kept of an organisation's training."""
    courses = {each.id: each for each in book.courses.courses}
    needed = [(each.role, courses[each.course]) for each in book.courses.needed]
    return Rule(
        actor,
        book.courses.unit,
        Mode(book.courses.enforcement.value),
        go_live,
        tuple(Needed(role, one.id, one.title, one.place, one.contact) for role, one in needed),
        tuple(
            Passed(each.person, each.role, each.course, each.passed_at, each.expires)
            for each in book.passes.passed
        ),
    )


__all__ = ["keep_course_rules", "rule_of"]
