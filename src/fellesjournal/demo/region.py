"""The region as a citizen meets it: which units and people serve whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from fellesjournal.demo.cast_staff import STAFF, StaffMember
from fellesjournal.demo.population import residents
from fellesjournal.demo.receivers import services
from fellesjournal.demo.schedules import Diary, diaries
from fellesjournal.demo.staff import (
    ROLES,
    Worker,
    practitioner,
    practitioner_role,
    workers_of,
)
from fellesjournal.demo.terms import Resource
from fellesjournal.demo.units import Unit, all_units, hospital_for, organisation
from fellesjournal.registry.municipalities import Municipality
from fellesjournal.registry.units import UnitKind

# One GP per this many residents in reality; a small demo has fewer, so that lists have people.
_RESIDENTS_PER_GP = 1100
_DEMO_LIST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """The units that serve one municipality."""

    municipality: Municipality
    units: dict[UnitKind, Unit]
    gps: tuple[Worker, ...]
    hospital: str
    hospital_name: str


class Region:
    """All units and staff, with look-ups. Deterministic for the same arguments."""

    def __init__(self, citizens: int, seed: int) -> None:
        self.units: dict[str, Unit] = {}
        self.workers: dict[str, list[Worker]] = {}
        self.places: dict[str, Place] = {}
        self.diaries: dict[str, Diary] = {}
        self._by_key: dict[str, Worker] = {}
        people = residents()
        share = citizens / sum(people.values())
        counter = iter(range(1000, 1_000_000))
        for unit in all_units(people):
            self.units[unit.key] = unit
            gps = _gps_per_office(people[unit.place.number], share)
            cast = [_cast_worker(member, unit) for member in STAFF if member.unit_id == unit.key]
            self.workers[unit.key] = cast + workers_of(unit, gps, seed, counter)
            for worker in self.workers[unit.key]:
                self._by_key[worker.key] = worker
        self._place_units()

    def _place_units(self) -> None:
        numbers = dict.fromkeys(unit.place.number for unit in self.units.values())
        for number in numbers:
            mine = [u for u in self.units.values() if u.place.number == number]
            offices = [u for u in mine if u.kind is UnitKind.GP_OFFICE]
            hospital = hospital_for(mine[0].place)
            self.places[number] = Place(
                mine[0].place,
                {u.kind: u for u in mine if u.key.startswith(("unit-", "org-"))},
                tuple(worker for office in offices for worker in self._doctors(office)),
                hospital,
                self.units[f"hospital-{hospital}"].name,
            )

    def _doctors(self, office: Unit) -> Iterable[Worker]:
        return (worker for worker in self.workers[office.key] if worker.role.code == "gp")

    def open_diaries(self, until: int) -> Iterator[Resource]:
        """Give those who book by Schedules empty ones for the days to come; the resources."""
        everybody = (worker for workers in self.workers.values() for worker in workers)
        self.diaries = diaries(everybody, until)
        yield from (diary.resource for diary in self.diaries.values())

    def worker(self, key: str) -> Worker:
        """The practitioner with this id."""
        return self._by_key[key]

    def ward(self, hospital: str, specialty: str) -> Unit:
        """A ward or clinic of a hospital."""
        return self.units[f"ward-{hospital}-{specialty}"]

    def someone(self, unit: Unit, rng: Random, *roles: str) -> Worker:
        """Someone who works at a unit in one of the roles (any role when none is named)."""
        fitting = [w for w in self.workers[unit.key] if not roles or w.role.code in roles]
        return fitting[int(rng.random() * len(fitting))]

    def resources(self) -> Iterator[Resource]:
        """Organizations (parents first), then practitioners with their roles."""
        for index, unit in enumerate(self.units.values()):
            yield organisation(unit, index)
        yield from services(self.units)
        for workers in self.workers.values():
            for worker in workers:
                yield practitioner(worker)
                yield practitioner_role(worker)


def _gps_per_office(people: int, share: float) -> int:
    offices = max(1, min(8, 1 + people // 12_000))
    wanted = min(people / _RESIDENTS_PER_GP, people * share / _DEMO_LIST)
    return max(1, round(wanted / offices))


def _cast_worker(member: StaffMember, unit: Unit) -> Worker:
    return Worker(
        member.id,
        member.given,
        member.family,
        member.sex,
        ROLES[member.role],
        unit,
        member.hpr,
        "" if member.hpr else member.number,
    )
