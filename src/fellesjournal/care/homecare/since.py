"""What has happened since home care was with a citizen last, for who comes to her next visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fellesjournal.access.acts import Stored
from fellesjournal.care.homecare.deviations import Deviation, deviations_in
from fellesjournal.care.homecare.planned import Item, State, WantedVisit
from fellesjournal.care.homecare.reading_days import Planning, items_in
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.foundation.clock import NORWAY

# Assumption (configurable): among so many of the newest contacts the last visit made is looked for.
# Visits are made for two days; six a day leave room for a week in hospital.
LOOKED_THROUGH = 40
# Assumption (configurable): so far back a time is looked for that no visit was ever made for.
_DAYS_BACK = 14


@dataclass(frozen=True, slots=True)
class Earlier:
    """The visits before one. ``made``: the last that was made, or was begun and never ended; None when
    none is known; ``missed``: those after it whose time is over and that nobody began, oldest first.
    """

    made: Visit | None
    missed: tuple[Visit, ...]

    @property
    def ids(self) -> list[str]:
        """Whose items tell what was not done."""
        return [each.id for each in self._all]

    @property
    def with_page(self) -> frozenset[str]:
        """Those of them that were planned here, and so have a page of their own."""
        return frozenset(each.id for each in self._all if each.key)

    @property
    def _all(self) -> tuple[Visit, ...]:
        return (*((self.made,) if self.made else ()), *self.missed)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time that the plan gives and no visit was made for. ``is_lost``: visits were planned here by then; before
    that another system or a sheet of paper may know of it.
    """

    wanted: WantedVisit
    is_lost: bool


def never_made(planning: Planning, earlier: Earlier, visit: Visit) -> list[Gap]:
    """What plan and prescriptions give between the last visit made and this one, at times that no visit
    was ever made for, as when the platform stood still: nobody has had those doses before her (INV-24).

    As the plan stands now; what an action that is over gave is not known any more.
    """
    made = earlier.made
    if made is None:
        return []
    after = made.ended or made.began or made.starts
    last = visit.starts.astimezone(NORWAY).date()
    first = max(after.astimezone(NORWAY).date(), last - timedelta(days=_DAYS_BACK))
    wanted = (
        each
        for n in range((last - first).days + 1)
        for each in planning.granted_on(first + timedelta(days=n))
    )
    begins = min((each.starts for each in planning.visits if each.key), default=visit.starts)
    return [
        Gap(each, is_lost=each.window.starts >= begins)
        for each in wanted
        if each.items and after <= each.window.starts and each.window.ends <= visit.starts
        and not any(_touches(known, each) for known in planning.visits)
    ]  # fmt: skip


def _touches(visit: Visit, wanted: WantedVisit) -> bool:
    return visit.starts < wanted.window.ends and wanted.window.starts < visit.ends


@dataclass(frozen=True, slots=True)
class Since:
    """What ``earlier`` left and what was told there. ``undone``: items that were not done, or that
    nobody has answered yet, by time; ``is_all_done``: something was planned, and all of it was done.
    """

    earlier: Earlier
    is_all_done: bool
    undone: tuple[Item, ...]
    deviations: tuple[Deviation, ...]


def earlier_visits(known: Iterable[Visit], visit: Visit, now: datetime) -> Earlier:
    """Those of the ``known`` visits of a citizen that come before this one; those made are told of
    too when they came from another system and follow from no plan here.
    """
    before = sorted(
        (each for each in known if each.starts < visit.starts and each.id != visit.id),
        key=lambda each: each.starts,
    )
    made = next((each for each in reversed(before) if each.began is not None), None)
    after = [each for each in before if made is None or each.starts > made.starts]
    missed = (each for each in after if each.key and each.status == "planned" and each.ends < now)
    return Earlier(made, tuple(missed))


def since(earlier: Earlier, tasks: Sequence[Stored]) -> Since:
    """What has happened since; ``tasks`` hold those of the earlier visits."""
    theirs = set(earlier.ids)
    planned = [item for item in items_in(tasks) if item.visit in theirs and item.state.is_live]
    undone = [item for item in planned if item.state in {State.OPEN, State.NOT_DONE}]
    told = [each for each in deviations_in(tasks) if each.visit in theirs]
    undone.sort(key=lambda item: (item.at, item.text))
    is_all_done = bool(planned) and all(item.state is State.DONE for item in planned)
    return Since(earlier, is_all_done, tuple(undone), tuple(told))


__all__ = ["LOOKED_THROUGH", "Earlier", "Gap", "Since", "earlier_visits", "never_made", "since"]
