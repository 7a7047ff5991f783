"""What arithmetic says of published digits, in the words of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.figures.audit.formulas import Fault, NotAFormula
from fellesjournal.leadership.figures.audit.spans import Span
from fellesjournal.leadership.figures.audit.tables import Problem, Wrong
from fellesjournal.leadership.figures.audit.verdicts import Judged, Verdict, Why
from fellesjournal.surfaces.leaders.amounts import plain

_PLACES = 2

VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.CONSISTENT: _("consistent"),
    Verdict.INCONSISTENT: _("inconsistent"),
    Verdict.UNDECIDABLE: _("undecidable"),
}
_WRONG: Mapping[Wrong, Promise] = {
    Wrong.EMPTY: _("Paste a table."),
    Wrong.TOO_LARGE: _("The table is too large: at most 200 rows and 40 columns."),
    Wrong.NO_CELLS: _(
        "No cells are found: the first line has headings, each line begins with a name, and"
        " cells stand between tabs or semicolons."
    ),
}


_FAULTS: Mapping[Fault, Promise] = {
    Fault.TOO_LONG: _("A formula is longer than 500 characters."),
    Fault.TOO_MANY: _("There are more than twenty formulas."),
    Fault.NO_COLUMN: _("A formula begins with a column in brackets and “=”: [change] = …"),
    Fault.NOT_UNDERSTOOD: _("A formula is not understood at “%(said)s”."),
    Fault.OUT_OF_PLACE: _("In a formula “%(said)s” stands where it can't."),
    Fault.TOO_DEEP: _("A formula has too many parentheses."),
    Fault.NOT_CLOSED: _("In a formula a parenthesis is not closed."),
    Fault.ENDS_EARLY: _("In a formula something is missing at the end."),
}


def not_a_formula(found: NotAFormula) -> str:
    """What is wrong with a formula."""
    return str(_FAULTS[found.fault]) % {"said": found.said}


def because(found: Judged) -> str:
    """Why a cell got its verdict."""
    given = "" if found.given is None else span(found.given, is_percent=found.is_percent)
    match found.why:
        case Why.FITS:
            return gettext("The digits come out: %(given)s.") % {"given": given}
        case Why.CUT_OFF:
            return gettext("%(given)s: shown with digits cut off, not rounded.") % {"given": given}
        case Why.ROUNDED:
            return gettext("%(given)s: shown rounded, not cut off.") % {"given": given}
        case Why.HIDDEN_DECIMALS:
            return gettext(
                "The others give %(given)s: only decimals that are not printed decide."
            ) % {"given": given}
        case Why.NO_BOUND:
            return gettext("What it is divided by may be nought: anything may come out.")
        case Why.EMPTY:
            return gettext(
                "More than one cell that is needed is empty, or what is left says nothing."
            )
        case Why.NOT_TOLD:
            return _not_told(found, given)
        case Why.WHOLE:
            return gettext("A whole number gives %(given)s.") % {"given": given}
        case Why.NO_WHOLE:
            return gettext("No whole number of so many gives it: the nearest give %(given)s.") % {
                "given": given
            }
        case Why.OUTSIDE:
            return gettext("The others give %(given)s.") % {"given": given}


def _not_told(found: Judged, given: str) -> str:
    """What is held back, and what the others tell of it all the same."""
    named = {"name": found.not_told, "given": given}
    if found.given is not None and found.given.is_exact:
        return gettext("“%(name)s” is not told, and can be worked out: %(given)s.") % named
    return gettext("“%(name)s” is not told; with the others it is %(given)s.") % named


def span(found: Span, *, is_percent: bool) -> str:
    """What the others give, with halves rounded up."""
    if found.low is None and found.high is None:
        return gettext("no bound")
    if found.high is None and found.low is not None:
        return gettext("%(low)s or more") % {"low": _number(found.low, is_percent=is_percent)}
    if found.low is None and found.high is not None:
        return gettext("%(high)s or less") % {"high": _number(found.high, is_percent=is_percent)}
    assert found.low is not None  # as said above
    assert found.high is not None
    ends = [_number(end, is_percent=is_percent) for end in (found.low, found.high)]
    if ends[0] == ends[1]:
        return ends[0]
    return gettext("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def problem(found: Problem) -> str:
    """What keeps a table from being read, and where."""
    if found.wrong in _WRONG:
        return str(_WRONG[found.wrong])
    where = {"row": found.row, "column": found.column, "said": found.said}
    match found.wrong:
        case Wrong.CELLS:
            return (
                gettext("Row %(row)s has another number of cells than the headings: %(said)s.")
                % where
            )
        case Wrong.NAME:
            return gettext(
                "Row %(row)s, column %(column)s: a name is missing, longer than 100 characters, or has brackets."
            ) % where  # fmt: skip
        case Wrong.TWICE:
            return gettext("Row %(row)s: “%(said)s” is the name of a row above too.") % where
        case _:
            return (
                gettext(
                    "Row %(row)s, column %(column)s: “%(said)s” is no number, percentage or duration."
                )
                % where
            )


def _number(value: Fraction, *, is_percent: bool) -> str:
    text = plain(value, 0 if value.denominator == 1 else _PLACES)
    return f"{text}\N{NO-BREAK SPACE}%" if is_percent else text


__all__ = ["VERDICTS", "because", "not_a_formula", "problem", "span"]
