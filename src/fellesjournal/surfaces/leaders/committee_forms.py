"""Forms of communities: a body, a meeting with its agenda, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.decisions.committees import AgendaItem, Taking
from fellesjournal.surfaces.leaders import decision_words as words

_MOST_ITEMS = 40


class BodyForm(PlainForm):
    """How often a body meets, and who takes part."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    body = forms.CharField(widget=forms.HiddenInput, max_length=150)
    meetings = forms.IntegerField(
        label=_("Meetings a year (leave empty if not known)"), min_value=0, max_value=366,
        required=False,
    )  # fmt: skip
    taking_part = forms.MultipleChoiceField(
        label=_("Who takes part"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=lambda: list(words.TAKING.items()),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=500)

    def taking(self) -> tuple[Taking, ...]:
        """Who takes part."""
        return tuple(Taking(each) for each in self.cleaned_data["taking_part"])


class MeetingForm(PlainForm):
    """A meeting: of which bodies, when, and about what."""

    bodies = forms.MultipleChoiceField(
        label=_("Who meets (several meet jointly)"), widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    agenda = forms.CharField(
        label=_("Agenda, one matter on each line"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    cases = forms.MultipleChoiceField(
        label=_("Open cases to be taken up"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *args: Any, bodies: Sequence[str], cases: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._titles = dict(cases)
        offered = (("bodies", [(each, words.body_name(each)) for each in bodies]), ("cases", cases))
        for name, choices in offered:
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """Somebody meets about something."""
        said = super().clean() or {}
        if "agenda" not in self.errors and not 0 < len(self._items(said)) <= _MOST_ITEMS:
            self.add_error("agenda", gettext("Write one to forty matters."))
        return said

    def items(self) -> tuple[AgendaItem, ...]:
        """The agenda: what was written, then the cases."""
        return self._items(self.cleaned_data)

    def _items(self, said: dict[str, Any]) -> tuple[AgendaItem, ...]:
        lines = [each.strip() for each in str(said.get("agenda", "")).splitlines()]
        written = [AgendaItem(each[:300]) for each in lines if each]
        cases = [AgendaItem(self._titles[key], key) for key in said.get("cases", ())]
        return (*written, *cases)


class MinutesForm(PlainForm):
    """What was said."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    minutes = forms.CharField(
        label=_("Minutes of the meeting"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


__all__ = ["BodyForm", "MeetingForm", "MinutesForm"]
