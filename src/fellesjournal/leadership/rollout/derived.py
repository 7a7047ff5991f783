"""Criteria whose figure follows from what is kept elsewhere: training, super-users, dress rehearsals.

Where the data exist they count, whatever was typed; a waiver that was signed stays. A gate whose day
has come shows what was known on that day of training; until then what is known today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from fellesjournal.leadership.rollout.readiness import GATES, Check, Criterion, due
from fellesjournal.leadership.rollout.resources import Readiness
from fellesjournal.leadership.rollout.training import SuperUsers
from fellesjournal.leadership.rollout.training_book import Book
from fellesjournal.leadership.rollout.trials import Rehearsal

END_USERS, SUPER_USERS, BLOCKERS = "end-users-trained", "super-users", "rehearsal-blockers"
_WORST_FIRST = list(SuperUsers)


@dataclass(frozen=True, slots=True)
class Derived:
    """What the data say of a criterion at a gate, as known on a day: a number or a stage, and so many
    of so many it was counted of.
    """

    criterion: str
    gate: int
    day: date
    part: int
    whole: int
    value: Decimal | None = None
    stage: str = ""


def derived(
    go_live: date,
    book: Book,
    rehearsals: Sequence[Rehearsal],
    today: date,
    super_user_days: int,
) -> tuple[Derived, ...]:
    """Every criterion that the data say something of, at each gate."""
    found: list[Derived] = []
    for gate in GATES:
        day = min(today, due(go_live, gate))
        if not book.is_empty:
            found += _training(go_live, book, gate, day)
            found += _super_users(go_live, book, gate, day, super_user_days)
        if rehearsals:
            found.append(_rehearsals(rehearsals, gate, today))
    return tuple(found)


def with_derived(
    shown: Readiness,
    found: Sequence[Derived],
    criteria: Sequence[Criterion],
    evidence: dict[tuple[str, int], str],
) -> Readiness:
    """What was shown with what the data say in its place; ``evidence`` are the words of where each can
    be seen, by criterion and gate.
    """
    asked = {(each.id, one.gate) for each in criteria for one in each.thresholds}
    for each in found:
        key = (each.criterion, each.gate)
        if key in asked:
            before = shown.at(*key) or Check(*key)
            shown = shown.with_check(
                replace(before, value=each.value, stage=each.stage, evidence=evidence.get(key, ""))
            )
    return shown


def _training(go_live: date, book: Book, gate: int, day: date) -> list[Derived]:
    known = book.coverage(go_live, (), day)
    if not known.rostered:
        return []
    # cut, never rounded up: 89.96 is not 90
    share = (Decimal(100 * known.trained) / known.rostered).quantize(Decimal("0.01"), ROUND_DOWN)
    return [Derived(END_USERS, gate, day, known.trained, known.rostered, share)]


def _super_users(go_live: date, book: Book, gate: int, day: date, days: int) -> list[Derived]:
    found = book.super_users(go_live, days, day)
    if not found:
        return []
    worst = min(found.values(), key=_WORST_FIRST.index)
    ready = sum(each is SuperUsers.ROSTERED for each in found.values())
    stage = "" if worst is SuperUsers.NONE else worst.value
    return [Derived(SUPER_USERS, gate, day, ready, len(found), stage=stage)]


def _rehearsals(rehearsals: Sequence[Rehearsal], gate: int, today: date) -> Derived:
    """Open blockers; without any, the number counts only once all were played to the end."""
    played = sum(not each.not_played for each in rehearsals)
    blockers = sum(len(each.open_blockers) for each in rehearsals)
    value = Decimal(blockers) if blockers or played == len(rehearsals) else None
    return Derived(BLOCKERS, gate, today, played, len(rehearsals), value)


__all__ = ["BLOCKERS", "END_USERS", "SUPER_USERS", "Derived", "derived", "with_derived"]
