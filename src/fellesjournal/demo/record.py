"""One citizen's record while it is being lived: the events in time order, and what they leave.

Diseases and services put events on the calendar with `Record.at`; `run` lets them happen day by
day until the horizon (death, or the day the demo is made for), so that the order in the record
is the order of the story. Nothing happens before birth or after the horizon.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from fellesjournal.demo.body import Body
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.moments import working_day
from fellesjournal.demo.people import Person
from fellesjournal.demo.region import Place, Region
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import LABEL_NORMAL, Element, Resource, reference
from fellesjournal.demo.units import Unit
from fellesjournal.registry.units import UnitKind

if TYPE_CHECKING:
    from fellesjournal.demo.catalogue.laboratory import Panel
    from fellesjournal.demo.prescribing import Course

Event = Callable[[int], None]


@cache
def meta(tag_of: Unit, profile: str = "") -> Element:
    """The meta of a clinical resource: 9603 label N, the responsible legal entity, a profile."""
    element: Element = {"security": [LABEL_NORMAL], "tag": [tag_of.tag]}
    if profile:
        element["profile"] = [profile]
    return element


@dataclass(slots=True)
class Problem:
    """A condition in the record and its resource."""

    diagnosis: Diagnosis
    resource: Resource
    onset: int

    @property
    def ref(self) -> Element:
        """A reference to the Condition."""
        return reference("Condition", self.resource["id"], self.diagnosis.name)


@dataclass(slots=True)
class Contact:
    """One encounter: when (day, minutes after midnight), where, with whom, and its resource."""

    resource: Resource
    day: int
    minutes: int
    unit: Unit
    worker: Worker
    findings: list[str] = field(default_factory=list)

    @property
    def ref(self) -> Element:
        """A reference to the Encounter."""
        return {"reference": f"Encounter/{self.resource['id']}"}


class Record:
    """The record of one person."""

    def __init__(self, person: Person, region: Region, rng: Random, start: int, until: int) -> None:
        self.person = person
        self.region = region
        self.rng = rng
        self.place: Place = region.places[person.municipality.number]
        self.gp: Worker = self.place.gps[person.index % len(self.place.gps)]
        self.until = until
        self.start = max(start, person.birth, person.moved_in or 0)
        # The last whole day of the story: nothing is later today, nothing on the day of death.
        self.end = (until if person.death is None else min(until, person.death)) - 1
        self.body = Body(rng, person.sex, person.birth)
        self.subject = reference("Patient", person.key)
        self.resources: list[Resource] = []
        self.problems: dict[str, Problem] = {}
        self.controls: list[Control] = []
        self.courses: list[Course] = []
        self.avoid: list[str] = []  # ATC groups the citizen reacts to
        self.pregnancies: list[tuple[int, int]] = []  # first day, birth
        self.home_care: list[Resource] = []  # what ends when home care ends
        self.in_hospital_until = 0
        self.in_nursing_home_from = 0
        self.home_care_from = 0
        self._heap: list[tuple[int, int, Event]] = []
        self._turn = 0
        self._counts: dict[str, int] = {}

    @property
    def female(self) -> bool:
        """Whether the citizen is registered as a woman."""
        return self.person.sex == "female"

    @property
    def alive(self) -> bool:
        """Whether the citizen lives on the day the demo is made for."""
        return self.person.death is None

    def age(self, day: int | None = None) -> int:
        """Age in whole years on a day, at the horizon when none is given."""
        return self.person.age(self.end if day is None else day)

    def unit(self, kind: UnitKind) -> Unit:
        """The municipal unit of a kind that serves the citizen."""
        return self.place.units[kind]

    def ward(self, specialty: str) -> Unit:
        """A ward or clinic of the citizen's hospital."""
        return self.region.ward(self.place.hospital, specialty)

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self.rng.random() < probability

    def some_day(self, earliest: int | None = None, latest: int | None = None) -> int:
        """A random day of the recorded time, or between two days of it."""
        low = self.start if earliest is None else max(self.start, earliest)
        high = self.end if latest is None else min(self.end, latest)
        return low + int(self.rng.random() * max(1, high - low))

    def office_day(self, day: int) -> int:
        """The day itself, or for a weekend the next working day, inside the recorded time."""
        moved = working_day(day)
        if moved > self.end:
            moved = max(self.start, min(day, self.end) - 2)
        return moved

    def at(self, day: int, event: Event) -> None:
        """Let an event happen on a day; ignored outside the recorded time."""
        if self.start <= day <= self.end:
            self._turn += 1
            heapq.heappush(self._heap, (day, self._turn, event))

    def run(self) -> None:
        """Let everything on the calendar happen, in order."""
        while self._heap:
            day, _turn, event = heapq.heappop(self._heap)
            event(day)

    def has(self, *diagnoses: Diagnosis) -> bool:
        """Whether one of the diagnoses is on the problem list (active or not)."""
        return any(diagnosis.name in self.problems for diagnosis in diagnoses)

    def busy(self, day: int) -> bool:
        """Whether the citizen is in hospital on a day."""
        return day <= self.in_hospital_until

    def pregnant(self, day: int) -> bool:
        """Whether the citizen is pregnant on a day."""
        return any(begin <= day <= end for begin, end in self.pregnancies)

    def add(self, kind: str, short: str, body: Element, *, of: Unit, profile: str = "") -> Resource:
        """Append a resource of this citizen with the next id of its kind, and return it.

        `of` is the unit whose legal entity answers for it. `body` has the rest of the elements.
        """
        number = self._counts.get(short, 0) + 1
        self._counts[short] = number
        resource: Resource = {
            "resourceType": kind,
            "id": f"{self.person.key}-{short}{number}",
            "meta": meta(of, profile),
        }
        resource.update(body)
        self.resources.append(resource)
        return resource


@dataclass(frozen=True, slots=True)
class Control:
    """A regular check that a chronic disease needs from the GP: every so many days, with what."""

    diagnosis: Diagnosis
    every: int
    vitals: tuple[str, ...]
    panel: Panel
    from_day: int
    assessment: str
