"""Who asks, for which organisation, and why: the one door to the record.

A :class:`Session` accompanies each read and write (rule 2 of docs/architecture.md). It says
who asks, and enters the database as that person at the beginning of each request: from then
on every statement carries the session's condition (``policy/predicate.py``), which reads who
asks from the connection. What a person may see is never remembered from one request to the
next: a ground that ended, a role that was lost or a birthday counts at once (INV-38).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus

from fellesjournal.access.labels import BLOCKED_FOR_STAFF, OVERSIGHT, PROTECTED_ADDRESS, SPECIAL
from fellesjournal.access.policy import predicate
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import masks, role_of, write_masks
from fellesjournal.access.policy.rules import Role
from fellesjournal.access.representation.rules import Representation
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, in_transaction
from fellesjournal.store.read import Stored
from fellesjournal.store.visibility import EVERYTHING, NOTHING, Visibility

Kind = Literal["system", "staff", "citizen"]

# Who has entered each connection, as long as nothing can have undone it.
_entered: WeakKeyDictionary[psycopg.Connection[Any], Session] = WeakKeyDictionary()


# What access.let_in raises (sql/functions.sql).
_REFUSED_ENTRY = "FJ403"


class Ended(NotAllowed):
    """Who asks can't enter: the role has ended, the person is gone, the token is revoked."""

    def __init__(self) -> None:
        super().__init__("this role has ended, or was never given", code="forbidden")


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a citizen may do in one record: bits of policy/areas.py and labels.py.

    ``subject`` is the number of the Patient whose record it is. ``ground`` is SELF or
    REPRESENTATION. What has a ``hidden`` label is left out; unless ``required`` is 0, what has
    none of its labels is left out too. ``leave`` is how she acts for another, None for herself.
    """

    subject: int
    ground: GroundKind
    areas: int
    write_areas: int
    open_areas: int
    hidden: int
    required: int = 0
    leave: Representation | None = None

    def opens(self, area: Area) -> bool:
        """Whether some of this kind of information may be seen."""
        return bool(self.areas & area)

    def may_change(self, area: Area) -> bool:
        """Whether some of this kind of information may be seen and written."""
        return bool(self.areas & self.write_areas & area)


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One person in one role, for the length of one request; a system for as long as it runs.

    ``person`` is a stable reference such as ``Practitioner/1`` or ``system:load``; ``role``
    (a code of policy/roles.py) and ``unit`` are what she works as and where today;
    ``purpose`` is a code of http://terminology.hl7.org/CodeSystem/v3-ActReason (TREAT,
    HOPERAT ...). ``visibility`` is what may be seen, ``writable`` what may be written.
    ``subject`` is the patient a citizen or an app has open, as ``Patient/1``. ``mandate`` is what a
    citizen's session has been computed from, once for the request, and what it enters the database
    with; None for all others. ``numbers`` are those of resources that searches of the same request
    have looked up; they never change and say nothing of what may be seen. None: each search looks
    for itself. ``worked_out`` keeps what a rule has worked out for the request; None in sessions that
    may live longer than one.
    """

    kind: Kind
    person: str
    role: str
    unit: str
    purpose: str
    visibility: Visibility
    writable: Visibility
    entrance: Callable[[], tuple[str, list[Any]]]
    subject: str = ""
    mandate: Mandate | None = None
    numbers: dict[tuple[str, str], int] | None = None
    worked_out: dict[str, Any] | None = None

    @property
    def is_unbounded(self) -> bool:
        """Whether this is the platform itself, which may read and write all."""
        return self.writable is EVERYTHING and self.visibility is EVERYTHING

    @property
    def app(self) -> str:
        """The client_id of the app it comes through; "" for the platform's own pages."""
        return ""

    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """This thread's connection, entered as this session.

        Raises Ended when the role or the person does not stand any more.
        """
        database = connection()
        if _entered.get(database) is not self:
            self._enter(database)
        return database

    def remember(self, found: Iterable[Stored]) -> None:
        """Keep the numbers of what this request has read, for its searches. Not inside a
        transaction: what that has made is undone with it.
        """
        if self.numbers is not None and not in_transaction():
            self.numbers.update({(each.type, each.id): each.rid for each in found})

    def ask(self, statement: str, values: Sequence[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run one statement that reads, as this session; who has not entered yet does so in the
        same round trip, before anything of the statement is looked at.

        Raises Ended when the role or the person does not stand any more.
        """
        database = connection()
        if (
            _entered.get(database) is self
            or database.info.transaction_status != TransactionStatus.IDLE
        ):
            return self.connection().execute(statement, values)
        _entered.pop(database, None)
        way_in, asked_there = self.entrance()
        try:
            cursor = database.execute(_at_once(way_in, statement), [*asked_there, *values])
        except psycopg.Error as error:
            if error.sqlstate == _REFUSED_ENTRY:
                raise Ended from None
            raise
        _entered[database] = self
        return cursor

    def stands(self) -> bool:
        """Whether this session can enter: the token not revoked, the role not ended."""
        try:
            self.connection()
        except Ended:
            return False
        return True

    def _enter(self, database: psycopg.Connection[tuple[Any, ...]]) -> None:
        _entered.pop(database, None)
        statement, values = self.entrance()
        row = database.execute(statement, values).fetchone()
        if row is None or row[0] is not True:
            raise Ended
        # inside a transaction a rollback would undo the entry: enter again next time
        if database.info.transaction_status == TransactionStatus.IDLE:
            _entered[database] = self

    def held_to(self, condition: str, *values: Any) -> Session:
        """This session as long as a condition of SQL holds, asked at each entrance."""
        entrance = self.entrance

        def enter() -> tuple[str, list[Any]]:
            statement, inner = entrance()
            return f"select entered and ({condition}) from ({statement}) e(entered)", [
                *values,
                *inner,
            ]

        return replace(self, entrance=enter)

    def again(self) -> Session:
        """The same person in a new request: everything is looked at anew."""
        return replace(
            self,
            numbers=None if self.numbers is None else {},
            worked_out=None if self.worked_out is None else {},
        )

    def narrowed(self, *, see: tuple[str, ...] = (), write: Visibility | None = None) -> Session:
        """This session held to further conditions, such as those of an app's scopes.

        ``see`` are conditions over ``{row}`` as in policy/predicate.py.
        """
        return replace(
            self,
            numbers=None,
            worked_out=None,
            visibility=predicate.narrowed(self.visibility, *see),
            writable=NOTHING if write is None else write,
        )


def system_session(person: str, *, purpose: str) -> Session:
    """A session of the platform itself, or of a developer's client, with a named purpose."""
    return Session(
        kind="system",
        person=person,
        role="system",
        unit="",
        purpose=purpose,
        visibility=EVERYTHING,
        writable=EVERYTHING,
        entrance=lambda: ("select access.enter_system()", []),
    )


def staff_session(*, practitioner: str, role_id: str, role: str, unit: str) -> Session:
    """A member of staff in the role she works in today.

    ``practitioner`` and ``unit`` are references; ``role_id`` the id of her PractitionerRole,
    ``role`` its code. An unknown code is denied (INV-39). Raises NotAllowed.
    """
    policy = role_of(role)
    if policy is None:
        raise NotAllowed(f"the role {role!r} opens nothing", code="forbidden")
    return Session(
        kind="staff",
        person=practitioner,
        role=policy.code,
        unit=unit,
        purpose="TREAT",
        visibility=predicate.staff_sees(),
        writable=predicate.staff_writes(),
        entrance=lambda: _staff_entrance(role_id, role, policy),
        numbers={},
    )


_ENTER_STAFF = "select access.enter_staff(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def _staff_entrance(role_id: str, code: str, policy: Role) -> tuple[str, list[Any]]:
    return _ENTER_STAFF, [
        role_id,
        type_number("PractitionerRole"),
        type_number("HealthcareService"),
        code,
        clock.microseconds(clock.now()),
        *_masks_of(policy.code),
        int(policy.open_see),
        int(policy.open_write),
        int(SPECIAL & ~PROTECTED_ADDRESS | BLOCKED_FOR_STAFF | OVERSIGHT),
    ]


_ENTER_CITIZEN = "select access.enter_citizen(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def citizen_session(*, person: str, subject: str, mandate: Mandate) -> Session:
    """A citizen in her own record or in that of whom she represents; ids of Patients."""
    return Session(
        kind="citizen",
        person=f"Patient/{person}",
        role="citizen" if mandate.leave is None else str(mandate.leave.code),
        unit="",
        purpose="PATRQT" if person == subject else "PWATRNY",
        subject=f"Patient/{subject}",
        mandate=mandate,
        numbers={("Patient", subject): mandate.subject},
        worked_out={},
        visibility=predicate.citizen_sees(),
        writable=predicate.citizen_writes(),
        entrance=lambda: (
            _ENTER_CITIZEN,
            [
                person,
                subject,
                type_number("Patient"),
                clock.microseconds(clock.now()),
                int(mandate.ground),
                mandate.areas,
                mandate.write_areas,
                mandate.open_areas,
                mandate.hidden,
                mandate.required,
            ],
        ),
    )


@lru_cache(maxsize=256)
def _at_once(way_in: str, statement: str) -> str:
    """A statement behind the entrance: ``offset 0`` keeps PostgreSQL from taking the two apart,
    and what asks for ``entered`` can't be begun before that is known.
    """
    return (
        f"select answer.* from (select access.let_in(e.entered) as entered from ({way_in}) e(entered)"
        f" offset 0) door cross join lateral (select asked.* from ({statement}) asked"
        " where door.entered offset 0) answer"
    )


@cache
def _masks_of(role: str) -> tuple[str, str]:
    """What a role may see and write, as PostgreSQL reads arrays."""
    policy = role_of(role)
    return _array(masks(policy)), _array(write_masks(policy))


def _array(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


__all__ = ["Ended", "Mandate", "Session", "citizen_session", "staff_session", "system_session"]
