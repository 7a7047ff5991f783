"""What is filled in at the out-of-hours clinic: a call or arrival, an urgency, an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.discharges import LEAST_WORDS
from fellesjournal.access.waiting import IN_WORDS
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.scales import Scale
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic.triage_words import LEVELS, OUTCOMES

_LONG = 4000
_AT_ONCE = ("advice", "ambulance")
"""Outcomes that a call may have at once."""


class _OfPatient(PlainForm):
    patient = forms.CharField(widget=forms.HiddenInput, max_length=64)


def _levels(levels: Sequence[Urgency]) -> list[tuple[str, str]]:
    return [(str(each), str(LEVELS[each][1])) for each in levels]


class NewContactForm(_OfPatient):
    """A call or an arrival. ``number`` tells one form from another, however often it is sent."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why the patient calls or comes"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), widget=forms.RadioSelect, required=False)
    then = forms.ChoiceField(label=_("What happens now"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What was heard and advised"),
        max_length=_LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, scale: Scale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urgency"].choices = [  # type: ignore[attr-defined]  # a field of choices
            *_levels(scale.levels), ("", gettext("Not triaged yet"))
        ]  # fmt: skip
        self.fields["then"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (Way.HERE.value, gettext("Is here: waits in the waiting room")),
            (Way.COMES_IN.value, gettext("Called: comes in")),
            (Way.HOME_VISIT.value, gettext("Called: home visit")),
            ("advice", gettext("Called: advice only")),
            ("ambulance", gettext("Called: ambulance sent")),
        ]

    def clean(self) -> dict[str, Any]:
        """Who calls is triaged on the telephone, and advice is written down."""
        said: dict[str, Any] = super().clean() or {}
        then, words = said.get("then"), said.get("words", "").strip()
        if then and then != Way.HERE and not said.get("urgency"):
            self.add_error(
                "urgency", gettext("Choose how urgent it is: a call is triaged at once.")
            )
        if then in IN_WORDS and len(words) < LEAST_WORDS:
            self.add_error("words", gettext("Write what was advised (at least ten characters)."))
        return said

    @property
    def way(self) -> Way:
        """How she is to be seen; a call that is over at once came by telephone."""
        then = str(self.cleaned_data["then"])
        return Way(then) if then in set(Way) else Way.COMES_IN

    @property
    def outcome(self) -> str:
        """The outcome of a call that is over at once; "" for who waits."""
        then = str(self.cleaned_data["then"])
        return then if then in _AT_ONCE else ""


class UrgencyForm(_OfPatient):
    """How urgent it is now. ``version`` is that of the contact on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    urgency = forms.ChoiceField(label=_("Urgency"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("What was seen (optional)"), max_length=_LONG, required=False)

    def __init__(self, scale: Scale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urgency"].choices = _levels(scale.levels)  # type: ignore[attr-defined]  # a field of choices


class TakeForm(_OfPatient):
    """She is mine; ``instead_of`` names the colleague whose patient she was on the page."""

    instead_of = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)


class StepForm(_OfPatient):
    """A step that needs nothing but whose it is."""


class OutcomeForm(_OfPatient):
    """How it ended."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect, choices=list(OUTCOMES.items())
    )
    words = forms.CharField(
        label=_("To the GP: what was found, done and advised"),
        max_length=_LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Most outcomes are told in words."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("outcome") in IN_WORDS and len(said.get("words", "").strip()) < LEAST_WORDS:
            self.add_error("words", gettext("Write at least ten characters for this outcome."))
        return said


__all__ = ["NewContactForm", "OutcomeForm", "StepForm", "TakeForm", "UrgencyForm"]
