"""Writing to the record: the path of every change, from one field to a whole Bundle.

A set of operations is resolved (criteria, ids, references: ``resolving``), validated and
committed in one database transaction, with its lines in the log. Either all of it stands
or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from fellesjournal.access import (
    conformance,
    deliveries,
    discharges,
    log,
    permission,
    redaction,
    signed,
    waiting,
)
from fellesjournal.access.addresses import own_bases
from fellesjournal.access.blocks.derive import block_problems
from fellesjournal.access.directory import rules as directory_rules
from fellesjournal.access.labels import label_problems
from fellesjournal.access.relations.rows import derive, labels_to_store, must_derive
from fellesjournal.access.resolving import (
    Operation,
    Patch,
    Plan,
    Resolver,
    change_of,
    identity_of,
    names_of,
    refuse_twice,
)
from fellesjournal.access.scanning import file_problems
from fellesjournal.access.sessions import Session
from fellesjournal.access.told import is_told, tell
from fellesjournal.fhir import references
from fellesjournal.fhir.issues import FhirError, Issue, PreconditionFailed, Unprocessable
from fellesjournal.foundation.database.connection import in_transaction, transaction
from fellesjournal.store.commit import Change, Committed, commit
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored

_ACTS = {"create": "post", "update": "put", "patch": "patch", "delete": "delete"}
_MOST_NOTED = 20


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


def write(
    session: Session, operations: Sequence[Operation], *, tells: bool = True
) -> list[Written]:
    """Carry out all operations, or none; answers in their order.

    Without ``tells`` nobody reacts to what is written (``told``): for histories brought in.
    Raises the FhirError that fits, with every invalid element of every operation named:
    BadRequest, Unprocessable (422), NotFound, Conflict (409), PreconditionFailed (412).
    """
    if len(operations) == 1 and session.is_unbounded and _is_plain(operations[0]):
        return _write_plain(session, operations[0], tells=tells)
    with noting_refusal(session, operations), transaction():
        return _write_set(session, operations, tells=tells)


@contextmanager
def noting_refusal(session: Session, operations: Sequence[Operation]) -> Iterator[None]:
    """Around the transaction of a write: what is refused leaves a line of its own (INV-32).

    The refusal undoes the line of the act itself, and tells whoever asked something all the
    same: that a test of a patch failed, that a condition did not hold. Inside another's
    transaction nothing is written, for that line would be undone as well: whoever opened the
    transaction notes it. That another writer was first tells nothing, and is tried again.
    """
    try:
        yield
    except PreconditionFailed:
        raise
    except FhirError:
        if not session.is_unbounded and not in_transaction():
            _note_refused(session, operations)
        raise


def _note_refused(session: Session, operations: Sequence[Operation]) -> None:
    database = session.connection()
    for operation in operations[:_MOST_NOTED]:
        act = _ACTS[operation.kind]
        if operation.id is None:
            log.line(database, session, act, operation.type, [])
        else:
            log.refused(database, session, act, operation.type, operation.id)


def _is_plain(operation: Operation) -> bool:
    """Needs nothing read first: one round trip, its own transaction."""
    return (
        operation.kind in {"create", "update"}
        and operation.criteria is None
        and not isinstance(operation.if_match, frozenset)
        and operation.body is not None
        and not any("?" in target for target in references.targets(operation.body.raw))
    )


def _write_plain(session: Session, operation: Operation, *, tells: bool) -> list[Written]:
    plan = Plan(operation, identity_of(operation))
    plan.change = change_of(operation, plan.id, operation.body)
    _validate([plan])
    _notice_rules([plan.change])
    is_event = tells and is_told(plan.change)
    needed = is_event or must_derive(plan.change) or signed.is_kept(plan.change)
    with transaction() if needed else nullcontext():
        (done,) = _commit(session, [plan.change], tells=is_event)
    return [_written(plan, done)]


def _write_set(session: Session, operations: Sequence[Operation], *, tells: bool) -> list[Written]:
    database = session.connection()
    resolver = Resolver(session, database)
    plans = [resolver.plan(operation) for operation in operations]
    refuse_twice(plans)
    redaction.refuse_blind(
        session,
        [(p.operation.type, p.id) for p in plans if p.operation.kind in {"update", "patch"}],
    )
    names = names_of(plans)
    for plan in plans:
        resolver.prepare(plan, names)
    _validate(plans)
    changes = [plan.change for plan in plans if plan.change is not None]
    _notice_rules(changes)
    permission.check_before(session, changes)
    permission.check_numbers(session, changes)
    directory_rules.check(session, changes)
    done = iter(_commit(session, changes, tells=tells) if changes else [])
    written = [
        _written(plan, next(done)) if plan.change is not None else _unchanged(plan)
        for plan in plans
    ]
    return _shown(session, written)


def _shown(session: Session, written: list[Written]) -> list[Written]:
    """What is answered of a write is read as well: see redaction.py."""
    stored = [each.stored for each in written if each.stored is not None]
    cut = iter(redaction.shown(session, stored))
    return [each if each.stored is None else replace(each, stored=next(cut)) for each in written]


def _commit(session: Session, changes: Sequence[Change], *, tells: bool) -> list[Committed]:
    """Commit, with what follows for access, and only if all of it was permitted."""
    database = session.connection()
    done = commit(
        database,
        changes,
        hasher(database),
        beside=_log_beside(session, changes),
        own_bases=own_bases(),
    )
    signed.check(session, changes, done)
    discharges.check(session, changes, done)
    waiting.check(session, changes, done)
    deliveries.check(session, changes, done)
    permission.check_after(session, changes, done)  # before grounds follow from what was written
    derive(database, changes, done)
    if tells:
        tell(changes, done)
    return done


def _validate(plans: Sequence[Plan]) -> None:
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
        # a block that says more than can be kept is stored, and covers more rather than less
        wider = [replace(issue, severity="warning") for issue in block_problems(data)]
        found = (*conformance.validate(data), *label_problems(data), *file_problems(data), *wider)
        for issue in found:
            located = _located(issue, operation)
            (errors if issue.severity in {"error", "fatal"} else plan.warnings).append(located)
        if not errors:
            plan.change = replace(plan.change, labels=labels_to_store(data))
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


def _written(plan: Plan, done: Committed) -> Written:
    stored = Stored(done.rid, done.type, done.id, done.version, done.seq, done.patient, done.body)
    return Written(
        stored,
        created=done.created and done.body is not None,
        changed=True,
        issues=tuple(plan.warnings),
    )


def _unchanged(plan: Plan) -> Written:
    return Written(plan.existing, created=False, changed=False)


def _log_beside(session: Session, changes: Sequence[Change]) -> tuple[str, list[Any]]:
    """The log line of a commit, as a statement beside it."""
    act = changes[0].method.name.lower() if len(changes) == 1 else "transaction"
    return log.beside(), log.who(session, act, changes[0].type if len(changes) == 1 else None)


__all__ = ["Operation", "Patch", "Written", "noting_refusal", "write"]
