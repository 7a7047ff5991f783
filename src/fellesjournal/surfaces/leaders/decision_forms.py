"""A new case, a position, a way up, a decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.decisions.cases import Outcome, Stance
from fellesjournal.surfaces.leaders.decision_words import OUTCOMES, OWN_STANCES, SAFETY, TYPES

_LONG = 4000


def _words(label: Any, rows: int = 3, *, required: bool = True) -> forms.CharField:  # a lazy text
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=_LONG, widget=area, required=required)


class CaseForm(PlainForm):
    """What is proposed, and whom it affects."""

    title = forms.CharField(label=_("Title"), max_length=150)
    kind = forms.ChoiceField(label=_("What it is about"), choices=lambda: list(TYPES.items()))
    proposal = _words(_("What is proposed"), 4)
    affected = forms.MultipleChoiceField(
        label=_("Whom it affects"), widget=forms.CheckboxSelectMultiple
    )
    cost = forms.DecimalField(
        label=_("Cost (NOK)"), initial=0, min_value=0, max_digits=13, decimal_places=2
    )
    evidence = _words(_("What it rests on"), 3, required=False)
    safety = forms.ChoiceField(label=_("Patient safety"), choices=lambda: list(SAFETY.items()))
    supersedes = forms.SlugField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["affected"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = actors

    def clean_cost(self) -> Decimal:
        """Nothing said is nothing spent."""
        return Decimal(self.cleaned_data.get("cost") or 0)


class VersionForm(PlainForm):
    """The version of the case that she has looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class PositionForm(VersionForm):
    """What the organisation says."""

    stance = forms.ChoiceField(
        label=_("What do you say?"),
        choices=lambda: [(each.value, OWN_STANCES[each]) for each in Stance],
        widget=forms.RadioSelect,
    )
    reason = _words(_("Why (needed unless you agree)"), 2, required=False)


class RiseForm(VersionForm):
    """Why a case rises."""

    reason = _words(_("Why it rises"), 2)


class DecisionForm(VersionForm):
    """What is decided."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=lambda: [(each.value, OUTCOMES[each]) for each in Outcome]
    )
    text = _words(_("What is decided"), 3)


class ActedForm(VersionForm):
    """What was done first."""

    text = _words(_("What has been done"), 2)


__all__ = ["ActedForm", "CaseForm", "DecisionForm", "PositionForm", "RiseForm", "VersionForm"]
