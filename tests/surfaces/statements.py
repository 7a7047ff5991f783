"""Counting the statements of a page at the driver: those of the ORM and of the store alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg


@dataclass
class Counted:
    """The statements in their order."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counted() -> Iterator[Counted]:
    """Everything that is executed in the block, whoever asks; savepoints of tests are none."""
    found = Counted()
    plain = psycopg.Cursor.execute

    # Any: the driver's own signature
    def execute(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        text = query if isinstance(query, str) else str(query)
        if not text.startswith(("SAVEPOINT", "RELEASE SAVEPOINT")):
            found.statements.append(text)
        return plain(self, query, *given, **named)

    with patch.object(psycopg.Cursor, "execute", execute):
        yield found


__all__ = ["Counted", "counted"]
