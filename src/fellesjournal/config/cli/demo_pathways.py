"""The pathway of the demo, made by the actions that people use."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellesjournal.demo.pathways import DemoDrawing
    from fellesjournal.leadership.pathways.pathway import Pathway


def fill_pathways() -> None:
    """A pathway as it is in two places and as it is to be, with measures, in its second phase, and
    published to clinicians, by the rollout lead of the demo. What is there already stays.
    """
    from fellesjournal.access.sessions import staff_session
    from fellesjournal.demo import pathways as told
    from fellesjournal.demo.cast import STAFF
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.documents.queries import find
    from fellesjournal.leadership.pathways import actions, queries
    from fellesjournal.leadership.pathways.bpmn_reading import Read
    from fellesjournal.leadership.pathways.claims import Confounder, Direction
    from fellesjournal.leadership.pathways.measures import Effect, Measure, Workstream
    from fellesjournal.leadership.pathways.pathway import Group
    from fellesjournal.leadership.pathways.phases import Guard, Heard, Learnt, Phase, There
    from fellesjournal.leadership.pathways.resources import (
        DRAWINGS,
        IMPROVEMENTS,
        Watched,
        drawing_key,
    )

    who = next(each for each in STAFF if each.role == "rollout-lead")
    session = staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip
    if find(session, IMPROVEMENTS, told.KEY) is None:
        actions.begin(
            session.again(), key=told.KEY, title=told.TITLE, group=Group(told.GROUP),
            workstreams=tuple(Workstream(*each) for each in told.WORKSTREAMS),
        )  # fmt: skip
    for each in told.DRAWINGS:
        if find(session, DRAWINGS, drawing_key(told.KEY, each.part)) is None:
            read = Read(_pathway(each), ())
            actions.draw(
                session.again(), told.KEY, each.part, read, file="", seen=0, reason="Tegnet i møte"
            )
    version = 1
    if queries.improvement(session, told.KEY).version > version:
        return
    for guard, of, document in told.THERE:
        there = There(Guard(guard), document, of)
        version = actions.show(session.again(), told.KEY, there, seen=version).version
    for phase, (forum, said, answer) in zip(Phase, told.HEARD, strict=False):
        heard = Heard(phase, forum, said, answer)
        version = actions.hear(session.again(), told.KEY, heard, seen=version).version
    version = actions.move_on(session.again(), told.KEY, seen=version).version
    gaps = list(queries.improvement(session, told.KEY).gaps)
    for place, one in enumerate(told.MEASURES, 1):
        measure = Measure(
            one.title, tuple(gap for gap in gaps if gap.step in one.steps), one.within_platform,
            tuple(Effect(actor, Decimal(amount)) for actor, amount in one.effects), one.workstream,
        )  # fmt: skip
        version = actions.add_measure(session.again(), told.KEY, measure, seen=version).version
        if one.started:
            version = actions.start_measure(session.again(), told.KEY, place, seen=version).version
    what, days, direction, indicators, asked = told.CONFOUNDER
    day = clock.today() - timedelta(days=days)
    version = actions.log_confounder(
        session.again(), told.KEY, asked=asked, seen=version,
        found=Confounder(day, what, Direction(direction), indicators),
    ).version  # fmt: skip
    watched = Watched(
        {place: f"Organization/{unit}" for place, unit in told.WATCHED},
        tuple(f"Organization/{unit}" for unit in told.OTHERS),
    )
    version = actions.watch(session.again(), told.KEY, watched, seen=version).version
    for municipality, days_ago in told.STARTED:
        began = clock.today() - timedelta(days=days_ago)
        version = actions.start_in(
            session.again(), told.KEY, municipality, began, seen=version
        ).version
    for days_ago, where, text, advice in told.LEARNT:
        learnt = Learnt(clock.today() - timedelta(days=days_ago), where, text, advice)
        version = actions.learn(session.again(), told.KEY, learnt, seen=version).version
    actions.publish_pathway(session.again(), told.KEY, seen=version)


def _pathway(drawing: DemoDrawing) -> Pathway:
    """A drawing of the demo as a pathway; as which part it is drawn, the action says."""
    from fellesjournal.demo.pathways import GROUP, LANES, TITLE
    from fellesjournal.leadership.pathways.pathway import (
        Group,
        Handover,
        Kind,
        Lane,
        Level,
        Pain,
        PainPoint,
        Pathway,
        PathwayStep,
        Scope,
        Value,
    )

    steps = tuple(
        PathwayStep(
            each.lane, each.purpose, each.action, each.documents, each.channel, "", each.hours,
            Value(each.value), each.requires_platform,
        )
        for each in drawing.steps
    )  # fmt: skip
    key = {place: step.key for place, step in enumerate(steps, 1)}
    acting = {step.lane for step in steps}
    return Pathway(
        TITLE, Group(GROUP), "1", Kind.TO_BE, Scope.COMMON,
        tuple(Lane(name, Level(level)) for name, level in LANES if name in acting), steps,
        tuple(
            Handover(key[start], key[end], message, hours, receipt)
            for start, end, message, hours, receipt in drawing.handovers
        ),
        pain_points=tuple(
            PainPoint(key[place], Pain(kind), severity, evidence)
            for place, kind, severity, evidence in drawing.pains
        ),
    )  # fmt: skip


__all__ = ["fill_pathways"]
