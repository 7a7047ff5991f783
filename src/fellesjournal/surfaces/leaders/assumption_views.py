"""The assumptions: what no source gives, what it is now, who set it and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.foundation.ui.templatetags.ui import number
from fellesjournal.leadership.benefits import assumptions as benefits
from fellesjournal.leadership.costs import assumptions as costs
from fellesjournal.leadership.decisions import assumptions as decisions
from fellesjournal.leadership.documents.queries import find, names_of, versions
from fellesjournal.leadership.documents.settings import SETTINGS, Setting, set_value, values_on
from fellesjournal.leadership.figures import assumptions as figures
from fellesjournal.leadership.figures.assumptions import Assumption, Refusal
from fellesjournal.leadership.indicators import assumptions as indicators
from fellesjournal.leadership.indicators.he1 import assumptions as portal_use
from fellesjournal.leadership.indicators.schedule import assumptions as schedule
from fellesjournal.leadership.pathways import assumptions as pathways
from fellesjournal.leadership.projections import assumptions as projections
from fellesjournal.leadership.rollout import assumptions as rollout
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, may, page

ALL: tuple[Assumption, ...] = (
    *figures.ASSUMPTIONS,
    *indicators.ASSUMPTIONS,
    *benefits.ASSUMPTIONS,
    *rollout.ASSUMPTIONS,
    *costs.ASSUMPTIONS,
    *decisions.ASSUMPTIONS,
    *pathways.ASSUMPTIONS,
    *portal_use.ASSUMPTIONS,
    *schedule.ASSUMPTIONS,
    *projections.ASSUMPTIONS,
)
"""Of each package of leadership its own."""


class SettingForm(PlainForm):
    """Another value of an assumption, from when, and why."""

    value = forms.DecimalField(label=_("New value"))
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, assumption: Assumption, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._assumption = assumption

    def clean_value(self) -> Decimal:
        """The value, if it can be set."""
        value: Decimal = self.cleaned_data["value"]
        if refused := self._assumption.refuse(value):
            raise forms.ValidationError(_refused(refused, self._assumption))
        return value


def _refused(refused: Refusal, assumption: Assumption) -> str:
    match refused:
        case Refusal.FIXED:
            return gettext("It is part of the method or guards others, and can't be set.")
        case Refusal.NOT_WHOLE:
            return gettext("Give a whole number.")
        case Refusal.TOO_SMALL:
            return gettext("The least that makes sense is %(least)s.") % {
                "least": number(assumption.least)
            }
        case Refusal.TOO_LARGE:
            return gettext("The most that makes sense is %(most)s.") % {
                "most": number(assumption.most)
            }


@require_GET
@for_duty(Duty.SEE_FIGURES)
def assumptions(request: HttpRequest) -> HttpResponse:
    """All of them, with what they are today."""
    now = values_on(leading(request), ALL, clock.today())
    shown = [
        (
            each,
            gettext(each.title),
            gettext(each.reason),
            now[each.key],
            now[each.key] != each.value,
        )
        for each in ALL
    ]
    return page(request, "leaders/assumptions.html", {"shown": shown})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def assumption(request: HttpRequest, key: str) -> HttpResponse:
    """One of them: its history, and another value for who may set it."""
    session = leading(request)
    found = next((each for each in ALL if each.key == key), None)
    if found is None:
        raise NotFound("there is no such page")
    stands = find(session, SETTINGS, key)
    seen = 0 if stands is None else stands.version
    form = SettingForm(
        found, request.POST or None, initial={"version": seen, "valid_from": clock.today()}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                set_value(
                    session, found, Setting(said["value"], said["valid_from"]),
                    seen=said["version"], reason=said["reason"],
                )  # fmt: skip
            except PreconditionFailed:
                messages.warning(
                    request,
                    gettext(
                        "Somebody else has changed this meanwhile. Look at it, then save again."
                    ),
                )
                return redirect("leaders-assumption", key=key)
            messages.success(request, gettext("Saved."))
            return redirect("leaders-assumption", key=key)
    before = [] if stands is None else versions(session, SETTINGS, key)
    names = names_of(session, before)
    context = {
        "assumption": found,
        "title": gettext(found.title),
        "reason": gettext(found.reason),
        "now": values_on(session, [found], clock.today())[key],
        "versions": [(each, names.get(each.author, "")) for each in before],
        "form": form,
        "may_set": not found.is_fixed
        and (may(request, Duty.REALISE_BENEFITS) or may(request, Duty.ROLL_OUT)),
    }
    return page(request, "leaders/assumption.html", context, status=status)
