"""Unusual reading, pointed out for unit leaders and the data protection officer.

Snooping in records is unlawful (helsepersonelloven § 21 a); a flag here is a question, never an
answer: each says in words what was seen and why it is asked. The rules are pure functions
over rows; ``reviewing.py`` fetches the rows. All thresholds are assumptions, configurable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from fellesjournal.access.policy.areas import AREA_OF, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog.acts import WRITES, Act, Outcome
from fellesjournal.access.readlog.explanations import EXPLANATIONS, Flag
from fellesjournal.access.readlog.queries import Line
from fellesjournal.access.readlog.words import Language
from fellesjournal.foundation.clock import NORWAY


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When something counts as unusual. Assumptions; configurable."""

    volume_factor: float = 3.0
    """So many times the median of the role ..."""
    volume_least: int = 30
    """... and never fewer records a day than this."""
    searches_least: int = 20
    """So many searches a day ..."""
    opened_share: float = 0.1
    """... of whose patients at most this share was opened."""
    refused_least: int = 5
    """So many refused requests a day."""


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class Ties:
    """What is known of those who read, by reference of the person; numbers of patients.

    ``own``: her own record. ``family``: same address or RelatedPerson. ``colleagues``: by
    reference of a unit, the patients who work there. ``public``: marked as publicly known.
    """

    own: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, frozenset[int]] = field(default_factory=dict)
    colleagues: Mapping[str, frozenset[int]] = field(default_factory=dict)
    public: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """One flag on one person: which day (Norway), about whom, and the lines it rests on.

    ``patient`` is 0 where it is about a day's work and not about one record.
    """

    flag: Flag
    person: str
    role: str
    unit: str
    day: date
    patient: int
    count: int
    keys: tuple[str, ...]
    facts: Mapping[str, int] = field(default_factory=dict)

    def explanation(self, language: Language) -> str:
        """What was seen and why it is asked, as sentences."""
        return EXPLANATIONS[self.flag][language].format(count=self.count, **self.facts)


def review(lines: Iterable[Line], ties: Ties, *, thresholds: Thresholds = DEFAULTS) -> list[Remark]:
    """All remarks on some lines of staff, newest day first; others' lines are passed over.

    To compare volumes the lines should be of everybody in the roles, not of one person.
    """
    staff = [line for line in lines if line.who.is_staff]
    made = [*_on_records(staff, ties), *_on_days(staff, thresholds)]
    return sorted(made, key=lambda one: (-one.day.toordinal(), one.person, one.flag, one.patient))


# --- one record -----------------------------------------------------------------------------------

_Key = tuple[Flag, str, str, str, date, int]
_NO_RECORD = frozenset({Act.SEARCH, Act.LOOK_UP, Act.REVIEW})
_ABOUT_NOBODY = frozenset({Area.DIRECTORY, Area.DEFINITIONS, Area.SCHEDULES})


def _on_records(lines: Sequence[Line], ties: Ties) -> list[Remark]:
    found: dict[_Key, list[str]] = defaultdict(list)
    for line in lines:
        if line.outcome != Outcome.DONE:
            continue
        who, day = line.who, day_of(line)
        for patient in line.patients:
            for flag in _flags(line, patient, ties):
                found[flag, who.person, who.role, who.unit, day, patient].append(line.key)
    return [Remark(*key, count=len(keys), keys=tuple(keys)) for key, keys in found.items()]


def _flags(line: Line, patient: int, ties: Ties) -> list[Flag]:
    person, unit = line.who.person, line.who.unit
    kind = line.kind(patient)
    # a hit in a search by name is no opened record: what a list shows needs no ground; nor does
    # a look-up before emergency access, or a leader's review
    is_opened = line.act not in _NO_RECORD or kind is not None
    checks = {
        Flag.NO_GROUND: is_opened and kind in {None, GroundKind.BREAK_GLASS},
        Flag.OWN_RECORD: ties.own.get(person) == patient,
        Flag.OWN_FAMILY: patient in ties.family.get(person, frozenset()),
        Flag.COLLEAGUE: patient in ties.colleagues.get(unit, frozenset())
        and ties.own.get(person) != patient,
        Flag.PUBLIC_PERSON: patient in ties.public,
    }
    return [flag for flag, holds in checks.items() if holds]


# --- one day --------------------------------------------------------------------------------------

_Day = tuple[str, str, str, date]
_OPENING = frozenset({Act.READ, Act.VREAD, Act.HISTORY, Act.EVERYTHING, Act.CHART, *WRITES})


def _on_days(lines: Sequence[Line], thresholds: Thresholds) -> list[Remark]:
    days: dict[_Day, list[Line]] = defaultdict(list)
    for line in lines:
        days[line.who.person, line.who.role, line.who.unit, day_of(line)].append(line)
    opened = {key: opened_records(of_day) for key, of_day in days.items()}
    medians = _medians(opened)
    remarks: list[Remark] = []
    for key, of_day in days.items():
        remarks += _volume(key, of_day, len(opened[key]), medians[key[1]], thresholds)
        remarks += _searches(key, of_day, opened[key], thresholds)
        remarks += _refused(key, of_day, thresholds)
    return remarks


def opened_records(lines: Iterable[Line]) -> frozenset[int]:
    """The patients whose records were opened, not only listed."""
    return frozenset(
        patient
        for line in lines
        if line.act in _OPENING and line.outcome == Outcome.DONE
        for patient in line.patients
    )


def _medians(opened: Mapping[_Day, frozenset[int]]) -> dict[str, float]:
    """Records opened by one person in one day, the median of each role; days without count not."""
    by_role: dict[str, list[int]] = defaultdict(list)
    for (_, role, _, _), patients in opened.items():
        by_role[role].append(len(patients))
    return {role: median([n for n in counts if n] or [0]) for role, counts in by_role.items()}


def _volume(
    key: _Day, lines: Sequence[Line], count: int, middle: float, thresholds: Thresholds
) -> list[Remark]:
    if count < thresholds.volume_least or count < thresholds.volume_factor * middle:
        return []
    keys = tuple(line.key for line in lines if line.act in _OPENING)
    person, role, unit, day = key
    facts = {"median": int(middle)}
    return [Remark(Flag.VOLUME, person, role, unit, day, 0, count, keys, facts)]


def _searches(
    key: _Day, lines: Sequence[Line], opened: frozenset[int], thresholds: Thresholds
) -> list[Remark]:
    searches = [
        line
        for line in lines
        if line.act == Act.SEARCH and line.outcome == Outcome.DONE and _seeks_patients(line)
    ]
    found = {patient for line in searches for patient in line.patients}
    if len(searches) < thresholds.searches_least:
        return []
    if len(found & opened) > thresholds.opened_share * len(found):
        return []
    person, role, unit, day = key
    keys = tuple(line.key for line in searches)
    facts = {"opened": len(found & opened)}
    return [Remark(Flag.SEARCHES, person, role, unit, day, 0, len(searches), keys, facts)]


def _seeks_patients(line: Line) -> bool:
    """Lists of units, staff and codes are about no patient: an administrator's daily work."""
    return line.type is None or AREA_OF.get(line.type) not in _ABOUT_NOBODY


def _refused(key: _Day, lines: Sequence[Line], thresholds: Thresholds) -> list[Remark]:
    keys = tuple(line.key for line in lines if line.outcome == Outcome.REFUSED)
    if len(keys) < thresholds.refused_least:
        return []
    person, role, unit, day = key
    return [Remark(Flag.REFUSED, person, role, unit, day, 0, len(keys), keys)]


def day_of(line: Line) -> date:
    """The calendar day of a line in Norway."""
    return line.at.astimezone(NORWAY).date()
