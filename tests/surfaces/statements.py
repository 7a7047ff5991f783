"""Counting the statements of a page at the driver: those of the ORM and of the store alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg

_NOT_COUNTED = (
    "SAVEPOINT",
    "RELEASE SAVEPOINT",
    "ROLLBACK TO SAVEPOINT",
    "select name, value from store.fact where name in ('index', 'reindex')",
    "update access.web_session set seen =",
)
_NO_QUESTION = (
    "select access.enter_",
    "select access.log_line(",
    "with beside as materialized (select access.log_line(",
)


@dataclass
class Counted:
    """The statements in their order, and each with its values."""

    statements: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def asked_again(self) -> list[str]:
        """What was asked with the same values more than once, as often as it was one too many.

        To enter the database as the platform or as who asks, and to log an act, ask nothing.
        """
        often = Counter(self.asked)
        return [
            statement
            for (statement, _), times in often.items()
            if not statement.startswith(_NO_QUESTION)
            for _again in range(times - 1)
        ]


@contextmanager
def counted() -> Iterator[Counted]:
    """Everything that is executed in the block, whoever asks. Savepoints of tests are none of it,
    nor what is done once a second or once a minute and not for a page: the look at the state of the
    index, the note that somebody is still at her browser.
    """
    found = Counted()
    plain = psycopg.Cursor.execute

    # Any: the driver's own signature
    def execute(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        text = query if isinstance(query, str) else str(query)
        if not text.startswith(_NOT_COUNTED):
            found.statements.append(text)
            found.asked.append((text, repr(given)))
        return plain(self, query, *given, **named)

    with patch.object(psycopg.Cursor, "execute", execute):
        yield found


__all__ = ["Counted", "counted"]
