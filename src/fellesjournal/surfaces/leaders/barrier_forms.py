"""The form that states a barrier."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.adoption import Barrier
from fellesjournal.leadership.rollout.barriers import Barriers, Hold, Statement
from fellesjournal.surfaces.leaders.adoption_words import BARRIERS
from fellesjournal.surfaces.leaders.barrier_words import HOLDS
from fellesjournal.surfaces.leaders.rollout_forms import day_input

_FIRST_DAY = date(2010, 1, 1)


class BarrierForm(PlainForm):
    """A barrier, how much it holds back, on what ground, and what is done about it by whom."""

    barrier = forms.ChoiceField(label=_("Barrier"), choices=[("", _("Choose")), *BARRIERS.items()])
    hold = forms.ChoiceField(
        label=_("How much it holds back"), choices=[("", _("Choose")), *HOLDS.items()]
    )
    ground = forms.CharField(
        label=_("On what ground"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    measure = forms.CharField(
        label=_("What is done about it"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    owner = forms.CharField(label=_("Who owns it"), max_length=100, required=False)
    on = forms.DateField(label=_("Assessed on"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_on(self) -> date:
        """A day that has been, of these years."""
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(gettext("That day has not come yet."))
        if day < _FIRST_DAY:
            raise forms.ValidationError(gettext("That day is too long ago."))
        return day

    def clean(self) -> dict[str, Any]:
        """A measure has an owner, and an owner a measure."""
        said = super().clean() or {}
        measure, owner = said.get("measure", ""), said.get("owner", "")
        if measure and not owner and "owner" not in self.errors:
            self.add_error("owner", gettext("Say who owns what is done."))
        if owner and not measure and "measure" not in self.errors:
            self.add_error("measure", gettext("Say what is done about it."))
        return said

    def statement(self) -> Statement:
        """What was stated."""
        said = self.cleaned_data
        return Statement(
            barrier=Barrier(said["barrier"]), hold=Hold(said["hold"]), ground=said["ground"],
            on=said["on"], measure=said["measure"], owner=said["owner"],
        )  # fmt: skip


def starting(stands: Barriers, version: int, asked: str) -> dict[str, Any]:
    """What the form begins with: the barrier that is asked for as it stands, and today."""
    fresh: dict[str, Any] = {"version": version, "on": clock.today()}
    if asked not in set(Barrier):
        return fresh
    stated = stands.of(Barrier(asked))
    if stated is None:
        return {**fresh, "barrier": asked}
    return {
        **fresh, "barrier": asked, "hold": stated.hold, "ground": stated.ground, "measure": stated.measure,
        "owner": stated.owner,
    }  # fmt: skip


__all__ = ["BarrierForm", "starting"]
