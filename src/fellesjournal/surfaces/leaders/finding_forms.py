"""Forms of reviews and findings: what was found, what is done about it, and what opens it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.decisions.findings import Finding, Severity
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.surfaces.leaders import decision_words as words
from fellesjournal.surfaces.leaders.watch_words import WatchFields


def _area(label: Any, *, required: bool = True) -> forms.CharField:  # a lazy text
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=4000, widget=widget, required=required)


class VersionForm(PlainForm):
    """The version of the review that she has looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReviewForm(PlainForm):
    """Who reviews, what, when, how far."""

    body = forms.CharField(label=_("Who reviews"), max_length=150)
    title = forms.CharField(label=_("About what"), max_length=200, required=False)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=lambda: list(words.REVIEW_STATUSES.items())
    )


class FindingForm(VersionForm):
    """What was found, how serious it is, whom it is addressed to, which figures would show it again."""

    text = _area(_("What was found"))
    severity = forms.ChoiceField(
        label=_("How serious"), choices=lambda: list(words.SEVERITIES.items())
    )
    addressed_to = forms.MultipleChoiceField(
        label=_("Addressed to"), widget=forms.CheckboxSelectMultiple
    )
    indicators = forms.MultipleChoiceField(
        label=_("Figures that would show it again"), widget=forms.CheckboxSelectMultiple,
        required=False, choices=lambda: [(key, key) for key in CATALOGUE],
    )  # fmt: skip

    def __init__(self, *args: Any, actors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["addressed_to"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = actors

    def finding(self) -> Finding:
        """What was written."""
        said = self.cleaned_data
        return Finding(
            said["text"], Severity(said["severity"]), tuple(said["addressed_to"]),
            indicators=tuple(said["indicators"]),
        )  # fmt: skip


class AnswerForm(VersionForm):
    """What is done about it."""

    text = _area(_("What is done about it"))


class CloseForm(WatchFields, VersionForm):
    """The evidence, as a second person has seen it, and which figure opens it again by itself."""

    evidence = _area(_("Evidence, one on each line"))
    text = _area(_("What was seen"), required=False)
    field_order = ("version", "evidence", "text", "watch", "limit")

    def __init__(self, *args: Any, indicators: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linked(indicators)

    def listed(self) -> tuple[str, ...]:
        """The evidence, line by line."""
        lines = str(self.cleaned_data["evidence"]).splitlines()
        return tuple(each.strip() for each in lines if each.strip())


class RecurForm(VersionForm):
    """Which figure shows it again."""

    indicator = forms.ChoiceField(label=_("Which figure shows it again"))

    def __init__(self, *args: Any, indicators: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in indicators]


__all__ = ["AnswerForm", "CloseForm", "FindingForm", "RecurForm", "ReviewForm", "VersionForm"]
