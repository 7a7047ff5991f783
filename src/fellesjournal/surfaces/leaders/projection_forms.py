"""What is asked of a projection: where, until when, and how strong each step is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # the stubs' name of a lazy text

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.projections.ageing import AgeMultiplier
from fellesjournal.leadership.projections.beds import CapacityRule
from fellesjournal.leadership.projections.people import Ages
from fellesjournal.leadership.projections.rates import Use
from fellesjournal.leadership.projections.regions import BANDS, EVERYBODY, LAST_YEAR, regions
from fellesjournal.leadership.projections.scenarios import (
    Demography,
    Efficiency,
    PracticeShift,
    Scenario,
    ScenarioStep,
    Takeover,
)
from fellesjournal.registry.population import YEAR

POPULATION = gettext_noop("More and older people")
AGEING = gettext_noop("Healthier ageing")
PRACTICE = gettext_noop("Nights become day contacts")
EFFICIENCY = gettext_noop("Shorter stays")
TAKEOVER = gettext_noop("Municipalities take over")
_CHOSEN = gettext_noop("chosen on the page")
_KINDS = {
    "all": gettext_noop("Whole area"), "county": gettext_noop("Counties"),
    "region": gettext_noop("Cooperation regions"),
    "municipality": gettext_noop("Municipalities"),
}  # fmt: skip
_MORE = Decimal(100)
_STRENGTHS = ("younger_old", "older_old", "nights", "shorter", "taken_over")


def _percent(label: _StrPromise, initial: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, initial=initial, min_value=0, max_value=100, max_digits=4, decimal_places=1,
        required=False,
    )  # fmt: skip


class ProjectionForm(PlainForm):
    """A scenario in percent: nought, or nothing, leaves a step out."""

    region = forms.ChoiceField(label=_("Where"), initial=EVERYBODY)
    rates = forms.ChoiceField(label=_("Rates"), required=False)
    last_year = forms.IntegerField(
        label=_("Until"), initial=2040, min_value=YEAR + 1, max_value=LAST_YEAR
    )
    younger_old = _percent(_("Less need at 67–79 (%)"), 8)
    older_old = _percent(_("Less need from 80 (%)"), 10)
    nights = _percent(_("Nights that become day contacts (%)"), 0)
    shorter = _percent(_("Fewer bed-days by shorter stays (%)"), 5)
    taken_over = _percent(_("Bed-days that municipalities take over (%)"), 0)
    beds_there = forms.IntegerField(
        label=_("Beds there are today"), min_value=0, max_value=100_000, required=False
    )

    def __init__(
        self, *args: object, kept: Sequence[tuple[str, str]] = (), **kwargs: object
    ) -> None:
        """``kept``: names and titles of the rates from the record that can be chosen."""
        super().__init__(*args, **kwargs)
        rates = self.fields["rates"]
        assert isinstance(rates, forms.ChoiceField)
        rates.choices = [("", gettext("What was read in, else the example")), *kept]
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = region_choices()

    def scenario(self, capacity: CapacityRule) -> Scenario:
        """The scenario that was asked for. Only for a form that is valid."""
        said = self.cleaned_data
        steps = _steps({name: said.get(name) or Decimal(0) for name in _STRENGTHS})
        return Scenario("", said["region"], YEAR, said["last_year"], steps, capacity)


def region_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Regions for a list to choose from, by their kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in regions().values():
        groups.setdefault(each.kind, []).append((each.key, region_name(each.key)))
    return [(gettext(_KINDS[kind]), found) for kind, found in groups.items()]


def region_name(key: str) -> str:
    """What a region is called."""
    if key == EVERYBODY:
        return gettext("Trøndelag, Møre og Romsdal and Bindal")
    return regions()[key].name


def _steps(said: dict[str, Decimal]) -> tuple[ScenarioStep, ...]:
    """The steps that were asked for, in the order of the specification's example."""
    found = [ScenarioStep(1, POPULATION, _CHOSEN, demography=Demography())]
    if said["younger_old"] or said["older_old"]:
        ages = (_less(BANDS[1], said["younger_old"]), _less(BANDS[2], said["older_old"]))
        found.append(ScenarioStep(2, AGEING, _CHOSEN, age_multipliers=ages))
    if said["nights"]:
        shift = PracticeShift(said["nights"] / _MORE, Decimal(1))
        found.append(ScenarioStep(3, PRACTICE, _CHOSEN, practice_shift=shift))
    if said["shorter"]:
        shorter = Efficiency(1 - said["shorter"] / _MORE)
        found.append(ScenarioStep(4, EFFICIENCY, _CHOSEN, efficiency=shorter))
    if said["taken_over"]:
        over = Takeover(said["taken_over"] / _MORE, Use.MUNICIPAL_BED_DAYS, Decimal(1))
        found.append(ScenarioStep(5, TAKEOVER, _CHOSEN, takeover=over))
    return tuple(found)


def _less(ages: Ages, percent: Decimal) -> AgeMultiplier:
    return AgeMultiplier(ages, 1 - percent / _MORE)


__all__ = ["ProjectionForm", "region_choices", "region_name"]
