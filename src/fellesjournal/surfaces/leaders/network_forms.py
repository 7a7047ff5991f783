"""Forms of the network: what is compared, a practice that is written down, one that is copied."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.benefits.network import Practice
from fellesjournal.surfaces.leaders.benefit_forms import NAME, SeenForm, choices_of, long_text
from fellesjournal.surfaces.leaders.rollout_forms import reason_field

_OLDEST = 240


class CompareForm(PlainForm):
    """Which indicator, and how old the organisations are to be."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    months = forms.IntegerField(
        label=_("At most so many months after go-live"), min_value=0, max_value=_OLDEST,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "indicator").choices = indicators


class PracticeForm(PlainForm):
    """What a unit does that others may copy."""

    indicator = forms.ChoiceField(label=_("For the indicator"))
    title = forms.CharField(label=_("What is done"), max_length=150)
    what = long_text(_("How it is done, and why it helps"), 3, required=True)
    reason = reason_field()

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "indicator").choices = indicators

    def practice(self, unit: str) -> Practice:
        """What was written."""
        said = self.cleaned_data
        return Practice(said["indicator"], unit, said["title"].strip(), said["what"].strip())


class CopyForm(SeenForm):
    """Who does it here."""

    responsible = forms.CharField(label=_("Who does it"), max_length=NAME)


__all__ = ["CompareForm", "CopyForm", "PracticeForm"]
