"""Sessions on the web, one row each: who, since when, until when, in which role today.

Every request asks for its row, so that signing out anywhere takes effect at the next request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.rows import class_row

from fellesjournal.access.identity.claims import Identity
from fellesjournal.access.identity.people import KnownPerson, RoleAtUnit
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection

# How exactly the last request is known: a row is written no more often than this.
TOUCHED_EVERY = timedelta(seconds=20)
KEPT = timedelta(days=365)

_COLUMNS = (
    "id, kind, person, name, hpr, provider, subject, sid, security_level, authenticated_at,"
    " started, seen, ends, device, role_id, role, role_title, unit, unit_name"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """One browser in which somebody is signed in. ``role_id`` is "" until a role is chosen."""

    id: UUID
    kind: str
    person: str
    name: str
    hpr: str
    provider: str
    subject: str
    sid: str
    security_level: str
    authenticated_at: datetime
    started: datetime
    seen: datetime
    ends: datetime
    device: str
    role_id: str
    role: str
    role_title: str
    unit: str
    unit_name: str


def begin(identity: Identity, person: KnownPerson, *, device: str, lifetime: timedelta) -> UUID:
    """Start a session for somebody who has just signed in; ``device`` is shown to her only."""
    name = uuid4()
    now = clock.now()
    kind = "staff" if person.reference.startswith("Practitioner/") else "citizen"
    connection().execute(
        "insert into access.web_session (id, kind, person, name, hpr, provider, subject, sid,"
        " security_level, authenticated_at, started, seen, ends, device)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            name, kind, person.reference, person.name, person.hpr, identity.provider.value,
            identity.subject, identity.sid, identity.security_level, identity.authenticated_at,
            now, now, now + lifetime, device[:200],
        ],
    )  # fmt: skip
    return name


def current(name: UUID, *, idle: timedelta) -> WebSession | None:
    """The session if it still holds: not ended, within both limits. Notes that it is in use."""
    now = clock.now()
    cursor = connection().cursor(row_factory=class_row(WebSession))
    found = cursor.execute(
        f"select {_COLUMNS} from access.web_session"
        " where id = %s and ended is null and ends > %s and seen > %s",
        [name, now, now - idle],
    ).fetchone()
    if found is not None and now - found.seen >= TOUCHED_EVERY:
        connection().execute(
            "update access.web_session set seen = %s where id = %s and ended is null and seen < %s",
            [now, name, now],
        )
    return found


def choose_role(name: UUID, role: RoleAtUnit) -> None:
    """Work in this role at this unit from now on, in this session."""
    connection().execute(
        "update access.web_session set role_id = %s, role = %s, role_title = %s, unit = %s,"
        " unit_name = %s where id = %s and ended is null",
        [role.id, role.code, role.title, role.unit, role.unit_name, name],
    )


def drop_role(name: UUID) -> None:
    """Work in no role until one is chosen again: the one chosen has ended."""
    connection().execute(
        "update access.web_session set role_id = '', role = '', role_title = '', unit = '',"
        " unit_name = '' where id = %s and ended is null",
        [name],
    )


def sessions_of(person: str, *, idle: timedelta) -> list[WebSession]:
    """All sessions of a person that hold now, latest first."""
    now = clock.now()
    cursor = connection().cursor(row_factory=class_row(WebSession))
    return cursor.execute(
        f"select {_COLUMNS} from access.web_session where person = %s and ended is null"
        " and ends > %s and seen > %s order by seen desc, id",
        [person, now, now - idle],
    ).fetchall()


def end(name: UUID, *, why: str, person: str | None = None) -> bool:
    """End one session; with ``person`` only if it is hers. Answers whether one was ended."""
    return _end("id = %s and (%s::text is null or person = %s)", [name, person, person], why) > 0


def end_all(person: str, *, why: str, but: UUID | None = None) -> int:
    """End every session of a person, except one; answers how many."""
    return _end("person = %s and id is distinct from %s", [person, but], why)


def end_at_provider(provider: str, *, sid: str = "", subject: str = "", why: str) -> int:
    """End what a provider says is over: one of its sessions, or all of one subject."""
    if sid:
        return _end("provider = %s and sid = %s", [provider, sid], why)
    if subject:
        return _end("provider = %s and subject = %s", [provider, subject], why)
    return 0


def forget_old() -> int:
    """Remove rows whose session was over long ago; answers how many."""
    return (
        connection()
        .execute("delete from access.web_session where ends < %s", [clock.now() - KEPT])
        .rowcount
    )


def _end(condition: str, values: list[Any], why: str) -> int:
    return (
        connection()
        .execute(
            f"update access.web_session set ended = %s, ended_why = %s where {condition}"
            " and ended is null",
            [clock.now(), why, *values],
        )
        .rowcount
    )
