"""Changing a drawing by hand, one thing at a time: a pathway in, a pathway out.

A thing is found by what it is known by, not by its place: somebody else may have moved it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from fellesjournal.leadership.pathways.pathway import (
    Group,
    Handover,
    Kind,
    Lane,
    LocalVariant,
    PainPoint,
    Pathway,
    PathwayStep,
    Scope,
)
from fellesjournal.leadership.pathways.refusals import Refused, Why

Element = Lane | PathwayStep | Handover | PainPoint | LocalVariant
Edit = Callable[[Pathway], Pathway]
MOST_STEPS = 200
"""More than anybody has drawn; a page must be able to show them."""


class Thing(StrEnum):
    """What a drawing is made of."""

    LANE = "lane"
    STEP = "step"
    HANDOVER = "handover"
    PAIN = "pain"
    VARIANT = "variant"


def blank(title: str, group: Group) -> Pathway:
    """A drawing with nothing on it."""
    return Pathway(title, group, "0", Kind.TO_BE, Scope.COMMON, (), ())


def elements(pathway: Pathway, thing: Thing) -> tuple[Element, ...]:
    """All of a kind, in their order."""
    of: dict[Thing, tuple[Element, ...]] = {
        Thing.LANE: pathway.lanes, Thing.STEP: pathway.steps, Thing.HANDOVER: pathway.handovers,
        Thing.PAIN: pathway.pain_points, Thing.VARIANT: pathway.variants,
    }  # fmt: skip
    return of[thing]


def known_by(element: Element) -> tuple[str, ...]:
    """What tells a thing from others of its kind."""
    match element:
        case Lane():
            return (element.name,)
        case PathwayStep():
            return (element.key,)
        case Handover():
            return (element.start, element.end, element.message)
        case PainPoint():
            return (element.step, element.kind, element.evidence)
        case LocalVariant():
            return (element.step,)


def find(pathway: Pathway, thing: Thing, element: Element) -> int:
    """The place of a thing from 0, as it is known. Raises Refused when it is no longer there."""
    for place, each in enumerate(elements(pathway, thing)):
        if known_by(each) == known_by(element):
            return place
    raise Refused(Why.GONE, f"there is no such {thing}")


def put(
    pathway: Pathway, thing: Thing, new: Element, was: Element | None = None, *, at: int = -1
) -> Pathway:
    """With one thing more, in place of ``was`` when it is given; a step or a lane that gets another name
    takes with it what points to it. ``at``: the place of what is added, last without one.

    Raises Refused when ``was`` is gone or there are too many steps, ValueError for what can't be beside
    the others.
    """
    there = list(elements(pathway, thing))
    if was is None:
        if thing is Thing.STEP and len(there) >= MOST_STEPS:
            raise Refused(Why.TOO_MANY, f"a pathway has at most {MOST_STEPS} steps")
        there.insert(at if at >= 0 else len(there), new)
    else:
        there[find(pathway, thing, was)] = new
    ways = [known_by(each) for each in there]
    if len(set(ways)) != len(ways):
        raise ValueError(f"two of a kind are the same: {thing}")
    if isinstance(new, LocalVariant) and new.step not in pathway.keys:
        raise ValueError("a variant is of a step")
    # renaming comes first: no pathway may be made that points to what is not there
    changed = _with(pathway, thing, tuple(there))
    if isinstance(was, PathwayStep) and isinstance(new, PathwayStep):
        return _pointing(changed, {was.key: new.key})
    if isinstance(was, Lane) and isinstance(new, Lane):
        return _renamed_lane(changed, was.name, new.name)
    return changed


def drop(pathway: Pathway, thing: Thing, was: Element) -> Pathway:
    """Without a thing; a step takes with it what points to it. Raises Refused when it is gone already, and
    for a lane that steps stand in.
    """
    place = find(pathway, thing, was)
    if isinstance(was, Lane) and any(step.lane == was.name for step in pathway.steps):
        raise Refused(Why.IN_USE, "steps stand in this lane")
    there = elements(pathway, thing)
    left = _with(pathway, thing, (*there[:place], *there[place + 1 :]))
    if not isinstance(was, PathwayStep):
        return left
    return replace(
        left,
        handovers=tuple(each for each in left.handovers if was.key not in {each.start, each.end}),
        pain_points=tuple(each for each in left.pain_points if each.step != was.key),
        variants=tuple(each for each in left.variants if each.step != was.key),
    )


def move(pathway: Pathway, thing: Thing, was: Element, by: int) -> Pathway:
    """With a thing so many places further on; at the ends it stays. Raises Refused when it is gone."""
    there = list(elements(pathway, thing))
    element = there.pop(place := find(pathway, thing, was))
    there.insert(max(0, min(len(there), place + by)), element)
    return _with(pathway, thing, tuple(there))


def approve(pathway: Pathway, was: LocalVariant) -> Pathway:
    """With a variant that is approved. Raises Refused when it is gone, or says something else by now."""
    stands = pathway.variants[find(pathway, Thing.VARIANT, was)]
    if stands.reason != was.reason:
        raise Refused(Why.GONE, "the variant has another reason by now")
    return put(pathway, Thing.VARIANT, replace(stands, approved=True), stands)


def _with(pathway: Pathway, thing: Thing, there: tuple[Element, ...]) -> Pathway:
    name = {
        Thing.LANE: "lanes", Thing.STEP: "steps", Thing.HANDOVER: "handovers",
        Thing.PAIN: "pain_points", Thing.VARIANT: "variants",
    }[thing]  # fmt: skip
    changes: dict[str, tuple[Element, ...]] = {name: there}
    return replace(pathway, **changes)  # type: ignore[arg-type]  # the name says of which kind


def _renamed_lane(pathway: Pathway, was: str, name: str) -> Pathway:
    if was == name:
        return pathway
    keys: dict[str, str] = {}
    steps = []
    for step in pathway.steps:
        after = replace(step, lane=name) if step.lane == was else step
        keys[step.key] = after.key
        steps.append(after)
    return _pointing(replace(pathway, steps=tuple(steps)), keys)


def _pointing(pathway: Pathway, keys: dict[str, str]) -> Pathway:
    """With everything that pointed to a key pointing to what it is now."""

    def now(key: str) -> str:
        return keys.get(key, key)

    return replace(
        pathway,
        handovers=tuple(
            replace(each, start=now(each.start), end=now(each.end)) for each in pathway.handovers
        ),
        pain_points=tuple(replace(each, step=now(each.step)) for each in pathway.pain_points),
        variants=tuple(replace(each, step=now(each.step)) for each in pathway.variants),
    )


__all__ = [
    "MOST_STEPS", "Edit", "Element", "Thing", "approve", "blank", "drop", "elements", "find",
    "known_by", "move", "put",
]  # fmt: skip
