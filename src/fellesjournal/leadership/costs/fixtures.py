"""Published budgets as data: Røros municipality and a grant budget, each file with its public source named
in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from fellesjournal.leadership.costs.budgets import BudgetTable
from fellesjournal.leadership.costs.lines import CostModel

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Between:
    """An amount that is told as a range, or as one."""

    id: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Municipality:
    """``data/roros.json``: the totals as published, and the model made of them."""

    source: str
    note: str
    model: CostModel
    investment: Decimal
    invoiced: Decimal
    one_off: Decimal
    annual_operation: Decimal
    annual_legacy: Decimal
    shares: int
    share_percent: Decimal
    go_live: date
    trust_package: tuple[Between, ...]
    owned_by_rhf_percent: Decimal


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of own effort in a column."""

    column: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Grant:
    """``data/grant.json``. Rate and hours are an assumption (configurable) that fits the figures."""

    source: str
    note: str
    table: BudgetTable
    own_effort_hours: tuple[Hours, ...]
    own_effort_rate: Decimal


def sum_between(parts: tuple[Between, ...]) -> Between:
    """The range of a sum of ranges."""
    return Between(
        "sum", sum((p.low for p in parts), Decimal(0)), sum((p.high for p in parts), Decimal(0))
    )


@cache
def roros() -> Municipality:
    """Røros municipality, November 2022."""
    return _read("roros.json", Municipality)


@cache
def grant() -> Grant:
    """The grant budget of Møre og Romsdal, November 2024."""
    return _read("grant.json", Grant)


def _read(name: str, shape: type[T]) -> T:
    return msgspec.json.decode((files(__package__) / "data" / name).read_bytes(), type=shape)


__all__ = ["Between", "Grant", "Hours", "Municipality", "grant", "roros", "sum_between"]
