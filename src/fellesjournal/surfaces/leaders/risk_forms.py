"""Forms for risks and stakeholders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.risks import Risk, Stakeholder, Stance, Weight
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field


def _from_one_to_five(label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=5, required=required)


class RiskForm(PlainForm):
    """A risk, as it weighs now and after what is done about it."""

    title = forms.CharField(label=_("What may go wrong"), max_length=200)
    probability = _from_one_to_five(_("How probable, 1 to 5"))
    consequence = _from_one_to_five(_("How grave, 1 to 5"))
    mitigation = forms.CharField(label=_("What is done about it"), max_length=500, required=False)
    owner = forms.CharField(label=_("Who owns it"), max_length=100)
    left_probability = _from_one_to_five(_("How probable after that"), required=False)
    left_consequence = _from_one_to_five(_("How grave after that"), required=False)
    review_on = forms.DateField(label=_("Look at it again on"), widget=day_input(), required=False)
    closed = forms.BooleanField(label=_("It is over"), required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What is left is no more than it was, and something was done to make it less."""
        said = super().clean() or {}
        if self.errors:
            return said
        if (said["left_probability"] is None) != (said["left_consequence"] is None):
            self.add_error("left_consequence", gettext("Give both, or none."))
            return said
        left = self._left()
        if left and not said["mitigation"].strip():
            self.add_error("mitigation", gettext("Say what makes the risk smaller."))
        elif left and left.score > Weight(said["probability"], said["consequence"]).score:
            self.add_error("left_consequence", gettext("What is left is no more than it was."))
        return said

    def risk(self, known: Sequence[Risk]) -> Risk:
        """The risk that was written: one of the same title is weighed anew, another gets a number."""
        said = self.cleaned_data
        title = said["title"].strip()
        same = (each.id for each in known if each.title.casefold() == title.casefold())
        return Risk(
            id=next(same, f"R{len(known) + 1}"), title=title,
            weight=Weight(said["probability"], said["consequence"]),
            mitigation=said["mitigation"].strip(), owner=said["owner"].strip(),
            residual=self._left(), review_on=said["review_on"], closed=said["closed"],
        )  # fmt: skip

    def _left(self) -> Weight | None:
        said = self.cleaned_data
        if said["left_probability"] is None:
            return None
        return Weight(said["left_probability"], said["left_consequence"])


class StakeholderForm(PlainForm):
    """Whom the plan concerns, and how they stand to it."""

    name = forms.CharField(label=_("Group or person"), max_length=100)
    interest = _from_one_to_five(_("How much it concerns them, 1 to 5"))
    influence = _from_one_to_five(_("How much they decide, 1 to 5"))
    stance = forms.ChoiceField(label=_("How they stand to it"), choices=list(words.STANCES.items()))
    contact = forms.CharField(label=_("Who talks with them"), max_length=100, required=False)
    measure = forms.CharField(label=_("What is planned for them"), max_length=500, required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def stakeholder(self) -> Stakeholder:
        """Who was written down."""
        said = self.cleaned_data
        return Stakeholder(
            name=said["name"].strip(), interest=said["interest"], influence=said["influence"],
            stance=Stance(said["stance"]), contact=said["contact"].strip(),
            measure=said["measure"].strip(),
        )  # fmt: skip


__all__ = ["RiskForm", "StakeholderForm"]
