"""A search from query to page.

Pages are cut from one snapshot: the link to the next page carries it together with the
sort keys of the last row, so that each resource comes exactly once as it stood when the
first page was read, whatever is written meanwhile (INV-54).
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import psycopg

from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_number
from fellesjournal.fhir.issues import BadRequest, Gone, Issue
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored
from fellesjournal.store.retire import SNAPSHOT_LIFETIME
from fellesjournal.store.search.criteria import compartment_condition, condition
from fellesjournal.store.search.includes import completed, included, read_bodies, with_bodies
from fellesjournal.store.search.pairs import pair_condition, sole_patient
from fellesjournal.store.search.refusals import Refused
from fellesjournal.store.search.request import Request, read_request
from fellesjournal.store.search.scope import Scope, all_of, any_of
from fellesjournal.store.search.sorting import Key, after, order_by, sort_keys
from fellesjournal.store.search.subset import subset
from fellesjournal.store.visibility import Visibility

DEFAULT_COUNT = 20
MOST_COUNT = 1000
_COMPARES = ("ge", "gt", "le", "lt", "sa", "eb")
_SNAPSHOT = re.compile(r"\d{1,18}:\d{1,18}:(?:\d{1,18}(?:,\d{1,18})*)?", re.ASCII)
_UNREADABLE = "the link to this page can't be read; start the search again"
Note = Callable[[Sequence[tuple[int, int]]], tuple[str, list[Any]]]
"""Says of the (rid, patient) on a page which statement, with which parameters, notes them."""

_KEY_TYPES: dict[str, tuple[type, ...]] = {"bigint": (int,), "float8": (int, float), "text": (str,)}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: the snapshot of the first page, the sort keys of the row before,
    the total if it was counted, and when the first page was read, in seconds since 1970.
    """

    snapshot: str
    last: tuple[Any, ...]
    total: int | None
    begun: int

    def encode(self) -> str:
        """Opaque text that is safe in a URL. Not signed: it holds nothing to protect, since
        every page applies the visibility of whoever asks for it.
        """
        parts = [self.snapshot, self.last, self.total, self.begun]
        raw = json.dumps(parts, separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises BadRequest for text that no page link had, and Gone for one too old: the index
        rows of its snapshot may have been removed (see store/retire.py).
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            snapshot, last, total, begun = json.loads(raw)
            cursor = cls(snapshot, tuple(last), total, int(begun))
            readable = bool(_SNAPSHOT.fullmatch(snapshot)) and isinstance(total, int | None)
        except (ValueError, TypeError, OverflowError):
            readable = False
        if not readable:
            raise BadRequest(_UNREADABLE)
        if time.time() - cursor.begun > SNAPSHOT_LIFETIME.total_seconds():
            raise Gone("the link to this page has expired; start the search again", code="expired")
        return cursor


@dataclass(slots=True)
class SearchPage:
    """One page. ``matches`` in the order asked for, then what was ``included``.

    ``total`` is exact or None; ``next`` the cursor of the next page, None on the last;
    ``used`` the parameters that were understood, for the self link; ``issues`` warnings
    about those that were not (lenient handling only).
    """

    matches: list[Stored] = field(default_factory=list)
    included: list[Stored] = field(default_factory=list)
    total: int | None = None
    next: str | None = None
    used: list[tuple[str, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def entries(self) -> list[tuple[Stored, str]]:
        """Everything with its search mode, ``match`` or ``include``."""
        return [*((s, "match") for s in self.matches), *((s, "include") for s in self.included)]


def search(
    connection: psycopg.Connection[Any],
    query: Sequence[tuple[str, str]],
    type_name: str | None,
    visibility: Visibility,
    *,
    compartment: tuple[str, str] | None = None,
    cursor: str | None = None,
    lenient: bool = False,
    default_count: int = DEFAULT_COUNT,
    own_bases: tuple[str, ...] = (),
    note: Note | None = None,
    numbers: dict[tuple[str, str], int | None] | None = None,
) -> SearchPage:
    """One page of the resources that match all parameters of ``query``.

    ``type_name`` None searches all types (``_type`` narrows). ``compartment`` is (type, id).
    ``cursor`` comes from the page before and must be given with the same query. Newest
    first unless ``_sort`` says otherwise. ``note`` makes a statement that is run once for the
    page, whatever is on it: together with the one that reads the bodies, where that is the last.
    ``numbers`` are those of resources, which never change: looked up, and left for the next search;
    None for what was looked for and never heard of.

    Raises BadRequest naming everything that was not understood, unless ``lenient``;
    TooLarge when more would be included than may be.
    """
    request = read_request(query, type_name)
    begin = Cursor.decode(cursor) if cursor is not None else None
    scope = _scope(connection, visibility, own_bases, begin)
    scope.rids.update(numbers or {})
    if begin is None and _needs_snapshot(request):
        scope.snapshot = str(scope.rows("select pg_current_snapshot()::text")[0][0])
    alias = scope.alias()
    where = _where(alias, request, compartment, scope)
    page = SearchPage(used=request.used, issues=_refuse(request, lenient=lenient))
    count = min(default_count if request.count is None else request.count, MOST_COUNT)
    if request.summary == "count" or count == 0:
        page.total = _count(alias, where, scope)
        noted = False
    else:
        noted = _fill(page, request, alias, where, count, begin, scope, note)
    if numbers is not None:
        numbers.update({key: rid for key, rid in scope.rids.items() if rid is not None})
    if note is not None and not noted:
        connection.execute(*note([(stored.rid, stored.patient) for stored, _ in page.entries]))
    return page


def search_ids(
    connection: psycopg.Connection[Any],
    type_name: str,
    criteria: str,
    visibility: Visibility,
    *,
    limit: int,
) -> list[str]:
    """The ids of up to ``limit`` resources of a type that match a query string.

    For conditional operations: parameters that only shape an answer are refused, and so
    is a query without criteria. Raises BadRequest.
    """
    scope = _scope(connection, visibility, (), None)
    alias, where = _criteria_only(scope, type_name, criteria)
    rows = scope.rows(
        f"select r.fhir_id from store.entry {alias} join store.resource r on r.rid = {alias}.rid"
        # the sum: a criterion of a condition is rare, whatever stale statistics say
        f" where {where} order by {alias}.seq + 0 limit {limit}"
    )
    return [fhir_id for (fhir_id,) in rows]


def search_patients(
    connection: psycopg.Connection[Any],
    type_name: str,
    criteria: str,
    visibility: Visibility,
    *,
    limit: int,
    numbers: Mapping[tuple[str, str], int],
) -> list[int]:
    """The numbers of the patients that up to ``limit`` resources, found as by :func:`search_ids`,
    are about; each once. ``numbers``: those of resources that are known already.
    """
    scope = _scope(connection, visibility, (), None)
    scope.rids.update(numbers)
    alias, where = _criteria_only(scope, type_name, criteria)
    rows = scope.rows(
        f"select {alias}.patient from store.entry {alias}"
        f" where {where} and {alias}.patient <> 0 order by {alias}.seq + 0 limit {limit}"
    )
    return list(dict.fromkeys(patient for (patient,) in rows))


def _criteria_only(scope: Scope, type_name: str, criteria: str) -> tuple[str, str]:
    """A query string that only chooses: its alias and its condition. Raises BadRequest."""
    query = parse_qsl(criteria, keep_blank_values=True)
    request = read_request(query, type_name)
    shaping = [name for name, _ in request.used]
    if shaping:
        raise BadRequest(f"{', '.join(shaping)} can't be a criterion", code="not-supported")
    alias = scope.alias()
    where = _where(alias, request, None, scope)
    _refuse(request, lenient=False)
    if not request.criteria:
        raise BadRequest("at least one criterion is needed", code="required")
    return alias, where


def _scope(
    connection: psycopg.Connection[Any],
    visibility: Visibility,
    own_bases: tuple[str, ...],
    begin: Cursor | None,
) -> Scope:
    return Scope(
        connection=connection,
        hasher=hasher(connection),
        visibility=visibility,
        now=time.time_ns() // 1000,
        snapshot=begin.snapshot if begin else None,
        own_bases=own_bases,
    )


def _needs_snapshot(request: Request) -> bool:
    """Whether other statements than the main one read the index, and must see the same."""
    return request.total in ("estimate", "accurate") or any(
        "." in name or name.startswith(("_has", "_filter", "_list")) for name, _ in request.criteria
    )


def _refuse(request: Request, *, lenient: bool) -> list[Issue]:
    if not request.refused:
        return []
    if not lenient:
        raise BadRequest(Issue(r.code, r.reason, (r.name,)) for r in request.refused)
    return [Issue(r.code, r.reason, (r.name,), severity="warning") for r in request.refused]


def _where(alias: str, request: Request, compartment: tuple[str, str] | None, scope: Scope) -> str:
    """The whole condition of a request; what it refuses is noted in the request."""
    types = request.types
    parts = [scope.entry(alias, types)]
    if compartment is not None:
        parts.append(compartment_condition(alias, compartment, types or RESOURCE_TYPES, scope))
    patient = sole_patient(types[0], request.criteria, scope) if len(types) == 1 else None
    compiled: dict[int, str] = {}
    paired = False
    # what refers to one patient, whatever else it refers to, is little as well
    few = patient is not None or (len(types) == 1 and _names_a_patient(request))
    for n, (name, value) in enumerate(request.criteria):
        scope.few = False
        try:
            compiled[n] = _criterion(alias, types, name, value, scope)
        except Refused as refusal:
            request.refused.append(refusal)
            continue
        request.used.append((name, value))
        few |= scope.few and "." not in name and not name.startswith(("_has", "_filter"))
        if patient is not None:
            pair = pair_condition(alias, types[0], name, value, patient[1], scope)
            if pair is not None:
                compiled[n], paired = pair, True
    scope.few = few
    if patient is not None and paired:
        compiled.pop(patient[0], None)
    return all_of([*parts, *compiled.values()])


def _names_a_patient(request: Request) -> bool:
    return any(name == "patient" and "," not in value for name, value in request.criteria)


def _criterion(alias: str, types: tuple[str, ...], name: str, value: str, scope: Scope) -> str:
    if len(types) == 1:
        return condition(alias, types[0], name, value, scope)
    if not types:
        return condition(alias, "Resource", name, value, scope)
    return any_of(
        [
            f"({alias}.type = {number}::smallint and {condition(alias, each, name, value, scope)})"
            for each in types
            for number in [type_number(each)]
        ]
    )


def _count(alias: str, where: str, scope: Scope) -> int:
    return int(scope.rows(f"select count(*) from store.entry {alias} where {where}")[0][0])


def _fill(
    page: SearchPage,
    request: Request,
    alias: str,
    where: str,
    count: int,
    begin: Cursor | None,
    scope: Scope,
    note: Note | None,
) -> bool:
    """Fill the page; whether it was noted on the way."""
    keys = sort_keys(alias, request.context, request.sort, scope)
    if begin is not None:
        _check_cursor(begin, keys)
    rows = _rows(alias, where, keys, count + 1, begin, scope, only_dated=_asks_date(request))
    snapshot = scope.snapshot or (rows[0][5] if rows else "")
    beside = None
    if note is not None and rows and not request.includes:
        beside = note([(row[0], row[4]) for row in rows[:count]])
    later = bool(rows and request.includes) and not read_bodies(request.includes)
    scope.bodies_later = later
    page.matches = with_bodies(rows[:count], scope, beside)
    if begin is None and len(rows) <= count and request.total != "none":
        page.total = len(page.matches)  # known for nothing
    else:
        page.total = _total(request, alias, where, begin, scope)
    if len(rows) > count:
        last = tuple(rows[count - 1][6:])
        begun = begin.begun if begin else int(time.time())
        page.next = Cursor(snapshot, last, page.total, begun).encode()
    if request.includes and page.matches:
        scope.snapshot = snapshot
        page.included = included(page.matches, request.includes, scope)
    if later:
        beside = _complete(page, scope, note)
    _cut(page, request)
    return beside is not None


def _complete(page: SearchPage, scope: Scope, note: Note | None) -> tuple[str, list[Any]] | None:
    """Read all bodies of the page at once; answers what was noted with them."""
    found = [*page.matches, *page.included]
    beside = None if note is None else note([(each.rid, each.patient) for each in found])
    whole, matched = completed(found, scope, beside), {each.seq for each in page.matches}
    page.matches = [each for each in whole if each.seq in matched]
    page.included = [each for each in whole if each.seq not in matched]
    if page.total is not None:  # less what may not be read any more
        page.total -= len(matched) - len(page.matches)
    return beside


def _asks_date(request: Request) -> bool:
    """Whether a criterion compares the very date that the page is sorted by."""
    name = request.sort[0][0] if request.sort else ""
    return any(
        criterion == name and "," not in value and value.startswith(_COMPARES)
        for criterion, value in request.criteria
    )


def _check_cursor(begin: Cursor, keys: Sequence[Key]) -> None:
    fits = len(begin.last) == len(keys) and all(
        value is None or (isinstance(value, _KEY_TYPES[key.cast]) and not isinstance(value, bool))
        for key, value in zip(keys, begin.last, strict=False)
    )
    if not fits or not all(
        -(2**63) <= value < 2**63 for value in begin.last if isinstance(value, int)
    ):
        raise BadRequest(_UNREADABLE)


def _total(
    request: Request, alias: str, where: str, begin: Cursor | None, scope: Scope
) -> int | None:
    """The exact number of matches, when it was asked for; counted once, on the first page."""
    if begin is not None:
        return begin.total
    if request.total in (None, "none"):
        return None
    return _count(alias, where, scope)


def _rows(
    alias: str,
    where: str,
    keys: list[Key],
    limit: int,
    begin: Cursor | None,
    scope: Scope,
    *,
    only_dated: bool,
) -> list[Any]:
    """Up to ``limit`` rows in order: rid, type, version, seq, patient, snapshot, sort keys.

    ``only_dated``: the condition holds for nothing without the date that is sorted by.
    """
    last = begin.last if begin else None
    if not keys[0].column or keys[0].never_null or scope.few:
        return _select(alias, where, keys, order_by(keys), last, limit, scope)
    # The main date may stand in an index, but only without "nulls last": so first the rows
    # that have one, then, if there is room, those that have none.
    rows = []
    if last is None or last[0] is not None:
        dated = f"{where} and {keys[0].expression} is not null"
        ordered = order_by(keys).replace(" nulls last", "", 1)
        rows = _select(alias, dated, keys, ordered, last, limit, scope)
    if len(rows) < limit and not only_dated:
        if rows and scope.snapshot is None:
            scope.snapshot = rows[0][5]
            dated_later = scope.entry(alias, ())
            where = f"{where} and {dated_later}"
        undated = f"{where} and {keys[0].expression} is null"
        beyond = last if last is not None and last[0] is None else None
        rows += _select(alias, undated, keys, order_by(keys), beyond, limit - len(rows), scope)
    return rows


def _select(
    alias: str,
    where: str,
    keys: list[Key],
    ordered: str,
    last: Sequence[Any] | None,
    limit: int,
    scope: Scope,
) -> list[Any]:
    # Entries only: joining the bodies here would double the planning of every search.
    columns = ", ".join(f"{key.expression} as k{n}" for n, key in enumerate(keys))
    entries = (
        f"select {alias}.rid, {alias}.type, {alias}.version, {alias}.seq, {alias}.patient,"
        f" (select pg_current_snapshot()::text), {columns} from store.entry {alias} where {where}"
    )
    if last is not None:
        entries = f"select * from ({entries}) y where {after(keys, last, scope)}"
    return scope.rows(f"{entries} order by {ordered} limit {limit}")


def _cut(page: SearchPage, request: Request) -> None:
    """Leaves in the bodies what _summary and _elements ask for; _elements only of matches."""
    page.matches = [_part(stored, request, request.elements) for stored in page.matches]
    page.included = [_part(stored, request, ()) for stored in page.included]


def _part(stored: Stored, request: Request, elements: tuple[str, ...]) -> Stored:
    if stored.body is None or not (elements or request.summary in ("true", "text", "data")):
        return stored
    return replace(stored, body=subset(stored.body, stored.type, request.summary, elements))
