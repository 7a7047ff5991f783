"""Rates that were counted in the record: kept as they were counted, with their hash, and what a projection
of a region makes of them.

Who counts is not known here. A region that may not be told by itself has the rates of the county around it,
else of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, find, versions
from fellesjournal.leadership.documents.resources import Document, Kind
from fellesjournal.leadership.projections.people import Ages, Population, Sex, regrouped
from fellesjournal.leadership.projections.rates import Cell, Flag, Rate, Use
from fellesjournal.leadership.projections.regions import EVERYBODY, coming, counted, regions
from fellesjournal.leadership.projections.resources import SAVED_BY
from fellesjournal.leadership.projections.sources import Sources, Table


@dataclass(frozen=True, slots=True)
class RecordedRate:
    """How much of a use there was in so many person-years, of a region, a sex and ages."""

    region: str
    sex: Sex
    low: int
    high: int | None
    use: Use
    amount: Fraction
    person_years: Decimal

    @property
    def ages(self) -> Ages:
        """Whose it is."""
        return Ages(self.low, self.high)

    @property
    def value(self) -> Fraction:
        """What a person uses in a year. Only where somebody lived."""
        return self.amount / Fraction(self.person_years)


@dataclass(frozen=True, slots=True)
class RecordedService:
    """Where some of the rates come from: ``since`` when contacts were counted, and how many ``days`` that is;
    ``left_out``: contacts that were not, by why; ``why``: nothing of it may be told.
    """

    name: str
    since: date | None
    days: int
    left_out: tuple[tuple[str, int], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """All that was counted: of twelve months (``starts`` to before ``ends``), as the record stood at ``cut``,
    by which ``definition``; ``ages_from``: where the groups of ages begin, before any were pooled.
    """

    starts: date
    ends: date
    cut: datetime
    definition: str
    ages_from: tuple[int, ...]
    services: tuple[RecordedService, ...]
    rates: tuple[RecordedRate, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A count as it is kept; ``checksum`` is the SHA-256 of it."""

    count: Count
    checksum: str


RECORDED: Kind[Recorded] = Kind("projection-recorded", Recorded, saved_by=SAVED_BY)
"""By the day after the twelve months; its versions are what was counted of them anew."""
_COUNTS: Kind[Count] = Kind("projection-count", Count, saved_by=frozenset())
"""Only for how it is written."""


def checksum(count: Count) -> str:
    """The SHA-256 of a count as it is written, in letters."""
    return hashlib.sha256(_COUNTS.encoded(count).encode()).hexdigest()


def keep(session: Session, count: Count, *, reason: str) -> Document[Recorded]:
    """Keep a count. What is the same as what stands is not kept again. Raises as ``documents.actions.save``."""
    key = count.ends.isoformat()
    stands = find(session, RECORDED, key)
    if stands is not None and _is_same(stands.body.count, count):
        return stands
    body = Recorded(count, checksum(count))
    seen = 0 if stands is None else stands.version
    return save(session, RECORDED, key=key, body=body, seen=seen, reason=reason)


def all_kept(session: Session) -> list[Document[Recorded]]:
    """The newest count of each period, the latest first."""
    return all_standing(session, RECORDED)[::-1]


def name_of(found: Document[Recorded]) -> str:
    """How a version is named in an address."""
    return f"{found.key}.{found.version}"


def called(session: Session, name: str) -> Document[Recorded]:
    """A version by its name. Raises NotFound; PreconditionFailed for one that is not what it was."""
    key, _, version = name.partition(".")
    for each in versions(session, RECORDED, key):
        if str(each.version) == version:
            if checksum(each.body.count) != each.body.checksum:
                raise PreconditionFailed("these rates are not those that were kept")
            return each
    raise NotFound("there are no such rates")


def _is_same(one: Count, other: Count) -> bool:
    return (one.rates, one.services, one.definition) == (
        other.rates, other.services, other.definition,
    )  # fmt: skip


def bands_of(count: Count) -> tuple[Ages, ...]:
    """The groups of ages that rates are given to."""
    ends = [*count.ages_from[1:], None]
    return tuple(
        Ages(low, None if after is None else after - 1)
        for low, after in zip(count.ages_from, ends, strict=True)
    )


def with_rates(by: Sources, found: Recorded, region: str) -> Sources:
    """The same people with these rates. Raises ValueError when the ages of the people do not fit them."""
    wanted = bands_of(found.count)
    if not by.has_people:
        return _of_example(found, region)
    now = regrouped(by.now, wanted)
    later = {
        name: {year: regrouped(each, wanted) for year, each in of.items()}
        for name, of in by.later.items()
    }
    return _sources(found, region, now, later, has_people=True)


@lru_cache(maxsize=64)
def _of_example(found: Recorded, region: str) -> Sources:
    wanted = bands_of(found.count)
    return _sources(
        found, region, regrouped(counted(region), wanted), coming(region, wanted), has_people=False
    )


def _sources(
    found: Recorded,
    region: str,
    now: Population,
    later: Mapping[str, Mapping[int, Population]],
    *,
    has_people: bool,
) -> Sources:
    rates = rates_of(found.count, region)
    return Sources(now, later, rates, has_people=has_people, has_rates=True)


def rates_of(count: Count, region: str) -> Table:
    """The rates of each sex and group of ages; of those that were pooled each has the rate of all, and its share
    of what it rests on.
    """
    services = {use: service for service, uses in USES.items() for use in uses}
    by_place: dict[str, list[RecordedRate]] = {}
    for rate in count.rates:
        by_place.setdefault(rate.region, []).append(rate)
    places = _around(region)
    found: dict[Cell, dict[Use, Rate]] = {}
    for whole in by_place.get(EVERYBODY, ()):
        own = _nearest(whole, places, by_place)
        flag = Flag.OWN if own.region == region else Flag.BORROWED
        inside = [each for each in bands_of(count) if whole.ages.holds(each)]
        sexes = [Sex.FEMALE, Sex.MALE] if whole.sex is Sex.ALL else [whole.sex]
        parts = len(inside) * len(sexes)
        lived, amount = Fraction(own.person_years) / parts, own.amount / parts
        for sex in sexes:
            for ages in inside:
                cell = Cell(sex, ages, services[whole.use])
                found.setdefault(cell, {})[whole.use] = Rate(own.value, flag, lived, amount)
    return found


USES: Mapping[str, tuple[Use, ...]] = {
    "hospital": (Use.STAYS, Use.BED_DAYS),
    "home-care": (Use.HOME_CARE_HOURS,),
    "outpatient": (Use.OUTPATIENT,),
    "gp": (Use.GP_CONSULTATIONS,),
}
"""The groups of rates, by the name of a service."""


def _around(region: str) -> list[str]:
    """The region, and those that its rates may be of: counties and everybody, narrowest first."""
    inside = set(regions()[region].numbers)
    wider = [
        each
        for each in regions().values()
        if each.kind in {"county", "all"} and inside <= set(each.numbers)
    ]
    narrowest_first = sorted(wider, key=lambda each: len(each.numbers))
    return list(dict.fromkeys([region, *(each.key for each in narrowest_first)]))


def _nearest(
    whole: RecordedRate, places: Iterable[str], by_place: Mapping[str, list[RecordedRate]]
) -> RecordedRate:
    for place in places:
        for each in by_place.get(place, ()):
            if (each.use, each.sex, each.ages) == (whole.use, whole.sex, whole.ages):
                return each
    return whole


__all__ = [
    "RECORDED", "USES", "Count", "Recorded", "RecordedRate", "RecordedService", "all_kept", "bands_of", "called",
    "checksum", "keep", "name_of", "rates_of", "with_rates",
]  # fmt: skip
