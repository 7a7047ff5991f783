"""Forms of the editor: one for each thing that a drawing is made of. They know no BPMN and need no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.pathways.editing import Element, Thing
from fellesjournal.leadership.pathways.pathway import (
    LONGEST_HOURS,
    LONGEST_NAME,
    LONGEST_TEXT,
    Handover,
    Lane,
    Level,
    LocalVariant,
    Pain,
    PainPoint,
    Pathway,
    PathwayStep,
    Value,
)
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.pathway_forms import VersionForm

_LONG = 500


def _hours(label: Any) -> forms.IntegerField:  # a lazy text
    return forms.IntegerField(label=label, min_value=0, max_value=LONGEST_HOURS, required=False)


def _text(label: Any, *, required: bool = False) -> forms.CharField:  # a lazy text
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, required=required, widget=widget)


class EditForm(VersionForm):
    """One thing of a drawing: ``of`` is its place from 1 in the version she has looked at, empty for a new
    one. ``last`` are the fields that stand below all others.
    """

    thing: ClassVar[Thing]
    of = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    why = forms.CharField(
        label=_("Why it is changed (may be left empty)"), max_length=_LONG, required=False
    )

    def __init__(self, *args: Any, pathway: Pathway, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pathway = pathway
        self.order_fields([name for name in self.fields if name != "why"])

    @classmethod
    def said_of(cls, element: Any) -> dict[str, Any]:
        """What the fields hold of a thing that is there."""
        raise NotImplementedError

    def element(self) -> Element:
        """The thing as it is written. Raises ValueError for what can't be."""
        raise NotImplementedError

    @property
    def at(self) -> int:
        """Where a new one stands; -1 is last."""
        return -1

    def own_fields(self) -> list[Any]:
        """The fields that are about the thing."""
        return [self[name] for name in self.fields if name not in {"version", "of", "why"}]

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _steps(self) -> list[tuple[str, str]]:
        return [(step.key, f"{n}. {step.key}") for n, step in enumerate(self.pathway.steps, 1)]


class LaneForm(EditForm):
    """Who acts, at which level."""

    thing = Thing.LANE
    name = forms.CharField(label=_("Who acts (a role or a unit)"), max_length=LONGEST_NAME)
    level = forms.ChoiceField(label=_("Level"), choices=lambda: list(words.LEVELS.items()))

    @classmethod
    def said_of(cls, element: Lane) -> dict[str, Any]:
        """As the base."""
        return {"name": element.name, "level": element.level}

    def element(self) -> Lane:
        """As the base."""
        return Lane(self.cleaned_data["name"], Level(self.cleaned_data["level"]))


class StepForm(EditForm):
    """A step: who does what to which end, when it is set off and by when."""

    thing = Thing.STEP
    lane = forms.ChoiceField(label=_("Who acts"))
    purpose = forms.CharField(label=_("To what end"), max_length=LONGEST_NAME)
    after = forms.ChoiceField(label=_("Place"), required=False)
    action = _text(_("What is done"))
    trigger = forms.CharField(label=_("What sets it off"), max_length=LONGEST_TEXT, required=False)
    limit_hours = _hours(_("Within how many hours"))
    channel = forms.CharField(
        label=_("Channel (message, telephone, meeting …)"), max_length=LONGEST_TEXT, required=False
    )
    documents = _text(_("Documents, one on each line"))
    value = forms.ChoiceField(
        label=_("What it is good for"), widget=forms.RadioSelect, initial=Value.NECESSARY,
        choices=lambda: list(words.VALUES.items()),
    )  # fmt: skip
    requires_platform = forms.BooleanField(
        label=_("The platform must be developed for it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("lane", [(each.name, each.name) for each in self.pathway.lanes])
        if self["of"].value():
            del self.fields["after"]
        else:
            places = [(key, gettext("after %(step)s") % {"step": s}) for key, s in self._steps()]
            self._choose("after", [("", gettext("last")), ("|", gettext("first")), *places])

    @classmethod
    def said_of(cls, element: PathwayStep) -> dict[str, Any]:
        """As the base."""
        return {
            "lane": element.lane, "purpose": element.purpose, "action": element.action,
            "trigger": element.trigger, "limit_hours": element.limit_hours,
            "channel": element.channel, "documents": "\n".join(element.documents),
            "value": element.value, "requires_platform": element.requires_platform,
        }  # fmt: skip

    def element(self) -> PathwayStep:
        """As the base."""
        said = self.cleaned_data
        documents = tuple(line.strip() for line in said["documents"].splitlines() if line.strip())
        return PathwayStep(
            said["lane"], said["purpose"], said["action"], documents, said["channel"],
            said["trigger"], said["limit_hours"], Value(said["value"]), said["requires_platform"],
        )  # fmt: skip

    @property
    def at(self) -> int:
        """As the base."""
        after = self.cleaned_data.get("after", "")
        keys = [step.key for step in self.pathway.steps]
        return 0 if after == "|" else keys.index(after) + 1 if after in keys else -1


class HandoverForm(EditForm):
    """From one step to another: what is told, by when, whether its coming is told."""

    thing = Thing.HANDOVER
    start = forms.ChoiceField(label=_("From the step"))
    end = forms.ChoiceField(label=_("To the step"))
    message = _text(_("What is told"))
    deadline_hours = _hours(_("Within how many hours"))
    receipt = forms.BooleanField(label=_("Its coming is told to who sent it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            self._choose(name, self._steps())

    @classmethod
    def said_of(cls, element: Handover) -> dict[str, Any]:
        """As the base."""
        return {
            "start": element.start, "end": element.end, "message": element.message,
            "deadline_hours": element.deadline_hours, "receipt": element.receipt,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A handover leads on."""
        said = super().clean() or {}
        if said.get("start") and said.get("start") == said.get("end"):
            self.add_error("end", gettext("A handover leads to another step."))
        return said

    def element(self) -> Handover:
        """As the base."""
        said = self.cleaned_data
        return Handover(
            said["start"], said["end"], said["message"], said["deadline_hours"], said["receipt"]
        )


class PainForm(EditForm):
    """What hurts at a step, how much, and how it is known."""

    thing = Thing.PAIN
    step = forms.ChoiceField(label=_("Step"))
    kind = forms.ChoiceField(label=_("What it is"), choices=lambda: list(words.PAINS.items()))
    severity = forms.ChoiceField(
        label=_("How much (5 is worst)"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        initial="3",
    )
    evidence = _text(_("How it is known"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("step", self._steps())

    @classmethod
    def said_of(cls, element: PainPoint) -> dict[str, Any]:
        """As the base."""
        return {
            "step": element.step, "kind": element.kind, "severity": str(element.severity),
            "evidence": element.evidence,
        }  # fmt: skip

    def element(self) -> PainPoint:
        """As the base."""
        said = self.cleaned_data
        return PainPoint(said["step"], Pain(said["kind"]), int(said["severity"]), said["evidence"])


class VariantForm(EditForm):
    """Where this place will go on doing otherwise than all others, and why. Written anew, it awaits approval
    anew.
    """

    thing = Thing.VARIANT
    step = forms.ChoiceField(label=_("Step"))
    reason = _text(_("Why this place does otherwise"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("step", self._steps())

    @classmethod
    def said_of(cls, element: LocalVariant) -> dict[str, Any]:
        """As the base."""
        return {"step": element.step, "reason": element.reason}

    def element(self) -> LocalVariant:
        """As the base."""
        return LocalVariant(self.cleaned_data["step"], self.cleaned_data["reason"])


FORMS: Mapping[Thing, type[EditForm]] = {
    each.thing: each for each in (LaneForm, StepForm, HandoverForm, PainForm, VariantForm)
}
NEW: Mapping[Thing, Promise] = {
    Thing.LANE: _("Add who acts"),
    Thing.STEP: _("Add a step"),
    Thing.HANDOVER: _("Add a handover"),
    Thing.PAIN: _("Add what hurts"),
    Thing.VARIANT: _("Add a local variant"),
}
CHANGE: Mapping[Thing, Promise] = {
    Thing.LANE: _("Change who acts"),
    Thing.STEP: _("Change a step"),
    Thing.HANDOVER: _("Change a handover"),
    Thing.PAIN: _("Change what hurts"),
    Thing.VARIANT: _("Change a local variant"),
}

__all__ = ["CHANGE", "FORMS", "NEW", "EditForm"]
