"""Forms of the queue of usability: something that costs time or safety, and how it is seen solved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.decisions.usability import (
    Fix,
    Means,
    Measured,
    Reach,
    Source,
    UsabilityIssue,
)
from fellesjournal.surfaces.leaders import decision_words as words

_MOST = 10**6


class IssueForm(PlainForm):
    """What it costs, how it is put right, and what that takes."""

    workflow = forms.CharField(label=_("What is slow or unsafe"), max_length=150)
    users = forms.IntegerField(label=_("How many do it"), min_value=0, max_value=_MOST)
    uses_per_day = forms.DecimalField(
        label=_("Times a day, each"), min_value=0, max_digits=8, decimal_places=2
    )
    days = forms.IntegerField(label=_("Days a year"), min_value=0, max_value=366, initial=220)
    seconds_lost = forms.DecimalField(
        label=_("Seconds lost each time"), min_value=0, max_digits=8, decimal_places=2
    )
    safety = forms.ChoiceField(
        label=_("Patient safety, from 0 (none) to 4 (gravest)"),
        choices=[(str(n), str(n)) for n in range(5)],
    )
    source = forms.ChoiceField(label=_("Known from"), choices=lambda: list(words.SOURCES.items()))
    fix = forms.ChoiceField(label=_("Put right by"), choices=lambda: list(words.FIXES.items()))
    effort_days = forms.DecimalField(
        label=_("Days of work"), min_value=Decimal("0.1"), max_digits=7, decimal_places=1
    )
    reach = forms.ChoiceField(label=_("Touches"), choices=lambda: list(words.REACHES.items()))
    duplicate_group = forms.CharField(
        label=_("The same as others (a word they share)"), max_length=60, required=False
    )

    def issue(self, key: str) -> UsabilityIssue:
        """What was written, under a key."""
        said = self.cleaned_data
        return UsabilityIssue(
            key, said["workflow"], said["users"], said["uses_per_day"], said["days"],
            said["seconds_lost"], int(said["safety"]), Source(said["source"]), Fix(said["fix"]),
            said["effort_days"], Reach(said["reach"]), said["duplicate_group"].strip(),
        )  # fmt: skip


class KnownSourceForm(IssueForm):
    """The same of something that stands elsewhere already: where it comes from is known."""

    came_from: Source
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        """It comes from where it stands."""
        return {**(super().clean() or {}), "source": self.came_from.value}


class ExportForm(KnownSourceForm):
    """Of a measure of a pathway that needs the platform to change."""

    came_from = Source.PATHWAY


class ReportedForm(KnownSourceForm):
    """Of a report of a problem."""

    came_from = Source.TICKET


class CloseForm(PlainForm):
    """The same thing measured before and after."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    means = forms.ChoiceField(label=_("Measured as"), choices=lambda: list(words.MEANS.items()))
    before = forms.DecimalField(label=_("Before"), min_value=0, max_digits=8, decimal_places=2)
    after = forms.DecimalField(label=_("After"), min_value=0, max_digits=8, decimal_places=2)

    def measured(self) -> Measured:
        """What was measured."""
        said = self.cleaned_data
        return Measured(Means(said["means"]), said["before"], said["after"])


__all__ = ["CloseForm", "ExportForm", "IssueForm", "ReportedForm"]
