"""How pathways were followed: the table of their steps, and counts of them, held back and remembered as all
figures are.

What is right and what is late is not known here: who knows the pathway counts (``pathways/conforming``), and
asks here what of it may be shown. Only pathways of which every step has ended count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.pathway_plans import STEP
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule
from fellesjournal.leadership.indicators.parts import Hidden, Part, Shown
from fellesjournal.leadership.indicators.publishing import Key, locked, remember, remembered_of
from fellesjournal.leadership.indicators.queries import seen_until
from fellesjournal.leadership.indicators.reading import may_see
from fellesjournal.leadership.indicators.tables import register, view_of

PATHWAY_STEP = register(
    view_of(
        "pathway_step", "Task", f"code.coding.where(code = '{STEP}').exists()",
        task="getResourceKey()",
        plan="basedOn.first().getReferenceKey(CarePlan)",
        step="instantiatesUri",
        status="status",
        began="authoredOn",
        ended="lastModified",
    ),
    month="began",
)  # fmt: skip
"""Each step of a pathway that somebody follows or has followed."""

_STEPS = (
    "select plan, step, status, ended from figures.pathway_step"
    " where starts_with(step, %s) and plan is not null order by plan"
)
_OVER = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVERYBODY = 0
"""Counts are of all places together: of no unit."""


@dataclass(frozen=True, slots=True)
class Followed:
    """``ways``: of each time a pathway was followed to its end, when each step was done, by its id; nothing
    says whose it was. ``seen``: up to when the record was seen.
    """

    ways: tuple[Mapping[str, datetime], ...]
    seen: datetime


def followed(session: Session, canonical: str) -> Followed | None:
    """How a version of a pathway (``url|version``) was followed; None as long as the table is being made.

    Raises NotFound for who has no duty to see figures.
    """
    if not may_see(session):
        raise NotFound("there is no such page")
    seen = seen_until(session, PATHWAY_STEP)
    if seen is None:
        return None
    start = f"{canonical}#"
    ways: dict[int, dict[str, datetime]] = {}
    on_the_way: set[int] = set()
    for plan, step, status, ended in session.connection().execute(_STEPS, [start]):
        way = ways.setdefault(plan, {})
        if status not in _OVER:
            on_the_way.add(plan)
        elif status == "completed" and ended is not None:
            way[step.removeprefix(start)] = _EPOCH + timedelta(microseconds=ended)
    over = [way for plan, way in ways.items() if plan not in on_the_way]
    return Followed(tuple(over), min(seen, clock.now()))


def shown(
    session: Session,
    canonical: str,
    counts: Mapping[str, Cell],
    *,
    whole: str,
    parts: Collection[str],
    rule: Rule = RULE,
) -> dict[str, Shown]:
    """What may be shown of counts of the same people, by name: all have one denominator, so that none tells
    another. Small ones are Hidden; what has moved by little since it was shown stands as it was, and all do
    as long as those who are counted are nearly the same. ``whole`` is on all of ``parts``: it is not told
    beside one of these that is held back or stands as it was.

    Raises ValueError for counts with different denominators.
    """
    if len({cell.denominator for cell in counts.values()}) > 1:
        raise ValueError("counts of the same people have one denominator")
    said = f"followed {canonical} {PATHWAY_STEP.view.digest}"
    definition = hashlib.sha256(said.encode()).hexdigest()[:16]
    key = Key(definition, date(1970, 1, 1), date(9999, 12, 31), "from")
    database, at = session.connection(), clock.microseconds(clock.now())
    now = {name: Part(*cell, None, at) for name, cell in counts.items()}
    with locked(database):
        before = remembered_of(database, [key], [_EVERYBODY]).get(key, {}).get(_EVERYBODY, {})
        are_the_same = any(
            _is_nearly(now[name], was) for name, was in before.items() if name in now
        )
        found = {
            name: _decided(part, before.get(name), rule, must=are_the_same)
            for name, part in now.items()
        }
        if any(not _is_new(found[name]) for name in parts):
            found[whole] = _as_it_was(before.get(whole), is_small=rule.is_small(now[whole].cell))
        remember(database, key, [
            (_EVERYBODY, name, part, before.get(name))
            for name, part in found.items()
            if isinstance(part, Part) and not part.is_carried
        ])  # fmt: skip
    return found


def _is_nearly(now: Part, was: Part) -> bool:
    """Whether so few more are counted that any count which is new would be about them."""
    return 0 < abs(now.denominator - was.denominator) < RULE.denominator


def _decided(now: Part, was: Part | None, rule: Rule, *, must: bool) -> Shown:
    if was is not None and now.cell == was.cell:
        return now
    is_small = rule.is_small(now.cell)
    if must or is_small or (was is not None and now.steps_by_little(was, rule)):
        return _as_it_was(was, is_small=is_small)
    return now


def _as_it_was(was: Part | None, *, is_small: bool) -> Shown:
    if was is None:
        return Hidden(is_small)
    return Part(was.numerator, was.denominator, None, was.at, is_carried=True)


def _is_new(part: Shown) -> bool:
    return isinstance(part, Part) and not part.is_carried


__all__ = ["PATHWAY_STEP", "Followed", "followed", "shown"]
