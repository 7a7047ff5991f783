"""The form of a problem, and the one that opens a report again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.support.actions import Report
from fellesjournal.leadership.rollout.support.rules import LONGEST, looks_like_person_number
from fellesjournal.leadership.rollout.tickets import Category
from fellesjournal.surfaces import support_words as words
from fellesjournal.surfaces.support.places import place


class Told(forms.CharField):
    """Words of no patient: what looks like a person number is refused."""

    def clean(self, value: str) -> str:
        """As Django, and no eleven digits together."""
        told = str(super().clean(value))
        if looks_like_person_number(told):
            raise forms.ValidationError(
                gettext(
                    "This looks like a person number. Take it out: nothing about a patient belongs here."
                )
            )
        return told


def told_field(label: object, rows: int = 6) -> Told:
    """A field for words to or about a report."""
    return Told(label=str(label) if isinstance(label, str) else label, max_length=LONGEST,  # type: ignore[arg-type] # lazy texts
                widget=forms.Textarea({"rows": rows}))  # fmt: skip


class ReportForm(PlainForm):
    """What happened, of what kind it is, and how bad."""

    said = told_field(_("What happened, and what did you expect?"))
    category = forms.ChoiceField(
        label=_("What is it about?"), choices=list(words.CATEGORIES.items())
    )
    severity = forms.ChoiceField(
        label=_("How bad is it?"), choices=[(str(n), text) for n, text in words.SEVERITIES.items()],
        initial="2",
    )  # fmt: skip
    safety = forms.BooleanField(label=_("It can harm a patient"), required=False)
    page = forms.CharField(required=False, widget=forms.HiddenInput)
    reference = forms.CharField(required=False, widget=forms.HiddenInput)

    def report(self) -> Report:
        """What was written."""
        found = self.cleaned_data
        return Report(
            said=found["said"],
            category=Category(found["category"]),
            severity=int(found["severity"]),
            safety=found["safety"],
            place=place(found["page"], found["reference"]),
        )


class AgainForm(PlainForm):
    """Why it is not solved."""

    text = told_field(_("What is still wrong?"), 3)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


__all__ = ["AgainForm", "ReportForm", "Told", "told_field"]
