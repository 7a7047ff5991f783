"""Since when a list of visits is planned here: what came before it is not in it, and must be said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fellesjournal.care.homecare.planned import Item


def begun_within(items: Iterable[Item], start: datetime) -> datetime | None:
    """When the first of these items was made, when that was after the day or shift they are of
    began (``start``): visits that were over by then were never made, so an empty or finished list
    does not tell that nothing is left. None when they were planned ahead, as the clock does.
    """
    made = min((item.made for item in items if item.made is not None), default=None)
    return made if made is not None and made > start else None


__all__ = ["begun_within"]
