"""Forms of an evaluation: whose figures are followed, and a claim on what the record shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.pathways.claims import Claim, Design
from fellesjournal.leadership.pathways.measures import Workstream
from fellesjournal.leadership.pathways.resources import Watched
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.pathway_forms import VersionForm


class WatchForm(VersionForm):
    """The organisation of each workstream, and those that are compared with."""

    def __init__(
        self, *args: Any, workstreams: Sequence[Workstream], names: Mapping[str, str], was: Watched,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        choices = [("", gettext("None")), *names.items()]
        self._places = {f"place_{n}": each.name for n, each in enumerate(workstreams)}
        for name, workstream in self._places.items():
            self.fields[name] = forms.ChoiceField(
                label=workstream, choices=choices, required=False,
                initial=was.places.get(workstream, ""),
            )  # fmt: skip
        self.fields["others"] = forms.MultipleChoiceField(
            label=gettext("Others, to compare with"), choices=list(names.items()), required=False,
            widget=forms.CheckboxSelectMultiple, initial=list(was.others),
        )  # fmt: skip
        self.fields["worst"] = forms.BooleanField(
            label=gettext("These places were chosen for being worst"), required=False,
            initial=was.worst,
        )  # fmt: skip

    def place_fields(self) -> list[Any]:
        """The field of each workstream."""
        return [self[name] for name in self._places]

    def clean(self) -> dict[str, Any]:
        """An organisation is one place, or one of the others."""
        said = super().clean() or {}
        named = [said[each] for each in self._places if said.get(each)]
        named += said.get("others", [])
        if len(set(named)) != len(named):
            self.add_error("others", gettext("An organisation is one place, or one of the others."))
        return said

    def watched(self) -> Watched:
        """Whose figures are followed."""
        said = self.cleaned_data
        places = {name: said[field] for field, name in self._places.items() if said[field]}
        return Watched(places, tuple(said["others"]), said["worst"])


class RecordClaimForm(VersionForm):
    """What is claimed on what a design found in the record, and how strongly."""

    text = forms.CharField(
        label=_("What is claimed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    design = forms.ChoiceField(label=_("How it was looked at"))
    strength = forms.ChoiceField(label=_("How strong"), choices=lambda: list(words.CLAIMS.items()))

    def __init__(self, *args: Any, designs: Sequence[Design], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["design"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.value, words.DESIGNS[each]) for each in designs]

    def chosen(self) -> tuple[Design, Claim]:
        """Which design, and how strong a claim."""
        said = self.cleaned_data
        return Design(said["design"]), Claim(said["strength"])


__all__ = ["RecordClaimForm", "WatchForm"]
