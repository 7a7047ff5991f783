"""The lives of the named citizens: one function each, told relative to the demo's day.

Each story begins diseases on fixed days and adds what makes it the story; the checks at the GP
and a little everyday illness come from the same services as for everyone.
"""

from __future__ import annotations

from collections.abc import Callable

from fellesjournal.demo import orders
from fellesjournal.demo.cast_citizens import CITIZENS
from fellesjournal.demo.catalogue import diagnoses
from fellesjournal.demo.diseases import everyday
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import booking, child_health, gp
from fellesjournal.demo.stories import adults, elders, families, work

_OFFICES = {citizen.id: citizen.gp_office for citizen in CITIZENS}
_STORIES: dict[str, Callable[[Record], None]] = {
    "cast-aslaug": elders.aslaug,
    "cast-marit": families.marit,
    "cast-emrik": families.emrik,
    "cast-ylva": families.ylva,
    "cast-storm": families.storm,
    "cast-oda": families.schoolchild,
    "cast-sunniva": families.sunniva,
    "cast-havard": families.havard,
    "cast-thea": families.thea,
    "cast-oddmund": elders.oddmund,
    "cast-jesper": adults.jesper,
    "cast-karoline": adults.karoline,
    "cast-torvald": elders.torvald,
    "cast-laejsa": adults.laejsa,
    "cast-zbigniew": adults.zbigniew,
    "cast-ingebrigt": elders.ingebrigt,
    "cast-newborn": families.newborn,
    "cast-bergljot": elders.bergljot,
}


def tell(record: Record) -> None:
    """Let a named citizen live the life of the story."""
    key = record.person.key
    office = record.region.workers[_OFFICES[key]]
    record.gp = next(worker for worker in office if worker.role.code == "gp")
    _STORIES[key](record)
    child_health.plan(record)
    gp.plan(record)
    everyday.begin_all(record)
    record.run()
    if key == "cast-sunniva":
        work.keep_confidential(record, diagnoses.DEPRESSION)
    booking.book(record)
    orders.book_of_cast(record)
