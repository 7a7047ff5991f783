"""The table of a view: which columns it has, and that none of them can hold who somebody is.

A view is registered once, where it is defined; the jobs keep a table of each that is registered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from fellesjournal.access.addresses import own_bases
from fellesjournal.fhir.views import Column, View, compile_view
from fellesjournal.leadership.indicators.values import KINDS, MOMENT, WITHOUT_TEXT, Kind

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VERSION: Final = 2
"""Raised when values are written or found otherwise: all tables are then made anew."""


class NotATable(ValueError):
    """A view that no table may be kept of; says why."""


@dataclass(frozen=True, slots=True)
class Index:
    """What rows are found by: the first of the columns ``keys`` that has a value. ``beside``: columns
    that are read with it, without going to the row.
    """

    keys: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A view with a table of its own.

    ``name`` is that of the view and of the table; ``month`` a column with a day or a moment, by
    which files of the table are cut. ``found_by``: what its rows are found by, the day of ``month`` where
    nothing else is said. Raises NotATable when its columns are looked at.
    """

    name: str
    definition: Mapping[str, Any]
    month: str
    found_by: tuple[Index, ...] = ()

    @cached_property
    def view(self) -> View:
        """The compiled view. Raises ViewError."""
        return compile_view(dict(self.definition), own_bases=own_bases())

    @cached_property
    def digest(self) -> str:
        """Changes with whatever changes its rows."""
        of = f"{_VERSION} {self.view.digest} {' '.join(own_bases())} {self.found_by or ''}"
        return hashlib.sha256(of.encode()).hexdigest()

    @cached_property
    def kinds(self) -> tuple[Kind | None, ...]:
        """How the values of each column of the view are written; None: as a number of a resource."""
        return tuple(_kind(self.name, column) for column in self.view.columns)

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(name, type in SQL) of each column of the table but those of the resource itself."""
        found: list[tuple[str, str]] = []
        for column, kind in zip(self.view.columns, self.kinds, strict=True):
            found.append((column.name, "bigint" if kind is None else kind.sql))
            if kind is MOMENT:
                found.append((f"{column.name}_day", "date"))
        names = [name for name, _ in found]
        if len(names) != len(set(names)):
            raise NotATable(f"{self.name}: a column has the name of the day of another")
        return tuple(found)

    @cached_property
    def day(self) -> str:
        """The column with the day that a row counts in."""
        days = {name for name, kind in self.columns if kind == "date"}
        for name in (self.month, f"{self.month}_day"):
            if name in days:
                return name
        raise NotATable(f"{self.name}: {self.month!r} is no column with a day or a moment")

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """What its rows are found by: questions are of a month, tables of years."""
        return self.found_by or (Index((self.day,)),)


def _kind(table: str, column: Column) -> Kind | None:
    """Decided by what the standard says of the path: what a view says of itself proves nothing."""
    if column.name != column.name.lower() or column.name.startswith("fj_"):
        raise NotATable(f"{table}: {column.name!r}: small letters, and fj_ is the table's own")
    if column.collection:
        raise NotATable(f"{table}: {column.name!r} has several values: use forEach")
    if column.is_key:
        return None
    kind = KINDS.get(column.found or column.type or "")
    if kind is None or (column.found is None and column.type not in WITHOUT_TEXT):
        raise NotATable(
            f"{table}: {column.name!r} may hold text ({column.found or 'its type is not known'}):"
            " only keys, codes, numbers and times stand in tables of figures"
        )
    return kind


def columns_of(**columns: str | tuple[str, str]) -> dict[str, Any]:
    """The columns of a select, by name: each a path, or a path and its type where the standard can't
    tell it.
    """
    said = {name: (each, "") if isinstance(each, str) else each for name, each in columns.items()}
    return {
        "column": [
            {"name": name, "path": path} | ({"type": kind} if kind else {})
            for name, (path, kind) in said.items()
        ]
    }


def view_of(
    name: str,
    resource: str,
    where: str = "",
    *selects: Mapping[str, Any],
    **columns: str | tuple[str, str],
) -> dict[str, Any]:
    """A ViewDefinition (SQL-on-FHIR v2): the ``columns`` of each resource that fits, beside those of
    further ``selects``.
    """
    own = [columns_of(**columns)] if columns else []
    return {
        "resourceType": "ViewDefinition",
        "name": name,
        "status": "active",
        "resource": resource,
        "where": [{"path": where}] if where else [],
        "select": [*own, *selects],
    }


_registered: dict[str, Table] = {}


def register(
    definition: Mapping[str, Any], *, month: str, found_by: tuple[Index, ...] = ()
) -> Table:
    """Have a table kept of a ViewDefinition, under its ``name``.

    Raises NotATable for a name that is taken or no name; the rest is found by the tests and when
    the table is made, for a view is compiled when it is first needed.
    """
    name = definition.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise NotATable("a view has a name of small letters, digits and underscores")
    if name in _registered and _registered[name].definition != definition:
        raise NotATable(f"{name}: another view has this name")
    _registered[name] = Table(name, definition, month, found_by)
    return _registered[name]


def registered() -> tuple[Table, ...]:
    """The tables that are kept, by name."""
    return tuple(_registered[name] for name in sorted(_registered))


__all__ = ["Index", "NotATable", "Table", "columns_of", "register", "registered", "view_of"]
