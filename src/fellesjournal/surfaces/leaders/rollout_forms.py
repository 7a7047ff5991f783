"""Forms of the rollout lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.readiness import Criterion
from fellesjournal.leadership.rollout.waves import Wave
from fellesjournal.surfaces.leaders import rollout_words as words

LARGEST_SLIP = 60


def day_input() -> forms.DateInput:
    """A day as browsers ask for it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def reason_field() -> forms.CharField:
    """Why something is changed."""
    return forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class WhatIfForm(PlainForm):
    """Which wave slips by how many months, seen on which day."""

    wave = forms.ChoiceField(label=_("If this wave slips"))
    months = forms.IntegerField(
        label=_("by so many months"), min_value=-LARGEST_SLIP, max_value=LARGEST_SLIP
    )
    day = forms.DateField(label=_("Seen on the day"), widget=day_input(), required=False)

    def __init__(self, *args: Any, waves: tuple[Wave, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wave"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (wave.id, " / ".join((wave.id, *wave.aliases)) + f" ({wave.window})") for wave in waves
        ]


class SaveSlipForm(PlainForm):
    """Why a slip becomes the plan."""

    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(PlainForm):
    """The plan of an organisation."""

    wave = forms.ChoiceField(label=_("Wave"))
    own_date = forms.DateField(
        label=_("Go-live, when it isn't that of the wave"), widget=day_input(), required=False
    )
    preproject_agreement = forms.DateField(
        label=_("Agreement on the pre-project"), widget=day_input(), required=False
    )
    project_start = forms.DateField(label=_("Project start"), widget=day_input(), required=False)
    council_report = forms.DateField(
        label=_("Report to the council"), widget=day_input(), required=False
    )
    option_signed = forms.DateField(label=_("Option signed"), widget=day_input(), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=list(words.STATUSES.items()))
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, waves: tuple[Wave, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wave"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(wave.id, f"{wave.id} ({wave.window})") for wave in waves]


class CheckForm(PlainForm):
    """What is shown for a criterion at a gate."""

    value = forms.DecimalField(label=_("Measured"), min_value=0, max_digits=9, decimal_places=2)
    stage = forms.ChoiceField(label=_("Stage reached"))
    evidence = forms.CharField(label=_("Where it can be seen"), max_length=500)
    owner = forms.CharField(label=_("Whose it is"), max_length=200)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = any(not each.stage for each in criterion.thresholds)
        self.fields["value"].required = numbers and not criterion.stages
        self.fields["evidence"].required = False
        self.fields["owner"].required = False
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.required = not numbers
        field.choices = [("", "–"), *((each, words.stage(each)) for each in criterion.stages)]
        if not criterion.stages:
            del self.fields["stage"]
        if not numbers:
            del self.fields["value"]


class WaiverForm(PlainForm):
    """Why a gate may pass without a criterion, and what is risked by it."""

    prefix = "waiver"

    reason = reason_field()
    risk = forms.CharField(
        label=_("The risk that is taken"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


__all__ = [
    "CheckForm",
    "PlanForm",
    "SaveSlipForm",
    "WaiverForm",
    "WhatIfForm",
    "day_input",
    "reason_field",
]
