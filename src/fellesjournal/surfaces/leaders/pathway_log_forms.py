"""Forms of what was learnt on the way, and of answers to what users said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.pathways.phases import Heard, Learnt
from fellesjournal.surfaces.leaders.pathway_forms import VersionForm

_LONG = 2000
_SHOWN = 60


class LearnForm(VersionForm):
    """What happened, and what others should do."""

    day = forms.DateField(
        label=_("When"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    where = forms.ChoiceField(label=_("Where"), required=False)
    what = forms.CharField(
        label=_("What we learnt"), max_length=_LONG, widget=forms.Textarea(attrs={"rows": 2})
    )
    advice = forms.CharField(
        label=_("What others should do"), max_length=_LONG, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["where"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("Everywhere")), *((each, each) for each in places)]

    def learnt(self) -> Learnt:
        """What was learnt."""
        said = self.cleaned_data
        return Learnt(said["day"], said["where"], said["what"], said["advice"])


class AnswerForm(VersionForm):
    """An answer to something that users have said and nobody has answered."""

    place = forms.ChoiceField(label=_("What they said"))
    answer = forms.CharField(
        label=_("What was answered"), max_length=_LONG, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, waiting: Sequence[tuple[int, Heard]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(place), f"{each.forum}: {_short(each.said)}") for place, each in waiting
        ]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


__all__ = ["AnswerForm", "LearnForm"]
