"""The rollout of the demo, made by the actions that the rollout lead uses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fellesjournal.access.sessions import Session
    from fellesjournal.demo.rollout import DemoCheck


def fill_rollout() -> None:
    """A wave to come, gates, test runs, what was moved, risks and stakeholders of one municipality, the first days of
    another, and what keeps people out in a third. What is there already is passed over: a start that was interrupted
    goes on.
    """
    from fellesjournal.access.sessions import staff_session
    from fellesjournal.config.cli.demo_training import fill_training
    from fellesjournal.demo.cast import STAFF

    who = next(each for each in STAFF if each.role == "rollout-lead")
    lead = staff_session(
        practitioner=f"Practitioner/{who.id}", role_id=who.role_id, role=who.role,
        unit=f"Organization/{who.unit_id}",
    )  # fmt: skip
    _look_ahead(lead)
    _cost(lead)
    _show(lead)
    _move(lead)
    _weigh(lead)
    _count(lead)
    _state(lead)
    fill_training(lead)


def _look_ahead(lead: Session) -> None:
    from fellesjournal.config.cli.demo_wave import with_wave_ahead
    from fellesjournal.demo import rollout as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.rollout import actions, queries

    stands = queries.programme(lead.again())
    if told.AHEAD not in {wave.id for wave in stands.body.waves}:
        actions.save_programme(
            lead.again(), with_wave_ahead(stands.body, clock.today()),
            seen=stands.version, reason="Oppdiktet bølge for demoen",
        )  # fmt: skip
    _check(lead, told.ON_TIME, told.PASSING)
    _check(lead, told.BEHIND, told.FAILING)


def _cost(lead: Session) -> None:
    """What it costs two of those that go live next: the third has not stated it."""
    from fellesjournal.demo import rollout as told
    from fellesjournal.foundation import clock
    from fellesjournal.leadership.costs.lines import CostLine, CostModel, Kind, LegacySystem, Scope
    from fellesjournal.leadership.costs.resources import COST_MODEL
    from fellesjournal.leadership.documents.actions import save
    from fellesjournal.leadership.documents.queries import find

    today = clock.today()
    for actor, (licences, project, double, annual, replaced) in told.COSTS.items():
        if find(lead.again(), COST_MODEL, actor) is not None:
            continue
        said = (
            ("licences", Kind.INVESTMENT, Scope.SHARED, licences, "licence", "pre-project"),
            ("project", Kind.ONE_OFF, Scope.LOCAL, project, "local-project", "test-and-train"),
            ("double-operation", Kind.ONE_OFF, Scope.LOCAL, double, "double-operation", "after"),
            ("annual-operation", Kind.ANNUAL, Scope.SHARED, annual, "operation", "after"),
        )
        lines = tuple(
            CostLine(key, kind, scope, Decimal(amount), today.year, category, phase, actor)
            for key, kind, scope, amount, category, phase in said
        )
        model = CostModel(
            f"{today:%Y-%m}", today, lines, (LegacySystem(told.INVENTED, Decimal(replaced)),),
            source=told.INVENTED,
        )  # fmt: skip
        save(lead.again(), COST_MODEL, key=actor, body=model, seen=0, reason=told.INVENTED)


def _check(lead: Session, actor: str, shown: Sequence[DemoCheck]) -> int:
    """What is shown for gates, what is there already left out; the version that stands then."""
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout import actions, queries

    version = queries.readiness(lead.again(), actor).version
    for each in shown[version:]:
        version = actions.show_check(
            lead.again(), actor, criterion=each.criterion, gate=each.gate,
            value=Decimal(each.value) if each.value else None, stage=each.stage,
            evidence=each.evidence, owner=told.OWNER, seen=version, reason="Fra møtet",
        ).version  # fmt: skip
    return version


def _show(lead: Session) -> None:
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout import actions
    from fellesjournal.leadership.rollout.trials import CaseRun, Defect, Result, Severity

    version = _check(lead, told.ON_ITS_WAY, told.CHECKS)
    for day, case, role, result, defect, weight, again in told.RUNS[version - len(told.CHECKS) :]:
        run = CaseRun(
            case=case, version="1", role=role, result=Result(result), day=day,
            defect=Defect(defect, Severity(weight)) if defect else None, retest_of=again,
        )  # fmt: skip
        version = actions.record_run(
            lead.again(), told.ON_ITS_WAY, run, seen=version, reason="Test"
        ).version


def _move(lead: Session) -> None:
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout import actions, queries
    from fellesjournal.leadership.rollout.migration import Excluded, Job, Mode, Source

    version = queries.migration(lead.again(), told.ON_ITS_WAY).version
    for each in told.JOBS[version:]:
        left_out = (Excluded(each.left_out_why, each.left_out),) if each.left_out else ()
        job = Job(
            Source(each.source), each.what, Mode(each.mode), each.counted, each.loaded,
            each.rejected, left_out, sample_n=each.sample,
        )  # fmt: skip
        version = actions.write_job(
            lead.again(), told.ON_ITS_WAY, job, seen=version, reason="Prøveflytting 1"
        ).version


def _weigh(lead: Session) -> None:
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout import actions, queries
    from fellesjournal.leadership.rollout.risks import Risk, Stakeholder, Stance, Weight

    if queries.concerns(lead.again(), told.ON_ITS_WAY).version:
        return
    version = 0
    for n, (title, probability, grave, done, owner, left) in enumerate(told.RISKS, 1):
        risk = Risk(
            f"R{n}", title, Weight(probability, grave), done, owner, Weight(*left) if left else None
        )
        version = actions.weigh_risk(
            lead.again(), told.ON_ITS_WAY, risk, seen=version, reason="Første risikomøte"
        ).version
    for name, interest, influence, stance, contact, measure in told.STAKEHOLDERS:
        whom = Stakeholder(name, interest, influence, Stance(stance), contact, measure)
        version = actions.note_stakeholder(
            lead.again(), told.ON_ITS_WAY, whom, seen=version, reason="Interessentanalyse"
        ).version


def _count(lead: Session) -> None:
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout import actions, queries
    from fellesjournal.leadership.rollout.resources import TicketDay

    version = queries.tickets(lead.again(), told.WENT_LIVE).version
    for day, tickets in list(enumerate(told.TICKETS))[version:]:
        version = actions.count_tickets(
            lead.again(), told.WENT_LIVE, TicketDay(day, tickets), users=told.USERS,
            seen=version, reason="Telling",
        ).version  # fmt: skip


def _state(lead: Session) -> None:
    from fellesjournal.demo import rollout as told
    from fellesjournal.leadership.rollout.adoption import Barrier
    from fellesjournal.leadership.rollout.barriers import Hold, Statement, state, stated

    stands = stated(lead.again(), told.LED)
    version = 0 if stands is None else stands.version
    for barrier, hold, ground, measure, owner, day in told.BARRIERS[version:]:
        said = Statement(Barrier(barrier), Hold(hold), ground, day, measure, owner)
        version = state(lead.again(), told.LED, said, seen=version).version


__all__ = ["fill_rollout"]
