"""Who at a unit may answer, who leads it, and where its work goes when it closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import patients, records
from fellesjournal.access.acts import Resource, content
from fellesjournal.access.conversing import may_answer
from fellesjournal.access.moments import end_of, start_of
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

LEADER = "unit-leader"
# More levels than any organisation has; a circle of parents ends here.
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at a unit. ``reference`` is a Practitioner's."""

    reference: str
    name: str
    role: str


def colleagues(session: Session, unit: str) -> list[Colleague]:
    """Those at a unit who may answer now, by name, each once."""
    found: dict[str, Colleague] = {}
    for each in _at_work(session, unit):
        role = role_of(each.role)
        if role is not None and may_answer(role):
            found.setdefault(each.reference, each)
    return sorted(found.values(), key=lambda each: (each.name.casefold(), each.reference))


def leader_of(session: Session, unit: str) -> Colleague | None:
    """The leader of a unit, or of the nearest one above that has one."""
    for place in upwards(session, unit):
        leaders = [each for each in _at_work(session, place) if each.role == LEADER]
        if leaders:
            return min(leaders, key=lambda each: (each.name.casefold(), each.reference))
    return None


def works_at(session: Session, person: str, unit: str) -> bool:
    """Whether somebody has a post at a unit, or leads one above it."""
    if any(each.reference == person for each in _at_work(session, unit)):
        return True
    leader = leader_of(session, unit)
    return leader is not None and leader.reference == person


def open_unit(session: Session, unit: str, patient: str) -> Resource:
    """The unit; when it is closed the nearest open one above, else her list GP's office; the unit
    itself when there is none of these.
    """
    for place in (*upwards(session, unit), *_list_gp(session, patient)):
        for found in _known(session, [place]):
            if found.get("active") is not False:
                return found
    return next(iter(_known(session, [unit])), {"id": unit.partition("/")[2], "name": ""})


def upwards(session: Session, unit: str) -> Iterator[str]:
    """A unit and those above it."""
    place, seen = unit, set[str]()
    while place and place not in seen and len(seen) < _DEEPEST:
        seen.add(place)
        yield place
        found = _known(session, [place])
        place = reading.reference_target(found[0].get("partOf")) if found else ""


def _list_gp(session: Session, patient: str) -> Iterator[str]:
    for person in _known(session, [patient]):
        for each in reading.elements(person.get("generalPractitioner")):
            target = reading.reference_target(each)
            if target.startswith("Organization/"):
                yield target
            elif target.startswith("Practitioner/"):
                for role in _roles(session, [("practitioner", target)]):
                    yield reading.reference_target(role.get("organization"))


def _at_work(session: Session, unit: str) -> Iterator[Colleague]:
    now = clock.now()
    asked = [("organization", unit), ("_include", "PractitionerRole:practitioner")]
    people: dict[str, Resource] = {}
    listed = _roles(session, asked, people)
    for role in listed:
        who = reading.reference_target(role.get("practitioner"))
        person = people.get(who)
        code = _code(role)
        if person is None or person.get("active") is False or not code or not _holds(role, now):
            continue
        yield Colleague(who, reading.name_text(person.get("name")), code)


def _roles(
    session: Session,
    query: list[tuple[str, str]],
    beside: dict[str, Resource] | None = None,
) -> list[Resource]:
    found: list[Resource] = []
    cursor: str | None = None
    while True:
        page = records.search(
            session, "PractitionerRole", [*query, ("_count", "500")], cursor=cursor
        )
        found += [content(each) for each in page.matches]
        if beside is not None:
            beside.update({f"{each.type}/{each.id}": content(each) for each in page.included})
        if page.next is None:
            return found
        cursor = page.next


def _holds(role: Resource, at: datetime) -> bool:
    """Whether a post holds now; one whose times can't be read gives nothing, as at the door."""
    if role.get("active") is False:
        return False
    period = role.get("period") or {}
    try:
        starts = start_of(period["start"]) if "start" in period else None
        ends = end_of(period["end"]) if "end" in period else None
    except (TypeError, ValueError):
        return False
    return (starts is None or starts <= at) and (ends is None or at < ends)


def _code(role: Resource) -> str:
    codes = (
        code
        for concept in reading.elements(role.get("code"))
        for system, code, _ in reading.codings(concept)
        if system == STAFF_ROLE_SYSTEM
    )
    return next(codes, "")


def _known(session: Session, references: list[str]) -> list[Resource]:
    pairs = [
        (kind, fhir_id)
        for kind, _, fhir_id in (each.partition("/") for each in references)
        if fhir_id
    ]
    return [content(each) for each in patients.read_known(session, pairs) if each.body]


__all__ = [
    "LEADER", "Colleague", "colleagues", "leader_of", "may_answer", "open_unit", "upwards",
    "works_at",
]  # fmt: skip
