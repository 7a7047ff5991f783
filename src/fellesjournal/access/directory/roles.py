"""Who works where in which role: listing, giving and ending, and what must be reviewed.

An authorisation is a PractitionerRole: it names the person, the unit and the role, and a period
(norway.md section 9 L3: documented, of a named entity, limited in time).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from fellesjournal.access import records
from fellesjournal.access.directory.authorised import is_authorised
from fellesjournal.access.directory.units import Unit, pages
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.issues import Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM, HPR_SYSTEM

LONGEST = timedelta(days=366)
"""How long a role is given for at most. Assumption (configurable): reviewed once a year."""

SOON = timedelta(days=30)
"""A role that ends within this time stands in the review list."""


_REGISTER = system_session("system:directory", purpose="HSYSADMIN")


class BadGrant(ValueError):
    """A role that can't be given so. ``field`` says where, ``code`` what is wrong."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """One PractitionerRole. ``starts`` and ``ends`` are days, both included; None: open."""

    id: str
    version: int
    practitioner: str
    name: str
    code: str
    title: str
    unit: str
    starts: date | None
    ends: date | None
    active: bool

    @property
    def known(self) -> bool:
        """Whether the policy knows the role; an unknown one opens nothing."""
        return role_of(self.code) is not None

    def holds(self, day: date) -> bool:
        """Whether it counts on a day."""
        return (
            self.active
            and (self.starts is None or self.starts <= day)
            and (self.ends is None or day <= self.ends)
        )

    def is_over(self, day: date) -> bool:
        """Whether it counts no more."""
        return not self.active or (self.ends is not None and self.ends < day)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as the pages name her: never a person number (INV-40)."""

    reference: str
    name: str
    resource: dict[str, Any]


def of_unit(session: Session, unit: str) -> list[Authorisation]:
    """The authorisations at a unit (a reference): those that count first, then by name."""
    return _sorted(_search(session, [("organization", unit)]))


def of_person(session: Session, practitioner: str) -> list[Authorisation]:
    """All authorisations of one member of staff."""
    return _sorted(_search(session, [("practitioner", practitioner)]))


def to_review(session: Session, units: Iterable[Unit]) -> tuple[list[Authorisation], ...]:
    """What ends within :data:`SOON`, and what never ends, at some units; the first by its day."""
    today = clock.today()
    wanted = [unit.reference for unit in units]
    found = []
    # an address of a search has its limits: some units at a time
    for first in range(0, len(wanted), 50):
        found += _search(session, [("organization", ",".join(wanted[first : first + 50]))])
    open_ended = [each for each in _sorted(found) if not each.is_over(today) and each.ends is None]
    soon = [
        each
        for each in found
        if not each.is_over(today) and each.ends is not None and each.ends <= today + SOON
    ]
    return sorted(soon, key=lambda each: (each.ends or today, each.name.casefold())), open_ended


def person_with(session: Session, number: str) -> Person:
    """The one Practitioner with an HPR or person number. Raises BadGrant.

    Staff can't search for each other's person numbers (INV-40). That whoever gives a role
    knows the number already is why the platform looks it up for her; what she then sees of the
    person is what she may see.
    """
    digits = number.replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or not 7 <= len(digits) <= 11:
        raise BadGrant("number", "no-number")
    systems = (FNR_SYSTEM, DNR_SYSTEM) if len(digits) == 11 else (HPR_SYSTEM,)
    asked = ",".join(f"{system}|{digits}" for system in systems)
    page = records.search(_REGISTER, "Practitioner", [("identifier", asked), ("_count", "2")])
    found = [bodies.parse(stored.body or b"{}").data for stored in page.matches]
    found = [data for data in found if data.get("active") is not False]
    if len(found) != 1:
        raise BadGrant("number", "unknown" if not found else "ambiguous")
    return person(session, str(found[0]["id"]))


def person(session: Session, practitioner_id: str) -> Person:
    """One member of staff. Raises NotFound."""
    stored = records.read(session, "Practitioner", practitioner_id)
    return _person(bodies.parse(stored.body or b"{}").data)


def give(
    session: Session, *, person: Person, unit: Unit, code: str, starts: date, ends: date
) -> str:
    """Give a role at a unit for a period; answers the id of the PractitionerRole.

    Raises BadGrant for what the giver can mend, NotAllowed for what rules.py refuses.
    """
    role = role_of(code)
    if role is None:
        raise BadGrant("code", "unknown-role")
    if ends < starts or ends < clock.today():
        raise BadGrant("ends", "before-start")
    if ends - max(starts, clock.today()) > LONGEST:
        raise BadGrant("ends", "too-long")
    if person.reference == session.person:
        raise BadGrant("number", "herself")
    if not is_authorised(person.resource, role):
        raise BadGrant("code", "not-authorised")
    if _has_already(session, person, unit, code, starts, ends):
        raise BadGrant("code", "held-already")
    title = role.titles["nb"]
    resource = {
        "resourceType": "PractitionerRole",
        "active": True,
        "period": {"start": starts.isoformat(), "end": ends.isoformat()},
        "practitioner": {"reference": person.reference, "display": person.name},
        "organization": {"reference": unit.reference, "display": unit.name},
        "code": [
            {
                "coding": [{"system": STAFF_ROLE_SYSTEM, "code": code, "display": title}],
                "text": title,
            }
        ],
    }
    body = bodies.parse(orjson.dumps(resource))
    (written,) = write(session, [Operation("create", "PractitionerRole", body=body)])
    assert written.stored is not None  # a create leaves something
    return written.stored.id


def _has_already(
    session: Session, person: Person, unit: Unit, code: str, starts: date, ends: date
) -> bool:
    """Whether she has the role there on some day of the period: given twice, it would go on when
    one is ended. One that never ends does not count: this is how it is replaced.
    """
    return any(
        (held.unit, held.code) == (unit.reference, code)
        and not held.is_over(clock.today())
        and (held.starts is None or held.starts <= ends)
        and held.ends is not None
        and starts <= held.ends
        for held in of_person(session, person.reference)
    )


def end(session: Session, authorisation: Authorisation, *, last_day: date | None) -> None:
    """End a role: after ``last_day``, or at once when None is given.

    Raises Conflict when somebody changed it meanwhile, NotAllowed for what rules.py refuses.
    """
    stored = records.read(session, "PractitionerRole", authorisation.id)
    if stored.version != authorisation.version:
        raise Conflict("the role was changed meanwhile")
    data = dict(bodies.parse(stored.body or b"{}").data)
    data.pop("meta", None)
    today = clock.today()
    start = authorisation.starts
    last = last_day or (today if start is None or start <= today else start)
    data["period"] = {**(data.get("period") or {}), "end": last.isoformat()}
    if last_day is None:
        data["active"] = False
    write(
        session,
        [
            Operation(
                "update", "PractitionerRole", id=authorisation.id,
                body=bodies.parse(orjson.dumps(data)), if_match=authorisation.version,
            )
        ],
    )  # fmt: skip


def authorisation(session: Session, role_id: str) -> Authorisation:
    """One authorisation. Raises NotFound."""
    found = _search(session, [("_id", role_id)])
    if not found:
        raise NotFound(f"PractitionerRole/{role_id} is not known")
    return found[0]


def _search(session: Session, query: list[tuple[str, str]]) -> list[Authorisation]:
    asked = [*query, ("_include", "PractitionerRole:practitioner")]
    found = []
    for page in pages(session, "PractitionerRole", asked):
        people = {
            f"{stored.type}/{stored.id}": bodies.parse(stored.body or b"{}").data
            for stored in page.included
        }
        found += [
            _of(bodies.parse(stored.body or b"{}").data, stored.version, people)
            for stored in page.matches
        ]
    return found


def _of(data: dict[str, Any], version: int, people: dict[str, dict[str, Any]]) -> Authorisation:
    concepts = list(reading.elements(data.get("code")))
    code = next(
        (
            code
            for concept in concepts
            for system, code, _ in reading.codings(concept)
            if system == STAFF_ROLE_SYSTEM
        ),
        "",
    )
    who = reading.reference_target(data.get("practitioner"))
    name = reading.name_text((people.get(who) or {}).get("name"))
    period = data.get("period") or {}
    return Authorisation(
        id=str(data.get("id", "")),
        version=version,
        practitioner=who,
        name=name or reading.reference_text(data.get("practitioner")) or who,
        code=code,
        title=next((text for each in concepts if (text := reading.concept_text(each))), code),
        unit=reading.reference_target(data.get("organization")),
        starts=_day(period.get("start")),
        ends=_day(period.get("end")),
        active=data.get("active") is not False,
    )


def _person(data: dict[str, Any]) -> Person:
    return Person(f"Practitioner/{data.get('id', '')}", reading.name_text(data.get("name")), data)


def _day(text: Any) -> date | None:
    found = reading.moment(text)
    return None if found is None else found.at.date()


def _sorted(found: list[Authorisation]) -> list[Authorisation]:
    today = clock.today()
    return sorted(found, key=lambda each: (each.is_over(today), each.name.casefold(), each.id))


__all__ = [
    "LONGEST",
    "SOON",
    "Authorisation",
    "BadGrant",
    "Person",
    "authorisation",
    "end",
    "give",
    "of_person",
    "of_unit",
    "person",
    "person_with",
    "to_review",
]
