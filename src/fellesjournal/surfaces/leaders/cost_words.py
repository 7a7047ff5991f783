"""The words of the cost pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.costs.budgets import Verdict
from fellesjournal.leadership.costs.lines import Kind
from fellesjournal.leadership.costs.versions import Difference
from fellesjournal.surfaces.leaders.rollout_words import PHASES

KINDS: dict[Kind, Promise] = {
    Kind.INVESTMENT: _("investment"),
    Kind.ONE_OFF: _("one-off operation"),
    Kind.ANNUAL: _("every year"),
}
DIFFERENCES: dict[Difference, Promise] = {
    Difference.SAME: _("as before"),
    Difference.ADDED: _("added"),
    Difference.REMOVED: _("removed"),
    Difference.CHANGED: _("changed"),
}
VERDICTS: dict[Verdict, Promise] = {
    Verdict.AGREES: _("agrees"),
    Verdict.WITHIN_TOLERANCE: _("differs by rounding"),
    Verdict.MISSING: _("money is missing in the rows"),
    Verdict.TOO_MUCH: _("the rows are more than the sum"),
    Verdict.NOT_STATED: _("no sum is stated"),
}
_LINES: dict[str, Promise] = {
    "investment-invoiced": _("Investment, invoiced so far"),
    "investment-not-invoiced": _("Investment, not yet invoiced (GP solution missing)"),
    "one-off-rest": _("Local project, migration, training and equipment"),
    "double-operation": _("Double operation, nine months"),
    "annual-operation": _("Operation, maintenance and platform"),
}
_CLARIFICATIONS: dict[str, Promise] = {
    "shared costs": _("shared costs"),
    "first-mover costs": _("first-mover costs"),
}
_COLUMNS: dict[str, Promise] = {
    "municipal": _("Municipalities"),
    "health-trust": _("Health trust"),
    "sum": _("Sum"),
}
_ROWS: dict[str, Promise] = {
    "year-1": _("Year 1"),
    "year-2": _("Year 2 (optional)"),
    "grant": _("Grant"),
    "own-contribution": _("Own contribution"),
    "other-income": _("Other income"),
    "total-income": _("Total income, as stated"),
    "wage-costs": _("Wages"),
    "fees": _("Fees to users and others"),
    "other-wages": _("Other wages and hired people"),
    "travel": _("Travel"),
    "premises": _("Premises"),
    "equipment": _("Equipment"),
    "materials": _("Materials"),
    "communication": _("Communication"),
    "other-costs": _("Other costs"),
    "total-costs": _("Total costs, as stated"),
    "result": _("Income less costs"),
}


def line(value: str) -> str:
    """A cost line in words; one of somebody's own as it was written."""
    return str(_LINES.get(value, value))


def clarification(value: str) -> str:
    """An open clarification in words."""
    return str(_CLARIFICATIONS.get(value, value))


def column(value: str) -> str:
    """A column of a budget in words."""
    return str(_COLUMNS.get(value, value))


def row(value: str) -> str:
    """A row of a budget in words."""
    return str(_ROWS.get(value, value))


def phase(value: str) -> str:
    """A phase in words."""
    return str(PHASES.get(value, value))


__all__ = ["DIFFERENCES", "KINDS", "VERDICTS", "clarification", "column", "line", "phase", "row"]
