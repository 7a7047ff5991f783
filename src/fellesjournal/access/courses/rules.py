"""What an organisation asks, and what somebody lacks for a role that she is about to choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction


class Mode(StrEnum):
    """What comes of a missing course, mildest first."""

    OFF = "off"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Needed:
    """A course that a role (a code of PractitionerRole) needs; where to take it, and whom to ask."""

    role: str
    course: str
    title: str
    place: str
    contact: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A course somebody (Practitioner/x) has passed for a role; valid to before ``expires``."""

    practitioner: str
    role: str
    course: str
    passed: date
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a unit (Organization/x) and all below it, from ``go_live`` on; ``source`` is
    whose plan says so.
    """

    source: str
    unit: str
    mode: Mode
    go_live: date
    needed: tuple[Needed, ...] = ()
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing for a role. ``until`` is the end of the leave to work without, if any."""

    mode: Mode
    courses: tuple[Needed, ...] = field(default=())
    until: datetime | None = None

    @property
    def stops(self) -> bool:
        """Whether the role can't be chosen now."""
        return self.mode is Mode.STOP and self.until is None


_MISSING = (
    "with recursive asked(role_id, code, place, n) as ("
    " select a.role_id, a.code, r.rid, 0"
    " from unnest(%(ids)s::text[], %(codes)s::text[], %(units)s::text[]) a(role_id, code, unit)"
    " join store.resource r on r.type = %(organization)s and r.fhir_id = a.unit"
    " union all select a.role_id, a.code, p.parent, a.n + 1 from asked a"
    " join access.part_of p on p.source = a.place where a.n < 12)"
    " select a.role_id, c.mode, n.role, n.course, n.title, n.place, n.contact,"
    " (select max(w.ends) from access.course_waiver w where w.role_id = a.role_id"
    "  and w.practitioner = %(who)s and w.starts <= %(now)s and w.ends > %(now)s)"
    " from asked a join store.resource u on u.rid = a.place"
    " join access.course_rule c on c.unit = 'Organization/' || u.fhir_id and c.mode <> 'off'"
    " and c.go_live <= %(day)s"
    " join access.course_needed n on n.unit = c.unit and n.role = a.code"
    " where not exists (select from access.course_passed h where h.unit = c.unit"
    "  and h.practitioner = %(who)s and h.role = n.role and h.course = n.course"
    "  and h.passed <= %(day)s and (h.expires is null or h.expires > %(day)s))"
    " order by a.role_id, a.n, n.title, n.course"
)


def lacks(
    session: Session, practitioner: str, roles: Iterable[tuple[str, str, str]]
) -> dict[str, Lack]:
    """What somebody (Practitioner/x) lacks today, by PractitionerRole, in one question. ``roles``:
    id, code and unit (Organization/x) of each; those for which nothing is missing are left out.
    """
    asked = [each for each in roles if _is_asked(each[1])]
    if not asked:
        return {}
    rows = session.connection().execute(
        _MISSING,
        {
            "ids": [role_id for role_id, _, _ in asked],
            "codes": [code for _, code, _ in asked],
            "units": [unit.rpartition("/")[2] for _, _, unit in asked],
            "organization": type_number("Organization"),
            "who": practitioner,
            "now": clock.now(),
            "day": clock.today(),
        },
    )
    found: dict[str, Lack] = {}
    for role_id, mode, *needed, until in rows:
        before = found.get(role_id, Lack(Mode.WARN, (), until))
        # two rules may hold, of a unit and of what it belongs to: the stricter counts
        stricter = Mode.STOP if Mode.STOP in {before.mode, mode} else Mode.WARN
        found[role_id] = Lack(stricter, (*before.courses, Needed(*needed)), until)
    return found


def keep(session: Session, rule: Rule) -> None:
    """Let a rule hold in place of the one that its source or unit had. For the platform itself, which is told by
    those who plan the rollout; raises NotAllowed for everybody else.
    """
    if not session.is_unbounded:
        raise NotAllowed("courses are kept by the rollout's own documents", code="forbidden")
    with transaction():
        database = session.connection()
        database.execute(
            "delete from access.course_rule where unit = %s or source = %s",
            [rule.unit, rule.source],
        )
        database.execute(
            "insert into access.course_rule (unit, source, mode, go_live) values (%s, %s, %s, %s)",
            [rule.unit, rule.source, rule.mode.value, rule.go_live],
        )
        database.execute(
            "insert into access.course_needed (unit, role, course, title, place, contact) select"
            " %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])",
            [
                rule.unit,
                *_columns([(e.role, e.course, e.title, e.place, e.contact) for e in rule.needed]),
            ],
        )
        database.execute(
            "insert into access.course_passed (unit, practitioner, role, course, passed, expires)"
            " select %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::date[])",
            [
                rule.unit,
                *_columns(
                    [(e.practitioner, e.role, e.course, e.passed, e.expires) for e in rule.passed]
                ),
            ],
        )


def _is_asked(code: str) -> bool:
    """Whether a role is held to its courses: leaders and administrators never are."""
    role = role_of(code)
    return role is not None and not role.duties


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 5


__all__ = ["Lack", "Mode", "Needed", "Passed", "Rule", "keep", "lacks"]
