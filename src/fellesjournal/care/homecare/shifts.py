"""Shifts of a home-care unit, and closing them: nothing is left open unless handed over by name.

INV-26. A shift is closed when each of its visits is signed off; a visit that is made or moved
into it afterwards opens it again. An item that is handed over stays open and shows in the next
shift, which can't be closed either before somebody has said what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, act, change, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.beginning import begun_within
from fellesjournal.care.homecare.codes import reference
from fellesjournal.care.homecare.deviations import Deviation, deviations_in
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import everything, items_in, tasks_at, visits
from fellesjournal.care.homecare.timing import Window, window
from fellesjournal.care.homecare.visits import Visit, made_by
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY

# Assumption (configurable): open items of so many days before a shift show in it. What is older
# has become a task of the leader's (jobs.py).
CARRIED = timedelta(days=2)


class Part(StrEnum):
    """The three shifts of a day."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


# Assumption (configurable): when the shifts begin and end.
_HOURS = {
    Part.DAY: (time(7), time(15)),
    Part.EVENING: (time(15), time(23)),
    Part.NIGHT: (time(23), time(7)),
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the unit."""

    practitioner: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift as it stands. ``carried``: open items from before; ``under_way``: begun visits.

    ``not_done``: what was not done or given at its own visits, with reasons; ``deviations``
    what went wrong there. ``since``: what was over before this is not in it (beginning.py). ``unmade``:
    the visits of open items that nobody has begun.
    """

    day: date
    part: Part
    window: Window
    visits: tuple[Visit, ...]
    left: tuple[Item, ...]
    carried: tuple[Item, ...]
    paused: tuple[Item, ...]
    under_way: tuple[Visit, ...]
    not_done: tuple[Item, ...]
    deviations: tuple[Deviation, ...]
    since: datetime | None = None
    unmade: tuple[Visit, ...] = ()

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What must be accounted for or handed over before it closes."""
        return (*self.carried, *self.left)

    @property
    def is_closed(self) -> bool:
        """Whether each visit is signed off."""
        return bool(self.visits) and all(visit.signed_off for visit in self.visits)

    @property
    def closed_at(self) -> datetime | None:
        """When the last of its visits was signed off; None while it is not closed."""
        signed = [visit.signed_at for visit in self.visits if visit.signed_at is not None]
        return max(signed, default=None) if self.is_closed else None

    @property
    def is_settled(self) -> bool:
        """Whether it is closed and all that is open has somebody by name: nothing is to be said."""
        return self.is_closed and all(_has_a_name(item) for item in self.open_items)


class LeftOpen(Conflict):
    """Items are open and nobody was named to take them over, or a visit is under way: the shift stays
    as it is, ``standing``.
    """

    def __init__(self, why: str, standing: Shift) -> None:
        super().__init__(why)
        self.standing = standing


def _has_a_name(item: Item) -> bool:
    return item.owner.startswith("Practitioner/")


def shift_at(moment: datetime) -> tuple[date, Part]:
    """Which shift a moment falls in."""
    local = moment.astimezone(NORWAY)
    if local.time() < _HOURS[Part.DAY][0]:
        return local.date() - timedelta(days=1), Part.NIGHT
    found = (part for part in (Part.DAY, Part.EVENING) if local.time() < _HOURS[part][1])
    return local.date(), next(found, Part.NIGHT)


def hours(day: date, part: Part) -> Window:
    """When a shift begins and ends."""
    return window(day, *_HOURS[part])


def shift(session: Session, day: date, part: Part) -> Shift:
    """A shift of the unit of who asks."""
    within = hours(day, part)
    first = (within.starts - CARRIED).astimezone(NORWAY).date()
    found = visits(session, first, within.ends.astimezone(NORWAY).date(), unit=session.unit)
    before_end = [visit for visit in found if visit.starts < within.ends]
    own = [visit for visit in before_end if visit.starts >= within.starts]
    own_ids = {visit.id for visit in own}
    tasks = tasks_at(session, [visit.id for visit in before_end])
    listed = items_in(tasks)
    to_do = [item for item in listed if item.state is State.OPEN]
    waits = {item.visit for item in to_do}
    return Shift(
        day,
        part,
        within,
        tuple(own),
        tuple(item for item in to_do if item.visit in own_ids),
        tuple(item for item in to_do if item.visit not in own_ids),
        tuple(i for i in listed if i.state is State.PAUSED and i.visit in own_ids),
        tuple(visit for visit in before_end if visit.status == "in-progress"),
        tuple(i for i in listed if i.state is State.NOT_DONE and i.visit in own_ids),
        tuple(each for each in deviations_in(tasks) if each.visit in own_ids),
        begun_within((item for item in listed if item.visit in own_ids), within.starts),
        tuple(each for each in before_end if each.status == "planned" and each.id in waits),
    )


def close_shift(
    session: Session,
    day: date,
    part: Part,
    *,
    seen: Sequence[str],
    to: str = "",
    to_name: str = "",
    words: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Close a shift. ``seen``: ids of the open items on the page; ``to`` takes them over, and makes the
    visits that nobody has begun, whoever had them. ``words`` are what must be known, by citizen
    (Patient/1): nothing of one is written in the record of another.

    Raises LeftOpen when something is open and nobody is named, when a visit is under way, or
    when something else is open than what was on the page.
    """
    standing = shift(session, day, part)
    open_items = standing.open_items
    if standing.under_way:
        raise LeftOpen("a visit is under way: end it first", standing)
    if {item.id for item in open_items} != set(seen):
        raise LeftOpen("something else is open than what you saw; look again", standing)
    if open_items and not (to.startswith("Practitioner/") and to_name):
        raise LeftOpen("name who takes over what is open", standing)
    todo = [_handed(session, item, to, to_name, words.get(item.patient, "")) for item in open_items]
    signing = {visit.id for visit in standing.visits if not visit.signed_off}
    every = {visit.id: visit for visit in (*standing.visits, *standing.unmade)}
    goes = {visit.id for visit in standing.unmade} if open_items else set()
    todo += [
        _closed(session, every[key], to if key in goes else "", to_name, is_signed=key in signing)
        for key in every
        if key in signing or key in goes
    ]
    if todo:
        act(session, todo)


def _handed(session: Session, item: Item, to: str, to_name: str, words: str) -> Operation:
    task, _ = acts.read(session, "Task", item.id)
    note = {
        "authorReference": reference(session.person),
        "time": clock.now().isoformat(timespec="seconds"),
        "text": words.strip()[:2000] or codes.HANDED_OVER,
    }
    handed = task | {"owner": reference(to, to_name), "note": [*task.get("note", ()), note]}
    return change(handed, seen=item.version)


def _closed(session: Session, visit: Visit, goes: str, name: str, *, is_signed: bool) -> Operation:
    """A visit when its shift is closed: signed off, and made by who takes it over, if somebody does."""
    data, _ = acts.read(session, "Encounter", visit.id)
    closed = data | ({"participant": made_by(goes, name)} if goes else {})
    if is_signed:
        closed["extension"] = [*data.get("extension", ()), _signature(session)]
    return change(closed, seen=visit.version)


def _signature(session: Session) -> Resource:
    return {
        "url": codes.SIGNED_OFF,
        "extension": [
            {"url": "by", "valueReference": reference(session.person)},
            {"url": "at", "valueDateTime": clock.now().isoformat(timespec="seconds")},
        ],
    }


def colleagues(session: Session) -> list[Colleague]:
    """Who gives care at the unit of who asks, by name; herself too."""
    asked = [
        ("organization", session.unit), ("active", "true"),
        ("_include", "PractitionerRole:practitioner"),
    ]  # fmt: skip
    found = everything(session, "PractitionerRole", asked)
    names = {
        each.reference: reading.name_text(content(each).get("name"))
        for each in found
        if each.type == "Practitioner"
    }
    rows = []
    for each in found:
        if each.type != "PractitionerRole":
            continue
        role = content(each)
        who = reading.reference_target(role.get("practitioner"))
        if who in names and reading.has_code(role.get("code"), _GIVES_CARE):
            title = reading.concept_text(next(reading.elements(role.get("code")), {}))
            rows.append(Colleague(who, names[who], title))
    return sorted(rows, key=lambda row: (row.name, row.practitioner))


_GIVES_CARE = ("carer", "home-care-nurse", "nurse")


__all__ = [
    "Colleague", "LeftOpen", "Part", "Shift", "close_shift", "colleagues", "hours", "shift",
    "shift_at",
]  # fmt: skip
