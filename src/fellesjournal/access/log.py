"""The log of every act, as the rest of the door calls it; see ``access.readlog``."""

from __future__ import annotations

from fellesjournal.access.readlog.lines import (
    CASTS,
    WRITTEN,
    beside,
    line,
    line_of,
    line_on,
    refused,
    who,
    with_line,
    with_line_or_refusal,
)

__all__ = [
    "CASTS",
    "WRITTEN",
    "beside",
    "line",
    "line_of",
    "line_on",
    "refused",
    "who",
    "with_line",
    "with_line_or_refusal",
]
