"""How HelsaMi is taken into use, in words: what is found, the five barriers, the functions that are followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.indicators.he1.series import Place
from fellesjournal.leadership.rollout.adoption import THROUGH_HELSENORGE, Barrier, Function
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.amounts import plain

BARRIERS: Mapping[Barrier, Promise] = {
    Barrier.ACCESS: _("Access"),
    Barrier.SKILLS: _("Skills"),
    Barrier.HEALTH_AND_LIFE: _("Health and life situation"),
    Barrier.UNDERSTANDING_ADMINISTRATION: _("Understanding of administration"),
    Barrier.LANGUAGE: _("Language"),
}
FUNCTIONS: Mapping[Function, Promise] = {
    Function.APPOINTMENTS: _("Appointments"),
    Function.LETTERS: _("Letters"),
    Function.MESSAGES: _("Messages"),
    Function.TEST_RESULTS: _("Test results"),
    Function.VISIT_SUMMARIES: _("Visit summaries"),
    Function.MEDICINES: _("Medicines"),
    Function.APPLICATIONS: _("Applying for municipal services"),
    Function.REPRESENTING: _("Representing others"),
    Function.OWN_DATA: _("Own data"),
}


def functions() -> list[tuple[str, bool]]:
    """Each function that is followed, and whether it is reached through Helsenorge too."""
    return [(str(name), function in THROUGH_HELSENORGE) for function, name in FUNCTIONS.items()]


def finding(whole: Place, places: Sequence[Place]) -> str:
    """One sentence: all together, and between which the shown ones lie."""
    told = [each for each in places if each.rate.share is not None and each.number]
    if not told:
        return gettext("No municipality has so many that its rate can be shown.")
    low, high = (
        pick(told, key=lambda each: each.rate.share or 0)  # a place that is told has a share
        for pick in (min, max)
    )
    between = gettext("from %(low)s in %(where)s to %(high)s in %(there)s") % {
        "low": plain((low.rate.share or 0) * 1000), "where": words.place_name(low.number),
        "high": plain((high.rate.share or 0) * 1000), "there": words.place_name(high.number),
    }  # fmt: skip
    if whole.rate.share is None:
        return gettext("Of 1000 residents aged 16 and more: %(between)s.") % {"between": between}
    return gettext("Of 1000 residents aged 16 and more %(rate)s use HelsaMi, %(between)s.") % {
        "rate": plain(whole.rate.share * 1000), "between": between,
    }  # fmt: skip


def without_rate(place: Place) -> str:
    """Why a place has no rate."""
    return gettext("held back: few") if place.rate.is_hidden else gettext("nothing to count")


__all__ = ["BARRIERS", "FUNCTIONS", "finding", "functions", "without_rate"]
