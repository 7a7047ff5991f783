"""What is on its way, for operators: how much of each kind, how old, and who answers for what is
late. Numbers alone, counted by the platform: an operator has no ground in any record (INV-7).

Every delivery stands in exactly one of arrived, failed and waiting, so that what was sent is the
sum of them. The caller has checked the duty; each look leaves a line in the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from fellesjournal.access import log
from fellesjournal.access.deliveries import DELIVERY, RECEIVED
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation import clock
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING

FOLLOW_UP = "delivery-follow-up"
KIND_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/delivered-kind"
UNMARKED = "letter"
"""The kind of what is marked with none."""
_OPEN = "requested,received,accepted,ready,in-progress,on-hold"
_MOST = 100_000

Database = psycopg.Connection[Any]


def _moment(text: str) -> str:
    """A FHIR dateTime, which may be a year or a month, as SQL."""
    return f"(({text}) || case length({text}) when 4 then '-01-01' when 7 then '-01' else '' end)::timestamptz"


_BODIES = (
    "with task as (select convert_from(v.body, 'utf8')::jsonb t from store.resource r"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    " where r.type = %(type)s and r.fhir_id = any(%(ids)s) and not r.deleted)"
)
_BY_KIND = (
    f"{_BODIES}, told as (select t #>> '{{performerType,0,coding,0,code}}' route,"
    " coalesce(jsonb_path_query_first(t, '$.code.coding[*] ? (@.system == $system).code',"
    " jsonb_build_object('system', %(kind)s::text)) #>> '{}', %(unmarked)s) kind,"
    " t ->> 'status' status, "
    + _moment("t ->> 'authoredOn'")
    + " sent,"
    + " "
    + _moment("t #>> '{restriction,period,end}'")
    + " until from task)"
    " select route, kind, count(*), count(*) filter (where status = 'completed'),"
    " count(*) filter (where status = 'failed'),"
    " count(*) filter (where status not in ('completed', 'failed')),"
    " min(sent) filter (where status not in ('completed', 'failed')),"
    " count(*) filter (where status not in ('completed', 'failed') and until < %(now)s)"
    " from told group by route, kind order by route, kind"
)
_BY_OWNER = (
    f"{_BODIES}, told as (select t #>> '{{owner,reference}}' owner,"
    " (select c ->> 'code' from jsonb_array_elements(t #> '{code,coding}') c"
    " where c ->> 'system' = %(system)s limit 1) code,"
    " "
    + _moment("t #>> '{restriction,period,end}'")
    + " until,"
    + " "
    + _moment("t ->> 'authoredOn'")
    + " sent from task)"
    " select owner, code, count(*), count(*) filter (where until < %(now)s), min(sent)"
    " from told group by owner, code order by count(*) filter (where until < %(now)s) desc, owner"
)


@dataclass(frozen=True, slots=True)
class Line:
    """The deliveries of one kind on one route. ``oldest`` is when the one that has waited longest
    was queued; ``late`` how many wait past their deadline.
    """

    route: str
    kind: str
    sent: int
    arrived: int
    failed: int
    waiting: int
    oldest: datetime | None
    late: int

    @property
    def is_whole(self) -> bool:
        """Whether each that was sent is accounted for."""
        return self.sent == self.arrived + self.failed + self.waiting


@dataclass(frozen=True, slots=True)
class Owned:
    """Open work of one unit: what did not arrive (``is_failed``), or what came and is not read."""

    unit: str
    name: str
    is_failed: bool
    count: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """``days`` is how far back what has come to an end is counted; what waits is counted however
    old it is. ``is_cut``: there is more than can be counted here.
    """

    days: int
    lines: tuple[Line, ...]
    owned: tuple[Owned, ...]
    is_cut: bool

    @property
    def is_whole(self) -> bool:
        """Whether all that was sent is accounted for."""
        return all(each.is_whole for each in self.lines)


def reconcile(session: Session, *, days: int) -> Reconciliation:
    """Count all deliveries of the last days and all that still wait, by route and kind; and the
    open work on what failed or came, by who owns it.
    """
    now = clock.now()
    log.line(session.connection(), session, "search", "Task", [])
    platform = system_session("system:reconcile", purpose="HOPERAT")
    database = platform.connection()
    since = now - timedelta(days=days)
    of_days = _ids(database, [DELIVERY], f"authored-on=ge{since:%Y-%m-%dT%H:%M:%SZ}")
    still = _ids(database, [DELIVERY], "status=requested,in-progress")
    work = _ids(database, [FOLLOW_UP, RECEIVED], f"status={_OPEN}")
    owners = database.execute(
        _BY_OWNER, {**_these(work), "system": TASK_SYSTEM, "now": now}
    ).fetchall()
    names = _names(database, [owner for owner, *_ in owners])
    return Reconciliation(
        days,
        _lines(database, {*of_days, *still}),
        tuple(
            Owned(owner, names.get(owner, owner), code == FOLLOW_UP, count, late, oldest)
            for owner, code, count, late, oldest in owners
        ),
        is_cut=max(len(of_days), len(still), len(work)) >= _MOST,
    )


def sent_between(database: Database, begins: datetime, ends: datetime) -> tuple[Line, ...]:
    """The deliveries that were queued in a time, by route and kind, as they stand now."""
    span = "&".join(
        f"authored-on={way}{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for way, at in (("ge", begins), ("lt", ends))
    )
    return _lines(database, _ids(database, [DELIVERY], span))


def _lines(database: Database, ids: Iterable[str]) -> tuple[Line, ...]:
    rows = database.execute(
        _BY_KIND,
        {**_these(ids), "kind": KIND_SYSTEM, "unmarked": UNMARKED, "now": clock.now()},
    )
    return tuple(Line(*row) for row in rows)


def _ids(database: Database, codes: Iterable[str], more: str) -> list[str]:
    wanted = ",".join(f"{TASK_SYSTEM}|{code}" for code in codes)
    return search_ids(database, "Task", f"code={wanted}&{more}", EVERYTHING, limit=_MOST)


def _these(ids: Iterable[str]) -> dict[str, Any]:
    return {"type": type_number("Task"), "ids": list(ids)}


def _names(database: Database, units: list[str]) -> dict[str, str]:
    rows = database.execute(
        "select 'Organization/' || r.fhir_id, convert_from(v.body, 'utf8')::jsonb ->> 'name'"
        " from store.resource r join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.type = %s and r.fhir_id = any(%s) and not r.deleted",
        [type_number("Organization"), [each.partition("/")[2] for each in units if each]],
    )
    return {unit: name for unit, name in rows if name}


__all__ = ["KIND_SYSTEM", "Line", "Owned", "Reconciliation", "reconcile", "sent_between"]
