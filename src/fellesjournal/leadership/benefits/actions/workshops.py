"""Workshops: rows that many write at the same time, read in from a file, and counted once in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions.changing import WORKING, must_be_in
from fellesjournal.leadership.benefits.plan import Realisation
from fellesjournal.leadership.benefits.policies import must_plan, part_in
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.benefits.resources import ROW, WORKSHOP
from fellesjournal.leadership.benefits.worksheet import PLAN_PREFIX, Row, faults
from fellesjournal.leadership.benefits.workshops import SheetRow, Workshop, row_key
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find, standing
from fellesjournal.leadership.documents.resources import Document


def hold(
    session: Session, key: str, workshop: Workshop, *, seen: int, reason: str
) -> Document[Workshop]:
    """Write down a workshop of one's own unit or one below. Raises NotAllowed, and as
    ``documents.actions.save``.
    """
    must_plan(session, workshop.unit)
    return save(session, WORKSHOP, key=key, body=workshop, seen=seen, reason=reason)


def keep_row(session: Session, workshop: str, row: Row, *, seen: int) -> Document[SheetRow]:
    """Save one row; ``seen`` is the version of this row, 0 for a new one. Rows of others are not
    touched, whenever they are saved.

    Raises PreconditionFailed when somebody else has saved this row meanwhile, Refused when its service
    would free more hours than it has, or when what a plan has counted would be let go; NotAllowed for
    who takes no part, and as ``documents.actions.save``.
    """
    held = _taking_part(session, workshop)
    before = find(session, ROW, row_key(workshop, row.id))
    _must_keep_claim(before, row)
    others = [each for each in queries.rows(session, workshop) if each.row.id != row.id]
    _must_be_staffed(held, [*(each.row for each in others), row], row.service_area)
    reason = "row-kept" if before is None else "row-changed"
    return _save(session, workshop, SheetRow(workshop, row), seen, reason)


def remove_row(
    session: Session, workshop: str, row: str, *, seen: int, reason: str
) -> Document[SheetRow]:
    """Take a row away; it stays on record. Raises Refused for one that a plan has counted, and as
    :func:`keep_row`.
    """
    _taking_part(session, workshop)
    stands = standing(session, ROW, row_key(workshop, row))
    if stands.body.row.is_in_plan:
        raise Refused(Why.CLAIMED, "a plan has counted it")
    return _save(session, workshop, replace(stands.body, is_removed=True), seen, reason)


def claim(
    session: Session, unit: str, benefit: str, workshop: str, row: str, *, seen: int
) -> Document[SheetRow]:
    """Count the hours of a row in a benefit of a unit's plan; ``seen`` is the version of the row. A row
    is counted once, whoever asks.

    Raises Refused for one that is counted already, for minutes in fragments in a benefit that is to be
    taken out of a budget, for a benefit or phase that isn't there; NotAllowed for another unit's plan,
    and as ``documents.actions.save``.
    """
    must_plan(session, f"Organization/{unit}")
    plan = queries.plan(session, unit)
    found = None if plan is None else plan.body.benefit(benefit)
    if plan is None or found is None:
        raise Refused(Why.NOT_IN_PLAN, "there is no such benefit")
    must_be_in(plan.body, *WORKING)
    stands = standing(session, ROW, row_key(workshop, row))
    if stands.body.is_removed or stands.body.row.claimed_by:
        raise Refused(Why.CLAIMED, "it is counted already")
    is_capacity = stands.body.row.is_capacity(queries.worths(session).block)
    if found.realisation is Realisation.BUDGET and is_capacity:
        raise Refused(Why.CAPACITY, "minutes in fragments are no budget")
    claimed = replace(stands.body.row, claimed_by=f"{PLAN_PREFIX}{unit}/{benefit}")
    return _save(session, workshop, replace(stands.body, row=claimed), seen, "row-claimed")


@dataclass(frozen=True, slots=True)
class Clash:
    """A row of a file that does not fit what stands; ``why`` says how."""

    row: str
    why: Why


@dataclass(frozen=True, slots=True)
class ReadIn:
    """What came of a file: rows that are new, changed, and as they were."""

    new: int
    changed: int
    same: int


def read_in(
    session: Session, workshop: str, sent: Sequence[tuple[Row, int]]
) -> ReadIn | list[Clash]:
    """Save all rows of a file, each with the version it was taken out with, or none and tell which ones
    clash: somebody has changed a row since, or it is counted in a plan. Rows that the file lacks stay.

    Raises Refused when a service would free more hours than it has, NotAllowed for who takes no part,
    PreconditionFailed for a row that is saved in the same moment.
    """
    held = _taking_part(session, workshop)
    stand = {each.body.row.id: each for each in queries.row_documents(session, workshop)}
    clashes = list(_clashes(sent, stand))
    if clashes:
        return clashes
    now = {key: each.body.row for key, each in stand.items() if not each.body.is_removed}
    changed = [each for each, _ in sent if now.get(each.id) != each]
    together = [*{**now, **{each.id: each for each in changed}}.values()]
    for area in {each.service_area for each in changed}:
        _must_be_staffed(held, together, area)
    with transaction():
        for row in changed:
            seen = stand[row.id].version if row.id in stand else 0
            _save(session, workshop, SheetRow(workshop, row), seen, "read-in")
    new = sum(1 for each in changed if each.id not in stand)
    return ReadIn(new, len(changed) - new, len(sent) - len(changed))


def _clashes(
    sent: Iterable[tuple[Row, int]], stand: Mapping[str, Document[SheetRow]]
) -> Iterable[Clash]:
    for row, seen in sent:
        before = stand.get(row.id)
        if before is None:
            if row.is_in_plan:
                yield Clash(row.id, Why.CLAIMED)
        elif before.body.row == row and not before.body.is_removed:
            continue  # as it stands: nothing is lost, whatever version the file names
        elif before.version != seen or before.body.is_removed:
            yield Clash(row.id, Why.CHANGED)
        elif before.body.row.claimed_by != row.claimed_by and (
            before.body.row.is_in_plan or row.is_in_plan
        ):
            yield Clash(row.id, Why.CLAIMED)


def _must_keep_claim(before: Document[SheetRow] | None, row: Row) -> None:
    """Only a plan claims for itself, and what it has counted is not let go by writing the row anew."""
    was = "" if before is None else before.body.row.claimed_by
    if was != row.claimed_by and (was.startswith(PLAN_PREFIX) or row.is_in_plan):
        raise Refused(Why.CLAIMED, "a plan has counted it")


def _must_be_staffed(held: Workshop, rows: Sequence[Row], area: str) -> None:
    staffed = {name: hours for name, hours in held.staffed.items() if name == area}
    if any(True for each in faults(rows, staffed) if not each.row):
        raise Refused(Why.STAFFED, f"{area} has no more hours")


def _taking_part(session: Session, workshop: str) -> Workshop:
    held = find(session, WORKSHOP, workshop)
    if held is None:
        raise NotFound("there is no such workshop")
    if not part_in(session, held.body.unit).may_write:
        raise NotAllowed("the workshop is another unit's", code="forbidden")
    return held.body


def _save(
    session: Session, workshop: str, body: SheetRow, seen: int, reason: str
) -> Document[SheetRow]:
    key = row_key(workshop, body.row.id)
    return save(session, ROW, key=key, body=body, seen=seen, reason=reason)


__all__ = ["Clash", "ReadIn", "claim", "hold", "keep_row", "read_in", "remove_row"]
