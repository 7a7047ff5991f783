"""The published plan as data: waves, rules, regions, status, templates and thresholds, each file with its
public source named in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from fellesjournal.leadership.rollout.cutover import Task
from fellesjournal.leadership.rollout.deadlines import DateRule
from fellesjournal.leadership.rollout.packages import PhaseTemplate
from fellesjournal.leadership.rollout.plans import Plan, StatusReport
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import Criterion
from fellesjournal.leadership.rollout.regions import Region, RegionList
from fellesjournal.leadership.rollout.rehearsals import Script
from fellesjournal.leadership.rollout.waves import Actor, ActorKind, Wave
from fellesjournal.registry.municipalities import municipalities

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WaveData:
    """``data/waves.json``."""

    source: str
    note: str
    waves: tuple[Wave, ...]
    rules: tuple[DateRule, ...]
    trusts: tuple[Actor, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class RegionData:
    """``data/regions.json``."""

    source: str
    note: str
    listed: RegionList
    romsdal: Region
    status: StatusReport


@dataclass(frozen=True, slots=True)
class PackageData:
    """``data/packages.json``."""

    source: str
    note: str
    phases: tuple[PhaseTemplate, ...]


@dataclass(frozen=True, slots=True)
class ReadinessData:
    """``data/readiness.json``."""

    source: str
    note: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class RehearsalData:
    """``data/rehearsals.json``."""

    source: str
    note: str
    scripts: tuple[Script, ...]


@dataclass(frozen=True, slots=True)
class CutoverData:
    """``data/cutover.json``."""

    source: str
    note: str
    start_hour: int
    tasks: tuple[Task, ...]


@cache
def wave_data() -> WaveData:
    """Waves, date rules and the plans that public papers tell of."""
    return _read("waves.json", WaveData)


@cache
def region_data() -> RegionData:
    """Regions as published, and the status of August 2022."""
    return _read("regions.json", RegionData)


@cache
def package_data() -> PackageData:
    """Phases with their work packages."""
    return _read("packages.json", PackageData)


@cache
def readiness_data() -> ReadinessData:
    """Criteria of the gates."""
    return _read("readiness.json", ReadinessData)


@cache
def rehearsal_data() -> RehearsalData:
    """Scripts of dress rehearsals, by service."""
    return _read("rehearsals.json", RehearsalData)


@cache
def cutover_data() -> CutoverData:
    """The template of a cut-over plan."""
    return _read("cutover.json", CutoverData)


@cache
def municipal_actors() -> tuple[Actor, ...]:
    """Every municipality of the register, by number."""
    return tuple(
        Actor(each.number, each.norwegian, ActorKind.MUNICIPALITY, each.county_number, each.region)
        for each in municipalities().values()
    )


@cache
def published_programme() -> Programme:
    """The programme as far as the papers tell it."""
    data = wave_data()
    return Programme(data.waves, data.rules, (*data.trusts, *municipal_actors()), data.plans)


def _read(name: str, shape: type[T]) -> T:
    text = (files(__package__) / "data" / name).read_bytes()
    return msgspec.json.decode(text, type=shape)


__all__ = [
    "CutoverData",
    "PackageData",
    "ReadinessData",
    "RegionData",
    "RehearsalData",
    "WaveData",
    "cutover_data",
    "municipal_actors",
    "package_data",
    "published_programme",
    "readiness_data",
    "region_data",
    "rehearsal_data",
    "wave_data",
]
