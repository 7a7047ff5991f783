"""batch and transaction: many interactions in one Bundle (http://hl7.org/fhir/R4/http.html#transaction).

A transaction is one :func:`~fellesjournal.access.writing.write` in the order the standard
asks for, whatever the order of its entries. A batch is a write per entry; one that is
refused leaves the others alone. Reads and operations are answered by the caller, who
knows how they look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fellesjournal.access.attempts import with_retries
from fellesjournal.access.bundle_entries import Entry, Exchange, operation_of, read_bundle
from fellesjournal.access.links import refuse_lost_links
from fellesjournal.access.sessions import Session
from fellesjournal.access.single import against_others, write_single
from fellesjournal.access.writing import Operation, Written, noting_refusal, write
from fellesjournal.fhir.issues import (
    FhirError,
    Issue,
)
from fellesjournal.foundation.database.connection import transaction

Answer = TypeVar("Answer")

# http://hl7.org/fhir/R4/http.html#trules
_ORDER = {"delete": 0, "create": 1, "update": 2, "patch": 2}


@dataclass(frozen=True, slots=True)
class Asked(Generic[Answer]):
    """What a caller's own interaction (a read, a search, an operation) answered."""

    answer: Answer


def process(
    session: Session, exchange: Exchange, ask: Callable[[Entry], Answer]
) -> list[Written | Asked[Answer] | FhirError]:
    """Carry out a batch or transaction; answers in the order of the entries.

    ``ask`` answers the entries that are no writes; they come after all writes of a
    transaction and see them. A refused entry raises in a transaction, with everything
    undone; in a batch its FhirError is its answer.
    """
    if exchange.is_transaction:
        return _transaction(
            session, [entry for entry in exchange.entries if isinstance(entry, Entry)], ask
        )
    return [
        entry if isinstance(entry, FhirError) else _alone(session, entry, ask)
        for entry in exchange.entries
    ]


def _transaction(
    session: Session, entries: Sequence[Entry], ask: Callable[[Entry], Answer]
) -> list[Written | Asked[Answer] | FhirError]:
    operations = _all_operations(entries)
    refuse_lost_links([operation for operation in operations if operation])
    is_guarded = any(
        operation is not None and (isinstance(operation.if_match, int) or operation.if_none_match)
        for operation in operations
    )
    return against_others(
        lambda: _carried_out(session, entries, operations, ask), is_guarded=is_guarded
    )


def _carried_out(
    session: Session,
    entries: Sequence[Entry],
    operations: Sequence[Operation | None],
    ask: Callable[[Entry], Answer],
) -> list[Written | Asked[Answer] | FhirError]:
    """The transaction once: everything, or nothing and an error."""
    writes = [
        (entry, operation)
        for entry, operation in zip(entries, operations, strict=True)
        if operation
    ]
    writes.sort(key=lambda pair: _ORDER[pair[1].kind])
    answers: dict[int, Written | Asked[Answer] | FhirError] = {}
    with noting_refusal(session, [operation for _, operation in writes]), transaction():
        if writes:
            written = write(session, [operation for _, operation in writes])
            answers.update(zip((entry.number for entry, _ in writes), written, strict=True))
        for entry, operation in zip(entries, operations, strict=True):
            if operation is None:
                answers[entry.number] = Asked(_located_ask(entry, ask))
    return [answers[entry.number] for entry in entries]


def _all_operations(entries: Sequence[Entry]) -> list[Operation | None]:
    """The operation of each entry; raises with the problems of all entries together."""
    operations: list[Operation | None] = []
    problems: list[FhirError] = []
    for entry in entries:
        try:
            operations.append(operation_of(entry))
        except FhirError as error:
            problems.append(error)
    if problems:
        first = problems[0]
        first.issues = tuple(issue for problem in problems for issue in problem.issues)
        raise first
    return operations


def _located_ask(entry: Entry, ask: Callable[[Entry], Answer]) -> Answer:
    try:
        return ask(entry)
    except FhirError as error:
        error.issues = tuple(
            Issue(
                issue.code, issue.diagnostics, issue.expression or (entry.location,), issue.severity
            )
            for issue in error.issues
        )
        raise


def _alone(
    session: Session, entry: Entry, ask: Callable[[Entry], Answer]
) -> Written | Asked[Answer] | FhirError:
    try:
        operation = operation_of(entry)
        if operation is None:
            return Asked(with_retries(lambda: ask(entry), is_read=True))
        return write_single(session, operation)
    except FhirError as error:
        return error


__all__ = ["Asked", "Entry", "Exchange", "process", "read_bundle"]
