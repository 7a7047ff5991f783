"""What is shown for gates with the figures that follow from training and dress rehearsals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.documents.queries import Together
from fellesjournal.leadership.documents.settings import SETTINGS, values_of
from fellesjournal.leadership.rollout import queries, rehearsal_actions, training_queries
from fellesjournal.leadership.rollout.assumptions import ASSUMPTIONS, assumed
from fellesjournal.leadership.rollout.derived import Derived, derived, with_derived
from fellesjournal.leadership.rollout.fixtures import readiness_data
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import Gate, State
from fellesjournal.leadership.rollout.rehearsals import REHEARSALS
from fellesjournal.leadership.rollout.resources import READINESS, Readiness
from fellesjournal.leadership.rollout.training_book import Book
from fellesjournal.leadership.rollout.trials import Rehearsal
from fellesjournal.surfaces.leaders import rollout_words
from fellesjournal.surfaces.leaders import training_words as words

KINDS = (READINESS, REHEARSALS, SETTINGS, *training_queries.KINDS)
"""What the gates are judged by."""


def with_data(
    session: Session, programme: Programme, actor: str, shown: Readiness, day: date
) -> tuple[Readiness, tuple[Derived, ...]]:
    """What was shown of one organisation, with what follows from data in its place; and which that is."""
    book = training_queries.book(session, actor)
    rehearsals = rehearsal_actions.standing(session, actor).body.rehearsals
    days = queries.assumptions(session, day).super_user_days
    return _joined(programme, actor, shown, book, rehearsals, day, days)


def all_with_data(kept: Together, programme: Programme, day: date) -> dict[str, Readiness]:
    """The same of every organisation with a plan; ``kept``: the documents of :data:`KINDS`."""
    shown = {each.key: each.body for each in kept.of(READINESS)}
    books = training_queries.books_of(kept)
    rehearsals = {each.key: each.body.rehearsals for each in kept.of(REHEARSALS)}
    days = assumed(values_of(kept.of(SETTINGS), ASSUMPTIONS, day)).super_user_days
    return {
        plan.actor: _joined(
            programme, plan.actor, shown.get(plan.actor, Readiness()),
            books.get(plan.actor, Book()), rehearsals.get(plan.actor, ()), day, days,
        )[0]
        for plan in programme.plans
    }  # fmt: skip


def _joined(
    programme: Programme,
    actor: str,
    shown: Readiness,
    book: Book,
    rehearsals: Sequence[Rehearsal],
    day: date,
    days: int,
) -> tuple[Readiness, tuple[Derived, ...]]:
    plan = programme.plan(actor)
    if plan is None:
        return shown, ()
    go_live = plan.go_live(programme.wave(plan.wave))
    found = derived(go_live, book, rehearsals, day, days)
    said = {(each.criterion, each.gate): words.evidence(each) for each in found}
    return with_derived(shown, found, readiness_data().criteria, said), found


def gate_cell(gate: Gate, day: date) -> dict[str, Any]:
    """A gate as a table shows it: one whose day has come is red, unless nobody has written anything: that
    it does not pass is not known then.
    """
    met = sum(1 for cell in gate.cells if cell.state in {State.GREEN, State.WAIVED})
    asked = sum(1 for cell in gate.cells if cell.state is not State.NOT_ASKED)
    state = "green" if gate.passes else "red" if day >= gate.due else "open"
    if state == "red" and _is_blank(gate):
        state = "blank"
    said = {
        "green": gettext("passes"),
        "red": gettext("does not pass"),
        "open": gettext("not yet due"),
        "blank": gettext("nothing is written down"),
    }
    return {
        "days": gate.days,
        "name": rollout_words.gate_name(gate.days),
        "due": gate.due,
        "state": state,
        "text": said[state],
        "met": met,
        "asked": asked,
        "blockers": gate.blockers,
        "fallen": len(gate.fallen),
    }


def _is_blank(gate: Gate) -> bool:
    states = {cell.state for cell in gate.cells}
    return states <= {State.NOT_SHOWN, State.NOT_ASKED} and not gate.blockers


__all__ = ["KINDS", "all_with_data", "gate_cell", "with_data"]
