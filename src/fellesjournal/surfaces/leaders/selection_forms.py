"""Forms of the selection list: an indicator more, its criteria, a score, why it is retired."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.benefits.selection import Criterion, Item, Listed, Score
from fellesjournal.leadership.indicators.catalogue import called
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.indicator_words import said as in_words
from fellesjournal.surfaces.leaders.rollout_forms import reason_field

CRITERIA = {
    "can_be_measured": _("It can carry a baseline and an ambition"),
    "can_be_reused": _("Other municipalities can use it"),
    "can_be_influenced": _("Our own measures can influence it"),
}
_ANSWERS = [("yes", _("Yes")), ("no", _("No"))]


def _answer(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: [("", "–"), *_ANSWERS])


def _why(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300)


class CriteriaForm(SeenForm):
    """The three criteria, each with its reason."""

    can_be_measured = _answer(CRITERIA["can_be_measured"])
    can_be_measured_why = _why(_("Why, or why not: baseline and ambition"))
    can_be_reused = _answer(CRITERIA["can_be_reused"])
    can_be_reused_why = _why(_("Why, or why not: others can use it"))
    can_be_influenced = _answer(CRITERIA["can_be_influenced"])
    can_be_influenced_why = _why(_("Why, or why not: own measures"))
    reason = reason_field()

    def criteria(self) -> Listed:
        """What was judged."""
        given = self.cleaned_data
        return Listed(*(
            Criterion(given[name] == "yes", given[f"{name}_why"].strip()) for name in CRITERIA
        ))  # fmt: skip


class ItemForm(CriteriaForm):
    """An indicator that is put on the list."""

    indicator = forms.SlugField(label=_("ID of the indicator"), max_length=30)
    title = forms.CharField(
        label=_("Title, when it isn't one that is counted already"), max_length=150, required=False
    )
    service_group = forms.CharField(label=_("Type of service"), max_length=80)
    field_order = ("indicator", "title", "service_group")

    def clean(self) -> dict[str, Any]:
        """An indicator that is counted has its title already; another needs one."""
        given = super().clean() or {}
        name = given.get("indicator", "")
        found = called(name.upper())
        if found is not None:
            given |= {"indicator": found.id, "title": in_words(found.titles)}
        elif name and not given.get("title"):
            self.add_error("title", gettext("Fill in “%(field)s”.") % {"field": gettext("Title")})
        return given

    def item(self) -> Item:
        """What is put on the list; IM2, IU3 and LE1 are one indicator."""
        given = self.cleaned_data
        return Item(
            given["indicator"], given["title"].strip(), given["service_group"].strip(),
            self.criteria(),
        )  # fmt: skip


class ScoreForm(PlainForm):
    """What she thinks of an item."""

    size = forms.TypedChoiceField(label=_("How big is the benefit?"), coerce=int)
    difficulty = forms.TypedChoiceField(label=_("How difficult is it?"), coerce=int)
    fit = forms.TypedChoiceField(label=_("How well does it fit the strategy?"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = {
            "size": (_("small"), _("big")),
            "difficulty": (_("easy"), _("difficult")),
            "fit": (_("badly"), _("well")),
        }
        for name, (low, high) in ends.items():
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [
                ("", "–"), (1, f"1 {low}"), (2, "2"), (3, "3"), (4, "4"), (5, f"5 {high}")
            ]  # fmt: skip

    def score(self) -> Score:
        """What was scored."""
        given = self.cleaned_data
        return Score(given["size"], given["difficulty"], given["fit"])


class RetireForm(SeenForm):
    """Why an item is retired, or taken back."""

    reason = reason_field()


__all__ = ["CRITERIA", "CriteriaForm", "ItemForm", "RetireForm", "ScoreForm"]
