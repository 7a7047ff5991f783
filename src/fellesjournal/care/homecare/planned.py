"""What is planned for a citizen on a day, and how it meets what has been made of it already.

Pure functions. A planned item (an action or a dose) has a key that says where it comes from and
when: the same rule gives the same key each time. INV-24: an item ends done, not done with a
reason, moved, or cancelled by a decision; whatever has come due stays open until somebody says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from fellesjournal.access.acts import Resource
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.codes import first
from fellesjournal.care.homecare.taken_back import TakenBack
from fellesjournal.care.homecare.timing import Unreadable, Window, action_window, dose_times
from fellesjournal.fhir import reading
from fellesjournal.fhir.dosage import unit_word
from fellesjournal.fhir.reading import Precision
from fellesjournal.foundation.clock import NORWAY

# Assumption (configurable): a dose belongs to a visit that gives medicines at most this far away.
DOSE_REACH = timedelta(hours=2)
_EVER = datetime.min.replace(tzinfo=UTC)


class State(StrEnum):
    """What has become of a planned item; the codes of codes.OUTCOME."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    NOT_DONE = "not-done"
    MOVED = "moved"
    CANCELLED = "cancelled-by-decision"

    @property
    def is_end(self) -> bool:
        """Whether nobody has to do anything more about it."""
        return self not in {State.OPEN, State.PAUSED}

    @property
    def is_live(self) -> bool:
        """Whether it was to be done at this visit: not cancelled by a decision, nor moved."""
        return self not in {State.CANCELLED, State.MOVED}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A planned item of a day. ``source``: the action or prescription it follows from."""

    key: str
    source: str
    is_dose: bool
    focus: str
    text: str
    at: datetime
    ends: datetime


@dataclass(slots=True)
class WantedVisit:
    """A planned visit of a day, with its items in order."""

    key: str
    plan: str
    window: Window
    gives_medicines: bool = False
    items: list[Wanted] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """All that is planned for a citizen on a day.

    ``uncovered``: doses that no visit of ours is near to, which she takes care of herself or
    somebody must plan for. ``unreadable``: what is prescribed or planned in a way that can't be
    counted: (reference, its words).
    """

    visits: tuple[WantedVisit, ...]
    uncovered: tuple[Wanted, ...]
    unreadable: tuple[tuple[str, str], ...]

    @property
    def items(self) -> Iterator[Wanted]:
        """Every item of every visit."""
        for visit in self.visits:
            yield from visit.items


def day_of(
    plans: Iterable[Resource],
    prescriptions: Iterable[Resource],
    day: date,
    ended: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Day:
    """What the plans (CarePlan) and prescriptions (MedicationRequest) of a citizen give on a day.

    ``ended``: the visits that have been made, by key, with the keys of the items that stand at
    them. A dose that comes afterwards belongs to the next visit, where somebody will see it. What a new
    prescription plans for a time before it was written is not due.
    """
    unreadable: list[tuple[str, str]] = []
    visits: dict[tuple[str, datetime], WantedVisit] = {}
    for plan in plans:
        for activity in active_actions(plan):
            _add_action(visits, unreadable, plan, activity, day)
    ordered = sorted(visits.values(), key=lambda each: (each.window.starts, each.key))
    giving = [visit for visit in ordered if visit.gives_medicines]
    uncovered: list[Wanted] = []
    for prescription in prescriptions if giving else ():
        for dose in _doses(prescription, day, unreadable):
            visit = _visit_for(dose, ordered, ended)
            if visit is None:
                uncovered.append(dose)
            else:
                visit.items.append(_within(dose, visit))
    for visit in ordered:
        visit.items.sort(key=lambda item: (item.is_dose, item.at, item.text))
    return Day(tuple(ordered), tuple(uncovered), tuple(unreadable))


def _visit_for(
    dose: Wanted, visits: Sequence[WantedVisit], ended: Mapping[str, frozenset[str]]
) -> WantedVisit | None:
    """The visit a dose belongs to: the nearest one to come that gives medicines; else any one to come that
    is there at the time, where somebody sees it; else one that has been made, where it stays open.
    """
    to_come = [each for each in visits if each.key not in ended or dose.key in ended[each.key]]
    there = [each for each in to_come if each.window.starts <= dose.at <= each.window.ends]
    return (
        _nearest([each for each in to_come if each.gives_medicines], dose.at)
        or _nearest(there, dose.at)
        or _nearest([each for each in visits if each.gives_medicines], dose.at)
    )


def active_actions(plan: Resource) -> list[Resource]:
    """The activities of an active plan of ours that are planned by rules, with ids."""
    if plan.get("status") != "active":
        return []
    return [
        activity
        for activity in plan.get("activity", ())
        if activity.get("id")
        and (detail := activity.get("detail", {})).get("status") in {"scheduled", "in-progress"}
        and "scheduledTiming" in detail
    ]


def sources(plans: Iterable[Resource], prescriptions: Iterable[Resource]) -> frozenset[str]:
    """Every action and prescription that stands."""
    actions = {
        f"{plan['id']}.{activity['id']}" for plan in plans for activity in active_actions(plan)
    }
    return frozenset(actions | {str(each["id"]) for each in prescriptions if is_in_force(each)})


def is_in_force(prescription: Resource) -> bool:
    """Whether doses are to be given by a prescription."""
    return (
        prescription.get("status") == "active"
        and prescription.get("doNotPerform") is not True
        and prescription.get("intent") not in {"proposal", "plan", "option"}
    )


def _add_action(
    visits: dict[tuple[str, datetime], WantedVisit],
    unreadable: list[tuple[str, str]],
    plan: Resource,
    activity: Resource,
    day: date,
) -> None:
    detail = activity["detail"]
    text = reading.concept_text(detail.get("code")) or str(detail.get("description", ""))
    try:
        found = action_window(detail["scheduledTiming"], day)
    except Unreadable:
        unreadable.append((f"CarePlan/{plan['id']}", text))
        return
    if found is None:
        return
    key = f"{plan['id']}.{found.starts:%Y%m%d.%H%M}"
    visit = visits.setdefault(
        (str(plan["id"]), found.starts), WantedVisit(key, str(plan["id"]), found)
    )
    if found.ends > visit.window.ends:
        visit.window = found
    if reading.has_code([detail.get("code")], [codes.GIVES_MEDICINES]):
        visit.gives_medicines = True
    source = f"{plan['id']}.{activity['id']}"
    visit.items.append(
        Wanted(
            key=f"{source}.{found.starts:%Y%m%dT%H%M}", source=source, is_dose=False,
            focus=f"CarePlan/{plan['id']}", text=text, at=found.starts, ends=found.ends,
        )
    )  # fmt: skip


def _doses(
    prescription: Resource, day: date, unreadable: list[tuple[str, str]]
) -> Iterator[Wanted]:
    if not is_in_force(prescription):
        return
    name = medicine_name(prescription)
    if reading.has_code(prescription.get("category"), ["inpatient"]):
        # decided on at discharge (reconciliation); one that is left over is nobody's to forget
        unreadable.append((f"MedicationRequest/{prescription['id']}", name))
        return
    begun, written = _first_day(prescription, day), _written(prescription)
    if day < begun:
        return
    for turn, dosage in enumerate(prescription.get("dosageInstruction", ()), 1):
        try:
            times = dose_times(dosage, day, begun)
        except Unreadable:
            unreadable.append((f"MedicationRequest/{prescription['id']}", _words(name, dosage)))
            continue
        for at in times:
            if at < written:
                continue
            yield Wanted(
                key=f"{prescription['id']}.{turn}.{at:%Y%m%dT%H%M}",
                source=str(prescription["id"]), is_dose=True,
                focus=f"MedicationRequest/{prescription['id']}",
                text=_words(name, dosage), at=at, ends=at,
            )  # fmt: skip


def _first_day(prescription: Resource, day: date) -> date:
    """From when a prescription holds: the start of its validity, else the day it was written."""
    validity = (prescription.get("dispenseRequest") or {}).get("validityPeriod") or {}
    since = reading.moment(validity.get("start")) or reading.first_moment(
        prescription, "authoredOn"
    )
    return day if since is None else since.at.astimezone(NORWAY).date()


def _written(prescription: Resource) -> datetime:
    """When a new prescription was written, if that says the hour. One that takes the place of another has
    its doses too: what was not given yet is not lost by a change.
    """
    found = reading.first_moment(prescription, "authoredOn")
    says_hour = found is not None and found.precision is Precision.TIME
    return found.at if found and says_hour and "priorPrescription" not in prescription else _EVER


def medicine_name(prescription: Resource) -> str:
    """What a prescription is called."""
    concept = prescription.get("medicationCodeableConcept")
    return reading.concept_text(concept) or reading.reference_text(
        prescription.get("medicationReference")
    )


def _words(name: str, dosage: Resource) -> str:
    amount = first(dosage.get("doseAndRate")).get("doseQuantity")
    if not isinstance(amount, Mapping) or "value" not in amount:
        return f"{name}: {dosage.get('text', '')}".rstrip(": ")
    many = str(amount["value"]).removesuffix(".0").replace(".", ",")
    return f"{name}: {many} {unit_word(amount, 'nb')}".rstrip()


def _nearest(visits: Sequence[WantedVisit], at: datetime) -> WantedVisit | None:
    def apart(visit: WantedVisit) -> timedelta:
        return max(visit.window.starts - at, at - visit.window.ends, timedelta(0))

    best = min(visits, key=apart, default=None)
    return best if best is not None and apart(best) <= DOSE_REACH else None


def _within(dose: Wanted, visit: WantedVisit) -> Wanted:
    return Wanted(
        key=dose.key, source=dose.source, is_dose=True, focus=dose.focus, text=dose.text,
        at=dose.at, ends=max(visit.window.ends, dose.at),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A planned item as it stands: a Task of the record.

    ``visit`` is the id of the Encounter, ``given`` whether a dose was given. ``owner`` is who
    has it now when it was handed over by name, with ``handed_words``; ``reason`` why it ended as
    it did, ``by`` and ``ended`` who said so and when; ``changed`` when it came to stand as it does.
    ``taken_back``: answers that were given in the wrong row, oldest first; ``made``: when it was
    planned here.
    """

    id: str
    version: int
    key: str
    source: str
    is_dose: bool
    focus: str
    text: str
    at: datetime
    ends: datetime
    state: State
    visit: str
    patient: str
    owner: str = ""
    owner_name: str = ""
    handed_words: str = ""
    reason: str = ""
    late: bool = False
    by: str = ""
    ended: datetime | None = None
    changed: datetime | None = None
    taken_back: tuple[TakenBack, ...] = ()
    made: datetime | None = None

    @property
    def root(self) -> str:
        """The key of the rule's own item, when this is where it was moved to."""
        return self.key.partition("~")[0]


@dataclass(frozen=True, slots=True)
class Step:
    """What has to happen to one item: ``to`` OPEN, PAUSED or CANCELLED.

    ``wanted``: its new facts; ``visit``: the id of the visit it belongs to.
    """

    item: Item
    to: State
    reason: str = ""
    wanted: Wanted | None = None
    visit: str = ""


PLAN_CHANGED, ORDER_CHANGED, ADMITTED = "plan-changed", "order-changed", "admitted"
"""Why an item was cancelled: codes in Task.statusReason."""


def steps(
    day: Day,
    existing: Iterable[Item],
    alive: frozenset[str],
    visit_ids: Mapping[str, str],
    *,
    paused: bool,
    now: datetime,
) -> Iterator[Step]:
    """How the items that exist follow plan, prescriptions and pause.

    ``alive``: the sources that stand; ``visit_ids``: the visits that exist, by key.

    What has come due (its window is over) is left for somebody to account for, unless it was
    paused all the time: then it is cancelled by the decision that paused it.
    """
    wanted = {item.key: item for item in day.items}
    places = {item.key: visit_ids.get(visit.key) for visit in day.visits for item in visit.items}
    for item in existing:
        is_over = item.ends <= now
        if item.state is State.PAUSED and is_over:
            yield Step(item, State.CANCELLED, ADMITTED)
        elif is_over or item.state in {State.DONE, State.NOT_DONE, State.MOVED}:
            continue
        else:
            place = places.get(item.key) or item.visit
            yield from _step(item, wanted.get(item.key), alive, place, paused=paused)


def _step(
    item: Item, wanted: Wanted | None, alive: frozenset[str], place: str, *, paused: bool
) -> Iterator[Step]:
    is_moved = item.key != item.root
    if not (item.source in alive if is_moved else wanted is not None):
        if item.state is not State.CANCELLED:
            why = ORDER_CHANGED if item.is_dose else PLAN_CHANGED
            yield Step(item, State.CANCELLED, why)
        return
    to = State.PAUSED if paused else State.OPEN
    facts = (item.text, item.at, item.ends, item.visit)
    now_wanted = facts if wanted is None else (wanted.text, wanted.at, wanted.ends, place)
    if item.state is not to or facts != now_wanted:
        yield Step(item, to, ADMITTED if paused else "", wanted, place)


__all__ = [
    "ADMITTED", "ORDER_CHANGED", "PLAN_CHANGED", "Day", "Item", "State", "Step", "Wanted",
    "WantedVisit", "active_actions", "day_of", "is_in_force", "medicine_name", "sources", "steps",
]  # fmt: skip
