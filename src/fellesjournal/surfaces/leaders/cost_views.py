"""What an organisation pays, what it must gain, and the budget check."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.costs import actions, queries
from fellesjournal.leadership.costs.breakeven import BreakEven, break_even, gap
from fellesjournal.leadership.costs.budgets import (
    BudgetTable,
    TableCheck,
    Verdict,
    check_table,
    red_rows,
)
from fellesjournal.leadership.costs.fixtures import grant, roros
from fellesjournal.leadership.costs.lines import CostModel, Kind, by_phase, total
from fellesjournal.leadership.costs.local import Part, bounds
from fellesjournal.leadership.costs.simulation import Bands, bands
from fellesjournal.leadership.costs.versions import Difference, compared
from fellesjournal.leadership.rollout import queries as rollout
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import cost_words as words
from fellesjournal.surfaces.leaders.amounts import about, kroner, percent, plain, signed
from fellesjournal.surfaces.leaders.benefit_worth import planned_hours, unit_of
from fellesjournal.surfaces.leaders.cost_forms import ClarificationForm, LineForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN

ONCE = (Kind.INVESTMENT, Kind.ONE_OFF)
BAR = 400
"""Units of width of the widest bar."""


@require_GET
@for_duty(Duty.SEE_FIGURES)
def costs(request: HttpRequest) -> HttpResponse:
    """The organisations that have a cost model, each with its bands."""
    session = leading(request)
    assumed = queries.assumptions(session, clock.today())
    known = {actor.id: actor.name for actor in rollout.programme(session).body.actors}
    rows = [
        {
            "actor": actor,
            "name": known.get(actor, actor),
            "version": model.version,
            "bands": _band(bands(model.of(*ONCE), assumed)),
            "annual": kroner(total(model.of(Kind.ANNUAL))),
            "open": len(model.open_clarifications),
        }
        for actor, model in sorted(queries.models(session).items())
    ]
    return page(request, "leaders/costs.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def model(request: HttpRequest, actor: str) -> HttpResponse:
    """One model: bands, phases, break-even, what is unclear, and its versions."""
    session, day = leading(request), clock.today()
    found = queries.model_versions(session, actor)
    if not found:
        raise NotFound("there is no such page")
    version, standing = found[0]
    clears = "clarification" in request.POST
    line_form = LineForm(
        request.POST if request.method == "POST" and not clears else None,
        lines=standing.lines,
        initial={"version": version},
    )
    clear_form = ClarificationForm(
        request.POST if clears else None,
        clarifications=standing.open_clarifications,
        initial={"version": version},
    )
    refused = ""
    if request.method == "POST":
        form = clear_form if clears else line_form
        if form.is_valid():
            try:
                return _saved(request, actor, form)
            except Unprocessable:
                refused = gettext("The range must go from a low over the amount to a high.")
    assumed = queries.assumptions(session, day)
    once, annual = standing.of(*ONCE), total(standing.of(Kind.ANNUAL))
    more = annual - standing.legacy_annual
    target = break_even(once=total(once), annual_change=more, assumed=assumed)
    undiscounted = break_even(
        once=total(once), annual_change=more, assumed=assumed, discounted=False
    )
    band = bands(once, assumed)
    planned = planned_hours(session, actor)
    context = {
        "actor": actor,
        "name": next(
            (a.name for a in rollout.programme(session).body.actors if a.id == actor), actor
        ),
        "model": standing,
        "total": _band(band),
        "assumed_lines": [words.line(each) for each in band.assumed_lines],
        "phases": _phases(standing, assumed),
        "lines": [_line(each, assumed) for each in standing.lines],
        "annual": {
            "new": kroner(annual),
            "old": kroner(standing.legacy_annual),
            "more": kroner(more),
        },
        "target": {
            "yearly": kroner(target.yearly),
            "hours": plain(target.hours),
            "full_time": plain(target.full_time, 2),
            "plain": plain(undiscounted.full_time, 2),
            "years": assumed.horizon_years,
            "rate": percent(assumed.discount_rate),
            "hourly": kroner(assumed.hourly_rate),
        },
        "gap": _gap(target, planned),
        "plan_unit": unit_of(actor) if planned is not None else "",
        "unclear": _unclear() if actor == "5025" else [],
        "open": [words.clarification(each) for each in standing.open_clarifications],
        "comparisons": [_comparison(before, after) for (_, after), (_, before) in pairwise(found)],
        "line_form": line_form,
        "clear_form": clear_form,
        "may_save": may(request, Duty.ROLL_OUT),
        "refused": refused,
        "source": roros().source if actor == "5025" else "",
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/cost_model.html", context, status=status)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def grant_budget(request: HttpRequest) -> HttpResponse:
    """The grant budget, every sum of it checked, and the rows in which somebody has to look."""
    table, found = grant().table, check_table(grant().table)
    red = red_rows(found)
    context = {
        "columns": [words.column(each) for each in table.columns],
        "rows": [
            {
                "name": words.row(row.id),
                "fields": [
                    {"column": words.column(column), "text": "" if value is None else plain(value)}
                    for column, value in zip(table.columns, row.values, strict=True)
                ],
                "is_red": row.id in red,
                "is_total": row.id in {rule.total for rule in table.sums},
            }
            for row in table.rows
        ],
        "checks": [_check(each) for each in found if each.check.verdict is not Verdict.AGREES],
        "agreeing": sum(1 for each in found if each.check.verdict is Verdict.AGREES),
        "shares": _shares(table),
        "source": grant().source,
    }
    return page(request, "leaders/grant.html", context)


def _saved(request: HttpRequest, actor: str, form: LineForm | ClarificationForm) -> HttpResponse:
    session, said = leading(request), form.cleaned_data
    try:
        if isinstance(form, LineForm):
            actions.change_line(
                session, actor, line=said["line"], amount=said["amount"], low=said["low"],
                high=said["high"], seen=said["version"], reason=said["reason"],
            )  # fmt: skip
        else:
            actions.clear_up(
                session, actor, clarification=said["clarification"], seen=said["version"],
                reason=said["reason"],
            )  # fmt: skip
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-cost-model", actor)


def _phases(standing: CostModel, assumed: Any) -> list[dict[str, Any]]:
    """What is paid once, by phase, with bars on one scale from zero."""
    found = [
        (phase, bands(lines, assumed)) for phase, lines in by_phase(standing.of(*ONCE)).items()
    ]
    widest = max((each.p85 for _, each in found), default=0.0) or 1.0
    return [
        {
            "name": words.phase(phase),
            **_band(each),
            "bar": str(round(max(0.0, each.p50) / widest * BAR, 1)),
            "width": str(round(max(0.0, each.p85 - each.p50) / widest * BAR, 1)),
        }
        for phase, each in found
    ]


def _line(line: Any, assumed: Any) -> dict[str, Any]:
    span = line.range(assumed)
    return {
        "name": words.line(line.id),
        "kind": words.KINDS[line.kind],
        "amount": kroner(line.amount),
        "low": kroner(span.low),
        "high": kroner(span.high),
        "settled": line.settled,
        "is_assumed": not line.has_own_range,
    }


def _gap(target: BreakEven, planned: Fraction | None) -> dict[str, Any]:
    """The hours that the benefits plan lacks; nothing while it has counted none."""
    lacks = gap(target, planned=planned, attained=None).plan_short_by
    return {
        "plan": "" if lacks is None else plain(lacks),
        "has_enough": lacks is not None and lacks <= 0,
    }


def _unclear() -> list[dict[str, Any]]:
    """The readings of what the source leaves unclear about the local cost."""
    paid = roros()
    double = next(each for each in paid.model.lines if each.id == "double-operation")
    found = bounds(
        one_off=paid.one_off,
        parts=[Part(double.id, double.amount, double.inside_local)],
        investment=paid.investment,
        explained=paid.invoiced,
    )
    return [
        {
            "outside": ", ".join(words.line(each) for each in bound.outside),
            "local": kroner(bound.local_at_most.whole),
            "investment": kroner(bound.local_at_most.investment),
            "unexplained": kroner(bound.unexplained_at_least),
        }
        for bound in found
    ]


def _comparison(before: CostModel, after: CostModel) -> dict[str, Any]:
    found = compared(before, after)
    return {
        "before": found.before,
        "after": found.after,
        "lines": [
            {
                "name": words.line(each.id),
                "what": words.DIFFERENCES[each.what],
                "amount": signed(each.amount),
                "range": _range_change(each.before, each.after),
            }
            for each in found.lines
            if each.what is not Difference.SAME
        ],
        "cleared": [words.clarification(each) for each in found.cleared],
        "opened": [words.clarification(each) for each in found.opened],
    }


def _range_change(before: Any, after: Any) -> str:
    if after is None or after.low is None or after.high is None:
        return ""
    return (
        ""
        if before and (before.low, before.high) == (after.low, after.high)
        else (
            gettext("range %(low)s to %(high)s")
            % {"low": kroner(after.low), "high": kroner(after.high)}
        )
    )


def _check(found: TableCheck) -> dict[str, Any]:
    check = found.check
    return {
        "name": words.row(check.id),
        "column": words.column(found.column) if found.column else gettext("across"),
        "stated": "" if check.stated is None else plain(check.stated),
        "listed": plain(check.listed),
        "missing": "" if check.missing is None else signed(check.missing),
        "verdict": words.VERDICTS[check.verdict],
        "is_red": check.is_red,
        "blank": ", ".join(words.row(each) for each in check.blank),
    }


def _shares(table: BudgetTable) -> list[tuple[str, str]]:
    found = []
    for column in table.columns:
        part, whole = table.value("grant", column), table.value("total-income", column)
        if part is not None and whole:
            share = percent(Fraction(part) / Fraction(whole))
            found.append((words.column(column), share))
    return found


def _band(found: Bands) -> dict[str, str]:
    return {
        "stated": kroner(found.stated),
        "p50": about(found.p50),
        "p85": about(found.p85),
        "alike": about(found.all_alike_p85),
    }
