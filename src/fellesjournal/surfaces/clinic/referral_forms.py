"""What is filled in about referrals: by the referrer, and by the office that assesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import Seen
from fellesjournal.care.referrals.receivers import Receiver
from fellesjournal.care.referrals.resources import Content, Referral, Work
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic.referral_words import URGENCIES, receiver_words

_TEXT = 20_000
_LINES = forms.Textarea(attrs={"rows": 4})


class About(PlainForm):
    """A form about one referral of one patient: whom, and which versions were looked at."""

    patient = forms.CharField(widget=forms.HiddenInput, max_length=64)
    request_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    task_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    @property
    def seen(self) -> Seen:
        """The versions that were on the page."""
        return Seen(self.cleaned_data["request_version"], self.cleaned_data["task_version"])


def about(referral: Referral, work: Work | None) -> dict[str, Any]:
    """What a form begins with to be about this referral."""
    return {
        "patient": referral.patient.removeprefix("Patient/"),
        "request_version": referral.version,
        "task_version": 0 if work is None else work.version,
    }


class ReferralForm(About):
    """A referral as the referrer writes it. Saved as a draft it may still lack anything."""

    receiver = forms.CharField(label=_("To"), max_length=400, required=False)
    what = forms.CharField(label=_("What you ask for"), max_length=500, required=False)
    diagnosis = forms.CharField(label=_("Diagnosis or problem"), max_length=200, required=False)
    diagnosis_code = forms.RegexField(
        r"^[A-Za-z]\d\d$",
        label=_("ICPC-2 code, if you have one"),
        max_length=3,
        required=False,
        error_messages={"invalid": _("An ICPC-2 code is a letter and two digits, such as L90.")},
    )
    history = forms.CharField(
        label=_("History and findings"),
        max_length=_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=lambda: list(URGENCIES.items()))
    leaves_entity = forms.BooleanField(
        label=_("Yes, send it out of my own organisation"), required=False
    )

    def __init__(self, *args: Any, offered: Sequence[Receiver] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {each.reference: receiver_words(each) for each in offered}
        self._names = {each.reference: each.name for each in offered}
        self.is_unmatched = False

    @property
    def receiver_words(self) -> str:
        """The receiver as the search field shows it: its whole name, else what was typed."""
        typed = str(self["receiver"].value() or "")
        return self.offered.get(typed, typed)

    def clean_receiver(self) -> str:
        """The reference of the one receiver whose whole name is written; else "". Part of a name
        never chooses (INV-6): ``is_unmatched`` says that something else was typed.
        """
        typed = str(self.cleaned_data["receiver"]).strip()
        if typed in self.offered:
            return typed
        wanted = " ".join(typed.casefold().split())
        named = [
            key
            for key, words in self.offered.items()
            if wanted in {words.casefold(), self._names[key].casefold()}
        ]
        self.is_unmatched = bool(typed) and len(named) != 1
        return named[0] if len(named) == 1 else ""

    @property
    def content(self) -> Content:
        """What was written."""
        said = self.cleaned_data
        return Content(
            what=said["what"],
            diagnosis=said["diagnosis"],
            diagnosis_code=said["diagnosis_code"].upper(),
            history=said["history"],
            urgency=said["urgency"],
        )


def written(referral: Referral, work: Work | None = None) -> dict[str, Any]:
    """A referral as the form of its writer begins."""
    content = referral.content
    return {
        **about(referral, work),
        "receiver": referral.receiver,
        "what": content.what,
        "diagnosis": content.diagnosis,
        "diagnosis_code": content.diagnosis_code,
        "history": content.history,
        "urgency": content.urgency,
    }


class AcceptForm(About):
    """The right to care: until when, and how urgent."""

    outcome = forms.ChoiceField(
        label=_("Outcome of the assessment"), choices=list(codes.OUTCOMES.items()), initial="2"
    )
    care_by = forms.DateField(
        label=_("Care is to begin by"), widget=forms.DateInput(attrs={"type": "date"})
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=lambda: list(URGENCIES.items()))

    def clean_care_by(self) -> date:
        """A deadline lies ahead."""
        day: date = self.cleaned_data["care_by"]
        if day < clock.today():
            raise forms.ValidationError(_("This day is over. Choose a day ahead."))
        return day


class AskForm(About):
    """A question to the referrer."""

    text = forms.CharField(label=_("What do you ask?"), max_length=4000, widget=_LINES)


class RejectForm(About):
    """No right to care, and why."""

    reason = forms.CharField(
        label=_("Why, in words the patient understands"), max_length=4000, widget=_LINES
    )


class AnswerForm(About):
    """The referrer's answer."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=64)
    question_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=_LINES)


class CancelForm(About):
    """Why a referral is taken back; a draft needs no reason."""

    reason = forms.CharField(label=_("Why it is taken back"), max_length=1000, required=False)


class AllocateForm(About):
    """An appointment for somebody who waits. Times are those of Norway."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=600, initial=30)

    @property
    def start(self) -> datetime:
        """When it begins; aware."""
        at: time = self.cleaned_data["at"]
        return datetime.combine(self.cleaned_data["day"], at, tzinfo=clock.NORWAY)

    def clean(self) -> dict[str, Any] | None:
        """An appointment lies ahead."""
        said = super().clean()
        if "day" in self.cleaned_data and "at" in self.cleaned_data and self.start <= clock.now():
            self.add_error("day", _("This time is over. Choose a time ahead."))
        return said


class PostponeForm(About):
    """Why an appointment does not hold (8446)."""

    code = forms.ChoiceField(label=_("Why"), choices=list(codes.POSTPONEMENTS.items()))


class EndForm(About):
    """Why somebody waits no longer (8445)."""

    code = forms.ChoiceField(label=_("Why"), choices=list(codes.WAITING_ENDS.items()))


class HelfoForm(About):
    """What came of telling Helfo."""

    helfo = forms.CharField(widget=forms.HiddenInput, max_length=64)
    helfo_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(label=_("When and how Helfo was told"), max_length=1000)


__all__ = [
    "About",
    "AcceptForm",
    "AllocateForm",
    "AnswerForm",
    "AskForm",
    "CancelForm",
    "EndForm",
    "HelfoForm",
    "PostponeForm",
    "ReferralForm",
    "RejectForm",
    "about",
    "written",
]
