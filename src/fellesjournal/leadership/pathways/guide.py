"""The guide of a pathway: what others can take over as their platform is, and what was learnt on the way.

It is worked out of the drawing, the measures, the claims and the log, so that it never says anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fellesjournal.leadership.pathways.gaps import Gap
from fellesjournal.leadership.pathways.measures import Effect, Measure, Status
from fellesjournal.leadership.pathways.pathway import Pathway, PathwayStep, reusable
from fellesjournal.leadership.pathways.phases import Learnt
from fellesjournal.leadership.pathways.resources import ClaimMade, Improvement


@dataclass(frozen=True, slots=True)
class Package:
    """A work package: a measure that was carried out, the steps it is about that others can take over, the
    gaps it closed, and what it gives each organisation in a year.
    """

    title: str
    workstream: str
    steps: tuple[str, ...]
    gaps: tuple[Gap, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide. ``template``: the drawing without what needs the platform to change; ``left_out``: the steps
    that do. ``claims``: what is claimed to have become better, and no more than claimed.
    """

    title: str
    template: Pathway
    left_out: tuple[PathwayStep, ...]
    packages: tuple[Package, ...]
    claims: tuple[ClaimMade, ...]
    learnt: tuple[Learnt, ...]


def guide(of: Improvement, drawn: Pathway) -> Guide:
    """The guide of an improvement as its pathway is to be."""
    template = template_of(drawn)
    return Guide(
        of.project.title, template, tuple(each for each in drawn.steps if each.requires_platform),
        tuple(_package(each, template) for each in carried_out(of.measures)),
        tuple(each for each in of.claims if each.evidence.improved),
        of.project.learnt,
    )  # fmt: skip


def carried_out(measures: Sequence[Measure]) -> list[Measure]:
    """The measures that are done and needed nothing of the platform: what was given up is no advice."""
    return [each for each in measures if each.status is Status.DONE and each.within_platform]


def template_of(drawn: Pathway) -> Pathway:
    """The steps that others can take over with the lanes they stand in and the handovers between them; what
    hurts somewhere, and local variants, do not come along.
    """
    steps = reusable(drawn)
    keys, lanes = {each.key for each in steps}, {each.lane for each in steps}
    return replace(
        drawn, steps=steps, lanes=tuple(each for each in drawn.lanes if each.name in lanes),
        handovers=tuple(
            each for each in drawn.handovers if each.start in keys and each.end in keys
        ),
        pain_points=(), variants=(),
    )  # fmt: skip


def _package(measure: Measure, template: Pathway) -> Package:
    steps = dict.fromkeys(gap.step for gap in measure.gaps if gap.step in template.keys)
    return Package(measure.title, measure.workstream, tuple(steps), measure.gaps, measure.effects)


__all__ = ["Guide", "Package", "carried_out", "guide", "template_of"]
