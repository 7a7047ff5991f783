"""What has happened since the last visit, made ready for the page of the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from fellesjournal.care.chart.results import Trend
from fellesjournal.care.homecare.deviations import Deviation
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.since import Since
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.surfaces.clinic.homecare_words import REASONS
from fellesjournal.surfaces.clinic.last_measured import moved
from fellesjournal.surfaces.measurements import NAMES, printed, printed_unit


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that has happened: what it is in a ``word``, what of, when, and why or how far.

    ``visit``: the visit (an id) it is of, where it can be read whole; "" without one.
    """

    word: str
    of: str
    at: datetime | None
    more: str = ""
    is_grave: bool = False
    visit: str = ""


@dataclass(frozen=True, slots=True)
class SinceLast:
    """``visit`` was made last, by ``carer``; ``told`` is what has happened since, the gravest first.
    ``is_all_done``: something was planned for it, and all of that was done.
    """

    visit: Visit | None
    carer: str
    told: tuple[Told, ...]
    is_all_done: bool


def since_last(found: Since, measured: Sequence[Trend], names: Mapping[str, str]) -> SinceLast:
    """What a page says of what has happened and of what was ``measured`` since; ``names`` of who
    made visits, by reference.
    """
    made = found.earlier.made
    told = [
        *(_missed(each) for each in found.earlier.missed),
        *(_undone(each, found.earlier.with_page) for each in found.undone),
        *(_deviation(each) for each in found.deviations),
        *(_measured(each) for each in measured),
    ]
    carer = names.get(made.carer, made.carer_name) if made else ""
    return SinceLast(made, carer, tuple(told), found.is_all_done)


def _missed(visit: Visit) -> Told:
    return Told(
        gettext("Not made"), gettext("the visit"), visit.starts, is_grave=True, visit=visit.id
    )


def _undone(item: Item, with_page: frozenset[str]) -> Told:
    why = str(REASONS.get(item.reason, item.reason))
    if item.state is State.OPEN:
        word = gettext("Not answered")
    else:
        word = gettext("Not given") if item.is_dose else gettext("Not done")
    visit = item.visit if item.visit in with_page else ""
    return Told(word, item.text, item.at, why, is_grave=True, visit=visit)


def _deviation(each: Deviation) -> Told:
    return Told(
        gettext("Deviation"), each.words, each.made, each.came_of_it,
        is_grave=each.is_open, visit=each.visit,
    )  # fmt: skip


def _measured(trend: Trend) -> Told:
    value = trend.latest
    name = str(NAMES.get(trend.key, trend.name))
    said = f"{name} {printed(value)} {printed_unit(value.unit)}"
    return Told(gettext("Measured"), said, value.at.at if value.at else None, moved(trend))


__all__ = ["SinceLast", "Told", "since_last"]
