"""What home care is called on pages: services (9151), functions (9111), scores, states."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.homecare.codes import DEVIATION, LEFT_OPEN, PLAN_SERVICE
from fellesjournal.care.homecare.deciding import APPEAL_WEEKS
from fellesjournal.care.homecare.pauses import Restart, Stage
from fellesjournal.care.homecare.shifts import Part

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
REASONS: Words = {
    "plan-changed": _("the plan was changed"),
    "order-changed": _("the prescription was changed"),
    "admitted": _("in hospital"),
}


def days(codes: tuple[str, ...]) -> str:
    """Weekdays in words: every day, or their names."""
    if len(codes) == len(WEEKDAYS):
        return gettext("Every day")
    return ", ".join(str(WEEKDAYS[code]) for code in WEEKDAYS if code in codes)


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
    "FUNCTIONS", "KINDS", "PARTS", "REASONS", "RESTARTS", "SCORES", "STAGES", "WEEKDAYS",
    "appeal_text", "days",
]  # fmt: skip
