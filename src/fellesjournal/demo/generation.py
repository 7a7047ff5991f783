"""The stream of resources: the region first, then citizen by citizen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fellesjournal.demo import cast_citizens, population, stories
from fellesjournal.demo.chance import source
from fellesjournal.demo.households import settle
from fellesjournal.demo.identities import PersonNumbers
from fellesjournal.demo.lives import finished, live, open_record
from fellesjournal.demo.region import Region
from fellesjournal.demo.terms import Resource
from fellesjournal.registry.municipalities import municipalities

# The day the demo is made for unless the caller names another; nothing reads the clock.
DEFAULT_UNTIL = date(2026, 11, 20)

# Families are found among so many people at a time, so that time and memory stay flat.
_NEIGHBOURHOOD = 300


def generate(citizens: int, seed: int = 1, until: date = DEFAULT_UNTIL) -> Iterator[Resource]:
    """Yield the demo region as FHIR R4 resources, ready for PUT with their own ids.

    Order: organisations (parents first), practitioners with roles, their schedules, then for each citizen the
    Patient, the RelatedPersons and the record in time order. The named cast comes first and
    counts among the `citizens`; with fewer citizens than cast, only the cast comes. References
    point backwards, to the region or to the same citizen, except between a citizen's own later
    resources. The same arguments give the same resources, byte for byte.

    Resources share parts with each other: do not change them in place. Raises ValueError for an
    `until` before the cast's stories can take place.
    """
    if until < cast_citizens.EARLIEST_UNTIL:
        raise ValueError(f"until must not be before {cast_citizens.EARLIEST_UNTIL}")
    last = until.toordinal()
    region = Region(citizens, seed)
    yield from region.resources()
    yield from region.open_diaries(last)
    cast = cast_citizens.people(last)
    for person in cast:
        record = open_record(person, region, "cast", last)
        stories.tell(record)
        yield from finished(record)
    yield from _drawn(citizens - len(cast), seed, last, region)


def _drawn(citizens: int, seed: int, until: int, region: Region) -> Iterator[Resource]:
    numbers = PersonNumbers(taken=cast_citizens.NUMBERS)
    index = 1
    for number, people in population.draw(citizens, source(seed, "population")):
        place = municipalities()[number]
        rng = source(seed, "households", number)
        rng.shuffle(people)
        for begin in range(0, len(people), _NEIGHBOURHOOD):
            neighbours = people[begin : begin + _NEIGHBOURHOOD]
            for person in settle(place, neighbours, rng, until, numbers, index):
                record = open_record(person, region, seed, until)
                live(record)
                yield from finished(record)
            index += len(neighbours)
