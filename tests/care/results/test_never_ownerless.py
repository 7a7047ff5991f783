"""INV-28: whoever is away, leaves or stands in, and whichever unit closes, each result that is
not acknowledged awaits somebody who is at work. The model here is written apart from the code.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.care.results.actions import acknowledge
from fellesjournal.care.results.queries import inbox
from fellesjournal.care.results.resources import Outcome
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from tests.care.results.laboratory import handle, report, value
from tests.staff import employ, put, register, staff
from tests.tries import tries

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
STAFF = ("gp", "anna", "bente")  # at the office; "chief" is always at work above it


class _Undone(Exception):
    """Ends an example: nothing of it stays."""


@dataclass
class World:
    """Who works, is away and stands in, as the test knows it."""

    now: datetime = START
    left: dict[str, datetime] = field(default_factory=dict)
    away: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    stands_in: dict[str, str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    reports: int = 0

    def at_work(self, name: str) -> bool:
        """Whether she is at the office now."""
        gone = self.left.get(name)
        start, end = self.away.get(name, (self.now, self.now))
        return (gone is None or self.now < gone) and not start <= self.now < end

    def write(self, name: str) -> None:
        """Her role as it is now, in the record."""
        elements: dict[str, object] = {}
        if name in self.left:
            elements["period"] = {"end": self.left[name].isoformat()}
        if name in self.away:
            start, end = self.away[name]
            during = {"start": start.isoformat(), "end": end.isoformat()}
            elements["notAvailable"] = [{"description": "Borte", "during": during}]
        if name in self.stands_in:
            other = {"reference": f"Practitioner/{self.stands_in[name]}"}
            elements["extension"] = [{"url": STANDS_IN_FOR, "valueReference": other}]
        employ(name, "gp", "office", **elements)
        put("Organization", "office", name="Kontoret", partOf={"reference": "Organization/top"})

    def inboxes(self) -> dict[str, set[str]]:
        """The results that await each who is at work."""
        found = {}
        for name, unit in (*((each, "office") for each in STAFF), ("chief", "top")):
            if name == "chief" or self.at_work(name):
                try:
                    rows = inbox(staff(name, "gp", unit))
                except NotAllowed:
                    continue
                found[name] = {each.task.report for each in rows if each.is_mine}
        return found


def _does(world: World, act: str, name: str, days: int) -> None:
    later = world.now + timedelta(days=days)
    match act:
        case "arrives":
            world.reports += 1
            key = f"r{world.reports}"
            value(9.0 if days % 2 else 13.0)
            report(key=key)
            handle()
            world.waiting.add(key)
        case "goes-away":
            world.away[name] = (world.now + timedelta(hours=days), later + timedelta(days=3))
            world.write(name)
        case "comes-back":
            world.away.pop(name, None)
            world.write(name)
        case "leaves":
            world.left[name] = later
            world.write(name)
        case "returns":
            world.left.pop(name, None)
            world.write(name)
        case "office-empties":
            for each in STAFF:
                world.left[each] = world.now
                world.write(each)
        case "stands-in":
            world.stands_in[name] = STAFF[(STAFF.index(name) + 1 + days % 2) % 3]
            world.write(name)
        case "time-passes":
            world.now = later
        case "acknowledges" if world.at_work(name):
            with clock.at(world.now):
                for row in inbox(staff(name, "gp", "office")):
                    acknowledge(staff(name, "gp", "office"), patient=row.task.patient,
                                task=row.task.id, seen=row.task.version,
                                outcome=Outcome.NO_ACTION)  # fmt: skip
                    world.waiting.discard(row.task.report)
                    break


ACTS = (
    "arrives", "goes-away", "comes-back", "leaves", "returns", "stands-in", "time-passes",
    "acknowledges", "office-empties",
)  # fmt: skip


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=tries(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(STAFF), st.integers(0, 9)),
        min_size=2,
        max_size=10,
    )
)
def test_inv_28_every_result_awaits_somebody_at_work_at_any_instant(
    db: None, acts: list[tuple[str, str, int]]
) -> None:
    del db
    with suppress(_Undone), transaction():
        _play(acts)
        _undo()


def _undo() -> None:
    raise _Undone


def _play(acts: list[tuple[str, str, int]]) -> None:
    world = World()
    with clock.at(world.now):
        employ("chief", "gp", "top")
        for name in STAFF:
            world.write(name)
        register("kari", "Practitioner/gp")
    for act, name, days in [("arrives", "gp", 1), *acts]:
        with clock.at(world.now):
            _does(world, act, name, days)
        with clock.at(world.now):
            if any(world.at_work(each) for each in STAFF):
                # before anything has reacted: absences count from the moment they begin
                _all_await_somebody(world, "at once")
            handle()
            _all_await_somebody(world, "when what was told is handled")


def _all_await_somebody(world: World, when: str) -> None:
    awaited = world.inboxes()
    assert world.waiting <= set().union(*awaited.values()), (when, awaited)
