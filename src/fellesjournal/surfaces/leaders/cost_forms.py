"""Forms of the cost pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.costs.lines import CostLine
from fellesjournal.surfaces.leaders import cost_words as words
from fellesjournal.surfaces.leaders.rollout_forms import reason_field


def _money(label: object, *, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,  # type: ignore[arg-type] # a lazy text
        max_digits=14,
        decimal_places=2,
        required=required,
    )


class LineForm(PlainForm):
    """Another amount of a line, with a range or without."""

    prefix = "line"

    line = forms.ChoiceField(label=_("Cost line"))
    amount = _money(_("Amount, NOK"))
    low = _money(_("Lowest, NOK"), required=False)
    high = _money(_("Highest, NOK"), required=False)
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: tuple[CostLine, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.id, words.line(each.id)) for each in lines]


class ClarificationForm(PlainForm):
    """How something that was open is cleared up."""

    clarification = forms.ChoiceField(label=_("What is cleared up"))
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, clarifications: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clarification"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, words.clarification(each)) for each in clarifications]


__all__ = ["ClarificationForm", "LineForm"]
