"""A published table is pasted, and each cell that follows from others is held against them. Nothing of
it is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.figures.audit.formulas import Fault, Formula, NotAFormula, formula
from fellesjournal.leadership.figures.audit.tables import MOST_CHARACTERS, NotATable, Pasted, pasted
from fellesjournal.leadership.figures.audit.verdicts import (
    Judged,
    NotInTheTable,
    Verdict,
    judged,
    suggested,
)
from fellesjournal.leadership.indicators.schedule.source import ROUNDED, trondheim
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.audit_words import VERDICTS, because, not_a_formula, problem
from fellesjournal.surfaces.leaders.pages import page
from fellesjournal.surfaces.leaders.schedule_words import COLUMNS

_MOST_FORMULAS = 20


class AuditForm(PlainForm):
    """The table, how its columns follow from each other, and what of it is rounded."""

    table = forms.CharField(
        label=_("The table, with headings, cells between tabs or semicolons"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "class": "audit__table"}),
    )
    formulas = forms.CharField(
        label=_("How columns (or rows) follow from others, one on each line"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "For example: [change] = [now] / [before] - 1. Whether a share can be of so many:"
            " [share] = ? / [count]"
        ),
    )
    rounded = forms.CharField(
        label=_("Rows or columns whose whole numbers are rounded, between commas"),
        required=False,
        max_length=2000,
    )


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def audit(request: HttpRequest) -> HttpResponse:
    """The form, and the verdicts on what was pasted. ``?example=`` fills it with a published table."""
    if request.method == "GET":
        initial = example() if "example" in request.GET else {}
        return page(request, "leaders/audit.html", {"form": AuditForm(initial=initial)})
    form = AuditForm(request.POST)
    if not form.is_valid():
        return page(request, "leaders/audit.html", {"form": form}, status=422)
    said = form.cleaned_data
    try:
        table = pasted(said["table"])
        formulas = _formulas(said["formulas"]) or suggested(table)
        names = {each.strip() for each in said["rounded"].split(",")}
        found = judged(table, formulas, rounded=names)
    except NotATable as refused:
        return _refused(request, form, [problem(each) for each in refused.problems])
    except NotAFormula as refused:
        return _refused(request, form, [not_a_formula(refused)])
    except NotInTheTable as refused:
        words = gettext("“%(name)s” is neither a column nor a row of the table.")
        return _refused(request, form, [words % {"name": refused.name}])
    context = {"form": form, "is_judged": True, **verdicts(table, found)}
    return page(request, "leaders/audit.html", context)


def verdicts(
    table: Pasted, found: list[Judged], names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A table with the verdicts on its cells, for ``leaders/_verdicts.html``; ``names`` of rows and
    columns where they have others than their keys.
    """
    names = names or {}
    by_cell: dict[tuple[str, str], list[dict[str, str]]] = {}
    for each in found:
        by_cell.setdefault((each.row, each.column), []).append({
            "verdict": each.verdict.value, "name": str(VERDICTS[each.verdict]),
            "because": because(each), "formula": each.formula,
        })  # fmt: skip
    told = Counter(each.verdict for each in found)
    return {
        "columns": [names.get(each, each) for each in table.columns],
        "lines": [
            (
                names.get(row, row),
                [(names.get(name, name), cell.text, by_cell.get((row, name), [])) for name, cell in line],
            )
            for row, cells in zip(table.rows, table.cells, strict=True)
            if (line := list(zip(table.columns, cells, strict=True)))
        ],
        "told": [(each.value, str(VERDICTS[each]), told[each]) for each in Verdict],
        "is_nothing": not found,
    }  # fmt: skip


def example() -> dict[str, str]:
    """The comparison table of a published dashboard, to try the page with."""
    found = trondheim()
    table, columns = found.compared, {key: str(name) for key, name in COLUMNS.items()}
    lines = ["\t".join(("", *(columns[name] for name in table.columns)))]
    lines += [
        "\t".join((found.names[row], *(cell.text or "-" for cell in cells)))
        for row, cells in zip(table.rows, table.cells, strict=True)
    ]
    follow = (("change", "last month"), ("change (2)", "last year"))
    return {
        "table": "\n".join(lines),
        "formulas": "\n".join(
            f"[{columns[change]}] = [{columns['HDM']}] / [{columns[before]}] - 1"
            for change, before in follow
        ),
        "rounded": ", ".join(found.names[each] for each in sorted(ROUNDED)),
    }


def _formulas(text: str) -> list[Formula]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_FORMULAS:
        raise NotAFormula(Fault.TOO_MANY)
    return [formula(line) for line in lines]


def _refused(request: HttpRequest, form: AuditForm, problems: list[str]) -> HttpResponse:
    context = {"form": form, "problems": problems}
    return page(request, "leaders/audit.html", context, status=422)
