"""A citizen at the door: in her own record, or in that of somebody she may act for now.

Asked anew at each request, and once: the session holds what was found, and all that asks later in
the request asks the session. A birthday, a move, a lost custody or a new protection counts at the
next one (INV-38).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    representations_both_ways,
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

_STAND = (
    "select r.fhir_id, r.rid, v.body, exists (select from store.entry e where e.patient = r.rid"
    f" and e.died is null and (e.labels & {int(Label.NORN_ALL)}) <> 0)"
    " from store.resource r join store.version v on v.rid = r.rid and v.version = r.version"
    " where r.type = %s and (r.fhir_id = any(%s) or r.rid = any(%s)) and not r.deleted"
)
_NAMES = (
    "select r.rid, r.rid as patient, r.fhir_id, v.body from store.resource r"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    " where r.rid = any(%s) and r.type = %s and not r.deleted"
)


def citizen(person: str, subject: str | None = None) -> Session:
    """The session of a citizen (id of her Patient), who acts for ``subject`` if that is another.

    Raises NotAllowed when she is not known, or may not act for the other now; whether the
    other exists is not told.
    """
    subject = subject or person
    mandate = _for_herself(person) if subject == person else _for_another(person, subject)
    return citizen_session(person=person, subject=subject, mandate=mandate)


def every_record(person: str) -> list[Session]:
    """The sessions a citizen (id of her Patient) may have now: in her own record, then in that of
    each she may act for. As :func:`citizen` answers one by one, computed together; raises NotAllowed
    when she is not known.
    """
    leaves = {leave.subject: leave for leave in whom(person)}
    database, now = _REGISTER.connection(), clock.now()
    found = _standing(database, now, [person], list(leaves))
    if person not in found:
        raise NotAllowed("she is not known", code="forbidden")
    herself, is_hidden = found.pop(person)
    mandate = _own(herself, now, is_hidden=is_hidden)
    own = citizen_session(person=person, subject=person, mandate=mandate)
    others = [
        citizen_session(
            person=person, subject=fhir_id,
            mandate=_represented(leaves[other.rid], other, now, is_hidden=is_hidden),
        )
        for fhir_id, (other, is_hidden) in found.items()
    ]  # fmt: skip
    return [own, *sorted(others, key=lambda each: each.mandate.subject if each.mandate else 0)]


def open_areas(session: Session) -> Area:
    """Which kinds of information are open to who acts for another. In her own record all: what is
    hidden from her there is left out one by one, or altogether by a decision she is told of.
    """
    if session.person == session.subject:
        return ABOUT_PATIENTS
    return NOTHING if session.mandate is None else Area(session.mandate.areas)


def opens(session: Session, area: Area) -> bool:
    """Whether a kind of information is open to her; see :func:`open_areas`."""
    return area in open_areas(session)


def is_withheld(session: Session) -> bool:
    """Whether a decision (code NORN_ALL of 9603) keeps the whole of her own record from her here: all
    lists are empty then, and that says nothing of what the record holds.
    """
    own = session.person == session.subject
    return own and session.mandate is not None and not session.mandate.areas


@dataclass(frozen=True, slots=True)
class Control:
    """Which control over the record that is open a citizen has, in HelsaMi."""

    sees_log: bool
    blocks: bool


def control_of(session: Session) -> Control:
    """As ``may_see_log`` and ``may_block`` say it of her session; nothing is asked for it."""
    mandate = session.mandate
    if mandate is None:
        return Control(sees_log=False, blocks=False)
    return Control(mandate.opens(Area.LOG), mandate.may_change(Area.PRIVACY))


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


def both_ways(person: str) -> tuple[list[Representation], list[Representation]]:
    """:func:`whom` and :func:`by_whom`, in the statements of one."""
    return representations_both_ways(_REGISTER.connection(), person, clock.now())


def names(numbers: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Logical id, name and birth date ("" if unknown) of some Patients (numbers of store.resource),
    for a list of those who act for each other; nothing else of them is told, and that it was is
    logged.
    """
    wanted = [sorted(set(numbers)), type_number("Patient")]
    rows = _REGISTER.connection().execute(
        log.with_line(_NAMES), [*wanted, *log.who(_REGISTER, "read", "Patient")]
    )
    people = [(rid, fhir_id, orjson.loads(body)) for rid, _, fhir_id, body in rows]
    return {
        rid: (fhir_id, reading.name_text(data.get("name")), reading.string(data.get("birthDate")))
        for rid, fhir_id, data in people
    }


def _for_herself(person: str) -> Mandate:
    now = clock.now()
    ((herself, is_hidden),) = _people(_REGISTER.connection(), now, person)
    return _own(herself, now, is_hidden=is_hidden)


def _own(herself: Person, now: datetime, *, is_hidden: bool) -> Mandate:
    masks = visibility_codes.masks(visibility_codes.view_of_self(herself.birth, now))
    return _mandate(herself.rid, None, int(rules.SELF_SEE), masks, is_hidden=is_hidden)


def _for_another(person: str, subject: str) -> Mandate:
    database = _REGISTER.connection()
    now = clock.now()
    (herself, _), (other, is_hidden) = _people(database, now, person, subject)
    leave = representation_between(database, herself.rid, other.rid, now)
    if isinstance(leave, Refusal):
        raise NotAllowed("you can't act for this person", code="forbidden")
    return _represented(leave, other, now, is_hidden=is_hidden)


def _represented(
    leave: Representation, other: Person, now: datetime, *, is_hidden: bool
) -> Mandate:
    age = None if other.birth is None else ages.age(other.birth, now)
    view = visibility_codes.view_of(leave, of_minor=age is None or age < DEFAULT_LIMITS.of_age)
    areas = leave.areas & int(rules.SELF_SEE)
    return _mandate(other.rid, leave, areas, visibility_codes.masks(view), is_hidden=is_hidden)


def _mandate(
    subject: int,
    leave: Representation | None,
    areas: int,
    masks: visibility_codes.Masks,
    *,
    is_hidden: bool,
) -> Mandate:
    seen = 0 if is_hidden else areas  # NORN_ALL: the whole record is closed in the portal
    return Mandate(
        subject=subject,
        ground=GroundKind.SELF if leave is None else GroundKind.REPRESENTATION,
        areas=seen,
        write_areas=int(rules.SELF_WRITE) & areas,
        open_areas=int(rules.OPEN_SEE),
        hidden=masks.hidden,
        required=masks.required,
        leave=leave,
    )


def _standing(
    database: psycopg.Connection[Any], now: datetime, ids: Sequence[str], rids: Sequence[int] = ()
) -> dict[str, tuple[Person, bool]]:
    """The Patients with these ids or numbers that stand, by id, and whether the whole record of
    each is closed here.
    """
    rows = database.execute(_STAND, [type_number("Patient"), list(ids), list(rids)])
    return {
        fhir_id: (person_of(rid, orjson.loads(body), now), is_hidden)
        for fhir_id, rid, body, is_hidden in rows
    }


def _people(
    database: psycopg.Connection[Any], now: datetime, *ids: str
) -> list[tuple[Person, bool]]:
    """As :func:`_standing`, each in its place. Raises NotAllowed when one does not stand."""
    found = _standing(database, now, ids)
    if not all(fhir_id in found for fhir_id in ids):
        raise NotAllowed("you can't act for this person", code="forbidden")
    return [found[fhir_id] for fhir_id in ids]


__all__ = [
    "both_ways",
    "by_whom",
    "citizen",
    "every_record",
    "is_withheld",
    "names",
    "open_areas",
    "opens",
    "reads_helsami",
    "whom",
]
