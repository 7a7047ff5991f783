"""What the clinic's pages ask for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.labels import Label
from fellesjournal.access.policy.opening import RULES
from fellesjournal.access.unusual import MOST_DAYS
from fellesjournal.surfaces.clinic.access_words import (
    BREAK_GLASS,
    CATEGORIES,
    EXTRA_STEP,
    OUTCOMES,
    lasting,
)


class PatientSearch(forms.Form):
    """One field for number, name or birth date."""

    q = forms.CharField(
        label=_("National identity number, name or birth date"),
        max_length=200,
        required=False,
        strip=True,
    )


class EmergencyAccess(forms.Form):
    """Why a closed record must be opened, and for how long."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: list(BREAK_GLASS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )
    reason = forms.CharField(
        label=_("What has happened, and why you need the record now"),
        min_length=RULES.least_words,
        max_length=RULES.most_words,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Tell why you need the record"),
            "min_length": _("Tell in a few more words why you need the record"),
        },
    )
    minutes = forms.TypedChoiceField(
        label=_("Open for"),
        coerce=int,
        choices=lambda: [(_minutes(choice), lasting(choice)) for choice in RULES.choices],
        initial=lambda: _minutes(RULES.time_box),
        error_messages={"required": _("Choose how long")},
    )


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


class ExtraStep(forms.Form):
    """Which special categories are needed now, and why."""

    categories = forms.TypedMultipleChoiceField(
        label=_("What you need"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you need")},
    )
    step_reason = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: list(EXTRA_STEP.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )

    def __init__(self, allowed: Label, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["categories"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (int(label), words) for label, words in CATEGORIES.items() if label & allowed
        ]

    @property
    def labels(self) -> Label:
        """What was chosen, of a valid form."""
        chosen = Label(0)
        for bit in self.cleaned_data["categories"]:
            chosen |= Label(bit)
        return chosen


class _AboutReview(forms.Form):
    """A form about one version of a review."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    text = forms.CharField(
        max_length=1000, required=False, strip=True, widget=forms.Textarea(attrs={"rows": 2})
    )


class Decision(_AboutReview):
    """What the leader makes of an emergency access."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=lambda: list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision")},
    )

    def clean(self) -> dict[str, Any]:
        """A refusal and a question need words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("outcome") in {"not-justified", "asked"} and not said.get("text"):
            self.add_error("text", _("Write why, or what you ask"))
        return said


class ReportDecision(_AboutReview):
    """What the data protection officer makes of a reading that a citizen has reported."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=lambda: [item for item in OUTCOMES.items() if item[0] != "asked"],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision")},
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _("Write why")


class FollowedUp(_AboutReview):
    """What came of taking a reading up with the organisation."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _("Write what came of it")


class Answer(_AboutReview):
    """What she who opened the record answers."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = _("Write your answer")


class Days(forms.Form):
    """Which days to look at; not many at a time."""

    first = forms.DateField(label=_("From"), error_messages={"required": _("Choose a day")})
    last = forms.DateField(label=_("To"), error_messages={"required": _("Choose a day")})

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and not far after it."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if not isinstance(first, date) or not isinstance(last, date):
            return said
        if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            self.add_error("last", _("Choose at most 31 days, the last not before the first"))
        return said
