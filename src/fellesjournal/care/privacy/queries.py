"""What a citizen may know of access to her record: who has been there, who may act for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fellesjournal.access import citizens, log, records
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.leave import (
    Opened,
    log_patient,
    names_in,
    openings_said,
    opens_log,
)
from fellesjournal.access.readlog.queries import Line, Names, lines, lines_by
from fellesjournal.access.readlog.seen_by import Visit, visit_of, visits_of
from fellesjournal.access.readlog.words import Language
from fellesjournal.access.relations.derive import ACCESS_OUTCOME, NOTICE_SYSTEM
from fellesjournal.access.representation.rules import Representation
from fellesjournal.access.sessions import Session
from fellesjournal.access.unjustified import LINE_SYSTEM, OPENING_SYSTEM
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.issues import NotFound

_PAGE = 300
_AHEAD = 100
"""Lines looked at beyond a page, to tell whether its last visits go on there."""
# Of what she herself, those who act for her and the platform have opened: beside the first page of
# staff only, for there are many and they are not what she looks for. All of it is in the exports.
_OTHERS = 200


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open, aware; None leaves a side open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit to the record, in words, with what a page needs beside them.

    ``person`` and ``unit`` are references; ``opening`` is the number of the break-glass it
    rests on, 0 for none; ``is_representative``: somebody who acts for the citizen;
    ``is_look_up``: only that there is a record was looked up, with name and birth year.
    """

    told: Visit
    person: str
    unit: str
    opening: int
    is_representative: bool
    is_look_up: bool

    @property
    def key(self) -> str:
        """Names the visit: the key of its last line."""
        return self.told.keys[0]

    @property
    def is_staff(self) -> bool:
        """Whether it was somebody at work."""
        return self.person.startswith("Practitioner/")


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Visits, newest first. ``units`` are those of the staff among them, by name;
    ``further`` begins the next page, "" on the last. ``others_cut``: there is more of what was not
    opened by staff than stands here; ``others_further`` begins the next of those.
    """

    visits: list[Seen]
    units: Mapping[str, str]
    further: str
    others_cut: bool
    others_further: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """One citizen who may act for another. ``person`` and ``name`` are the other one's, as seen
    by who asks; ``born`` is told of whom one acts for only, and not without the part of the record
    it is in ("").
    """

    person: str
    name: str
    representation: Representation
    born: str = ""

    @property
    def consents(self) -> tuple[str, ...]:
        """Ids of the powers of attorney it rests on."""
        return tuple(
            reason.removeprefix("Consent/")
            for reason in self.representation.reasons
            if reason.startswith("Consent/")
        )


def who_has_seen(
    session: Session,
    period: Period,
    language: Language,
    *,
    unit: str = "",
    before: str = "",
    others_before: str = "",
) -> SeenPage:
    """A page of visits to the record the session has open; the asking is logged as well.

    Staff fill the pages; the first one has the newest of all others beside them.

    Raises NotFound when the session may not see the log of this record, ValueError for a
    ``before`` that is no key of a line.
    """
    patient = log_patient(session, session.subject)
    asked = partial(_lines, session, patient, period, unit=unit)
    found = asked(before=before, limit=_PAGE + _AHEAD, by_staff=True)
    more, found = found[_PAGE:], found[:_PAGE]
    found = _of_whole_visits(found, more, patient)
    others = [] if before else asked(before=others_before, limit=_OTHERS + _AHEAD, by_staff=False)
    more_others, others = others[_OTHERS:], others[:_OTHERS]
    others = _of_whole_visits(others, more_others, patient)
    # seen before it is noted: her own asking now is not news
    log.line(session.connection(), session, "search", "AuditEvent", [(0, patient)])
    names = names_in([*found, *others])
    groups = _with_their_openings(visits_of(found, patient), patient) + visits_of(others, patient)
    own = session.person == session.subject
    visits = [_seen(group, patient, names, language, to_herself=own) for group in groups]
    units = {
        seen.unit: seen.told.unit or seen.unit for seen in visits if seen.is_staff and seen.unit
    }
    return SeenPage(
        visits,
        dict(sorted(units.items(), key=lambda item: item[1].casefold())),
        found[-1].key if more else "",
        others_cut=bool(more_others),
        others_further=others[-1].key if more_others else "",
    )


def _of_whole_visits(found: list[Line], more: list[Line], patient: int) -> list[Line]:
    """The lines of a page without those of visits that go on in ``more``, the lines after it: a
    visit is told once, with its beginning and its end. All of them when no cut leaves a whole
    visit: one longer than a page is told in parts.
    """
    listed = [*found, *more]
    place = {one.key: at for at, one in enumerate(listed)}
    cut = len(found)
    for group in reversed(visits_of(listed, patient)):  # by their newest lines, the oldest first
        if place[group[0].key] < cut <= place[group[-1].key]:
            cut = place[group[0].key]
    return found[:cut] or found


def visit_with(session: Session, keys: list[str], language: Language) -> Seen:
    """The visit of these lines (keys, newest first).

    Raises NotFound when one of them is not in the log of the record the session has open.
    """
    patient = log_patient(session, session.subject)
    database = session.connection()
    found = [one for one in lines_by(database, keys) if patient in one.patients]
    if not found or len(found) != len(set(keys)):
        raise NotFound("these lines are not in this log")
    own = session.person == session.subject
    return _seen(found, patient, names_in(found), language, to_herself=own)


def everything_seen(
    session: Session, period: Period, *, unit: str = ""
) -> Iterator[tuple[list[Line], Names, int]]:
    """All lines of a period in pages, with names and the number of the patient; logged once.

    Raises NotFound at the first page as :func:`who_has_seen`.
    """
    patient = log_patient(session, session.subject)
    log.line(session.connection(), session, "export", "AuditEvent", [(0, patient)])
    before = ""
    while True:
        found = _lines(session, patient, period, unit=unit, before=before, limit=_PAGE)
        yield found, names_in(found), patient
        if len(found) < _PAGE:
            return
        before = found[-1].key


def in_words(
    found: list[Line], names: Names, patient: int, language: Language, *, to_herself: bool = True
) -> list[Seen]:
    """Each line as a visit of its own, for tables."""
    return [
        _seen(group, patient, names, language, to_herself=to_herself)
        for one in found
        for group in visits_of([one], patient)
    ]


def _with_their_openings(groups: list[list[Line]], patient: int) -> list[list[Line]]:
    """The breaking of the glass and what was read through it are one visit."""
    merged: list[list[Line]] = []
    by_opening: dict[int, list[Line]] = {}
    for group in groups:
        number = max(_opening(one, patient) for one in group)
        if number and number in by_opening:
            by_opening[number] += group
            by_opening[number].sort(key=lambda one: (one.id, one.chain), reverse=True)
            continue
        merged.append(group)
        by_opening[number] = group
    return merged


def _seen(
    group: list[Line],
    patient: int,
    names: Names,
    language: Language,
    *,
    to_herself: bool = True,
) -> Seen:
    who = group[0].who
    told = visit_of(group, patient, names, language, to_herself=to_herself)
    return Seen(
        told=told,
        person=who.person,
        unit=who.unit,
        opening=max(_opening(one, patient) for one in group),
        is_representative=who.person.startswith("Patient/") and not told.is_own,
        is_look_up=all(one.act is Act.LOOK_UP for one in group),
    )


def _opening(one: Line, patient: int) -> int:
    _, source = one.grounds.get(patient, (None, None))
    if source is not None and source < 0:
        return -source  # a ground of break-glass follows from its opening
    return one.decision if one.act is Act.OPEN else 0


def opened(session: Session, numbers: Iterable[int]) -> dict[int, Opened]:
    """What was said when the glass was broken, of the record the session has open."""
    wanted = sorted(set(numbers) - {0})
    if not wanted:
        return {}
    patient = log_patient(session, session.subject)
    return openings_said(session.connection(), patient, wanted)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found about a visit that was looked into, as the citizen was told."""

    text: str
    is_justified: bool


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All that she was told: by the number of an opening, and by the key of a line."""

    by_opening: Mapping[int, Outcome]
    by_line: Mapping[str, Outcome]

    def of(self, visit: Seen) -> Outcome | None:
        """What was found about this visit, if it was looked into."""
        named = (self.by_line.get(key) for key in visit.told.keys)
        return self.by_opening.get(visit.opening) or next(filter(None, named), None)


def outcomes(session: Session, language: Language) -> Outcomes:
    """What was found about visits to the record that is open, oldest first, as notices tell it.

    Read through the door, as any message of hers; none where messages are not open to her.
    """
    criteria = [("category", f"{NOTICE_SYSTEM}|{ACCESS_OUTCOME}"), ("subject", session.subject),
                ("_sort", "_lastUpdated"), ("_count", "200")]  # fmt: skip
    found = records.search(session, "Communication", criteria).matches
    by_opening: dict[int, Outcome] = {}
    by_line: dict[str, Outcome] = {}
    for stored in found:
        data = bodies.parse(stored.body or b"{}").data
        told = Outcome(_said(data, language), reading.first_code(data.get("topic")) == "justified")
        for about in reading.elements(data.get("about")):
            named = about.get("identifier") or {}
            value = reading.string(named.get("value"))
            if named.get("system") == OPENING_SYSTEM and value.isascii() and value.isdigit():
                by_opening[int(value)] = told
            elif named.get("system") == LINE_SYSTEM:
                by_line[value.rpartition(".")[0]] = told
    return Outcomes(by_opening, by_line)


def _said(data: Mapping[str, object], language: Language) -> str:
    """The text of a notice in a language, by its translations; else as it stands."""
    payload = next(reading.elements(data.get("payload")), {})
    beside = payload.get("_contentString")
    for each in reading.elements(beside.get("extension") if isinstance(beside, dict) else None):
        parts = {part.get("url"): part for part in reading.elements(each.get("extension"))}
        if parts.get("lang", {}).get("valueCode") == language:
            return reading.string(parts.get("content", {}).get("valueString"))
    return reading.string(payload.get("contentString"))


def may_see_log(session: Session) -> bool:
    """Whether the log of the record that is open is among what the session opens."""
    return opens_log(session)


def whom_i_act_for(person: str) -> list[Acting]:
    """Whom a citizen (id of her Patient) may act for now, by name."""
    return _acting([(each.subject, each) for each in citizens.whom(person)])


def acting_both_ways(person: str) -> tuple[list[Acting], list[Acting]]:
    """Whom a citizen (id of her Patient) may act for now, and who may act for her, by name."""
    whom, by_whom = citizens.both_ways(person)
    others = {each.subject for each in whom}
    told = _acting(
        [(each.subject, each) for each in whom] + [(each.representative, each) for each in by_whom]
    )
    mine = [each for each in told if each.representation.subject in others]
    return mine, [each for each in told if each.representation.subject not in others]


def acting_now(session: Session) -> Acting | None:
    """How a citizen acts for another, as her session has been computed; None for herself."""
    leave = None if session.mandate is None else session.mandate.leave
    return None if leave is None else next(iter(_acting([(leave.subject, leave)])), None)


def _acting(found: list[tuple[int, Representation]]) -> list[Acting]:
    """With the names of the others: those alone are told, and that they were is logged."""
    if not found:
        return []
    told = citizens.names(number for number, _ in found)
    acting = []
    for number, each in found:
        if number in told:
            person, name, born = told[number]
            known = number == each.subject and each.areas & Area.PERSON
            acting.append(Acting(person, name, each, born if known else ""))
    return sorted(acting, key=lambda each: (each.name.casefold(), each.person))


def _lines(
    session: Session,
    patient: int,
    period: Period,
    *,
    unit: str,
    before: str,
    limit: int,
    by_staff: bool | None = None,
) -> list[Line]:
    return lines(
        session.connection(),
        patient=patient,
        unit=unit or None,
        by_staff=by_staff,
        since=period.since,
        until=period.until,
        before=before or None,
        limit=limit,
    )
