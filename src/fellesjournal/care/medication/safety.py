"""Hard stops: what is never carried out before somebody has said that she means it (INV-19).

A stop's id is made of both doses, so that a confirmation holds for these words and no others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from fellesjournal.fhir.dosage import Dosage, Instruction, Period, text_of

_WEEKLY = Period.WEEK.value


class StopKind(StrEnum):
    """Why a dose must be confirmed outright."""

    PERIOD = "period"
    PERIOD_UNKNOWN = "period-unknown"
    NOT_WEEKLY = "not-weekly"


@dataclass(frozen=True, slots=True)
class HardStop:
    """Something to be confirmed, about a ``medicine`` by name. ``before`` and ``after`` are periods
    (:func:`period_of`).
    """

    kind: StopKind
    medicine: str
    before: str
    after: str
    words_before: str
    words_after: str

    @property
    def id(self) -> str:
        """What a confirmation names: this stop between exactly these two doses."""
        said = f"{self.kind}\n{self.medicine}\n{self.words_before}\n{self.words_after}"
        return f"{self.kind}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def period_of(dosage: Dosage) -> str:
    """How often a dose comes round: ``d`` each day, ``2d`` each second, ``wk``, ``2wk``, ``mo``,
    ``a`` ...; several joined by ``+``. Each seventh day is a week. As needed counts by the day.
    """
    found = set()
    for step in dosage.steps:
        if step.as_needed is not None:
            found.add((Period.DAY, 1))
        for part in step.parts:
            period, every = part.rhythm.period, part.rhythm.every
            if period is Period.DAY and every % 7 == 0:
                period, every = Period.WEEK, every // 7
            found.add((period, every))
    order = list(Period)
    ranked = sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    return "+".join(f"{every if every > 1 else ''}{period.value}" for period, every in ranked)


def hard_stops(
    after: Dosage | None,
    words: str,
    *,
    before: Instruction | None,
    weekly_only: bool,
    medicine: str = "",
) -> tuple[HardStop, ...]:
    """What must be confirmed before this dose is given in place of another (None: for none).

    ``words`` are the dose when it has no structure: its period can't be told, which is a stop
    of its own when something was there before or the medicine is one for the week.
    """
    said = text_of(after, "nb") if after else words
    now = period_of(after) if after else ""
    was = period_of(before.dosage) if before and before.dosage else ""
    said_before = before.text("nb") if before else ""
    found = []
    if before is not None and (not was or not now) and said != said_before:
        found.append(HardStop(StopKind.PERIOD_UNKNOWN, medicine, was, now, said_before, said))
    elif before is not None and was != now:
        found.append(HardStop(StopKind.PERIOD, medicine, was, now, said_before, said))
    if weekly_only and now != _WEEKLY:
        found.append(HardStop(StopKind.NOT_WEEKLY, medicine, was, now, said_before, said))
    return tuple(found)


__all__ = ["HardStop", "StopKind", "hard_stops", "period_of"]
