"""What reads answer, by name for the layers above: they may not import the store."""

from __future__ import annotations

from fellesjournal.store.history import Event, HistoryPage
from fellesjournal.store.read import Stored
from fellesjournal.store.search import SearchPage

__all__ = ["Event", "HistoryPage", "SearchPage", "Stored"]
