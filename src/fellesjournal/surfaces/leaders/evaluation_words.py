"""What an evaluation is called on pages: why a design says nothing, what it found, what that carries."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.pathways.claims import Carried, Claim, Design
from fellesjournal.leadership.pathways.evaluated import Found, WhyNot
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.benefit_lines import moved_in, value_in

WHY_NOT: Mapping[WhyNot, Promise] = {
    WhyNot.NOT_BEGUN: _("The measures have not begun."),
    WhyNot.FEW_BEFORE: _("There are too few figures from before."),
    WhyNot.FEW_AFTER: _("There are too few figures from after."),
    WhyNot.NOBODY: _("There is nobody to compare with who has not begun."),
    WhyNot.NOT_APART: _("The figures do not tell the change from the trend."),
}
_HANGING = 1.5
"""Below this Durbin and Watson's statistic says that what is left of the values hangs together."""


def compared(indicator: str, found: Found) -> list[str]:
    """What a design compared, in lines."""
    if found.series is not None:
        return _of_series(indicator, found)
    if found.staggered is not None:
        begun = gettext("%(places)s, each against those that had not begun") % {
            "places": ", ".join(found.places),
        }  # fmt: skip
        never = gettext("never began: %(places)s") % {"places": ", ".join(found.against)}
        return [begun, never] if found.against else [begun]
    if found.before is None or found.after is None:
        return []
    lines = [_from_to(indicator, ", ".join(found.places), found.before, found.after)]
    if found.others is not None:
        lines.append(_from_to(indicator, ", ".join(found.against), *found.others))
    return lines


def chance(found: Found) -> str:
    """How likely chance would have done as much, where the design says it."""
    if found.staggered is None:
        return ""
    return gettext("%(chance)s: as much in %(share)s of the orders they could have begun in") % {
        "chance": plain(found.staggered.probability, 2),
        "share": f"{round(found.staggered.probability * found.staggered.orders)}/{found.staggered.orders}",
    }  # fmt: skip


def reasons(found: Found, carried: Carried, *, improved: bool) -> list[str]:
    """Why no more can be claimed."""
    lines = []
    if not improved:
        lines.append(gettext("It did not become better."))
    elif found.design is Design.BEFORE_AFTER:
        lines.append(
            gettext("Before and after alone does not say what it would have been without.")
        )
    elif found.design is not Design.STAGGERED and carried.claim is Claim.PLAUSIBLE:
        lines.append(gettext("This design does not say how likely chance would have done it."))
    return [*lines, *(str(words.CAUTIONS[each]) for each in carried.warnings)]


def in_short(indicator: str, found: Found) -> str:
    """What was found, as it is kept with a claim."""
    assert found.effect is not None
    said = [f"{words.DESIGNS[found.design]}: {moved_in(indicator, found.effect)}"]
    said += compared(indicator, found)
    if chance(found):
        said.append(gettext("chance %(chance)s") % {"chance": chance(found)})
    return "; ".join(said)


def _of_series(indicator: str, found: Found) -> list[str]:
    series = found.series
    assert series is not None
    lines = [
        gettext("level at once %(step)s (± %(error)s)") % {
            "step": moved_in(indicator, series.step),
            "error": moved_in(indicator, 1.96 * series.step_error).removeprefix("+"),
        },
        gettext("trend %(bend)s for each period (± %(error)s)") % {
            "bend": moved_in(indicator, series.bend),
            "error": moved_in(indicator, 1.96 * series.bend_error).removeprefix("+"),
        },
        gettext("the season is taken out")
        if series.months
        else gettext("the season is not taken out: that takes two years of months"),
    ]  # fmt: skip
    if series.durbin_watson < _HANGING:
        lines.append(gettext("neighbouring values hang together: the intervals are too narrow"))
    return lines


def _from_to(indicator: str, places: str, before: Fraction, after: Fraction) -> str:
    return gettext("%(places)s: %(before)s before, %(after)s after") % {
        "places": places, "before": value_in(indicator, before), "after": value_in(indicator, after),
    }  # fmt: skip


__all__ = ["WHY_NOT", "chance", "compared", "in_short", "reasons"]
