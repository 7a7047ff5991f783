"""Each cell that follows from others: whether its digits can be what the others give.

Consistent: whatever the digits of the others stand for, these digits come of it. Inconsistent: none
of it gives them. Undecidable: some does, and decimals that are not printed decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from fellesjournal.leadership.figures.audit.digits import Digits, Kind
from fellesjournal.leadership.figures.audit.formulas import Formula, formula
from fellesjournal.leadership.figures.audit.spans import Span, exactly
from fellesjournal.leadership.figures.audit.tables import Pasted
from fellesjournal.leadership.figures.rounding import Mode

_MODES = (Mode.HALF_UP, Mode.TRUNC)
_TOTALS = frozenset({"sum", "total", "totalt", "i alt", "til sammen", "in all"})


class Verdict(StrEnum):
    """What arithmetic says of a cell."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    UNDECIDABLE = "undecidable"


class Why(StrEnum):
    """What the verdict rests on."""

    FITS = "fits"
    CUT_OFF = "cut-off"
    ROUNDED = "rounded"
    HIDDEN_DECIMALS = "hidden-decimals"
    NO_BOUND = "no-bound"
    OUTSIDE = "outside"
    EMPTY = "empty"
    NOT_TOLD = "not-told"
    WHOLE = "whole"
    NO_WHOLE = "no-whole"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on one cell. ``given`` is what the others give when all is rounded with halves up, in
    the unit of the cell (percent, minutes); None where nothing can be said. ``is_percent``: of what.
    ``not_told``: the only cell it needs that is empty, by column or row; ``given`` is then of that one.
    """

    row: str
    column: str
    shown: str
    verdict: Verdict
    why: Why
    given: Span | None
    is_percent: bool
    formula: str
    not_told: str = ""


class NotInTheTable(ValueError):
    """A formula with a name that is no column and no row; ``name`` is it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is neither a column nor a row of the table")
        self.name = name


def judged(
    table: Pasted, formulas: Sequence[Formula], *, rounded: Collection[str] = ()
) -> list[Judged]:
    """The verdicts by formula: of columns on each row, of rows in each column. Whole numbers are
    counts, and exact, but in rows and columns named in ``rounded``. Raises NotInTheTable.
    """
    found: list[Judged] = []
    for each in formulas:
        names = (each.of, *each.names)
        of_columns = set(names) <= set(table.columns)
        if not of_columns and not set(names) <= set(table.rows):
            known = {*table.columns, *table.rows}
            raise NotInTheTable(next((n for n in names if n not in known), names[-1]))
        for row, column, target, others in _cells(table, each, of_columns=of_columns):
            line = row if of_columns else column
            loose = {name for name in names if name in rounded or line in rounded}
            here = _Here(row, column, target, others, loose)
            empty = [name for name, cell in here.cells(each).items() if cell.kind is Kind.EMPTY]
            if len(empty) == 1 and not each.out_of:
                like = table.like(empty[0], of_columns=of_columns)
                found.append(_not_told(each, here, empty[0], like))
            else:
                found.append(_judged(each, here, is_empty=bool(empty)))
    return found


def suggested(table: Pasted) -> list[Formula]:
    """What a table says of itself: a last row or column called a total is the sum of the others."""
    found = []
    for names in (table.rows, table.columns):
        *others, last = names
        if others and last.casefold() in _TOTALS:
            found.append(formula(f"[{last}] = " + " + ".join(f"[{each}]" for each in others)))
    return found


def _cells(
    table: Pasted, each: Formula, *, of_columns: bool
) -> Iterator[tuple[str, str, Digits, Mapping[str, Digits]]]:
    if of_columns:
        for row in table.rows:
            others = {name: table.cell(row, name) for name in each.names}
            yield row, each.of, table.cell(row, each.of), others
    else:
        for column in table.columns:
            others = {name: table.cell(name, column) for name in each.names}
            yield each.of, column, table.cell(each.of, column), others


@dataclass(frozen=True, slots=True)
class _Here:
    """A cell that follows from others, and those; ``loose`` are names of what is rounded of them."""

    row: str
    column: str
    target: Digits
    others: Mapping[str, Digits]
    loose: Collection[str]

    def cells(self, by: Formula) -> dict[str, Digits]:
        return {by.of: self.target, **self.others}

    def spans(self, mode: Mode) -> dict[str, Span]:
        """What the others may stand for, those that are told."""
        return {
            name: _span(other, mode, is_loose=name in self.loose)
            for name, other in self.others.items()
            if other.kind is not Kind.EMPTY
        }

    def shown(self, by: Formula, mode: Mode) -> Span:
        return _span(self.target, mode, is_loose=by.of in self.loose, is_signed=True)


def _judged(each: Formula, here: _Here, *, is_empty: bool) -> Judged:
    row, column, target = here.row, here.column, here.target
    is_percent = target.kind is Kind.PERCENT
    if is_empty:
        return Judged(
            row, column, target.text, Verdict.UNDECIDABLE, Why.EMPTY, None, is_percent, each.text
        )
    if each.out_of:
        return _of_so_many(each, row, column, target, here.others[each.out_of], here.loose)
    given = {mode: each.worked_out(here.spans(mode)) for mode in _MODES}
    shown = {mode: here.shown(each, mode) for mode in _MODES}
    verdict, why = judge(list(given.values()), shown)
    said = given[Mode.HALF_UP].times(100 if is_percent else 1)
    return Judged(row, column, target.text, verdict, why, said, is_percent, each.text)


def _not_told(each: Formula, here: _Here, name: str, like: Sequence[Digits]) -> Judged:
    """What a cell that was held back may be all the same: who publishes wants to know before others do.
    ``like`` are the cells told in its column (or row): a whole number among whole numbers is one.
    """
    given: list[Span] = []
    for mode in _MODES:
        known = here.spans(mode)
        if name == each.of:
            given.append(each.worked_out(known))
        elif (solved := each.solved_for(name, here.shown(each, mode), known)) is not None:
            given.append(solved)
    span = _around(given)
    is_percent = bool(like) and all(cell.kind is Kind.PERCENT for cell in like)
    is_count = bool(like) and all(cell.kind is Kind.NUMBER and cell.step == 1 for cell in like)
    if span is not None and is_count and name not in here.loose:
        span = span.whole() or span
    return Judged(
        here.row, here.column, here.target.text, Verdict.UNDECIDABLE,
        Why.NOT_TOLD if span is not None else Why.EMPTY,
        None if span is None else span.times(100 if is_percent else 1), is_percent, each.text,
        name if span is not None else "",
    )  # fmt: skip


def _around(spans: Sequence[Span]) -> Span | None:
    """What any of them holds; None of none, or when there is no bound."""
    low, high = _end([each.low for each in spans], min), _end([each.high for each in spans], max)
    return None if low is None and high is None else Span(low, high)


def _end(
    ends: Sequence[Fraction | None], pick: Callable[[Iterable[Fraction]], Fraction]
) -> Fraction | None:
    known = [each for each in ends if each is not None]
    return pick(known) if known and len(known) == len(ends) else None


def _of_so_many(
    each: Formula, row: str, column: str, target: Digits, count: Digits, loose: Collection[str]
) -> Judged:
    """Whether some whole number out of so many is the share (the GRIM test, Brown and Heathers 2017)."""
    is_percent = target.kind is Kind.PERCENT

    def said(verdict: Verdict, why: Why, given: Span | None) -> Judged:
        shown = None if given is None else given.times(100 if is_percent else 1)
        return Judged(row, column, target.text, verdict, why, shown, is_percent, each.text)

    out_of = count.value
    is_exact = count.kind is Kind.NUMBER and count.step == 1 and each.out_of not in loose
    if not is_exact or out_of <= 0:
        return said(Verdict.UNDECIDABLE, Why.NO_BOUND, None)
    spans = [_span(target, mode, is_loose=each.of in loose) for mode in _MODES]
    lowest = min((span.low or Fraction()) for span in spans)
    first = max(0, floor(lowest * out_of))
    for whole in range(first, min(first + 3, int(out_of) + 1)):
        share = exactly(Fraction(whole) / out_of)
        if any(share.is_within(span) for span in spans):
            return said(Verdict.CONSISTENT, Why.WHOLE, share)
    near = Span(
        min(Fraction(first) / out_of, Fraction(1)), min(Fraction(first + 1) / out_of, Fraction(1))
    )
    return said(Verdict.INCONSISTENT, Why.NO_WHOLE, near)


def judge(given: Sequence[Span], shown: Mapping[Mode, Span]) -> tuple[Verdict, Why]:
    """What may be said of a cell that stands for ``shown``, by how digits were left out, when the
    others give one of ``given``. Others need not have been rounded in the way the cell was.
    """
    fits = {mode for mode, span in shown.items() if any(each.is_within(span) for each in given)}
    if fits == {Mode.TRUNC}:
        return Verdict.CONSISTENT, Why.CUT_OFF
    if fits:
        return Verdict.CONSISTENT, Why.FITS if len(fits) == len(shown) else Why.ROUNDED
    if any(each.meets(span) for each in given for span in shown.values()):
        is_bounded = all(each.low is not None and each.high is not None for each in given)
        return Verdict.UNDECIDABLE, Why.HIDDEN_DECIMALS if is_bounded else Why.NO_BOUND
    return Verdict.INCONSISTENT, Why.OUTSIDE


def _span(cell: Digits, mode: Mode, *, is_loose: bool, is_signed: bool = False) -> Span:
    """As a share for percent, else as printed; whole numbers are exact unless said otherwise."""
    is_count = cell.kind is Kind.NUMBER and cell.step == 1 and not is_loose
    span = cell.span(mode, is_count=is_count, is_signed=is_signed)
    if cell.kind is not Kind.PERCENT:
        return span
    return span.times(Fraction(1, 100))


__all__ = [
    "Judged", "NotInTheTable", "Verdict", "Why", "judge", "judged", "suggested",
]  # fmt: skip
