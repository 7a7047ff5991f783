"""What the platform's own job takes of signing in to count how HelsaMi is used: who and when, as
numbers of the record. For no one else, and nothing of what anybody saw there.

That somebody has signed in is no part of her record: no line of the log tells that it was counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from fellesjournal.access.flattening import numbers_of
from fellesjournal.access.readlog.acts import Outcome
from fellesjournal.access.readlog.times import moment_of, number_at
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed

_FIRST = (
    "select person, min(at) from access.terms_accepted where person in"
    " (select person from access.terms_accepted where at >= %s and at < %s)"
    " and starts_with(person, 'Patient/') group by person"
)
_SIGN_INS = (
    "select s.person, s.started from access.web_session s"
    " where s.kind = 'citizen' and s.started >= %s and s.started < %s and exists ("
    "  select from access.terms_accepted t where t.person = s.person and t.at <= s.started)"
)
_REPRESENTED = (
    "select w.person, p.rid, max(l.id) from access.log_who w join access.log l on l.who = w.number"
    " cross join lateral unnest(l.patients) as p(rid)"
    " where starts_with(w.person, 'Patient/') and w.role <> 'citizen'"
    " and l.id >= %s and l.id < %s and l.outcome = %s group by w.person, p.rid"
)


class Use(NamedTuple):
    """Somebody, by the number of her Patient, at an aware moment."""

    person: int
    at: datetime


def first_uses(session: Session, since: datetime, until: datetime) -> list[Use]:
    """Who used HelsaMi as herself for the first time in this interval, and when: she had signed in
    and accepted the terms, which can be accepted in no other way.

    Raises NotAllowed unless the platform itself asks.
    """
    must_be_platform(session)
    rows = session.connection().execute(_FIRST, [since, until]).fetchall()
    return [each for each in _numbered(session, rows) if since <= each.at < until]


def sign_ins(session: Session, since: datetime, until: datetime) -> list[Use]:
    """Every sign-in of somebody who had accepted the terms before. Raises NotAllowed."""
    must_be_platform(session)
    return _numbered(session, session.connection().execute(_SIGN_INS, [since, until]).fetchall())


def represented(session: Session, since: datetime, until: datetime) -> list[Use]:
    """Whose records others opened for them in HelsaMi or an app, and when last. Raises NotAllowed."""
    must_be_platform(session)
    rows = session.connection().execute(
        _REPRESENTED, [number_at(since), number_at(until), Outcome.DONE]
    ).fetchall()  # fmt: skip
    own = numbers_of(session, {person for person, _, _ in rows})
    return [Use(rid, moment_of(at)) for person, rid, at in rows if own.get(person) != rid]


def _numbered(session: Session, rows: Iterable[tuple[str, datetime]]) -> list[Use]:
    found = list(rows)
    numbers = numbers_of(session, {person for person, _ in found})
    return [Use(numbers[person], at) for person, at in found if person in numbers]


def must_be_platform(session: Session) -> None:
    """Raises NotAllowed for everybody but the platform itself."""
    if not session.is_unbounded:
        raise NotAllowed("only the platform counts who has signed in", code="forbidden")


__all__ = ["Use", "first_uses", "must_be_platform", "represented", "sign_ins"]
