"""What is filled in to send a nursing or care report: words under the headings of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.reporting import HEADINGS, Written
from fellesjournal.foundation.ui.forms import PlainForm

KIND_WORDS: Mapping[Kind, tuple[Promise, Promise]] = MappingProxyType(
    {
        Kind.ADMISSION_REPORT: (
            _("Report at admission"),
            _(
                "From home care to the hospital: why, what the patient needs, services, function, medicines"
            ),
        ),
        Kind.HEALTH_INFORMATION: (
            _("Early health information"),
            _("From a ward to the municipality: how the patient is, and when expected ready"),
        ),
        Kind.DISCHARGE_REPORT: (
            _("Nursing report at discharge"),
            _("From a ward to the municipality: nursing summary, status, medicines"),
        ),
        Kind.SERVICES_OFFERED: (
            _("Services offered"),
            _("From the municipality to the hospital: the services that are granted"),
        ),
        Kind.TO_DOCTOR: (
            _("Report to a doctor"),
            _("From home care to the GP: what is the matter, medicines, function"),
        ),
        Kind.MEDICAL_INFORMATION: (
            _("Medical information"),
            _("From a doctor to home care: problem, findings, the medication list"),
        ),
    }
)
"""What each kind is called, and what it is for."""

_LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "reason": _("Reason for admission"),
        "nursing": _("Nursing summary"),
        "practical": _("Practical information"),
        "status": _("How the patient is now"),
        "follow_up": _("Plans for follow-up"),
        "course": _("Expected course"),
        "problem": _("What it is about"),
        "findings": _("Findings"),
    }
)
_MOST = 10_000


class ReportForm(PlainForm):
    """A report and to which unit. ``number`` tells one form from another, however often sent."""

    patient = forms.CharField(widget=forms.HiddenInput)
    number = forms.UUIDField(widget=forms.HiddenInput)
    unit_name = forms.CharField(label=_("To which unit, by name"), max_length=100)
    unit = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, field in _fields(kind).items():
            message = gettext("Fill in “%(field)s”.") % {"field": field.label}
            field.error_messages["required"] = message
            self.fields[name] = field

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of this kind alone."""
        return [self[name] for name in _fields(self.kind)]

    @property
    def written(self) -> Written:
        """What was filled in; of a form that is valid."""
        said = self.cleaned_data
        return Written({key: said[key] for key in HEADINGS[self.kind]}, said.get("expected"))


def _fields(kind: Kind) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    if kind is Kind.HEALTH_INFORMATION:
        made["expected"] = forms.DateField(
            label=gettext("Expected ready for discharge"),
            widget=forms.DateInput(attrs={"type": "date"}),
        )
    for turn, key in enumerate(HEADINGS[kind]):
        made[key] = forms.CharField(
            label=str(_LABELS[key]), max_length=_MOST, required=turn == 0,
            widget=forms.Textarea(attrs={"rows": 5}),
        )  # fmt: skip
    return made


__all__ = ["KIND_WORDS", "ReportForm"]
