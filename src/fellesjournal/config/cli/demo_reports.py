"""Reports of problems in the demo, made by the actions that people use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellesjournal.access.sessions import Session
    from fellesjournal.demo.reports import DemoReport


def fill_reports() -> None:
    """What staff have reported in the last days. What is there already is passed over: a start that was
    interrupted goes on.
    """
    from fellesjournal.demo import reports as told
    from fellesjournal.leadership.rollout import actions, queries

    lead = _at_work("rollout-lead")
    if queries.tickets(lead.again(), told.WHERE).version == 0:
        actions.count_users(lead.again(), told.WHERE, told.USERS, seen=0)
    for number, each in enumerate(told.REPORTS):
        _report(lead, each, f"demo-{number}")


def _report(lead: Session, each: DemoReport, key: str) -> None:
    from fellesjournal.fhir.issues import PreconditionFailed
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.rollout.support import actions
    from fellesjournal.leadership.rollout.support.actions import Report
    from fellesjournal.leadership.rollout.support.ticket import Place
    from fellesjournal.leadership.rollout.tickets import Category

    since = clock.now() - timedelta(hours=each.hours)
    made = Report(
        said=each.said, category=Category(each.category), severity=each.severity, safety=each.safety,
        place=Place(each.page, each.module, "0.1.0"),
    )  # fmt: skip
    try:
        with clock.at(since):
            number = actions.report(_at_work(each.position), made, key=key)
    except PreconditionFailed:
        return
    seen = 1
    with clock.at(since + timedelta(hours=1)):
        if each.taken:
            actions.take(lead.again(), number, seen=seen)
            seen += 1
        if each.answer:
            actions.answer(lead.again(), number, text=each.answer, seen=seen)
            seen += 1
    if each.done:
        with clock.at(since + timedelta(hours=20)):
            actions.close(lead.again(), number, done=each.done, seen=seen)


def _at_work(position: str) -> Session:
    from fellesjournal.access.sessions import staff_session
    from fellesjournal.demo.cast import STAFF

    who = next(each for each in STAFF if each.role == position)
    return staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip


__all__ = ["fill_reports"]
