"""A citizen at the door: in her own record, or in that of somebody she may act for now.

Asked anew at each request: a birthday, a move, a lost custody or a new protection counts at
the next one (INV-38).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from fellesjournal.access import log, visibility_codes
from fellesjournal.access.labels import Label
from fellesjournal.access.policy import citizen as rules
from fellesjournal.access.policy.areas import ABOUT_PATIENTS, NOTHING, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.representation import ages
from fellesjournal.access.representation.facts import (
    representation_between,
    representations_of,
    representatives_of,
)
from fellesjournal.access.representation.reading import person_of
from fellesjournal.access.representation.rules import (
    DEFAULT_LIMITS,
    Person,
    Refusal,
    Representation,
)
from fellesjournal.access.sessions import Mandate, Session, citizen_session, system_session
from fellesjournal.fhir import reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock

_REGISTER = system_session("system:representation", purpose="PATRQT")

_STANDS = (
    "select r.rid, v.body, exists (select from store.entry e where e.patient = r.rid"
    f" and e.died is null and (e.labels & {int(Label.NORN_ALL)}) <> 0)"
    " from store.resource r join store.version v on v.rid = r.rid and v.version = r.version"
    " where r.type = %s and r.fhir_id = %s and not r.deleted"
)


def citizen(person: str, subject: str | None = None) -> Session:
    """The session of a citizen (id of her Patient), who acts for ``subject`` if that is another.

    Raises NotAllowed when she is not known, or may not act for the other now; whether the
    other exists is not told.
    """
    subject = subject or person
    mandate = _own(person) if subject == person else _for_another(person, subject)
    return citizen_session(person=person, subject=subject, mandate=mandate)


def open_areas(session: Session) -> Area:
    """Which kinds of information are open to who acts for another. In her own record all: what is
    hidden from her there is left out one by one, or altogether by a decision she is told of.
    """
    if session.person == session.subject:
        return ABOUT_PATIENTS
    row = session.connection().execute("select current_setting('fj.areas')::int").fetchone()
    return NOTHING if row is None else Area(row[0])


def opens(session: Session, area: Area) -> bool:
    """Whether a kind of information is open to her; see :func:`open_areas`."""
    return area in open_areas(session)


@dataclass(frozen=True, slots=True)
class Control:
    """Which control over the record that is open a citizen has, in HelsaMi."""

    sees_log: bool
    blocks: bool


def control_of(session: Session) -> Control:
    """As ``may_see_log`` and ``may_block`` say it of her session, in one statement."""
    row = session.connection().execute(
        "select (current_setting('fj.areas')::int & %s) <> 0,"
        " (current_setting('fj.write_areas')::int & current_setting('fj.areas')::int & %s) <> 0"
        " where current_setting('fj.kind') = 'citizen'",
        [int(Area.LOG), int(Area.PRIVACY)],
    ).fetchone()  # fmt: skip
    return Control(sees_log=False, blocks=False) if row is None else Control(*row)


def reads_helsami(session: Session, person: str) -> bool:
    """Whether a citizen (id of her Patient) has begun to use HelsaMi: has accepted its terms.

    That is no part of a record: whoever may send her a letter may know on which way it comes.
    """
    row = session.connection().execute(
        "select exists (select from access.terms_accepted where person = %s)",
        [f"Patient/{person}"],
    ).fetchone()  # fmt: skip
    return row == (True,)


def whom(person: str) -> list[Representation]:
    """Whom a citizen may act for now."""
    return representations_of(_REGISTER.connection(), person, clock.now())


def by_whom(person: str) -> list[Representation]:
    """Who may act for a citizen now."""
    return representatives_of(_REGISTER.connection(), person, clock.now())


def leave(person: str, subject: str) -> Representation | None:
    """How a citizen acts for another now (ids of Patients); None when she may not."""
    database = _REGISTER.connection()
    acting, other = _number(database, person), _number(database, subject)
    if acting is None or other is None:
        return None
    found = representation_between(database, acting, other, clock.now())
    return found if isinstance(found, Representation) else None


def names(numbers: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Logical id, name and birth date ("" if unknown) of some Patients (numbers of store.resource),
    for a list of those who act for each other; nothing else of them is told, and that it was is
    logged.
    """
    wanted = sorted(set(numbers))
    database = _REGISTER.connection()
    rows = database.execute(
        "select r.rid, r.fhir_id, v.body from store.resource r"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.rid = any(%s) and r.type = %s and not r.deleted",
        [wanted, type_number("Patient")],
    ).fetchall()
    log.line(database, _REGISTER, "read", "Patient", [(rid, rid) for rid, _, _ in rows])
    people = [(rid, fhir_id, orjson.loads(body)) for rid, fhir_id, body in rows]
    return {
        rid: (fhir_id, reading.name_text(data.get("name")), reading.string(data.get("birthDate")))
        for rid, fhir_id, data in people
    }


def _number(database: psycopg.Connection[Any], fhir_id: str) -> int | None:
    row = database.execute(
        "select rid from store.resource where type = %s and fhir_id = %s and not deleted",
        [type_number("Patient"), fhir_id],
    ).fetchone()
    return None if row is None else int(row[0])


def _own(person: str) -> Mandate:
    database = _REGISTER.connection()
    herself, is_hidden = _person(database, person)
    masks = visibility_codes.masks(visibility_codes.view_of_self(herself.birth, clock.now()))
    return _mandate(GroundKind.SELF, int(rules.SELF_SEE), masks, is_hidden=is_hidden)


def _for_another(person: str, subject: str) -> Mandate:
    database = _REGISTER.connection()
    now = clock.now()
    herself, _ = _person(database, person)
    other, is_hidden = _person(database, subject)
    leave = representation_between(database, herself.rid, other.rid, now)
    if isinstance(leave, Refusal):
        raise NotAllowed("you can't act for this person", code="forbidden")
    age = None if other.birth is None else ages.age(other.birth, now)
    view = visibility_codes.view_of(leave, of_minor=age is None or age < DEFAULT_LIMITS.of_age)
    return _mandate(
        GroundKind.REPRESENTATION,
        leave.areas & int(rules.SELF_SEE),
        visibility_codes.masks(view),
        is_hidden=is_hidden,
        code=str(leave.code),
    )


def _mandate(
    ground: GroundKind,
    areas: int,
    masks: visibility_codes.Masks,
    *,
    is_hidden: bool,
    code: str = "",
) -> Mandate:
    seen = 0 if is_hidden else areas  # NORN_ALL: the whole record is closed in the portal
    return Mandate(
        ground=ground,
        areas=seen,
        write_areas=int(rules.SELF_WRITE) & areas,
        open_areas=int(rules.OPEN_SEE),
        hidden=masks.hidden,
        required=masks.required,
        code=code,
    )


def _person(database: psycopg.Connection[Any], fhir_id: str) -> tuple[Person, bool]:
    row = database.execute(_STANDS, [type_number("Patient"), fhir_id]).fetchone()
    if row is None:
        raise NotAllowed("you can't act for this person", code="forbidden")
    return person_of(row[0], orjson.loads(row[1]), clock.now()), row[2]


__all__ = ["by_whom", "citizen", "leave", "names", "open_areas", "opens", "reads_helsami", "whom"]
