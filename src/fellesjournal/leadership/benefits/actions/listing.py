"""The selection list: items with their criteria, several people's scores, retired and taken back."""

from __future__ import annotations

from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits.policies import must_realise
from fellesjournal.leadership.benefits.resources import ITEM
from fellesjournal.leadership.benefits.selection import Item, Listed, Score, Scored
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document

_TRIES = 5
"""So many people may score one item in the same moment."""


def propose_item(session: Session, item: Item, *, reason: str) -> Document[Item]:
    """Put an indicator on the list. Raises PreconditionFailed when it is there already (retired ones
    too), NotAllowed, and as ``documents.actions.save``.
    """
    must_realise(session)
    return save(session, ITEM, key=item.indicator, body=item, seen=0, reason=reason)


def judge(
    session: Session, indicator: str, criteria: Listed, *, seen: int, reason: str
) -> Document[Item]:
    """Judge the three criteria anew. Raises as ``documents.actions.save``."""
    must_realise(session)
    item = standing(session, ITEM, indicator).body
    after = replace(item, criteria=criteria)
    return save(session, ITEM, key=indicator, body=after, seen=seen, reason=reason)


def score(session: Session, indicator: str, given: Score) -> Document[Item]:
    """Score an item, in place of what she herself scored before. What somebody else scores in the same
    moment stays. Raises NotFound, and as ``documents.actions.save``.
    """
    for attempt in range(_TRIES):
        stands = standing(session, ITEM, indicator)
        after = stands.body.scored_by(Scored(session.person, given, clock.now()))
        try:
            return save(
                session, ITEM, key=indicator, body=after, seen=stands.version, reason="scored"
            )
        except PreconditionFailed:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError  # the loop returns or raises


def retire(
    session: Session, indicator: str, *, is_retired: bool, seen: int, reason: str
) -> Document[Item]:
    """Retire an item, or take it back; it is never deleted. Raises as ``documents.actions.save``."""
    must_realise(session)
    item = standing(session, ITEM, indicator).body
    after = replace(item, is_retired=is_retired)
    return save(session, ITEM, key=indicator, body=after, seen=seen, reason=reason)


__all__ = ["judge", "propose_item", "retire", "score"]
