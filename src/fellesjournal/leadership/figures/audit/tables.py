"""A table as it is pasted: cells between tabs or semicolons, headings first, a name before each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fellesjournal.leadership.figures.audit.digits import Digits, Kind, digits

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 200, 40, 60_000
_LONGEST_NAME = 100


class Wrong(StrEnum):
    """What keeps a table from being read."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NO_CELLS = "no-cells"
    CELLS = "cells"
    NAME = "name"
    TWICE = "twice"
    NOT_READ = "not-read"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: row and column from 1 as they were pasted, 0 for the whole of it.
    ``said`` is what stands there.
    """

    wrong: Wrong
    row: int = 0
    column: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A table: names of columns and of rows, each once, and its cells in their order."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[Digits, ...], ...]

    def cell(self, row: str, column: str) -> Digits:
        """One cell. Raises ValueError for a name that is not there."""
        return self.cells[self.rows.index(row)][self.columns.index(column)]

    def like(self, name: str, *, of_columns: bool) -> list[Digits]:
        """The cells that are told in a column, or in a row."""
        if of_columns:
            found = [row[self.columns.index(name)] for row in self.cells]
        else:
            found = list(self.cells[self.rows.index(name)])
        return [cell for cell in found if cell.kind is not Kind.EMPTY]


class NotATable(ValueError):
    """What was pasted can't be read; ``problems`` says all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{each.wrong} {each.row}.{each.column}" for each in problems))
        self.problems = tuple(problems)


def pasted(text: str) -> Pasted:
    """The table in a text. Columns of one name are told apart as “change” and “change (2)”.

    Raises NotATable with every problem there is.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotATable([Problem(Wrong.TOO_LARGE)])
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise NotATable([Problem(Wrong.EMPTY)])
    mark = "\t" if any("\t" in line for _, line in lines) else ";"
    parts = [(n, [each.strip() for each in line.split(mark)]) for n, line in lines]
    width = len(parts[0][1])
    if len(parts) < 2 or width < 2:
        raise NotATable([Problem(Wrong.NO_CELLS)])
    if len(parts) - 1 > MOST_ROWS or width - 1 > MOST_COLUMNS:
        raise NotATable([Problem(Wrong.TOO_LARGE)])
    problems: list[Problem] = _bad_names(parts)
    cells = [
        tuple(_cell(each, n, place, problems) for place, each in enumerate(row[1:], start=2))
        for n, row in parts[1:]
    ]
    for n, row in parts[1:]:
        if len(row) != width:
            problems.append(Problem(Wrong.CELLS, n, said=f"{len(row)} / {width}"))
    if problems:
        raise NotATable(sorted(problems, key=lambda each: (each.row, each.column)))
    return Pasted(_apart(parts[0][1][1:]), tuple(row[0] for _, row in parts[1:]), tuple(cells))


def _bad_names(parts: Sequence[tuple[int, list[str]]]) -> list[Problem]:
    first, heads = parts[0]
    found = [
        Problem(Wrong.NAME, first, place, each)
        for place, each in enumerate(heads[1:], start=2)
        if not _is_name(each)
    ]
    seen: set[str] = set()
    for n, row in parts[1:]:
        if not _is_name(row[0]):
            found.append(Problem(Wrong.NAME, n, 1, row[0]))
        elif row[0] in seen:
            found.append(Problem(Wrong.TWICE, n, 1, row[0]))
        seen.add(row[0])
    return found


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and not set("[]") & set(text)


def _cell(text: str, row: int, column: int, problems: list[Problem]) -> Digits:
    try:
        return digits(text)
    except ValueError:
        problems.append(Problem(Wrong.NOT_READ, row, column, text[:_LONGEST_NAME]))
        return digits("")


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names with what comes again numbered."""
    found: list[str] = []
    for name in names:
        told, n = name, 1
        while told in found:
            n += 1
            told = f"{name} ({n})"
        found.append(told)
    return tuple(found)


__all__ = ["NotATable", "Pasted", "Problem", "Wrong", "pasted"]
