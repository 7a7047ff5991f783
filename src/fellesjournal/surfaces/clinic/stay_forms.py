"""What is filled in about stays: admission, placing, ready for discharge, summary, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.discharges import MANDATORY
from fellesjournal.care.referrals.resources import Referral
from fellesjournal.care.stays.queries import Colleague
from fellesjournal.care.stays.resources import Person, Placing, Stay
from fellesjournal.care.stays.summaries import PARTS, Summary
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic import stay_words

_TIME = "%Y-%m-%dT%H:%M"
_LONG = 20_000
ACUTE = "acute"


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_TIME)
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=[_TIME, "%Y-%m-%dT%H:%M:%S"]
    )


def now_here() -> datetime:
    """The present minute, in Norwegian time."""
    return timezone.localtime(clock.now()).replace(second=0, microsecond=0)


class _OfPatient(PlainForm):
    patient = forms.CharField(widget=forms.HiddenInput, max_length=64)


class PlacingForm(_OfPatient):
    """Bed, doctor and nurse. ``version`` is that of the stay on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    bed = forms.CharField(label=_("Room and bed"), max_length=40, required=False)
    doctor = forms.ChoiceField(label=_("Responsible doctor"))
    nurse = forms.ChoiceField(label=_("Responsible nurse"), required=False)

    def __init__(self, colleagues: Sequence[Colleague], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("doctor", "nurse"):
            found = [(each.reference, each.name) for each in colleagues if each.role == name]
            self.fields[name].choices = [("", gettext("Nobody yet")), *found]  # type: ignore[attr-defined]  # a field of choices

    @property
    def placing(self) -> Placing:
        """What was filled in; the action reads the names."""
        said = self.cleaned_data
        return Placing(said["bed"], Person(said["doctor"], ""), Person(said["nurse"], ""))


class AdmitForm(PlacingForm):
    """An admission. ``number`` tells one form from another, however often it is sent."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for admission"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    came = _moment(_("Came"))
    field_order = ("how", "reason", "came", "bed", "doctor", "nurse")

    def __init__(
        self, colleagues: Sequence[Colleague], referrals: Sequence[Referral], *args: Any, **kw: Any
    ) -> None:
        super().__init__(colleagues, *args, **kw)
        planned = [
            (each.id, gettext("Planned, by referral: %(what)s") % {"what": each.content.what})
            for each in referrals
        ]
        self.fields["how"].choices = [(ACUTE, gettext("Acute")), *planned]  # type: ignore[attr-defined]  # a field of choices

    @property
    def referral(self) -> str:
        """The id of the referral she is admitted by; "" for an acute admission."""
        how = str(self.cleaned_data["how"])
        return "" if how == ACUTE else how


class ReadyForm(_OfPatient):
    """Ready for discharge from a time; ``notice`` names the notice that is changed."""

    since = _moment(_("Ready from"))
    notice = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class NotReadyForm(_OfPatient):
    """Not ready after all."""

    notice = forms.CharField(widget=forms.HiddenInput, max_length=64)
    words = forms.CharField(label=_("Why"), max_length=500, required=False)


class TakeBackForm(_OfPatient):
    """A stay that was registered by mistake."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    words = forms.CharField(label=_("Why it was a mistake"), min_length=10, max_length=500)


class SummaryForm(_OfPatient):
    """The parts of the summary that are written; that of the medicines is the list's own."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    results = forms.MultipleChoiceField(
        label=_("Results to take along"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, results: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            if part.key != "medication":
                self.fields[part.key] = forms.CharField(
                    label=str(stay_words.PARTS[part.key]),
                    max_length=_LONG,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": _ROWS.get(part.key, 3)}),
                )
        self.fields["results"].choices = [(each, each) for each in results]  # type: ignore[attr-defined]  # a field of choices

    def texts(self, medication: str) -> dict[str, str]:
        """The parts as they are saved: chosen results stand first among the findings."""
        said = self.cleaned_data
        texts = {part.key: str(said.get(part.key, "")) for part in PARTS}
        chosen = [each for each in said["results"] if each not in texts["findings"].splitlines()]
        texts["findings"] = "\n".join(filter(None, [*chosen, texts["findings"]]))
        return texts | {"medication": medication}

    def say_missing(self, missing: Sequence[str]) -> None:
        """An error at each mandatory part without words (INV-41)."""
        for key in missing:
            words = gettext("Write “%(part)s”: the summary is not sent without it.")
            self.add_error(
                key if key in self.fields else None, words % {"part": stay_words.PARTS[key]}
            )

    @property
    def parts(self) -> list[Any]:
        """The fields of the parts, in their order; None stands for the medicines."""
        return [
            (part.key, self[part.key] if part.key in self.fields else None, part.key in MANDATORY)
            for part in PARTS
        ]


_ROWS: Mapping[str, int] = {"reason": 2, "diagnoses": 4, "course": 8, "follow-up": 4}


def summary_initial(
    patient: str, summary: Summary | None, texts: Mapping[str, str]
) -> dict[str, Any]:
    """What the form begins with: the draft as it stands, else what the record knows."""
    known = texts if summary is None else summary.texts
    version = 0 if summary is None else summary.version
    return {"patient": patient, "version": version, **known}


class SendForm(_OfPatient):
    """The last step: what was shown, and how she leaves."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    summary_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    previewed = forms.CharField(widget=forms.HiddenInput, max_length=64)
    to = forms.ChoiceField(
        label=_("Discharged to"),
        choices=lambda: list(stay_words.DESTINATIONS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    without_gp = forms.CharField(
        label=_("Why it does not go to a GP"), min_length=10, max_length=500, required=False
    )


class WithoutForm(_OfPatient):
    """The end of a stay whose summary is not sent now."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    to = forms.ChoiceField(
        label=_("Discharged to"),
        choices=lambda: list(stay_words.DESTINATIONS.items()),
    )
    reason = forms.ChoiceField(
        label=_("Why no summary is sent now"), choices=lambda: list(stay_words.WITHOUT.items())
    )
    words = forms.CharField(
        label=_("In words"), min_length=10, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def placing_initial(stay: Stay) -> dict[str, Any]:
    """Where she lies and who answers, as a form begins."""
    return {
        "patient": stay.patient.partition("/")[2],
        "version": stay.version,
        "bed": stay.placing.bed,
        "doctor": stay.placing.doctor.reference,
        "nurse": stay.placing.nurse.reference,
    }


__all__ = [
    "ACUTE", "AdmitForm", "NotReadyForm", "PlacingForm", "ReadyForm", "SendForm", "SummaryForm",
    "TakeBackForm", "WithoutForm", "now_here", "placing_initial", "summary_initial",
]  # fmt: skip
