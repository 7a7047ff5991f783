"""Who has seen my record: the log as a citizen reads it (pasientjournalloven § 18).

Names and organisations, never a number of staff (INV-40); why, in words; several acts of one
visit as one row. Only what is about this patient is told of acts that touched others too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fellesjournal.access.policy.areas import AREA_OF
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog import words
from fellesjournal.access.readlog.acts import CHANGES, WRITES, Act, Outcome
from fellesjournal.access.readlog.queries import Database, Line, Names, Who, lines, names_of
from fellesjournal.access.readlog.words import Language

VISIT_GAP = timedelta(minutes=30)
"""Acts of one person that are closer to each other are one visit. Assumption, configurable."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """One row of the page. ``first`` and ``last`` are aware, ``count`` the number of acts.

    ``why`` says ground and purpose; ``what`` the kinds of information; ``app`` the name of the
    app it was done through ("": none); ``sentence`` all of it, ``short`` who did what alone. ``keys``
    name the lines, newest first, for an export or a complaint about them.
    """

    name: str
    role: str
    unit: str
    organisation: str
    why: str
    app: str
    what: tuple[str, ...]
    first: datetime
    last: datetime
    count: int
    wrote: bool
    is_emergency: bool
    is_own: bool
    is_system: bool
    sentence: str
    keys: tuple[str, ...]
    short: str = ""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Visits, newest first; ``before`` is where the next page begins, None on the last."""

    visits: list[Visit]
    before: str | None


def seen_by(
    database: Database,
    patient: int,
    *,
    language: Language = "nb",
    since: datetime | None = None,
    until: datetime | None = None,
    before: str | None = None,
) -> SeenPage:
    """A page of who has seen the record of a patient (a number of store.resource).

    Refused attempts are no visits: nothing was seen. A page ends after so many lines; a visit
    that goes on beyond is told in part on each.
    """
    found = lines(
        database, patient=patient, since=since, until=until, before=before, limit=_BATCH + 1
    )
    shown = found[:_BATCH]
    names = names_of(database, shown)
    return SeenPage(
        [visit_of(visit, patient, names, language) for visit in visits_of(shown, patient)],
        shown[-1].key if len(found) > _BATCH else None,
    )


def visits_of(found: Iterable[Line], patient: int) -> list[list[Line]]:
    """Lines, newest first, gathered by person, unit and ground with no long pause between.

    Visits and the lines in each are newest first.
    """
    visits: list[list[Line]] = []
    open_visits: dict[tuple[Who, int | None], list[Line]] = {}
    for line in found:
        if line.outcome != Outcome.DONE:
            continue
        key = (line.who, line.kind(patient))
        visit = open_visits.get(key)
        if visit is not None and visit[-1].at - line.at <= VISIT_GAP:
            visit.append(line)
        else:
            open_visits[key] = [line]
            visits.append(open_visits[key])
    return visits


def visit_of(
    visit: Sequence[Line],
    patient: int,
    names: Names,
    language: Language,
    *,
    to_herself: bool = True,
) -> Visit:
    """One visit in words. ``visit`` is newest first and not empty.

    ``to_herself``: told to the one the record is about, who is "you"; others read her name.
    """
    newest = visit[0]
    who, kind = newest.who, newest.kind(patient)
    own = who.person == names.reference(patient) and not who.is_staff
    name = _name(who, names, language, is_you=own and to_herself)
    unit, organisation = names.name(who.unit), names.name(who.organisation)
    read = _areas_of((line for line in visit if line.act not in WRITES), patient, names)
    written = _areas_of((line for line in visit if line.act in WRITES), patient, names)
    what = words.areas(read | written, language)
    why = _why(who, kind, language, to_herself=to_herself)
    app = names.app(who.app)
    writes = {line.act for line in visit if line.act in WRITES}
    role = "" if own or who.is_system else words.role(who.role, language)
    return Visit(
        name=name,
        role=role,
        unit=unit,
        organisation=organisation,
        why=why,
        app=app,
        what=what,
        first=visit[-1].at,
        last=newest.at,
        count=len(visit),
        wrote=bool(writes),
        is_emergency=kind == GroundKind.BREAK_GLASS,
        is_own=own,
        is_system=who.is_system,
        sentence=_sentence(
            name,
            (unit, organisation),
            _did(read, written, writes, language),
            why,
            language,
            app="" if who.is_system else app,
        ),
        keys=tuple(line.key for line in visit),
        short=_short(
            name, role, writes, language, has_read=any(line.act not in WRITES for line in visit)
        ),
    )


def _short(name: str, role: str, writes: set[Act], language: Language, *, has_read: bool) -> str:
    """Who, and in one word what was done: ``Ragna Lyngbakk, fastlege, leste og endret journalen``."""
    who = f"{name}, {role.lower()}," if role else name
    if not writes:
        did = words.SHORT_READ
    elif writes == {Act.POST}:
        did = words.SHORT_READ_AND_WROTE if has_read else words.SHORT_WROTE
    else:
        did = words.SHORT_READ_AND_CHANGED if has_read else words.SHORT_CHANGED
    return f"{who} {did[language]}."


def _areas_of(found: Iterable[Line], patient: int, names: Names) -> int:
    bits = 0
    for line in found:
        bits |= _areas(line, patient, names)
    return bits


def _areas(line: Line, patient: int, names: Names) -> int:
    """What kind of information about her an act showed; the types of what was hers tell it."""
    bits = 0
    for number in line.resources:
        reference, belongs_to = names.references.get(number, ("", 0))
        if reference and patient in {belongs_to, number}:
            bits |= AREA_OF[reference.split("/")[0]]
    return bits or line.areas


def _name(who: Who, names: Names, language: Language, *, is_you: bool) -> str:
    if is_you:
        return words.YOURSELF[language]
    if who.is_system:
        return (
            words.SERVICE[language].format(names.app(who.app))
            if who.app
            else words.PLATFORM[language]
        )
    return names.name(who.person) or words.UNKNOWN[language]


def _why(who: Who, kind: int | None, language: Language, *, to_herself: bool) -> str:
    if kind == GroundKind.BREAK_GLASS:
        return words.purpose("BTG", language)
    purpose = words.purpose(who.purpose, language, to_herself=to_herself)
    ground = words.ground(kind, language)
    return f"{purpose} ({ground.lower()})" if purpose and ground else purpose or ground


def _did(read: int, written: int, writes: set[Act], language: Language) -> str:
    """What was done, each verb with what it was done to: nothing that was only read was written.

    How many times is not told: the acts are those of pages and programs, not of the reader.
    """
    wrote = _listed(written, language)
    if not writes:
        return f"{words.LOOKED[language]} {_listed(read, language)}"
    if writes == {Act.POST}:
        verb = words.WROTE[language]
    else:
        verb = (words.CHANGED if writes <= CHANGES else words.WROTE_OR_CHANGED)[language]
    if not read:
        return f"{verb} {wrote}"
    return f"{words.READ[language]}: {_listed(read, language)}; {verb}: {wrote},"


def _listed(bits: int, language: Language) -> str:
    return words.listed(words.areas(bits, language), language) or words.THE_RECORD[language]


def _sentence(
    name: str, places: tuple[str, str], did: str, why: str, language: Language, *, app: str
) -> str:
    where = ", ".join(dict.fromkeys(filter(None, places)))
    told = f"{name}{f' ({where})' if where else ''} {did}"
    if app:
        told += " " + words.THROUGH[language].format(app)
    return f"{told} {why}".rstrip(" ,") + "."
