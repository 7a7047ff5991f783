"""The decisions and the action plan of the demo, made by the actions that people use."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal


def fill_decisions() -> None:
    """Cases at different places of their way, and a plan, by the coordinator of the demo. What is
    there already is passed over: a start that was interrupted goes on.
    """
    from fellesjournal.access.sessions import staff_session, system_session
    from fellesjournal.demo import decisions as told
    from fellesjournal.demo.cast import STAFF
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.decisions import actions
    from fellesjournal.leadership.decisions.action_plans import ActionPlan
    from fellesjournal.leadership.decisions.action_plans import Status as ItemStatus
    from fellesjournal.leadership.decisions.cases import Outcome, Rules, SafetyClass, Stance
    from fellesjournal.leadership.decisions.deciding import proposed
    from fellesjournal.leadership.decisions.levels import CaseType
    from fellesjournal.leadership.decisions.plan_reading import read_table
    from fellesjournal.leadership.decisions.structure import CASES, PLANS, STRUCTURE
    from fellesjournal.leadership.documents.queries import find

    who = next(each for each in STAFF if each.role == "benefits-coordinator")
    session = staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip
    elsewhere = system_session("system:demo", purpose="HOPERAT")
    now = clock.now()
    for each in told.CASES:
        if find(session, CASES, each.key) is not None:
            continue
        with clock.at(now - timedelta(days=each.days)):
            case = proposed(
                STRUCTURE.levels, title=each.title, kind=CaseType(each.kind),
                proposal=each.proposal, requested_by=session.unit, now=clock.now(),
                affected=tuple(f"Organization/{key}" for key in each.affected),
                evidence=each.evidence, safety=SafetyClass(each.safety),
            )  # fmt: skip
            actions.propose(session.again(), key=each.key, case=case)
        for days, (actor, stance, reason) in enumerate(each.said, 1):
            with clock.at(now - timedelta(days=each.days - days)):
                actions.take_position(
                    elsewhere.again(), key=each.key, seen=days, actor=f"Organization/{actor}",
                    stance=Stance(stance), reason=reason,
                )  # fmt: skip
        if each.decided:
            actions.decide(
                session.again(), key=each.key, seen=1 + len(each.said), outcome=Outcome.ADOPTED,
                text=each.decided, rules=Rules(),
            )  # fmt: skip
    if find(session, PLANS, told.PLAN_KEY) is not None:
        return
    plan = ActionPlan(told.PLAN_NAME, read_table(told.PLAN).items)
    actions.keep_plan(session.again(), key=told.PLAN_KEY, plan=plan, seen=0, reason="Lest inn")
    actions.answer_status(
        session.again(), key=told.PLAN_KEY, seen=1, no="2.3", status=ItemStatus.DONE,
        done_on=told.ADOPTED,
    )  # fmt: skip


def fill_follow_up() -> None:
    """Reviews as their source lists them with one invented finding, a meeting, and a queue of
    usability. What is there already is passed over.
    """
    from fellesjournal.access.sessions import staff_session
    from fellesjournal.demo import decisions as told
    from fellesjournal.demo.cast import STAFF
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.decisions import keeping
    from fellesjournal.leadership.decisions.committees import AgendaItem, Meeting
    from fellesjournal.leadership.decisions.findings import (
        REVIEWS as LISTED,
    )
    from fellesjournal.leadership.decisions.findings import (
        Finding,
        Review,
        ReviewStatus,
        Severity,
    )
    from fellesjournal.leadership.decisions.structure import ISSUES, MEETINGS, REVIEWS
    from fellesjournal.leadership.decisions.usability import (
        Fix,
        Means,
        Measured,
        Reach,
        Source,
        UsabilityIssue,
    )
    from fellesjournal.leadership.documents.queries import find

    who = next(each for each in STAFF if each.role == "benefits-coordinator")
    session = staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip
    for place, listed in enumerate(LISTED, 1):
        if find(session, REVIEWS, f"arena-{place}") is None:
            keeping.add_review(session.again(), key=f"arena-{place}", review=listed)
    if find(session, REVIEWS, told.REVIEW_KEY) is None:
        day = clock.today() - timedelta(days=30)
        made = Review("Oppdiktet tilsyn", "Utskriving", day, ReviewStatus.PUBLISHED)
        keeping.add_review(session.again(), key=told.REVIEW_KEY, review=made)
        text, severity, to, indicators = told.FINDING
        finding = Finding(
            text, Severity(severity), tuple(f"Organization/{key}" for key in to),
            indicators=indicators,
        )  # fmt: skip
        keeping.add_finding(session.again(), told.REVIEW_KEY, finding, seen=1)
    if find(session, MEETINGS, told.MEETING_KEY) is None:
        community, bodies, days, agenda = told.MEETING
        items = (*map(AgendaItem, agenda), AgendaItem(told.CASES[0].title, told.CASES[0].key))
        meeting = Meeting(community, bodies, clock.today() + timedelta(days=days), items)
        keeping.call_meeting(session.again(), key=told.MEETING_KEY, meeting=meeting)
    for each in told.ISSUES:
        if find(session, ISSUES, each.key) is not None:
            continue
        issue = UsabilityIssue(
            each.key, each.workflow, each.users, Decimal(each.uses), 220, Decimal(each.seconds),
            each.safety, Source.SURVEY, Fix(each.fix), Decimal(each.effort), Reach(each.reach),
        )  # fmt: skip
        keeping.report_issue(session.again(), issue)
        if each.measured is not None:
            measured = Measured(Means.TIMING, *map(Decimal, each.measured))
            keeping.close_issue(session.again(), each.key, measured=measured, seen=1)


__all__ = ["fill_decisions", "fill_follow_up"]
