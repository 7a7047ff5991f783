"""What awaits an organisation of its leaders, from all parts: the first thing on the front page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits.resources import PLAN as BENEFITS
from fellesjournal.leadership.decisions.action_plans import overdue
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.assumptions import ASSUMPTIONS
from fellesjournal.leadership.decisions.findings import Severity, to_answer
from fellesjournal.leadership.decisions.queries import rules_of, sorted_cases
from fellesjournal.leadership.decisions.structure import CASES, PLANS, REVIEWS
from fellesjournal.leadership.documents.queries import Together
from fellesjournal.leadership.documents.settings import SETTINGS, values_of
from fellesjournal.leadership.rollout import queries as rollout
from fellesjournal.leadership.rollout.fixtures import published_programme
from fellesjournal.leadership.rollout.resources import PROGRAMME
from fellesjournal.surfaces.leaders.decision_words import SEVERITIES
from fellesjournal.surfaces.leaders.readiness_data import KINDS as READY
from fellesjournal.surfaces.leaders.readiness_data import all_with_data


@dataclass(frozen=True, slots=True)
class Waits:
    """One thing that awaits somebody: what it is, where it is done, by when if there is a day.
    ``severity``: how serious a finding is, in words, where it is more than minor.
    """

    href: str
    what: str
    about: str
    due: date | None = None
    is_late: bool = False
    severity: str = ""


KINDS = (CASES, REVIEWS, PLANS, BENEFITS, PROGRAMME, *READY)
"""What is looked through for it."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """The organisation she speaks for (Organization/x, and its name; "" for none), and what awaits it."""

    actor: str
    name: str
    waiting: list[Waits]


def waits_for(session: Session, kept: Together, *, leads_rollout: bool) -> Awaited:
    """What awaits the organisation she speaks for: what is late first, then serious findings, then by day.
    ``kept``: the documents of :data:`KINDS`. ``leads_rollout``: the gates of all organisations await her.
    """
    names = {each.reference: each.name for each in actors(session)}
    actor = speaks_for(session, names)
    gates = _gates(kept) if leads_rollout else iter(())
    found = [
        *_cases(kept, actor), *_findings(kept, actor), *_late(kept), *_measures(kept, actor), *gates,
    ]  # fmt: skip
    return Awaited(actor, names.get(actor, ""), in_order(found))


def in_order(found: Iterable[Waits]) -> list[Waits]:
    """What is late first, then serious findings, then by day, and at last what has none."""
    return sorted(
        found, key=lambda e: (not e.is_late, not e.severity, e.due is None, e.due or date.max)
    )


def _cases(kept: Together, actor: str) -> Iterator[Waits]:
    rules = rules_of(values_of(kept.of(SETTINGS), ASSUMPTIONS, clock.today()))
    for each in sorted_cases(kept.of(CASES), actor, rules).live:
        if each.waits_for_us:
            yield Waits(
                reverse("leaders-case", args=[each.key]), each.case.title,
                gettext("A case that waits for our answer"), each.due.astimezone(clock.NORWAY).date(), each.is_late,
            )  # fmt: skip


def _findings(kept: Together, actor: str) -> Iterator[Waits]:
    for review in kept.of(REVIEWS):
        for _, finding in to_answer([review.body], actor):
            yield Waits(
                reverse("leaders-review", args=[review.key]), finding.text,
                gettext("A finding of %(body)s, to be answered") % {"body": review.body.body},
                severity="" if finding.severity is Severity.MINOR else str(SEVERITIES[finding.severity]),
            )  # fmt: skip


def _late(kept: Together) -> Iterator[Waits]:
    for plan in kept.of(PLANS):
        if late := overdue(plan.body, clock.today()):
            words = ngettext("%(n)d action is late", "%(n)d actions are late", len(late))
            yield Waits(
                reverse("leaders-action-plan", args=[plan.key]), plan.body.name,
                words % {"n": len(late)}, late[0].deadline, is_late=True,
            )  # fmt: skip


def _measures(kept: Together, actor: str) -> Iterator[Waits]:
    """Measures of her organisation's benefits plan whose day is past."""
    for plan in kept.of(BENEFITS):
        if plan.body.unit != actor:
            continue
        every = [measure for benefit in plan.body.benefits for measure in benefit.measures]
        late = [each for each in every if each.is_late(clock.today())]
        if late:
            first = min(late, key=lambda each: each.due or date.max)
            words = ngettext(
                "%(n)d measure of the benefits plan is late",
                "%(n)d measures of the benefits plan are late", len(late),
            )  # fmt: skip
            yield Waits(
                reverse("leaders-benefit-plan", args=[plan.key]), first.title,
                words % {"n": len(late)}, first.due, is_late=True,
            )  # fmt: skip


def _gates(kept: Together) -> Iterator[Waits]:
    """Gates that have come and do not pass, of whoever has not gone live yet."""
    today, saved = clock.today(), kept.of(PROGRAMME)
    programme = saved[0].body if saved else published_programme()
    ahead = [e for e in programme.plans if e.go_live(programme.wave(e.wave)) > today]
    shown = all_with_data(kept, programme, today) if ahead else {}
    for plan in ahead:
        if not shown[plan.actor].checks and not shown[plan.actor].runs:
            continue
        failing = [
            gate
            for gate in rollout.gates(programme, plan.actor, shown[plan.actor])
            if gate.due <= today and not gate.passes
        ]
        if failing:
            gate = failing[-1]
            words = gettext("The gate %(days)d days before go-live does not pass")
            yield Waits(
                reverse("leaders-heat-map", args=[plan.actor]), programme.actor(plan.actor).name,
                words % {"days": gate.days}, gate.due, is_late=True,
            )  # fmt: skip


__all__ = ["KINDS", "Awaited", "Waits", "in_order", "waits_for"]
