"""What is filled in to order analyses, and to take note of a result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.orders.catalogue import Analysis, analyses, panels
from fellesjournal.care.orders.resources import Person, Urgency
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic.result_words import REFUSED, URGENCY, panel_title

MOST_WORDS = 2000
TAKEN_HERE, TAKEN_THERE = "here", "there"


class Requisition(PlainForm):
    """What is ordered: panels and single analyses together, how soon, why, and the sample."""

    panels = forms.MultipleChoiceField(
        label=_("Commonly ordered together"),
        required=False,
        choices=lambda: [(each.key, panel_title(each)) for each in panels()],
        widget=forms.CheckboxSelectMultiple,
    )
    analyses = forms.MultipleChoiceField(
        label=_("Single analyses"),
        required=False,
        choices=lambda: [(each.nlk, each.name) for each in analyses().values()],
        widget=forms.CheckboxSelectMultiple,
    )
    information = forms.CharField(
        label=_("Why, and what the laboratory must know"),
        max_length=MOST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    urgency = forms.ChoiceField(
        label=_("How soon"),
        choices=lambda: [(each.value, words) for each, words in URGENCY.items()],
        initial=Urgency.ROUTINE.value,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Something must be ordered."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("panels") and not said.get("analyses"):
            self.add_error("analyses", str(REFUSED["nothing-ordered"]))
        return said

    @property
    def panel_rows(self) -> list[tuple[BoundWidget, str]]:
        """Each panel's check box, with the names of what is in it."""
        return [
            (box, ", ".join(each.name for each in panel.analyses))
            for box, panel in zip(self["panels"].subwidgets, panels(), strict=True)
        ]

    @property
    def ordered(self) -> tuple[Analysis, ...]:
        """The analyses chosen, by panel or alone, each once."""
        chosen = set(self.cleaned_data["analyses"])
        for panel in panels():
            if panel.key in self.cleaned_data["panels"]:
                chosen |= {each.nlk for each in panel.analyses}
        return tuple(each for code, each in analyses().items() if code in chosen)


class NewRequisition(Requisition):
    """As :class:`Requisition`, with the laboratory and the sample."""

    laboratory = forms.ChoiceField(label=_("Laboratory"))
    sample = forms.ChoiceField(
        label=_("Sample"),
        choices=[
            (TAKEN_HERE, _("Taken here now")),
            (TAKEN_THERE, _("The laboratory takes it")),
        ],
        error_messages={"required": _("Say who takes the sample.")},
        widget=forms.RadioSelect,
    )

    def __init__(self, laboratories: list[Person], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["laboratory"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.reference, each.name) for each in laboratories]


class ChangedRequisition(Requisition):
    """As :class:`Requisition`, with why it is changed."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=MOST_WORDS,
        strip=True,
    )


class TakenBack(PlainForm):
    """Why a requisition is taken back."""

    reason = forms.CharField(
        label=_("Why it is taken back"),
        max_length=MOST_WORDS,
        strip=True,
    )


__all__ = [
    "TAKEN_HERE",
    "TAKEN_THERE",
    "ChangedRequisition",
    "NewRequisition",
    "Requisition",
    "TakenBack",
]
