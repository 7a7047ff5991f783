"""What is filled in to agree a follow-up at home, and to say what is done about a row.

No limit, interval or deadline is filled in beforehand: the clinician sets them for this patient.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.staffing import Post
from fellesjournal.care.remote_follow_up.actions import BY_PEOPLE, MOST_WORDS
from fellesjournal.care.remote_follow_up.measures import MEASURES, Measure
from fellesjournal.care.remote_follow_up.plans import Agreed, Limit, Plan, Terms
from fellesjournal.care.remote_follow_up.tasks import Outcome
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.foundation.ui.templatetags.ui import number
from fellesjournal.surfaces.clinic.follow_up_words import OUTCOME, REFUSED
from fellesjournal.surfaces.own_readings import NAMES, PARTS, often_words, unit_of

_WRITTEN = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
# (times, days): what is offered; the plan itself takes any.
_OFTEN = ((1, 1), (2, 1), (3, 1), (1, 2), (3, 7), (2, 7), (1, 7), (1, 14))
_WITHIN = (1, 2, 3, 5)


class TermsForm(PlainForm):
    """What is measured, how often, within which limits, who answers and until when."""

    owner = forms.ChoiceField(label=_("Who answers for what falls outside"))
    looked_at_within = forms.ChoiceField(label=_("Looked at within"))
    ends = forms.DateField(
        label=_("Until and with"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, posts: Sequence[Post], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {each.practitioner: each for each in posts}
        self.agreed: tuple[Agreed, ...] = ()
        choose = ("", gettext("Choose"))
        _choices(
            self,
            "owner",
            [
                choose,
                *((each.practitioner, each.name or gettext("Name not known")) for each in posts),
            ],
        )
        _choices(self, "looked_at_within", [choose, *((str(n), _days(n)) for n in _WITHIN)])
        not_measured = ("", gettext("Not measured"))
        often = [(f"{times}/{days}", often_words(times, days)) for times, days in _OFTEN]
        for measure in MEASURES.values():
            self.fields[f"{measure.key}-often"] = forms.ChoiceField(
                label=_("How often"), required=False, choices=[not_measured, *often]
            )
            for part in measure.parts:
                self.fields[f"{part}-low"] = _limit_field(_("%(name)s, at least (%(unit)s)"), part)
                self.fields[f"{part}-high"] = _limit_field(_("%(name)s, at most (%(unit)s)"), part)

    def measures(self) -> list[tuple[str, str, BoundField, list[BoundField], bool]]:
        """A fieldset for each kind: key, name, how often, its limits, whether anything is said."""
        found = []
        for measure in MEASURES.values():
            often = self[f"{measure.key}-often"]
            limits = [self[f"{part}-{end}"] for part in measure.parts for end in ("high", "low")]
            said = any(each.value() or each.errors for each in (often, *limits))
            found.append((measure.key, str(NAMES[measure.key]), often, limits, said))
        return found

    def clean(self) -> dict[str, Any]:
        """The terms, as far as they can be read; the action asks the rest."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        found = [each for measure in MEASURES.values() if (each := self._agreed(measure, said))]
        self.agreed = tuple(found)
        if not self.agreed and not self.errors:
            self.add_error("blood-pressure-often", str(REFUSED["nothing-agreed"]))
        return said

    def _agreed(self, measure: Measure, said: dict[str, Any]) -> Agreed | None:
        limits = {
            part: Limit(self._limit(f"{part}-low", said), self._limit(f"{part}-high", said))
            for part in measure.parts
        }
        given = {part: each for part, each in limits.items() if each != Limit()}
        often = str(said.get(f"{measure.key}-often") or "")
        if not often:
            if given:
                self.add_error(f"{measure.key}-often", str(REFUSED["how-often"]))
            return None
        times, _slash, days = often.partition("/")
        return Agreed(measure, int(times), int(days), given)

    def _limit(self, name: str, said: dict[str, Any]) -> Decimal | None:
        text = str(said.get(name) or "").strip().replace(",", ".")
        if not text:
            return None
        if not _WRITTEN.fullmatch(text):
            self.add_error(name, gettext("Write a number."))
            return None
        return Decimal(text)

    @property
    def terms(self) -> Terms:
        """What is agreed, of a valid form."""
        said = self.cleaned_data
        ends: date = said["ends"]
        post = self.posts[said["owner"]]
        return Terms(self.agreed, post.practitioner, post.name, int(said["looked_at_within"]), ends)


def terms_of(plan: Plan) -> dict[str, Any]:
    """A plan as the form is filled with it."""
    filled: dict[str, Any] = {
        "owner": plan.owner,
        "looked_at_within": str(plan.looked_at_within),
        "ends": plan.ends,
    }
    for agreed in plan.agreed:
        filled[f"{agreed.measure.key}-often"] = f"{agreed.times}/{agreed.days}"
        for part, limit in agreed.limits.items():
            filled[f"{part}-low"] = number(limit.low) if limit.low is not None else ""
            filled[f"{part}-high"] = number(limit.high) if limit.high is not None else ""
    return filled


class EndForm(PlainForm):
    """Why a follow-up ends."""

    reason = forms.CharField(label=_("Why it ends"), max_length=MOST_WORDS, strip=True)


class DoneForm(PlainForm):
    """What is done about what waits."""

    outcome = forms.ChoiceField(
        label=_("What is done"),
        choices=lambda: [(each.value, OUTCOME[each]) for each in BY_PEOPLE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words (needed when nothing is done)"),
        required=False,
        max_length=MOST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Doing nothing has a reason."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("outcome") == Outcome.NO_ACTION and not said.get("words"):
            self.add_error("words", str(REFUSED["no-reason"]))
        return said


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _days(count: int) -> str:
    if count == 1:
        return gettext("the next working day")
    return gettext("%(n)s working days") % {"n": count}


def _limit_field(label: Any, part: str) -> forms.CharField:
    # Any: a lazy translation, filled in below
    return forms.CharField(
        label=label % {"name": PARTS[part], "unit": unit_of(part)},
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


__all__ = ["DoneForm", "EndForm", "TermsForm", "terms_of"]
