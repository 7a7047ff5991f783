"""Forms of dress rehearsals: planning one, a step's time, a finding, a retest."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout.fixtures import rehearsal_data
from fellesjournal.leadership.rollout.rehearsals import LONGEST_STEP
from fellesjournal.leadership.rollout.trials import RehearsalFinding, Retest, Severity, Step
from fellesjournal.surfaces.leaders import rehearsal_words
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.rollout_forms import day_input

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_MOST_STEPS = 60


class PlanRehearsalForm(SeenForm):
    """A day to be played: a script that is given, or one's own steps."""

    script = forms.ChoiceField(label=_("Script"), required=False)
    service = forms.CharField(
        label=_("Service, when the script is your own"), max_length=100, required=False
    )
    day = forms.DateField(label=_("Day"), widget=day_input())
    lines = forms.CharField(
        label=_("Your own steps, one a line: time; step; role; minutes"),
        max_length=10_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["script"]
        assert isinstance(field, forms.ChoiceField)
        own = ("", gettext("my own steps"))
        given = [
            (each.service, rehearsal_words.service(each.service))
            for each in rehearsal_data().scripts
        ]
        field.choices = [*given, own]

    def clean(self) -> dict[str, Any]:
        """A script or steps of one's own, each line read; every fault is told with its line."""
        said = super().clean() or {}
        if said.get("script"):
            given = next(e for e in rehearsal_data().scripts if e.service == said["script"])
            said["service"], said["steps"] = given.service, given.steps
            return said
        said["steps"] = self._steps(said.get("lines", ""))
        if not said.get("service", "").strip():
            self.add_error("service", gettext("Say which service it is."))
        if not said["steps"] and not self.has_error("lines"):
            self.add_error("lines", gettext("Write a step a line, or choose a script."))
        return said

    def _steps(self, text: str) -> tuple[Step, ...]:
        found = []
        for number, line in enumerate(text.splitlines()[:_MOST_STEPS], 1):
            if not line.strip():
                continue
            cells = [each.strip() for each in line.split("\t" if "\t" in line else ";")]
            at, title, role, minutes = [*cells, "", "", "", ""][:4]
            is_minutes = minutes.isascii() and minutes.isdigit() and len(minutes) < 5
            wrong = (
                gettext("time") if not _CLOCK.fullmatch(at)
                else gettext("step") if not title
                else gettext("role") if not role
                else gettext("minutes") if not is_minutes or int(minutes) > LONGEST_STEP
                else ""
            )  # fmt: skip
            if wrong:
                told = gettext("Line %(line)s, column “%(column)s” can't be read.")
                self.add_error("lines", told % {"line": number, "column": wrong})
            else:
                found.append(Step(title[:200], role[:100], int(minutes), at=at.replace(".", ":")))
        return tuple(found)


class StepForm(SeenForm):
    """How many minutes a step took."""

    place = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    minutes = forms.IntegerField(label=_("Minutes it took"), min_value=0, max_value=LONGEST_STEP)


class FindingForm(SeenForm):
    """What was found, how bad it is, and who mends it."""

    prefix = "finding"

    text = forms.CharField(label=_("What was found"), max_length=500)
    severity = forms.ChoiceField(label=_("How bad it is"), choices=list(words.DEFECTS.items()))
    owner = forms.CharField(label=_("Who mends it"), max_length=200)

    def finding(self) -> RehearsalFinding:
        """What was written."""
        said = self.cleaned_data
        return RehearsalFinding(
            said["text"].strip(), Severity(said["severity"]), said["owner"].strip()
        )


class RetestForm(SeenForm):
    """That a finding was tried again."""

    prefix = "retest"

    place = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    by = forms.CharField(label=_("Who tried again"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=day_input())
    passed = forms.ChoiceField(
        label=_("How it ended"), choices=[("yes", _("passed")), ("no", _("failed"))]
    )

    def clean_day(self) -> Any:
        """Nobody has tried what is still to come."""
        if self.cleaned_data["day"] > clock.today():
            raise forms.ValidationError(gettext("This day is still to come."))
        return self.cleaned_data["day"]

    def retest(self) -> Retest:
        """What was written."""
        said = self.cleaned_data
        return Retest(said["day"], said["by"].strip(), said["passed"] == "yes")


__all__ = ["FindingForm", "PlanRehearsalForm", "RetestForm", "StepForm"]
