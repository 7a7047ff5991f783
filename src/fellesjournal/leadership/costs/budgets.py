"""A budget as a tree of sums: what is stated against what its parts give. What is missing is reported and
never filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

TOLERANCE = Decimal(1)
"""NOK that a sum may differ for each child that was rounded."""


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a budget with the rows it is the sum of. ``stated`` is None where the field is blank."""

    id: str
    stated: Decimal | None = None
    children: tuple[Node, ...] = ()
    rounded: bool = False


class Verdict(StrEnum):
    """How a sum stands."""

    AGREES = "agrees"
    WITHIN_TOLERANCE = "within-tolerance"
    MISSING = "missing"
    TOO_MUCH = "too-much"
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True)
class Check:
    """A sum of the tree. ``missing`` is stated less the sum of its children, None when it isn't stated;
    ``blank`` are the children without a figure: the missing money may belong there.
    """

    id: str
    stated: Decimal | None
    listed: Decimal
    missing: Decimal | None
    tolerance: Decimal
    blank: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """How it stands."""
        if self.missing is None:
            return Verdict.NOT_STATED
        if self.missing == 0:
            return Verdict.AGREES
        if abs(self.missing) <= self.tolerance:
            return Verdict.WITHIN_TOLERANCE
        return Verdict.MISSING if self.missing > 0 else Verdict.TOO_MUCH

    @property
    def is_red(self) -> bool:
        """Whether somebody has to look."""
        return self.verdict in {Verdict.MISSING, Verdict.TOO_MUCH, Verdict.NOT_STATED}


def check(node: Node) -> tuple[Check, ...]:
    """Every sum of the tree, from the top down."""
    return tuple(_checks(node))


def _checks(node: Node) -> Iterator[Check]:
    if not node.children:
        return
    listed = sum((child.stated for child in node.children if child.stated is not None), Decimal(0))
    rounded = sum(1 for child in node.children if child.rounded and child.stated is not None)
    yield Check(
        node.id,
        node.stated,
        listed,
        None if node.stated is None else node.stated - listed,
        rounded * TOLERANCE,
        tuple(child.id for child in node.children if child.stated is None),
    )
    for child in node.children:
        yield from _checks(child)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row over the columns; None is a blank field. ``rounded``: its figures were rounded."""

    id: str
    values: tuple[Decimal | None, ...]
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class SumRule:
    """A row that others must add up to."""

    total: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """Rows and columns of a budget; the last column is the sum of those before. ``sums`` hold down the
    columns; ``balance`` names income and cost that must be alike, and the row of their difference.
    """

    columns: tuple[str, ...]
    rows: tuple[BudgetRow, ...]
    sums: tuple[SumRule, ...]
    balance: tuple[str, str, str] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if any(len(row.values) != len(self.columns) for row in self.rows):
            raise ValueError("every row has a field for every column")
        known = [row.id for row in self.rows]
        named = {name for rule in self.sums for name in (rule.total, *rule.children)}
        if unknown := (named | set(self.balance or ())) - set(known):
            raise ValueError(f"no row is called {', '.join(sorted(unknown))}")
        if len(set(known)) != len(known):
            raise ValueError("two rows have one name")

    def __getitem__(self, row: str) -> BudgetRow:
        return next(each for each in self.rows if each.id == row)

    def value(self, row: str, column: str) -> Decimal | None:
        """One field."""
        return self[row].values[self.columns.index(column)]


@dataclass(frozen=True, slots=True)
class TableCheck:
    """A check of a table: down a column, or across a row (``column`` is then empty)."""

    column: str
    check: Check


def check_table(table: BudgetTable) -> tuple[TableCheck, ...]:
    """Every sum down each column, each row across, and that income less cost is the result."""
    down = (
        TableCheck(column, found)
        for rule in table.sums
        for at, column in enumerate(table.columns)
        for found in check(_down(table, rule, at))
    )
    across = (
        TableCheck("", found)
        for row in table.rows
        if len(table.columns) > 1 and any(value is not None for value in row.values)
        for found in check(_across(table, row))
    )
    return (*down, *across, *_balances(table))


def red_rows(found: tuple[TableCheck, ...]) -> frozenset[str]:
    """The rows in which somebody has to look: sums that don't hold, and blank fields below them."""
    down = (each.check for each in found if each.column and each.check.is_red)
    across = (each.check.id for each in found if not each.column and each.check.is_red)
    return frozenset([*across, *(name for sums in down for name in (sums.id, *sums.blank))])


def _down(table: BudgetTable, rule: SumRule, at: int) -> Node:
    children = tuple(
        Node(name, table[name].values[at], rounded=table[name].rounded) for name in rule.children
    )
    return Node(rule.total, table[rule.total].values[at], children)


def _across(table: BudgetTable, row: BudgetRow) -> Node:
    *parts, whole = zip(table.columns, row.values, strict=True)
    children = tuple(Node(column, value, rounded=row.rounded) for column, value in parts)
    return Node(row.id, whole[1], children)


def _balances(table: BudgetTable) -> Iterator[TableCheck]:
    if table.balance is None:
        return
    income, cost, result = table.balance
    for at, column in enumerate(table.columns):
        gained, spent = table[income].values[at], table[cost].values[at]
        parts = (
            Node(income, gained),
            Node(cost, None if spent is None else -spent),
        )
        for found in check(Node(result, table[result].values[at], parts)):
            yield TableCheck(column, found)


__all__ = [
    "TOLERANCE",
    "BudgetRow",
    "BudgetTable",
    "Check",
    "Node",
    "SumRule",
    "TableCheck",
    "Verdict",
    "check",
    "check_table",
    "red_rows",
]
