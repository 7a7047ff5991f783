"""What is filled in to write a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm

_LANGUAGES = [("nb", _("Norwegian Bokmål")), ("nn", _("Norwegian Nynorsk")), ("en", _("English"))]


class LetterForm(PlainForm):
    """A letter and to whom. ``number`` tells one form from another, however often it is sent."""

    patient = forms.CharField(widget=forms.HiddenInput)
    number = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    lang = forms.ChoiceField(label=_("Language"), choices=_LANGUAGES, initial="nb")
    to_patient = forms.BooleanField(label=_("The patient"), required=False)
    unit_name = forms.CharField(label=_("A unit, by name"), max_length=100, required=False)
    unit = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)


OUTCOME_WORDS = {
    "sent-again": _("Sent again"),
    "told-by-telephone": _("Told by telephone"),
    "handed-over": _("Handed over in person"),
    "arrived-late": _("It has arrived after all"),
    "not-needed": _("Not needed any more (say why)"),
}


class FollowUpEnd(forms.Form):
    """How the work on a delivery that failed ended."""

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=lambda: list(OUTCOME_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended")},
    )
    words = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """What is not needed needs words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("outcome") == "not-needed" and not said.get("words"):
            self.add_error("words", _("Write why"))
        return said


__all__ = ["OUTCOME_WORDS", "FollowUpEnd", "LetterForm"]
