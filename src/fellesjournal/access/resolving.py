"""What an operation is about: the resource it means, its new id, what it refers to.

Operations of one set may be conditional and may refer to each other and to what stands by
criteria. Here they become plans that name one resource each and hold what is to be written.
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

from fellesjournal.access.entity_tags import IfMatch
from fellesjournal.access.records import read_in
from fellesjournal.access.redaction import searched
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
from fellesjournal.store import read as store_read
from fellesjournal.store.commit import NEW, Change, Method
from fellesjournal.store.read import Stored
from fellesjournal.store.search import search_ids

Kind = Literal["create", "update", "patch", "delete"]
Patch = Callable[[bytes, dict[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class Operation:
    """One change somebody asks for.

    ``criteria`` is a search query: If-None-Exist for a create, the target of a conditional
    update, patch or delete otherwise. ``if_match`` is the version that must stand, or
    several of which one must, or ANY_VERSION; ``if_none_match`` asks that nothing stands.
    ``full_url`` is how other operations of the
    same set may refer to this one. ``location`` is put before the expressions of issues.
    """

    kind: Kind
    type: str
    id: str | None = None
    criteria: str | None = None
    body: Body | None = None
    patch: Patch | None = None
    if_match: IfMatch | None = None
    if_none_match: bool = False
    full_url: str | None = None
    location: str = ""


@dataclass(slots=True)
class Plan:
    """An operation on its way: which resource it is about, and what will be written."""

    operation: Operation
    id: str
    change: Change | None = None
    existing: Stored | None = None
    warnings: list[Issue] = field(default_factory=list)


def identity_of(operation: Operation) -> str:
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


def change_of(operation: Operation, fhir_id: str, body: Body | None) -> Change:
    """What is to be committed, with the version the operation expects to stand."""
    method = {
        "create": Method.POST, "update": Method.PUT, "patch": Method.PATCH, "delete": Method.DELETE,
    }[operation.kind]  # fmt: skip
    expected = NEW if operation.kind == "create" or operation.if_none_match else operation.if_match
    assert not isinstance(expected, frozenset)  # prepare has chosen the one that stands
    return Change(operation.type, fhir_id, method, body, expected)


class NotStanding(PreconditionFailed):
    """What stands is none of what If-Match names: trying again can't help (412)."""


class Resolver:
    """Turns operations into plans: finds matches of criteria, current versions, ids."""

    def __init__(self, session: Session, database: psycopg.Connection[Any]) -> None:
        self.session = session
        self.database = database
        self.answers: dict[tuple[str, str], list[str]] = {}

    def plan(self, operation: Operation) -> Plan:
        """Find out which resource the operation is about."""
        if operation.criteria is None:
            return Plan(operation, identity_of(operation))
        if not parse_qsl(operation.criteria):
            raise PreconditionFailed(
                "a conditional operation needs at least one criterion", code="required"
            )
        self._lock(operation.type, operation.criteria)
        found = search_ids(
            self.database, operation.type, operation.criteria, searched(self.session), limit=2
        )
        if len(found) > 1:
            raise PreconditionFailed(
                f"several {operation.type} resources match the criteria",
                operation.location,
                code="multiple-matches",
            )
        return self._plan_conditional(operation, found[0] if found else None)

    def _plan_conditional(self, operation: Operation, found: str | None) -> Plan:
        if operation.kind == "create":
            if found is None:
                return Plan(operation, str(uuid.uuid4()))
            return Plan(operation, found, existing=self._stored(operation.type, found))
        if operation.kind == "update":
            return self._plan_conditional_update(operation, found)
        if found is None and operation.kind == "patch":
            raise NotFound(f"no {operation.type} matches the criteria")
        return Plan(replace(operation, id=found), found or "")

    def _plan_conditional_update(self, operation: Operation, found: str | None) -> Plan:
        """https://hl7.org/fhir/R4/http.html#cond-update: no match creates, one match updates."""
        assert operation.body is not None
        said = operation.body.data.get("id")
        if found is None:
            if operation.if_match is not None:
                raise NotStanding("nothing matches the criteria, so no version stands")
            if said is None:
                return Plan(replace(operation, kind="create"), str(uuid.uuid4()))
            return Plan(replace(operation, if_none_match=True), str(said))
        if said not in (None, found):
            raise BadRequest(
                f"the criteria match {operation.type}/{found}, the resource says {said!r}"
            )
        return Plan(operation, found)

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

    def prepare(self, plan: Plan, names: dict[str, str]) -> None:
        """Decide what the plan writes: body with its references resolved, or a delete."""
        if plan.existing is not None:
            return
        if isinstance(plan.operation.if_match, frozenset):
            plan.operation = replace(plan.operation, if_match=self._standing(plan))
        operation = plan.operation
        if operation.kind == "delete":
            self._prepare_delete(plan)
        elif operation.kind == "patch":
            self._prepare_patch(plan, names)
        else:
            assert operation.body is not None
            body = self._resolve_references(operation, operation.body, names)
            plan.change = change_of(operation, plan.id, body)

    def _standing(self, plan: Plan) -> int:
        """The version that stands, if it is one of those the operation is content with."""
        key = (plan.operation.type, plan.id)
        head = store_read.heads(self.database, [key], self.session.visibility).get(key)
        if head is None or head.deleted:
            raise NotStanding("If-Match: nothing stands there", plan.operation.location)
        assert isinstance(plan.operation.if_match, frozenset)  # why this is asked
        if plan.operation.if_match and head.version not in plan.operation.if_match:
            raise NotStanding(
                f"{key[0]}/{key[1]}: version {head.version} stands, none of those named",
                plan.operation.location,
            )
        return head.version

    def _prepare_delete(self, plan: Plan) -> None:
        key = (plan.operation.type, plan.id)
        head = store_read.heads(self.database, [key], self.session.visibility).get(key)
        if head is None or head.deleted:
            return
        change = change_of(plan.operation, plan.id, None)
        plan.change = replace(change, expected=change.expected or head.version)

    def _prepare_patch(self, plan: Plan, names: dict[str, str]) -> None:
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
        plan.change = replace(change_of(operation, plan.id, body), expected=current.version)

    def _stored(self, type_name: str, fhir_id: str) -> Stored:
        return read_in(self.database, self.session, type_name, fhir_id, act="read")

    def _resolve_references(self, operation: Operation, body: Body, names: dict[str, str]) -> Body:
        if not names and b"?" not in body.raw and b"\\u" not in body.raw:
            return body  # nothing in it can mean another operation or be conditional

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
                self.database, type_name, criteria, searched(self.session), limit=2
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


def names_of(plans: Sequence[Plan]) -> dict[str, str]:
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


def refuse_twice(plans: Sequence[Plan]) -> None:
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
