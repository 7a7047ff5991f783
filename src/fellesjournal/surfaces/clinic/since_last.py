"""What has happened since the last visit, made ready for the page of the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from fellesjournal.care.chart.results import Trend
from fellesjournal.care.homecare.deviations import Deviation
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.since import Gap, Since
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.care.remote_follow_up.queries import Awaiting
from fellesjournal.care.remote_follow_up.tasks import Kind
from fellesjournal.fhir.vital_signs import LOINC
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.surfaces.clinic.homecare_words import REASONS
from fellesjournal.surfaces.clinic.last_measured import moved
from fellesjournal.surfaces.measurements import NAMES, printed, printed_unit
from fellesjournal.surfaces.own_readings import measure_name, shown


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that has happened: what it is in a ``word``, what of, when, and why or how far.

    ``visit``: the visit (an id) it is of, where it can be read whole; "" without one. ``is_followed``:
    it stands on the page of her home follow-up.
    """

    word: str
    of: str
    at: datetime | None
    more: str = ""
    is_grave: bool = False
    visit: str = ""
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured since the last visit, before this one, and what plans say in words of each
    thing they have measured (by its code).
    """

    trends: Sequence[Trend] = ()
    rules: Mapping[str, str] = field(default_factory=dict)

    def facts_of(self, trend: Trend) -> list[str]:
        """How far it has moved, and what the plan says of it."""
        facts = [moved(trend)]
        if rule := self.rules.get(trend.key.removeprefix(f"{LOINC}|")):
            facts.append(gettext("the plan says: %(rule)s") % {"rule": rule})
        return [each for each in facts if each]


@dataclass(frozen=True, slots=True)
class SinceLast:
    """``visit`` was made last, by ``carer``; ``told`` is what has happened since, the gravest first.
    ``is_all_done``: something was planned for it, and all of that was done.
    """

    visit: Visit | None
    carer: str
    told: tuple[Told, ...]
    is_all_done: bool


def since_last(
    found: Since,
    measured: Measured,
    names: Mapping[str, str],
    awaiting: Iterable[Awaiting] = (),
    never_made: Iterable[Gap] = (),
) -> SinceLast:
    """What a page says of what has happened and of what was ``measured`` since; ``names`` of who
    made visits, by reference. ``awaiting``: what of her own measurements nobody has looked at;
    ``never_made``: what the plan gives at times that no visit was made for.
    """
    made = found.earlier.made
    trends = {(each.key, _at(each)): each for each in measured.trends}
    outside = [(each, trends.pop(_of(each), None)) for each in awaiting]
    told = [
        *(_missed(each) for each in found.earlier.missed),
        *(_never_made(each) for each in never_made),
        *(_undone(each, found.earlier.with_page) for each in found.undone),
        *(_awaiting(each, trend, measured) for each, trend in outside),
        *(_deviation(each) for each in found.deviations),
        *(_measured(each, measured) for each in trends.values()),
    ]
    carer = names.get(made.carer, made.carer_name) if made else ""
    return SinceLast(made, carer, tuple(told), found.is_all_done)


def measured_before(found: Iterable[Trend], since: datetime, visit: Visit) -> list[Trend]:
    """What was measured ``since`` then, and not by who makes this visit: that stands where it was planned."""
    kept = []
    for trend in found:
        values = tuple(
            value for value in trend.values if value.at is None or value.by_patient
            or visit.began is None or value.at.at < visit.began
        )  # fmt: skip
        if values and values[0].at is not None and values[0].at.at >= since:
            kept.append(replace(trend, values=values))
    return kept


def _missed(visit: Visit) -> Told:
    return Told(
        gettext("Not made"), gettext("the visit"), visit.starts, is_grave=True, visit=visit.id
    )


def _never_made(gap: Gap) -> Told:
    wanted = gap.wanted
    doses = sum(item.is_dose for item in wanted.items)
    what = [item.text for item in wanted.items if not item.is_dose]
    if doses:
        what.append(ngettext("%(n)s dose", "%(n)s doses", doses) % {"n": doses})
    starts, ends = (each.astimezone(NORWAY) for each in (wanted.window.starts, wanted.window.ends))
    word = gettext("No visit was planned out") if gap.is_lost else gettext("Not planned here")
    return Told(word, f"{starts:%H:%M}–{ends:%H:%M}", starts, ", ".join(what), is_grave=gap.is_lost)


def _undone(item: Item, with_page: frozenset[str]) -> Told:
    why = str(REASONS.get(item.reason, item.reason))
    if item.state is State.OPEN:
        word = gettext("Not answered")
    else:
        word = gettext("Not given") if item.is_dose else gettext("Not done")
    visit = item.visit if item.visit in with_page else ""
    return Told(word, item.text, item.at, why, is_grave=True, visit=visit)


def _awaiting(each: Awaiting, trend: Trend | None, measured: Measured) -> Told:
    work = each.work
    waits_for = {"day": on_day(work.last_day), "name": work.owner_name or work.unit_name}
    waits = gettext("not looked at yet; %(name)s, by %(day)s") % waits_for
    if each.reading is None:
        word = (
            pgettext("measurement", "Did not come")
            if work.kind is Kind.MISSING
            else gettext("Not looked at")
        )
        what = measure_name(work.measure)
        return Told(word, what, None, waits, is_grave=True, is_followed=True)
    words = shown(each.reading)
    lies = [f"{part.name} {part.lies}" for part in words.parts if part.is_outside]
    facts = measured.facts_of(trend) if trend is not None else []
    return Told(
        gettext("Measured at home, outside the limit"), f"{words.name} {words.value} {words.unit}",
        each.reading.at, "; ".join([*lies, *facts, waits]), is_grave=True, is_followed=True,
    )  # fmt: skip


def _of(each: Awaiting) -> tuple[str, datetime | None]:
    """As its trend is known, if it is the newest of it."""
    if each.reading is None:
        return "", None
    return f"{LOINC}|{each.reading.measure.loinc}", each.reading.at


def _at(trend: Trend) -> datetime | None:
    return trend.latest.at.at if trend.latest.at else None


def _deviation(each: Deviation) -> Told:
    return Told(
        gettext("Deviation"), each.words, each.made, each.came_of_it,
        is_grave=each.is_open, visit=each.visit,
    )  # fmt: skip


def _measured(trend: Trend, measured: Measured) -> Told:
    value = trend.latest
    name = str(NAMES.get(trend.key, trend.name))
    said = f"{name} {printed(value)} {printed_unit(value.unit)}"
    word = gettext("Measured at home") if value.by_patient else gettext("Measured")
    return Told(word, said, _at(trend), "; ".join(measured.facts_of(trend)))


__all__ = ["Measured", "SinceLast", "Told", "measured_before", "since_last"]
