"""Assumptions as they are set: a document for each, with all values and from which day they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import Unprocessable
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, find
from fellesjournal.leadership.documents.resources import Document, Kind
from fellesjournal.leadership.figures.assumptions import Assumption


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that was set, and the first day it holds."""

    value: Decimal
    valid_from: date


@dataclass(frozen=True, slots=True)
class Settings:
    """All that was set for one assumption."""

    settings: tuple[Setting, ...] = field(default=())

    def on(self, day: date, assumption: Assumption) -> Decimal:
        """What holds on a day: of two that hold from the same day, the one set later."""
        held = [each for each in self.settings if each.valid_from <= day]
        if not held:
            return assumption.value
        newest = max(each.valid_from for each in held)
        return next(each.value for each in reversed(held) if each.valid_from == newest)


SETTINGS: Kind[Settings] = Kind(
    "assumption", Settings, saved_by=frozenset({Duty.REALISE_BENEFITS, Duty.ROLL_OUT}),
    read_by_apps=True, read_by_all=True,
)  # fmt: skip
"""Values about nobody: a figure over the API is what it is on the page, and whoever reports a problem is
told by when she is answered.
"""


def values_on(
    session: Session, assumptions: Iterable[Assumption], day: date
) -> Mapping[str, Decimal]:
    """What each assumption is on a day, by key: as it was set, or as it is shipped."""
    return values_of(all_standing(session, SETTINGS), assumptions, day)


def values_of(
    settings: Iterable[Document[Settings]], assumptions: Iterable[Assumption], day: date
) -> Mapping[str, Decimal]:
    """As :func:`values_on`, of documents that were read already."""
    found = {each.key: each.body for each in settings}
    return {each.key: found.get(each.key, Settings()).on(day, each) for each in assumptions}


def set_value(
    session: Session, assumption: Assumption, setting: Setting, *, seen: int, reason: str
) -> Document[Settings]:
    """Let another value hold from a day on. Raises Unprocessable for a value that can't be set,
    and as ``actions.save``.
    """
    if refused := assumption.refuse(setting.value):
        raise Unprocessable(f"{assumption.key}: {refused.value}", code="value")
    before = find(session, SETTINGS, assumption.key)
    settings = () if before is None else before.body.settings
    return save(
        session, SETTINGS, key=assumption.key, body=Settings((*settings, setting)), seen=seen,
        reason=reason,
    )  # fmt: skip


__all__ = ["SETTINGS", "Setting", "Settings", "set_value", "values_of", "values_on"]
