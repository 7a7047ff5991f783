"""Forms of who helps: an answer, what was done, which other report says the same, how bad it is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces import support_words as words
from fellesjournal.surfaces.support.forms import told_field

LARGEST = 2**31


class StepForm(PlainForm):
    """The version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AnswerForm(StepForm):
    """Something to tell who reported it."""

    text = told_field(_("Answer"), 3)


class DoneForm(StepForm):
    """What was done."""

    text = told_field(_("What was done"), 3)


class DuplicateForm(StepForm):
    """The report that says the same."""

    of = forms.IntegerField(label=_("Number of the other report"), min_value=1, max_value=LARGEST)


class WeighForm(StepForm):
    """What it is about and how bad it is, with a reason."""

    category = forms.ChoiceField(
        label=_("What is it about?"), choices=list(words.CATEGORIES.items())
    )
    severity = forms.ChoiceField(
        label=_("How bad is it?"), choices=[(str(n), text) for n, text in words.SEVERITIES.items()]
    )
    safety = forms.BooleanField(label=_("It can harm a patient"), required=False)
    reason = told_field(_("Why (read by who reported it)"), 2)


__all__ = ["AnswerForm", "DoneForm", "DuplicateForm", "StepForm", "WeighForm"]
