"""What home care is called on pages: services (9151), functions (9111), scores, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.chart.clinical import Alert
from fellesjournal.care.homecare.codes import DEVIATION, LEFT_OPEN, PLAN_SERVICE
from fellesjournal.care.homecare.deciding import APPEAL_WEEKS
from fellesjournal.care.homecare.deviations import Deviation, Harm, Kind
from fellesjournal.care.homecare.pauses import Restart, Stage
from fellesjournal.care.homecare.shifts import Part
from fellesjournal.fhir.vital_signs import LOINC
from fellesjournal.foundation.ui.templatetags.ui import at_time
from fellesjournal.surfaces.measurements import NAMES

Words = Mapping[str, str | Promise]

FUNCTIONS: Words = {
    "1": _("Taking part socially"),
    "2": _("Obtaining goods and services"),
    "3": _("Decisions in daily life"),
    "4": _("Caring for own health"),
    "5": _("Moving indoors"),
    "6": _("Housework"),
    "7": _("Personal hygiene"),
    "8": _("Dressing and undressing"),
    "9": _("Cooking"),
    "10": _("Eating"),
    "11": _("Toilet"),
    "12": _("Moving outdoors"),
    "13": _("Sight"),
    "14": _("Hearing"),
    "15": _("Memory"),
    "16": _("Communication"),
    "17": _("Controlling behaviour"),
}
SCORES: Words = {
    "1": _("1 No problem"),
    "2": _("2 No help from others needed"),
    "3": _("3 Medium need of help"),
    "4": _("4 Large need of help"),
    "5": _("5 Full need of help"),
    "9": _("9 Not relevant"),
}
WEEKDAYS: Words = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PARTS: Words = {
    Part.DAY: _("Day shift"),
    Part.EVENING: _("Evening shift"),
    Part.NIGHT: _("Night shift"),
}
STAGES: Words = {
    Stage.ADMITTED: _("Admitted: services are paused"),
    Stage.READY: _("Ready for discharge: services are paused"),
    Stage.DISCHARGED: _("Discharged: decide what follows"),
    Stage.WITHDRAWN: _("The admission was withdrawn: decide what follows"),
    Stage.DECIDED: _("Decided"),
}
RESTARTS: Words = {
    Restart.AS_BEFORE: _("Start again as before"),
    Restart.CHANGED: _("Start again, and the plan is changed (say how)"),
    Restart.STAYS_PAUSED: _("Stays paused, and is looked at again tomorrow (say why)"),
    Restart.ENDED: _("End the services (say why)"),
}
KINDS: Words = {
    DEVIATION: _("Deviation"),
    LEFT_OPEN: _("Left open"),
    PLAN_SERVICE: _("A granted service to plan"),
}
DEVIATIONS: Words = {
    Kind.FALL: _("Fall"),
    Kind.MEDICINE: _("Wrong medicine, dose or time"),
    Kind.OTHER: _("Something else"),
}
HARMS: Words = {
    Harm.NONE: _("Not hurt"),
    Harm.HURT: _("Hurt"),
    Harm.HEAD: _("Hit the head"),
    Harm.UNKNOWN: _("Not known whether hurt"),
}
REASONS: Words = {
    "plan-changed": _("the plan was changed"),
    "order-changed": _("the prescription was changed"),
    "admitted": _("in hospital"),
}


# Assumption (configurable), no clinical rule: a warning of the banner with one of these in its
# words speaks of blood thinners. It only makes the prompt to call plainer; without one the page
# still says that the report is no call for help.
_BLOOD_THINNER = ("blodfortynn", "blodtynn", "antikoag", "anticoag", "blood thinner")


def blood_thinner(alerts: Iterable[Alert]) -> str:
    """The words of the first warning that speaks of blood thinners; "" without one."""
    found = (each.text for each in alerts if any(w in each.text.lower() for w in _BLOOD_THINNER))
    return next(found, "")


def facts_of(deviation: Deviation) -> list[str]:
    """What was told of a deviation beside its words: its kind, harm, and who knows of it."""
    said = [str(DEVIATIONS[deviation.kind])] if deviation.kind else []
    said += [str(HARMS[deviation.harm])] if deviation.harm else []
    if deviation.happened:
        said.append(gettext("Happened %(when)s") % {"when": at_time(deviation.happened)})
    if deviation.told:
        said.append(gettext("Told: %(who)s") % {"who": deviation.told})
    elif deviation.kind:
        said.append(gettext("Who has been told: not said"))
    return said


def days(codes: tuple[str, ...]) -> str:
    """Weekdays in words: every day, or their names."""
    if len(codes) == len(WEEKDAYS):
        return gettext("Every day")
    return ", ".join(str(WEEKDAYS[code]) for code in WEEKDAYS if code in codes)


def measure_name(code: str) -> str:
    """What a code of vital_signs.MEASURABLE measures, as it is read; "" for none."""
    return str(NAMES[f"{LOINC}|{code}"]) if code else ""


def appeal_text() -> str:
    """How to appeal, as it stands in the decision: in Bokmål, the language of the letter.

    That the appeal goes to the office that decided is an assumption (configurable).
    """
    with override("nb"):
        return gettext(
            "You can appeal this decision within %(weeks)s weeks of receiving it. Write to the"
            " office that made it: say which decision it is, what you want changed, and why."
            " The office helps you if you need it."
        ) % {"weeks": APPEAL_WEEKS}


__all__ = [
    "DEVIATIONS", "FUNCTIONS", "HARMS", "KINDS", "PARTS", "REASONS", "RESTARTS", "SCORES",
    "STAGES", "WEEKDAYS", "appeal_text", "blood_thinner", "days", "facts_of",
    "measure_name",
]  # fmt: skip
