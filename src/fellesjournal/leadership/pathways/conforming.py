"""How patients' ways together went against the pathway, as counts: so many of so many, and of nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from fellesjournal.leadership.figures.suppression import Cell
from fellesjournal.leadership.pathways.conformance import Done, conformance
from fellesjournal.leadership.pathways.pathway import Pathway
from fellesjournal.leadership.pathways.plan_definition import action_ids

WHOLE = "whole"
"""The name of the count of ways on which every step was done."""


def counted(pathway: Pathway, ways: Iterable[Mapping[str, datetime]]) -> dict[str, Cell]:
    """Of all ways that have ended (step id -> when it was done): on how many every step was done (``whole``),
    each step (``step <id>``), and each handover (by place from 1) was late (``late 1``, with a deadline) or
    out of order (``order 1``). All are of all ways: how many of them a handover could be late on would tell
    how many left a step out.
    """
    ids = action_ids(pathway)
    keys = {own: key for key, own in ids.items()}
    places = {(each.start, each.end): place for place, each in enumerate(pathway.handovers, 1)}
    yes: Counter[str] = Counter()
    every = 0
    for way in ways:
        every += 1
        log = [Done(keys[own], at) for own, at in way.items() if own in keys]
        found = conformance(pathway, log)
        yes[WHOLE] += not found.left_out
        yes.update(f"step {ids[key]}" for key in found.done)
        yes.update(f"order {places[pair]}" for pair in dict.fromkeys(found.out_of_order))
        yes.update(f"late {places[pair]}" for pair in dict.fromkeys(found.late))
    return {name: Cell(yes[name], every) for name in (WHOLE, *steps_of(pathway), *_pairs(pathway))}


def steps_of(pathway: Pathway) -> list[str]:
    """The names of the counts of its steps."""
    return [f"step {own}" for own in action_ids(pathway).values()]


def _pairs(pathway: Pathway) -> Iterator[str]:
    for place, each in enumerate(pathway.handovers, 1):
        yield f"order {place}"
        if each.deadline_hours is not None:
            yield f"late {place}"


__all__ = ["WHOLE", "counted", "steps_of"]
