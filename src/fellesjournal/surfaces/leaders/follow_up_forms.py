"""Forms for what is followed up day by day: what was moved, and the tickets after go-live."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.migration import Excluded, Job, Mode, Source
from fellesjournal.leadership.rollout.resources import TicketDay
from fellesjournal.leadership.rollout.trials import CaseRun, Defect, Result, Severity
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field

LARGEST = 10**9


def _count(label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=LARGEST, required=required)


class JobForm(PlainForm):
    """One kind of object from one system. ``job`` holds it once the form is valid."""

    source = forms.ChoiceField(label=_("From"), choices=list(words.SOURCES.items()))
    object_type = forms.CharField(label=_("What"), max_length=100)
    mode = forms.ChoiceField(label=_("How"), choices=list(words.MODES.items()))
    source_count = _count(_("In the old system"))
    loaded = _count(_("Moved"))
    rejected = _count(_("Rejected"))
    left_out = _count(_("Left out on purpose"), required=False)
    left_out_why = forms.CharField(label=_("Why it was left out"), max_length=200, required=False)
    sample_n = _count(_("Looked at in the sample"), required=False)
    sample_errors = _count(_("With errors"), required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The counts must be possible, and what was left out needs a reason."""
        said = super().clean() or {}
        if self.errors:
            return said
        if said["left_out"] and not said["left_out_why"]:
            self.add_error("left_out_why", gettext("Say why it was left out."))
            return said
        try:
            self.job()
        except ValueError:
            self.add_error(
                "sample_errors",
                gettext("A sample has no more errors than records, and no more than there are."),
            )
        return said

    def job(self) -> Job:
        """What was written. Raises ValueError for an impossible sample."""
        said = self.cleaned_data
        out = said["left_out"] or 0
        return Job(
            Source(said["source"]),
            said["object_type"].strip(),
            Mode(said["mode"]),
            said["source_count"],
            said["loaded"],
            said["rejected"],
            (Excluded(said["left_out_why"], out),) if out else (),
            sample_n=said["sample_n"] or 0,
            sample_errors=said["sample_errors"] or 0,
        )


class TicketsForm(PlainForm):
    """The tickets of a day after go-live, and what stands beside them."""

    users = forms.IntegerField(label=_("Users in all"), min_value=1, max_value=LARGEST)
    day = forms.IntegerField(label=_("Days after go-live"), min_value=0, max_value=1000)
    tickets = _count(_("Tickets"))
    active_users = _count(_("Active users"), required=False)
    floor_notes = _count(_("Notes of floor-walkers"), required=False)
    reopened = _count(_("Opened again"), required=False)
    silent_failures = _count(_("Failures that nobody reported"), required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """No more tickets are opened again than there are."""
        said = super().clean() or {}
        if not self.errors and (said["reopened"] or 0) > said["tickets"]:
            self.add_error("reopened", gettext("No more tickets are opened again than there are."))
        return said

    def counted(self) -> TicketDay:
        """What was written."""
        said = self.cleaned_data
        return TicketDay(
            said["day"],
            said["tickets"],
            said["active_users"],
            said["floor_notes"],
            said["reopened"],
            said["silent_failures"],
        )


class UsersForm(PlainForm):
    """How many use the platform, where the tickets themselves are reports from its pages."""

    users = forms.IntegerField(label=_("Users in all"), min_value=1, max_value=LARGEST)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RunForm(PlainForm):
    """A run of a test case. ``run`` holds it once the form is valid."""

    case = forms.CharField(label=_("Test case"), max_length=200)
    tested_version = forms.CharField(label=_("Version tested"), max_length=50)
    role = forms.CharField(label=_("In which role"), max_length=100)
    day = forms.DateField(label=_("Day of the run"), widget=day_input())
    result = forms.ChoiceField(label=_("How it ended"), choices=list(words.RESULTS.items()))
    defect = forms.CharField(label=_("Defect found"), max_length=50, required=False)
    severity = forms.ChoiceField(
        label=_("How bad it is"), choices=[("", "–"), *words.DEFECTS.items()], required=False
    )
    retest_of = forms.ChoiceField(label=_("Run again for the defect"), required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, defects: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["retest_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((each, each) for each in defects)]

    def clean(self) -> dict[str, Any]:
        """A run that passed has no defect; a defect says how bad it is."""
        said = super().clean() or {}
        if self.errors:
            return said
        if said["defect"] and said["result"] == Result.PASSED:
            self.add_error("defect", gettext("A run with a defect has not passed."))
        elif bool(said["defect"]) != bool(said["severity"]):
            self.add_error("severity", gettext("A defect has a name and says how bad it is."))
        return said

    def run(self) -> CaseRun:
        """What was written."""
        said = self.cleaned_data
        found = Defect(said["defect"], Severity(said["severity"])) if said["defect"] else None
        return CaseRun(
            said["case"],
            said["tested_version"],
            said["role"],
            Result(said["result"]),
            said["day"],
            found,
            said["retest_of"],
        )


__all__ = ["JobForm", "RunForm", "TicketsForm", "UsersForm"]
