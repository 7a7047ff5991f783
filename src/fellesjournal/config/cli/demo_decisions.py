"""The decisions and the action plan of the demo, made by the actions that people use."""

from __future__ import annotations

from datetime import timedelta


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


__all__ = ["fill_decisions"]
