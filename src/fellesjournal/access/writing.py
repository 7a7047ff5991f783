"""Writing to the record: the path of every change, from one field to a whole Bundle.

A set of operations is resolved (criteria, ids, references), validated and committed in
one database transaction, with its lines in the log. Either all of it stands or none.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson
import psycopg

from fellesjournal.access import conformance, log
from fellesjournal.access.addresses import own_bases
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, references
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import (
    BadRequest,
    Issue,
    NotFound,
    PreconditionFailed,
    Unprocessable,
)
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store import read as store_read
from fellesjournal.store.commit import NEW, Change, Committed, Method, commit
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored
from fellesjournal.store.search import search_ids

Kind = Literal["create", "update", "patch", "delete"]
Patch = Callable[[bytes, dict[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class Operation:
    """One change somebody asks for.

    ``criteria`` is a search query: If-None-Exist for a create, the target of a conditional
    update, patch or delete otherwise. ``if_match`` is the version that must stand,
    ``if_none_match`` asks that nothing stands. ``full_url`` is how other operations of the
    same set may refer to this one. ``location`` is put before the expressions of issues.
    """

    kind: Kind
    type: str
    id: str | None = None
    criteria: str | None = None
    body: Body | None = None
    patch: Patch | None = None
    if_match: int | None = None
    if_none_match: bool = False
    full_url: str | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an operation.

    ``stored`` is what stands now (its body None after a delete), None when there was
    nothing to delete. ``changed`` is False when a conditional create found its match, or
    a delete found nothing.
    """

    stored: Stored | None
    created: bool
    changed: bool
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class _Plan:
    """An operation on its way: which resource it is about, and what will be written."""

    operation: Operation
    id: str
    change: Change | None = None
    existing: Stored | None = None
    warnings: list[Issue] = field(default_factory=list)


def write(session: Session, operations: Sequence[Operation]) -> list[Written]:
    """Carry out all operations, or none; answers in their order.

    Raises the FhirError that fits, with every invalid element of every operation named:
    BadRequest, Unprocessable (422), NotFound, Conflict (409), PreconditionFailed (412).
    """
    if len(operations) == 1 and _is_plain(operations[0]):
        return _write_plain(session, operations[0])
    with transaction():
        return _write_set(session, operations)


def _is_plain(operation: Operation) -> bool:
    """Needs nothing read first: one round trip, its own transaction."""
    return (
        operation.kind in {"create", "update"}
        and operation.criteria is None
        and operation.body is not None
        and not any("?" in target for target in references.targets(operation.body.raw))
    )


def _write_plain(session: Session, operation: Operation) -> list[Written]:
    plan = _Plan(operation, _identity(operation))
    plan.change = _change(operation, plan.id, operation.body)
    _validate([plan])
    _notice_rules([plan.change])
    database = connection()
    done = commit(
        database,
        [plan.change],
        hasher(database),
        beside=_log_beside(session, [plan.change]),
        own_bases=own_bases(),
    )
    return [_written(plan, done[0])]


def _write_set(session: Session, operations: Sequence[Operation]) -> list[Written]:
    database = connection()
    resolver = _Resolver(session, database)
    plans = [resolver.plan(operation) for operation in operations]
    _refuse_twice(plans)
    names = _names(plans)
    for plan in plans:
        resolver.prepare(plan, names)
    _validate(plans)
    changes = [plan.change for plan in plans if plan.change is not None]
    _notice_rules(changes)
    done = iter(
        commit(
            database,
            changes,
            hasher(database),
            beside=_log_beside(session, changes),
            own_bases=own_bases(),
        )
        if changes
        else []
    )
    return [
        _written(plan, next(done)) if plan.change is not None else _unchanged(plan)
        for plan in plans
    ]


def _identity(operation: Operation) -> str:
    """The id a create gets, or the one an update names, checked against the body."""
    if operation.kind == "create":
        return str(uuid.uuid4())
    assert operation.id is not None  # the surface routes updates without an id elsewhere
    if operation.body is not None:
        said = operation.body.data.get("id")
        if said != operation.id:
            raise BadRequest(
                f"the id in the resource ({said!r}) is not the id in the address ({operation.id!r})",
                f"{operation.location or operation.type}.id",
            )
    return operation.id


def _change(operation: Operation, fhir_id: str, body: Body | None) -> Change:
    method = {
        "create": Method.POST, "update": Method.PUT, "patch": Method.PATCH, "delete": Method.DELETE,
    }[operation.kind]  # fmt: skip
    expected = NEW if operation.kind == "create" or operation.if_none_match else operation.if_match
    return Change(operation.type, fhir_id, method, body, expected)


class _Resolver:
    """Turns operations into plans: finds matches of criteria, current versions, ids."""

    def __init__(self, session: Session, database: psycopg.Connection[Any]) -> None:
        self.session = session
        self.database = database
        self.answers: dict[tuple[str, str], list[str]] = {}

    def plan(self, operation: Operation) -> _Plan:
        """Find out which resource the operation is about."""
        if operation.criteria is None:
            return _Plan(operation, _identity(operation))
        if not parse_qsl(operation.criteria):
            raise PreconditionFailed(
                "a conditional operation needs at least one criterion", code="required"
            )
        self._lock(operation.type, operation.criteria)
        found = search_ids(
            self.database, operation.type, operation.criteria, self.session.visibility, limit=2
        )
        if len(found) > 1:
            raise PreconditionFailed(
                f"several {operation.type} resources match the criteria",
                operation.location,
                code="multiple-matches",
            )
        return self._plan_conditional(operation, found[0] if found else None)

    def _plan_conditional(self, operation: Operation, found: str | None) -> _Plan:
        if operation.kind == "create":
            if found is None:
                return _Plan(operation, str(uuid.uuid4()))
            return _Plan(operation, found, existing=self._stored(operation.type, found))
        if operation.kind == "update":
            return self._plan_conditional_update(operation, found)
        if found is None and operation.kind == "patch":
            raise NotFound(f"no {operation.type} matches the criteria")
        return _Plan(replace(operation, id=found), found or "")

    def _plan_conditional_update(self, operation: Operation, found: str | None) -> _Plan:
        """https://hl7.org/fhir/R4/http.html#cond-update: no match creates, one match updates."""
        assert operation.body is not None
        said = operation.body.data.get("id")
        if found is None:
            if said is None:
                return _Plan(replace(operation, kind="create"), str(uuid.uuid4()))
            return _Plan(replace(operation, if_none_match=True), str(said))
        if said not in (None, found):
            raise BadRequest(
                f"the criteria match {operation.type}/{found}, the resource says {said!r}"
            )
        return _Plan(operation, found)

    def _lock(self, type_name: str, criteria: str) -> None:
        """One at a time for the same criteria, until the transaction ends (INV-48).

        Criteria with an identifier meet on the identifier, whatever else they ask.
        """
        pairs = sorted(parse_qsl(criteria, keep_blank_values=True))
        identifiers = [pair for pair in pairs if pair[0] == "identifier"] or pairs
        keys = sorted(
            int.from_bytes(
                hashlib.blake2b(f"{type_name}?{key}={value}".encode(), digest_size=8).digest(),
                signed=True,
            )
            for key, value in identifiers
        )
        for key in keys:
            self.database.execute("select pg_advisory_xact_lock(%s)", [key])

    def prepare(self, plan: _Plan, names: dict[str, str]) -> None:
        """Decide what the plan writes: body with its references resolved, or a delete."""
        operation = plan.operation
        if plan.existing is not None:
            return
        if operation.kind == "delete":
            self._prepare_delete(plan)
        elif operation.kind == "patch":
            self._prepare_patch(plan, names)
        else:
            assert operation.body is not None
            body = self._resolve_references(operation, operation.body, names)
            plan.change = _change(operation, plan.id, body)

    def _prepare_delete(self, plan: _Plan) -> None:
        key = (plan.operation.type, plan.id)
        head = store_read.heads(self.database, [key], self.session.visibility).get(key)
        if head is None or head.deleted:
            return
        change = _change(plan.operation, plan.id, None)
        plan.change = replace(change, expected=change.expected or head.version)

    def _prepare_patch(self, plan: _Plan, names: dict[str, str]) -> None:
        operation = plan.operation
        current = self._stored(operation.type, plan.id)
        if operation.if_match not in (None, current.version):
            raise PreconditionFailed(
                f"{current.reference}: version {current.version} stands, not {operation.if_match}"
            )
        assert operation.patch is not None
        assert current.body is not None
        patched = bodies.parse(operation.patch(current.body, orjson.loads(current.body)))
        if patched.data.get("resourceType") != operation.type or patched.data.get("id") != plan.id:
            raise Unprocessable("a patch can't change the type or the id of a resource")
        body = self._resolve_references(operation, patched, names)
        plan.change = replace(_change(operation, plan.id, body), expected=current.version)

    def _stored(self, type_name: str, fhir_id: str) -> Stored:
        from fellesjournal.access.records import read_in  # noqa: PLC0415  # records reads, this writes

        return read_in(self.database, self.session, type_name, fhir_id, act="read")

    def _resolve_references(self, operation: Operation, body: Body, names: dict[str, str]) -> Body:
        def replacement(pointer: str) -> str | None:
            name, hash_mark, fragment = pointer.partition("#")
            if name in names:
                return names[name] + hash_mark + fragment
            condition = references.conditional(pointer)
            return None if condition is None else self._match(*condition, operation)

        raw = references.rewrite(body.raw, replacement)
        return body if raw == body.raw else Body(raw, orjson.loads(raw))

    def _match(self, type_name: str, criteria: str, operation: Operation) -> str:
        """The one resource a conditional reference means."""
        key = (type_name, criteria)
        if key not in self.answers:
            self.answers[key] = search_ids(
                self.database, type_name, criteria, self.session.visibility, limit=2
            )
        found = self.answers[key]
        if len(found) == 1:
            return f"{type_name}/{found[0]}"
        many = "several resources match" if found else "no resource matches"
        raise PreconditionFailed(
            f"{many} the conditional reference {type_name}?{criteria}",
            operation.location or operation.type,
            code="multiple-matches" if found else "not-found",
        )


def _names(plans: Sequence[_Plan]) -> dict[str, str]:
    """How the operations may be referred to inside their own set: full URL -> Type/id."""
    names: dict[str, str] = {}
    for plan in plans:
        url = plan.operation.full_url
        if url is None or plan.operation.kind == "delete":
            continue
        target = f"{plan.operation.type}/{plan.id}"
        names[url] = target
        if plan.operation.kind == "create" and (place := references.local(url)) and place.base:
            # a relative reference in a Bundle is relative to its entry's own server
            names[str(place)] = target
    return names


def _refuse_twice(plans: Sequence[_Plan]) -> None:
    """https://hl7.org/fhir/R4/http.html#trules: no resource may be changed twice in one set."""
    seen: dict[tuple[str, str], str] = {}
    for plan in plans:
        if plan.existing is not None or not plan.id:
            continue
        key = (plan.operation.type, plan.id)
        if key in seen:
            raise BadRequest(
                f"{key[0]}/{key[1]} is changed twice in the same transaction",
                seen[key],
                plan.operation.location,
                code="duplicate",
            )
        seen[key] = plan.operation.location


def _validate(plans: Sequence[_Plan]) -> None:
    """Refuse the set with all errors of all its resources; keep the warnings."""
    errors: list[Issue] = []
    for plan in plans:
        if plan.change is None or plan.change.body is None:
            continue
        operation, data = plan.operation, plan.change.body.data
        if data.get("resourceType") != operation.type:
            errors.append(
                Issue(
                    "invalid",
                    f"a {data.get('resourceType')!r} can't be written as {operation.type}",
                    (f"{operation.location or operation.type}.resourceType",),
                )
            )
            continue
        if operation.kind == "update" and _is_subset(data):
            why = "this is a part of a resource (SUBSETTED); writing it would lose the rest"
            errors.append(
                Issue("business-rule", why, (f"{operation.location or operation.type}.meta.tag",))
            )
        for issue in conformance.validate(data):
            located = _located(issue, operation)
            (errors if issue.severity in {"error", "fatal"} else plan.warnings).append(located)
    if errors:
        raise Unprocessable(errors)


def _is_subset(data: dict[str, Any]) -> bool:
    """Tagged as an answer to _summary or _elements (https://hl7.org/fhir/R4/search.html#elements)."""
    meta = data.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    return isinstance(tags, list) and any(
        isinstance(tag, dict) and tag.get("code") == "SUBSETTED" for tag in tags
    )


def _notice_rules(changes: Sequence[Change]) -> None:
    """What is written next is held to the profiles written now."""
    if any(conformance.is_conformance(change.type) for change in changes):
        conformance.forget()


def _located(issue: Issue, operation: Operation) -> Issue:
    if not operation.location:
        return issue
    return replace(
        issue,
        expression=tuple(
            operation.location + place[len(operation.type) :] for place in issue.expression
        ),
    )


def _written(plan: _Plan, done: Committed) -> Written:
    stored = Stored(done.rid, done.type, done.id, done.version, done.seq, done.patient, done.body)
    return Written(
        stored,
        created=done.created and done.body is not None,
        changed=True,
        issues=tuple(plan.warnings),
    )


def _unchanged(plan: _Plan) -> Written:
    return Written(plan.existing, created=False, changed=False)


def _log_beside(session: Session, changes: Sequence[Change]) -> tuple[str, list[Any]]:
    """The log line of a commit, as a statement beside it."""
    act = changes[0].method.name.lower() if len(changes) == 1 else "transaction"
    return log.beside(), log.who(session, act, changes[0].type if len(changes) == 1 else None)


__all__ = ["Operation", "Patch", "Written", "write"]
