"""What all parts of one search share: the session's visibility, the snapshot, the parameters.

Every table alias of ``store.entry`` in the SQL of a search passes through
:meth:`Scope.entry`; none can be added without the visibility condition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg

from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.store.index_state import require_complete
from fellesjournal.store.tokens import Hasher
from fellesjournal.store.visibility import Visibility

# Reference tokens: sign bit, 16 bits of slot, 47 bits of resource number (sql/commit.sql).
RID_MASK = (1 << 47) - 1
SLOT_MASK = 0x7FFF
NOWHERE = RID_MASK
"""The number of no resource: the last one, which is never given."""


@dataclass(slots=True)
class Scope:
    """One search being compiled. ``now`` is in microseconds since 1970.

    ``snapshot`` is None for what is current, or a pg_snapshot as text: the state of the
    first page. ``values`` are the parameters bound so far, ``rids`` the numbers of resources
    looked up so far; they never change. ``few``: what one patient has, or what bears a
    number, which is sorted sooner than searched in order. ``steps`` counts the inner searches of chains,
    ``bodies_later`` says that bodies are read when all that is on the page is known.
    """

    connection: psycopg.Connection[Any]
    hasher: Hasher
    visibility: Visibility
    now: int
    snapshot: str | None = None
    own_bases: tuple[str, ...] = ()
    lenient: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    rids: dict[tuple[str, str], int | None] = field(default_factory=dict)
    few: bool = False
    steps: int = 0
    bodies_later: bool = False
    _aliases: int = 0

    def __post_init__(self) -> None:
        """Raises IndexIncomplete (503) while the index is being rebuilt."""
        require_complete(self.connection)

    def bind(self, value: Any, cast: str) -> str:
        """A placeholder for a value, cast to a PostgreSQL type."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"%({name})s::{cast}"

    def alias(self) -> str:
        """A table alias not used yet."""
        self._aliases += 1
        return f"e{self._aliases}"

    def entry(self, alias: str, types: tuple[str, ...]) -> str:
        """The condition every alias of store.entry carries: its types, alive, visible.

        No types: any.
        """
        parts = [self._alive(alias), self.visibility.sql(alias)]
        if len(types) == 1:
            parts.insert(0, f"{alias}.type = {type_number(types[0])}::smallint")
        elif types:
            numbers = ",".join(str(type_number(name)) for name in types)
            parts.insert(0, f"{alias}.type = any('{{{numbers}}}'::smallint[])")
        return " and ".join(parts)

    def _alive(self, alias: str) -> str:
        if self.snapshot is None:
            return f"{alias}.died is null"
        seen = _Snapshot(self.snapshot)
        born, died = seen.has(f"{alias}.born"), seen.has(f"{alias}.died")
        return f"{born} and ({alias}.died is null or not coalesce({died}, false))"

    def rows(self, statement: str, *, binary: bool = False, **extra: Any) -> list[Any]:
        """Run a statement with the values bound so far; ``binary`` is cheaper for many bodies.

        Raises BadRequest when a value is beyond what PostgreSQL can compare.
        """
        try:
            cursor = self.connection.execute(statement, {**self.values, **extra}, binary=binary)
            found: list[Any] = cursor.fetchall()
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise BadRequest("a value of the search is out of range", code="value") from error
        return found


class _Snapshot:
    """A pg_snapshot taken apart, so that the usual row costs one comparison of integers."""

    def __init__(self, text: str) -> None:
        xmin, xmax, running = text.split(":")
        self.xmin, self.xmax = int(xmin), int(xmax)
        self.running = [int(xid) for xid in running.split(",") if xid]

    def has(self, transaction: str) -> str:
        """The condition that a transaction is in the snapshot, or is the asking one.

        What the asking transaction itself has written is in no snapshot, yet it must see it.
        """
        later = ""
        if self.xmax > self.xmin:
            others = ",".join(map(str, self.running))
            among = f" and {transaction} <> all('{{{others}}}'::xid8[])" if others else ""
            later = f" or ({transaction} < '{self.xmax}'::xid8{among})"
        own = f" or {transaction} = pg_current_xact_id_if_assigned()"
        return f"({transaction} < '{self.xmin}'::xid8{later}{own})"


def has_token(alias: str, scope: Scope, tokens: list[int]) -> str:
    """The condition that an entry has one of the tokens; false for no tokens."""
    if not tokens:
        return "false"
    if len(tokens) == 1:
        return f"{alias}.tokens @> {scope.bind(tokens, 'bigint[]')}"
    return f"{alias}.tokens && {scope.bind(tokens, 'bigint[]')}"


def reference_token(slot: int, rid: int) -> int:
    """As store.reference_token: exact, and negative, so that no hash can be taken for it."""
    return ((slot << 47) | rid) - (1 << 63)


def any_of(conditions: list[str]) -> str:
    """One of them holds; false for none."""
    if not conditions:
        return "false"
    return conditions[0] if len(conditions) == 1 else "(" + " or ".join(conditions) + ")"


def all_of(conditions: list[str]) -> str:
    """All of them hold; true for none."""
    if not conditions:
        return "true"
    return conditions[0] if len(conditions) == 1 else "(" + " and ".join(conditions) + ")"
