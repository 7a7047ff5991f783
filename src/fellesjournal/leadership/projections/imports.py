"""Reading in population and activity: rows held against each other, kept with where they come from.

Nothing is kept of a file with a fault. The rows stand under the checksum of their file; which file is gone
by is a document of its own, whose versions tell when that changed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, find
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.workbooks import LARGEST_FILE
from fellesjournal.leadership.projections.assumptions import MAIN_ALTERNATIVE
from fellesjournal.leadership.projections.files import Fault, Line, read
from fellesjournal.leadership.projections.people import OBSERVED, People, Population, Sex
from fellesjournal.leadership.projections.rates import Activity, Use, years_to_pool
from fellesjournal.leadership.projections.regions import regions
from fellesjournal.leadership.projections.resources import (
    NOTHING,
    ORIGINS,
    ROWS,
    Origin,
    Rows,
    Table,
)
from fellesjournal.leadership.projections.sources import Read, Sources, example

_MADE: dict[tuple[str, ...], Sources] = {}
"""What was made of files: they never change under their checksum."""
_MOST_MADE = 64
_CONTACTS = {"day": Use.DAY_CONTACTS, "outpatient": Use.OUTPATIENT}


def checksum(content: bytes) -> str:
    """SHA-256 of a file, in letters."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file says, without anything kept: its lines, what they make, and every fault: of cells, else
    of rows against each other, else against what is read in already.
    """

    lines: Sequence[Line]
    rows: Rows
    faults: Sequence[Fault]


def look(session: Session, table: Table, content: bytes, *, largest: int = LARGEST_FILE) -> Looked:
    """Look through a file. Raises Unreadable for what is no such table."""
    lines, faults = read(table, content, largest=largest)
    faults = faults or _against_each_other(table, lines)
    if faults:
        return Looked(lines, Rows(), faults)
    made = _populations(lines) if table is Table.POPULATION else _activity(lines)
    return Looked(lines, made, _against_the_rest(session, table, made))


def sources_for(session: Session, region: str) -> tuple[Sources, dict[Table, Document[Origin]]]:
    """What a projection of a region goes by today, and the files it was read from."""
    origins = {each.body.table: each for each in all_standing(session, ORIGINS)}
    people = origins.get(Table.POPULATION)
    if people is None:
        return example(region), {}
    key = (region, *(each.body.checksum for _, each in sorted(origins.items())))
    found = _MADE.get(key)
    if found is None:
        activity = origins.get(Table.ACTIVITY)
        done = () if activity is None else kept_rows(session, activity.body).activity
        found = Read(kept_rows(session, people.body).populations, done).sources(region)
        while len(_MADE) >= _MOST_MADE:
            _MADE.pop(next(iter(_MADE)), None)
        _MADE[key] = found
    return found, origins


def keep(
    session: Session, origin: Origin, rows: Rows, *, seen: int, reason: str
) -> Document[Origin]:
    """Go by these rows from now on. Raises as ``documents.actions.save``."""
    with transaction():
        if find(session, ROWS, _key(origin)) is None:
            save(session, ROWS, key=_key(origin), body=rows, seen=0, reason=reason)
        return save(session, ORIGINS, key=origin.table, body=origin, seen=seen, reason=reason)


def origin_of(session: Session, table: Table) -> Document[Origin] | None:
    """The file that is gone by, if one was read in."""
    return find(session, ORIGINS, table)


def kept_rows(session: Session, origin: Origin) -> Rows:
    """The rows of a file that was read in."""
    found = find(session, ROWS, _key(origin))
    if found is None:
        raise PreconditionFailed("the rows of this file are gone")
    return found.body


def _key(origin: Origin) -> str:
    return f"{origin.table}-{origin.checksum}"


def _against_each_other(table: Table, lines: Sequence[Line]) -> list[Fault]:
    faults = []
    groups: dict[tuple[Any, ...], list[Line]] = defaultdict(list)
    for line in lines:
        groups[_whose(table, line[1])].append(line)
    for rows in groups.values():
        faults += _ages_apart(rows)
    faults += _sexes_alike(lines)
    if table is Table.ACTIVITY:
        if not faults:  # rates of small ages are borrowed: all regions and groups have the same
            faults += _ages_apart(list({line[1]["age"]: line for line in lines}.values()))
        faults += _contacts_without_nights(lines)
        faults += _enough_years(lines)
    else:
        faults += _alternatives_alike(lines)
    return sorted(faults, key=lambda each: each.line)


def _whose(table: Table, said: dict[str, Any]) -> tuple[Any, ...]:
    rest = ("alternative",) if table is Table.POPULATION else ("group", "mode")
    return tuple(said[name] for name in ("region", "year", "sex", *rest))


def _ages_apart(rows: Sequence[Line]) -> list[Fault]:
    faults = []
    ordered = sorted(rows, key=lambda line: (line[1]["age"], line[0]))
    highest = ordered[0]
    for line in ordered[1:]:
        before, ages = highest[1]["age"], line[1]["age"]
        if ages == before:
            why = gettext("The same stands in line %(line)s.") % {"line": highest[0]}
            faults.append(Fault(line[0], "age", str(ages), why))
        elif before.high is None or before.high >= ages.low:
            why = gettext("These ages overlap with %(ages)s in line %(line)s.")
            told = why % {"ages": before, "line": highest[0]}
            faults.append(Fault(line[0], "age", str(ages), told))
        if before.high is not None and (ages.high is None or ages.high > before.high):
            highest = line
    return faults


def _sexes_alike(lines: Sequence[Line]) -> list[Fault]:
    faults = []
    stands = lines[0]
    for line in lines:
        if (stands[1]["sex"] is Sex.ALL) != (line[1]["sex"] is Sex.ALL):
            why = gettext(
                "Line %(line)s tells the sexes otherwise: apart in all of a file, or in none of it."
            )
            faults.append(Fault(line[0], "sex", str(line[1]["sex"]), why % {"line": stands[0]}))
    return faults


def _contacts_without_nights(lines: Iterable[Line]) -> list[Fault]:
    return [
        Fault(
            number, "bed_days", str(said["bed_days"]),
            gettext("A day or outpatient contact has no bed-days."),
        )
        for number, said in lines
        if said["mode"] in _CONTACTS and said["bed_days"] != NOTHING
    ]  # fmt: skip


def _enough_years(lines: Iterable[Line]) -> list[Fault]:
    years: dict[str, set[int]] = defaultdict(set)
    for _, said in lines:
        years[said["region"]].add(said["year"])
    faults = []
    for region, of in years.items():
        try:
            years_to_pool(of)
        except ValueError:
            why = gettext("At least three years are needed, 2020 and 2021 not counted.")
            faults.append(Fault(0, "year", f"{region}: {_listed(of)}", why))
    return faults


def _alternatives_alike(lines: Iterable[Line]) -> list[Fault]:
    years: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for _, said in lines:
        years[said["region"]][said["alternative"]].add(said["year"])
    faults = []
    for region, by_alternative in years.items():
        observed = by_alternative.pop(OBSERVED, set())
        main = by_alternative.get(MAIN_ALTERNATIVE, set())
        if not observed:
            why = gettext("No year is observed: a projection begins with people who were counted.")
            faults.append(Fault(0, "alternative", region, why))
        if not main:
            why = gettext("The main alternative MMMM is missing.")
            faults.append(Fault(0, "alternative", region, why))
        for name, of in sorted(by_alternative.items()):
            if main and of != main:
                why = gettext(
                    "%(name)s and MMMM do not have the same years; not in both: %(years)s."
                )
                told = why % {"name": name, "years": _listed(of ^ main)}
                faults.append(Fault(0, "year", region, told))
        if observed and main:
            wanted = set(range(max(observed) + 1, max(*main, max(observed) + 1) + 1))
            if missing := wanted - main:
                why = gettext("Years are missing after the last that was observed: %(years)s.")
                faults.append(Fault(0, "year", region, why % {"years": _listed(missing)}))
    return faults


def _listed(years: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def _populations(lines: Iterable[Line]) -> Rows:
    people: dict[tuple[str, int, str], list[People]] = defaultdict(list)
    for _, said in lines:
        row = People(said["sex"], said["age"], said["people"])
        people[said["region"], said["year"], said["alternative"]].append(row)
    return Rows(populations=tuple(Population(*key, tuple(of)) for key, of in people.items()))


def _activity(lines: Iterable[Line]) -> Rows:
    found = []
    for _, said in lines:
        uses = (
            {_CONTACTS[said["mode"]]: said["stays"]}
            if said["mode"] in _CONTACTS
            else {Use.STAYS: said["stays"], Use.BED_DAYS: said["bed_days"]}
        )
        found += [
            Activity(
                said["region"], said["year"], said["sex"], said["age"], said["group"], use, amount
            )
            for use, amount in uses.items()
        ]
    return Rows(activity=tuple(found))


def _against_the_rest(session: Session, table: Table, made: Rows) -> list[Fault]:
    """Rates need both tables, of the same years, ages and sexes."""
    other = origin_of(session, Table.POPULATION if table is Table.ACTIVITY else Table.ACTIVITY)
    if other is None:
        if table is Table.POPULATION:
            return _in_every_region(Read(made.populations))
        why = gettext("Read in the population first: rates are activity by people.")
        return [Fault(0, "", "", why)]
    stands = kept_rows(session, other.body)
    populations = made.populations or stands.populations
    activity = made.activity or stands.activity
    found = Read(populations, activity)
    return _people_of_all_years(found, activity) or _in_every_region(found)


def _people_of_all_years(found: Read, activity: Iterable[Activity]) -> list[Fault]:
    """For each region with activity: its people of the years that rates are taken from."""
    years: dict[str, set[int]] = defaultdict(set)
    for row in activity:
        years[row.region].add(row.year)
    faults = []
    for region, of in years.items():
        people = {each.year for each in found.people(region) if each.alternative == OBSERVED}
        if missing := set(years_to_pool(of)) - people:
            why = gettext("There is activity of years whose population is not observed: %(years)s.")
            faults.append(Fault(0, "year", region, why % {"years": _listed(missing)}))
    return faults


def _in_every_region(found: Read) -> list[Fault]:
    """What a projection of any region would fail by."""
    faults = []
    for region in regions():
        try:
            # nothing is made of the example: it is there for every region, and takes long
            if found.reaches(region):
                found.sources(region)
        except ValueError:
            why = gettext("Ages or sexes of this region differ between years, places or files.")
            faults.append(Fault(0, "region", region, why))
    return faults


__all__ = ["Looked", "checksum", "keep", "kept_rows", "look", "origin_of", "sources_for"]
