"""Changing a cost model: each change is a new version with its reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.costs import queries
from fellesjournal.leadership.costs.lines import CostModel
from fellesjournal.leadership.costs.resources import COST_MODEL
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.resources import Document


def change_line(
    session: Session,
    actor: str,
    *,
    line: str,
    amount: Decimal,
    low: Decimal | None,
    high: Decimal | None,
    seen: int,
    reason: str,
) -> Document[CostModel]:
    """Another amount of a line, with a range or without. Raises NotFound for a line that isn't there,
    Unprocessable for an impossible range, and as ``documents.actions.save``.
    """
    model = _standing(session, actor)
    if line not in {each.id for each in model.lines}:
        raise NotFound("there is no such line")
    try:
        lines = tuple(
            replace(each, amount=amount, low=low, mode=None, high=high, settled=False)
            if each.id == line
            else each
            for each in model.lines
        )
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return _next(session, actor, replace(model, lines=lines), seen, reason)


def clear_up(
    session: Session, actor: str, *, clarification: str, seen: int, reason: str
) -> Document[CostModel]:
    """Close an open clarification; the reason says how. Raises NotFound for one that isn't open, and as
    ``documents.actions.save``.
    """
    model = _standing(session, actor)
    if clarification not in model.open_clarifications:
        raise NotFound("there is no such clarification")
    left = tuple(each for each in model.open_clarifications if each != clarification)
    return _next(session, actor, replace(model, open_clarifications=left), seen, reason)


def _standing(session: Session, actor: str) -> CostModel:
    found = queries.models(session).get(actor)
    if found is None:
        raise NotFound("there is no such model")
    return found


def _next(
    session: Session, actor: str, model: CostModel, seen: int, reason: str
) -> Document[CostModel]:
    made = replace(model, version=str(seen + 1), day=clock.today())
    return save(session, COST_MODEL, key=actor, body=made, seen=seen, reason=reason)


__all__ = ["change_line", "clear_up"]
