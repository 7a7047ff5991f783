"""Forms of training: a pass, several at once, who works when, the courses, super-users, and leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.courses.waivers import LONGEST
from fellesjournal.access.directory.staff import Placed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.training import Training
from fellesjournal.leadership.rollout.training_book import Course, Courses
from fellesjournal.leadership.rollout.training_lines import Read, Worker
from fellesjournal.surfaces.leaders import training_words as words
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field

_LARGEST = 200_000
_MOST_FAULTS = 20


def _lines(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=_LARGEST, widget=forms.Textarea(attrs={"rows": 6}), strip=False
    )


def worker_of(placed: Placed) -> Worker:
    """Somebody of the register, as lines name her."""
    return Worker(
        placed.practitioner, placed.name, placed.code, placed.title, placed.unit, placed.unit_name
    )


def refuse_unread(form: forms.Form, field: str, read: Read[Any]) -> None:
    """Every cell that can't be read, as errors of its field; the first ones of very many."""
    for each in read.unread[:_MOST_FAULTS]:
        form.add_error(field, words.unread(each))
    if len(read.unread) > _MOST_FAULTS:
        more = len(read.unread) - _MOST_FAULTS
        form.add_error(field, gettext("And %(more)s more. Nothing was kept.") % {"more": more})
    elif read.unread:
        form.add_error(field, gettext("Nothing was kept."))


class PassForm(SeenForm):
    """That one person has passed a course for her role."""

    prefix = "one"

    who = forms.ChoiceField(label=_("Who"))
    course = forms.ChoiceField(label=_("Training course"))
    passed = forms.DateField(label=_("Passed on"), widget=day_input())
    expires = forms.DateField(
        label=_("Holds to before (empty: as the course says)"), widget=day_input(), required=False
    )

    def __init__(
        self, *args: Any, staff: Sequence[Placed], courses: Sequence[Course], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._staff = {each.role_id: each for each in staff}
        self._courses = {each.id: each for each in courses}
        _choose(self, "who", [(each.role_id, who_is(each)) for each in staff])
        _choose(self, "course", [(each.id, each.title) for each in courses])

    def clean(self) -> dict[str, Any]:
        """Nobody has passed what is still to come, and it holds for a day at least."""
        said = super().clean() or {}
        passed, expires = said.get("passed"), said.get("expires")
        if passed and passed > clock.today():
            self.add_error("passed", gettext("This day is still to come."))
        elif passed and expires and expires <= passed:
            self.add_error("expires", gettext("This is not after the day it was passed."))
        return said

    def training(self) -> Training:
        """What was written."""
        said = self.cleaned_data
        placed, course = self._staff[said["who"]], self._courses[said["course"]]
        expires = said["expires"] or course.expires(said["passed"])
        return Training(placed.practitioner, placed.code, course.id, said["passed"], expires)


class PassesForm(SeenForm):
    """Several passes, one a line."""

    prefix = "many"

    lines = _lines(_("One a line: person; course; passed on; holds to before; role"))


class ShiftsForm(SeenForm):
    """Who works when, one shift a line."""

    prefix = "shifts"

    lines = _lines(_("One a line: person; day; part of the day; unit; role"))


class CoursesForm(SeenForm):
    """The courses, and what comes of a missing one."""

    prefix = "courses"

    unit = forms.ChoiceField(label=_("The organisation in the record"))
    enforcement = forms.ChoiceField(
        label=_("When somebody without a course chooses her role after go-live"),
        choices=list(words.ENFORCEMENTS.items()),
    )
    lines = forms.CharField(
        label=_(
            "One course a line: course; where to take it; whom to ask; months; roles, with / between"
        ),
        max_length=_LARGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
    )
    reason = reason_field()

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "unit", list(units))


class SuperUserForm(SeenForm):
    """Somebody who is a super-user of her unit, or no longer."""

    prefix = "super"

    who = forms.ChoiceField(label=_("Who"))
    named = forms.ChoiceField(
        label=_("What she is"),
        choices=[("yes", _("a super-user of the unit")), ("no", _("no longer one"))],
    )

    def __init__(self, *args: Any, staff: Sequence[Placed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "who", [(each.role_id, who_is(each)) for each in staff])


class WaiveForm(PlainForm):
    """Leave to work without a course: why, and until when."""

    reason = reason_field()
    until = forms.DateField(label=_("Until the end of this day"), widget=day_input())

    def clean_until(self) -> datetime:
        """The end of a day that has not passed, within what a leader may give."""
        day = self.cleaned_data["until"]
        today = clock.today()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(
                gettext("Give a day from today on, within %(days)s days.") % {"days": LONGEST.days}
            )
        return datetime.combine(day + timedelta(days=1), time(), clock.NORWAY)


def as_lines(courses: Courses, titles: dict[str, str]) -> str:
    """The courses as they are written in their form."""
    roles: dict[str, list[str]] = {}
    for each in courses.needed:
        roles.setdefault(each.course, []).append(titles.get(each.role, each.role))
    return "\n".join(
        "; ".join(
            (
                each.title, each.place, each.contact, str(each.months or ""),
                " / ".join(roles.get(each.id, [])),
            )
        )
        for each in courses.courses
    )  # fmt: skip


def who_is(placed: Placed) -> str:
    """Somebody in a role at a unit, as a list shows her."""
    return f"{placed.name}, {placed.title}, {placed.unit_name}"


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "–"), *choices]


__all__ = [
    "CoursesForm",
    "PassForm",
    "PassesForm",
    "ShiftsForm",
    "SuperUserForm",
    "WaiveForm",
    "as_lines",
    "refuse_unread",
    "who_is",
    "worker_of",
]
