"""Action plans: what is late, what waits for what, and what in them can't be right."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm, form_key
from fellesjournal.leadership.decisions.action_plans import (
    ActionItem,
    ActionPlan,
    Problem,
    Status,
    blocked,
    overdue,
    problems,
)
from fellesjournal.leadership.decisions.actions import answer_status, keep_plan
from fellesjournal.leadership.decisions.plan_reading import Unread, read_table
from fellesjournal.leadership.decisions.structure import LEADING, PLANS
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders.decision_words import ITEM_STATUSES, PROBLEMS
from fellesjournal.surfaces.leaders.pages import leading, page

_LARGEST = 200_000


class PlanForm(PlainForm):
    """A table that is pasted in."""

    name = forms.CharField(label=_("Name of the plan"), max_length=150)
    table = forms.CharField(
        label=_("Table"), max_length=_LARGEST, widget=forms.Textarea(attrs={"rows": 8})
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class StatusForm(PlainForm):
    """What the text of a status means."""

    no = forms.CharField(max_length=50, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Status"), choices=lambda: list(ITEM_STATUSES.items()))
    done_on = forms.DateField(
        label=_("Done on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


@dataclass(frozen=True, slots=True)
class Row:
    """An item as the page shows it."""

    item: ActionItem
    status: str
    is_late: bool
    waits_for: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


@require_GET
@for_duty(Duty.SEE_FIGURES)
def plans(request: HttpRequest) -> HttpResponse:
    """All plans, with how much in each is to be looked at."""
    today = clock.today()
    found = [
        (each, len(each.body.items), len(overdue(each.body, today)), len(problems(each.body)))
        for each in all_standing(leading(request), PLANS)
    ]
    context = {"plans": found, "may_read_in": _leads(request)}
    return page(request, "leaders/action_plans.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def new_plan(request: HttpRequest) -> HttpResponse:
    """Read in a plan; with a line that can't be read nothing is kept."""
    form = PlanForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            found = read_table(form.cleaned_data["table"])
            for each in found.unread:
                form.add_error("table", _told(each))
            if not found.unread:
                return _kept(request, form, ActionPlan(form.cleaned_data["name"], found.items))
    return page(request, "leaders/action_plan_new.html", {"form": form}, status=status)


@require_POST
@for_duty(*sorted(LEADING))
def plan_status(request: HttpRequest, key: str) -> HttpResponse:
    """Say what the text of an item's status means."""
    form = StatusForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answer_status(
                leading(request), key=key, seen=said["version"], no=said["no"],
                status=Status(said["status"]), done_on=said["done_on"],
            )  # fmt: skip
        except PreconditionFailed:
            messages.warning(
                request,
                gettext("Somebody else has changed this meanwhile. Look at it, then save again."),
            )
        except Unprocessable:
            messages.error(request, gettext("Only what is done was done on a day."))
        else:
            messages.success(request, gettext("Saved."))
    else:
        messages.error(request, gettext("Choose a status; a day is written as 31.12.2026."))
    return redirect("leaders-action-plan", key=key)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """One plan, item by item."""
    stands = standing(leading(request), PLANS, key)
    today = clock.today()
    late, waiting = overdue(stands.body, today), blocked(stands.body)
    found = problems(stands.body)
    rows = [
        Row(
            item,
            "" if item.status is None else str(ITEM_STATUSES[item.status]),
            item in late,
            waiting.get(item.no, ()),
            tuple(
                (
                    str(PROBLEMS[each.problem]),
                    "" if each.problem is Problem.ASK_STATUS else each.about,
                )
                for each in found
                if each.no == item.no
            ),
        )
        for item in stands.body.items
    ]
    context = {
        "plan": stands, "rows": rows, "late": len(late), "waiting": len(waiting),
        "faults": len(found), "statuses": list(ITEM_STATUSES.items()), "may_answer": _leads(request),
    }  # fmt: skip
    return page(request, "leaders/action_plan.html", context)


def _kept(request: HttpRequest, form: PlanForm, read: ActionPlan) -> HttpResponse:
    key = form_key(request)
    try:
        keep_plan(leading(request), key=key, plan=read, seen=0, reason=form.cleaned_data["reason"])
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-action-plan", key=key)


def _leads(request: HttpRequest) -> bool:
    return not duties_of(request).isdisjoint(LEADING)


def _told(each: Unread) -> str:
    return gettext("Line %(line)s, column “%(column)s”: “%(text)s” can't be read.") % {
        "line": each.line, "column": each.column, "text": each.text,
    }  # fmt: skip


__all__ = ["new_plan", "plan", "plan_status", "plans"]
