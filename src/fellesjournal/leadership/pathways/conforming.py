"""How patients' ways together went against the pathway, as counts: so many of so many, and of nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from fellesjournal.leadership.figures.suppression import Cell
from fellesjournal.leadership.pathways.conformance import Done, conformance
from fellesjournal.leadership.pathways.pathway import Pathway
from fellesjournal.leadership.pathways.plan_definition import action_ids

WHOLE = "whole"
"""The name of the count of ways on which every step was done."""


def counted(pathway: Pathway, ways: Iterable[Mapping[str, datetime]]) -> dict[str, Cell]:
    """Of all ways that have ended (step id -> when it was done): on how many every step was done (``whole``),
    each step (``step <id>``), and of those on which both steps of a handover (by place from 1) were done,
    how many were late (``late 1``, with a deadline) and out of order (``order 1``).
    """
    keys = {own: key for key, own in action_ids(pathway).items()}
    ids = action_ids(pathway)
    yes: Counter[str] = Counter()
    out_of: Counter[str] = Counter()
    every = 0
    for way in ways:
        every += 1
        log = [Done(keys[own], at) for own, at in way.items() if own in keys]
        found = conformance(pathway, log)
        yes[WHOLE] += not found.left_out
        yes.update(f"step {ids[key]}" for key in found.done)
        for place, each in enumerate(pathway.handovers, 1):
            if not {each.start, each.end} <= set(found.done):
                continue
            pair = (each.start, each.end)
            out_of[f"order {place}"] += 1
            yes[f"order {place}"] += pair in found.out_of_order
            if each.deadline_hours is not None:
                out_of[f"late {place}"] += 1
                yes[f"late {place}"] += pair in found.late
    names = [WHOLE, *(f"step {own}" for own in ids.values())]
    both = [f"order {place}" for place in range(1, len(pathway.handovers) + 1)]
    timed = [
        f"late {place}"
        for place, each in enumerate(pathway.handovers, 1)
        if each.deadline_hours is not None
    ]
    return {
        **{name: Cell(yes[name], every) for name in names},
        **{name: Cell(yes[name], out_of[name]) for name in (*both, *timed)},
    }


__all__ = ["WHOLE", "counted"]
