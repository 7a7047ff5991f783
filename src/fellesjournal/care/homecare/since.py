"""What has happened since home care was with a citizen last, for who comes to her next visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import records
from fellesjournal.access.acts import Stored, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.deviations import Deviation, deviations_in
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import items_in
from fellesjournal.care.homecare.visits import Visit, is_planned_visit, visit_of

# Assumption (configurable): among so many visits the last one that was made is looked for.
LOOKED_THROUGH = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """The visits before one. ``made``: the last that was made, None when there is none among
    LOOKED_THROUGH; ``missed``: those after it whose time is over and that nobody began, oldest first.
    """

    made: Visit | None
    missed: tuple[Visit, ...]

    @property
    def ids(self) -> list[str]:
        """Whose items tell what was not done."""
        return [each.id for each in (*((self.made,) if self.made else ()), *self.missed)]


@dataclass(frozen=True, slots=True)
class Since:
    """What ``earlier`` left and what was told there. ``undone``: items that were not done, or that
    nobody has answered yet, by time.
    """

    earlier: Earlier
    undone: tuple[Item, ...]
    deviations: tuple[Deviation, ...]


def earlier_visits(session: Session, visit: Visit, now: datetime) -> Earlier:
    """The visits of the same citizen before this one, of any unit that she may read."""
    asked = [
        ("patient", visit.patient),
        ("type", f"{codes.ENCOUNTER_TYPE}|{codes.HOME_VISIT}"),
        ("status", "planned,in-progress,finished"),
        ("date", f"lt{visit.starts.isoformat()}"),
        ("_sort", "-date"),
        ("_count", str(LOOKED_THROUGH)),
    ]
    found = [
        visit_of(each)
        for each in records.search(session, "Encounter", asked).matches
        if is_planned_visit(content(each))
    ]
    before = sorted(
        (each for each in found if each.starts < visit.starts and each.id != visit.id),
        key=lambda each: each.starts,
    )
    made = next((each for each in reversed(before) if each.status == "finished"), None)
    after = [each for each in before if made is None or each.starts > made.starts]
    return Earlier(
        made, tuple(each for each in after if each.status == "planned" and each.ends < now)
    )


def since(earlier: Earlier, tasks: Sequence[Stored]) -> Since:
    """What has happened since; ``tasks`` hold those of the earlier visits."""
    theirs = set(earlier.ids)
    undone = [
        item
        for item in items_in(tasks)
        if item.visit in theirs and item.state in {State.OPEN, State.NOT_DONE}
    ]
    told = [each for each in deviations_in(tasks) if each.visit in theirs]
    return Since(earlier, tuple(sorted(undone, key=lambda i: (i.at, i.text))), tuple(told))


__all__ = ["LOOKED_THROUGH", "Earlier", "Since", "earlier_visits", "since"]
