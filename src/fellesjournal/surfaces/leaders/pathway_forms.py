"""Forms of pathways: a new one, a drawing, a measure, what a phase asks for, what else happened, a
claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Text
from fellesjournal.leadership.pathways.claims import Claim, Confounder, Design, Direction, Evidence
from fellesjournal.leadership.pathways.gaps import Gap
from fellesjournal.leadership.pathways.measures import (
    WORKSTREAMS,
    Effect,
    Measure,
    Workstream,
    parts,
)
from fellesjournal.leadership.pathways.pathway import Group
from fellesjournal.leadership.pathways.phases import Guard
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.amounts import language

MOST_WORKSTREAMS = 12
_LONG = 2000
_MOST_MONEY = 13


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day(label: Any, *, required: bool = True) -> forms.DateField:  # a lazy text
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required)


class VersionForm(PlainForm):
    """The version of what she has looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PublishForm(VersionForm):
    """The version of the drawing too."""

    drawing = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class BeginForm(PlainForm):
    """Whose pathway, and where it is improved."""

    title = forms.CharField(label=_("Title"), max_length=150)
    group = forms.ChoiceField(label=_("For whom"), choices=lambda: list(words.GROUPS.items()))
    places = forms.CharField(
        label=_("Workstreams, one on each line: name; municipality; hospital"), max_length=_LONG,
        widget=_area(4),
        initial="\n".join(f"{w.name}; {w.municipality}; {w.hospital}" for w in WORKSTREAMS),
    )  # fmt: skip

    def clean_places(self) -> tuple[Workstream, ...]:
        """The workstreams. A line that is none is told by its number."""
        found: list[Workstream] = []
        lines = str(self.cleaned_data["places"]).splitlines()
        for number, line in enumerate(lines, 1):
            said = [each.strip() for each in line.split(";")]
            if not any(said):
                continue
            if len(said) != 3 or not all(said):
                text = gettext("Line %(line)s: write name; municipality; hospital.")
                raise forms.ValidationError(text % {"line": number})
            found.append(Workstream(*said))
        if not found or len(found) > MOST_WORKSTREAMS:
            raise forms.ValidationError(gettext("Write one to twelve workstreams."))
        if len({each.name for each in found}) != len(found):
            raise forms.ValidationError(gettext("Two workstreams have one name."))
        return tuple(found)

    def chosen(self) -> Group:
        """The group."""
        return Group(self.cleaned_data["group"])


class DrawingForm(VersionForm):
    """A file with a drawing, and what it shows."""

    file = forms.FileField(label=_("BPMN file"), widget=forms.FileInput)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_area(2))


@dataclass(frozen=True, slots=True)
class EffectField:
    """A field for what a measure gives one organisation: its name in the form, and whose it is."""

    name: str
    actor: str


class MeasureForm(VersionForm):
    """A measure: which gaps it closes, where, and what it gives each organisation in a year."""

    title = forms.CharField(label=_("Measure"), max_length=150)
    gaps = forms.MultipleChoiceField(
        label=_("Gaps that it closes"), widget=forms.CheckboxSelectMultiple
    )
    workstream = forms.ChoiceField(label=_("Workstream"))
    within_platform = forms.ChoiceField(
        label=_("Can it be done as the platform is?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No, the platform must be developed"))],
    )  # fmt: skip

    def __init__(
        self, *args: Any, gaps: Sequence[Gap], workstreams: Sequence[Workstream],
        labels: Sequence[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._gaps = list(gaps)
        self._choose("gaps", [(str(n), label) for n, label in enumerate(labels)])
        self._choose("workstream", [(each.name, each.name) for each in workstreams])
        self.effects = [
            EffectField(f"effect_{n}", actor) for n, (actor, _of) in enumerate(parts(workstreams))
        ]
        for each in self.effects:
            self.fields[each.name] = forms.DecimalField(
                label=words.part_name(each.actor),
                required=False,
                max_digits=_MOST_MONEY,
                decimal_places=0,
            )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def shown_effects(self) -> list[tuple[str, Any]]:
        """Whose each field of an effect is, and the field."""
        return [(each.actor, self[each.name]) for each in self.effects]

    def clean(self) -> dict[str, Any]:
        """At least one organisation gets or pays something: else it has no economic effect."""
        said = super().clean() or {}
        if not self.errors and not self._amounts(said):
            self.add_error("effect_0", gettext("Write the effect for one organisation at least."))
        return said

    def measure(self) -> Measure:
        """The measure that was written."""
        said = self.cleaned_data
        return Measure(
            said["title"], tuple(self._gaps[int(place)] for place in said["gaps"]),
            said["within_platform"] == "yes", self._amounts(said), said["workstream"],
        )  # fmt: skip

    def _amounts(self, said: dict[str, Any]) -> tuple[Effect, ...]:
        return tuple(
            Effect(each.actor, Decimal(said[each.name]))
            for each in self.effects
            if said.get(each.name) is not None
        )


class ThereForm(VersionForm):
    """Where something is that a phase asks for."""

    what = forms.ChoiceField(label=_("What is there"))
    document = forms.CharField(label=_("Where it is found"), max_length=300)

    def __init__(self, *args: Any, wanted: Sequence[tuple[Guard, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (f"{guard}|{of}", f"{words.GUARDS[guard]} {words.part_name(of)}".strip())
            for guard, of in wanted
        ]

    def guard(self) -> tuple[Guard, str]:
        """What it is, and for which workstream or place."""
        guard, _bar, of = self.cleaned_data["what"].partition("|")
        return Guard(guard), of


class HeardForm(VersionForm):
    """What users said."""

    forum = forms.CharField(label=_("Who was heard"), max_length=150)
    said = forms.CharField(label=_("What they said"), max_length=_LONG, widget=_area(2))
    answer = forms.CharField(
        label=_("What was answered"), max_length=_LONG, widget=_area(2), required=False
    )


class StartForm(VersionForm):
    """A municipality that has begun."""

    municipality = forms.ChoiceField(label=_("Municipality"))
    day = _day(_("Began on"))

    def __init__(self, *args: Any, municipalities: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in municipalities]


def _in_own_words(text: Text) -> str:
    """A text of an indicator in the language of the page."""
    return text.get(language(), text["nb"])


def _indicators() -> list[tuple[str, str]]:
    return [(key, f"{key}: {_in_own_words(each.titles)}") for key, each in CATALOGUE.items()]


class ConfounderForm(VersionForm):
    """What else happened; or who was asked and knows of nothing."""

    asked = forms.CharField(label=_("Who was asked"), max_length=150)
    what = forms.CharField(
        label=_("What else happened (leave empty if nothing is known)"), max_length=500,
        required=False,
    )  # fmt: skip
    day = _day(_("When"), required=False)
    direction = forms.ChoiceField(
        label=_("Which way"), choices=lambda: list(words.DIRECTIONS.items())
    )
    indicators = forms.MultipleChoiceField(
        label=_("Figures that it moves"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=_indicators,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What happened, happened on a day and moved something."""
        said = super().clean() or {}
        if said.get("what") and not said.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Say when it happened."))
        if said.get("what") and not said.get("indicators"):
            self.add_error("indicators", gettext("Say which figures it moves."))
        return said

    def confounder(self) -> Confounder | None:
        """What happened; None when nothing is known."""
        said = self.cleaned_data
        if not said["what"]:
            return None
        return Confounder(
            said["day"], said["what"], Direction(said["direction"]), tuple(said["indicators"])
        )


class ClaimForm(VersionForm):
    """What is claimed, how strongly, and on what."""

    text = forms.CharField(label=_("What is claimed"), max_length=500, widget=_area(2))
    indicator = forms.ChoiceField(label=_("Figure"), choices=_indicators)
    improved = forms.BooleanField(label=_("The figure has become better"), required=False)
    design = forms.ChoiceField(
        label=_("How it was looked at"), choices=lambda: list(words.DESIGNS.items())
    )
    points_before = forms.IntegerField(
        label=_("Periods measured before the change"), min_value=0, max_value=1000, initial=0
    )
    probability = forms.DecimalField(
        label=_("Probability that chance did it (0 to 1), if the design gives one"), min_value=0,
        max_value=1, max_digits=7, decimal_places=6, required=False,
    )  # fmt: skip
    worst = forms.BooleanField(label=_("The group was chosen for being worst"), required=False)
    strength = forms.ChoiceField(label=_("How strong"), choices=lambda: list(words.CLAIMS.items()))

    def evidence(self) -> Evidence:
        """The evidence; what else happened comes from what was logged."""
        said = self.cleaned_data
        return Evidence(
            said["indicator"], Design(said["design"]), said["improved"], None,
            said["points_before"], said["probability"], said["worst"],
        )  # fmt: skip

    def claim(self) -> Claim:
        """How strong."""
        return Claim(self.cleaned_data["strength"])


__all__ = [
    "BeginForm", "ClaimForm", "ConfounderForm", "DrawingForm", "HeardForm", "MeasureForm",
    "PublishForm", "StartForm", "ThereForm", "VersionForm",
]  # fmt: skip
