"""What municipal services (9151) and applications are called in HelsaMi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.homecare.applications import Decision, Status

SERVICES: Mapping[str, str | Promise] = {
    "15": _("Health care at home, such as nursing and help with medicines"),
    "1": _("Practical help with daily tasks, such as cleaning and shopping"),
    "6": _("Safety alarm"),
    "5": _("Meals brought home"),
    "2": _("Training in managing daily tasks"),
    "3": _("Personal assistance that I direct myself"),
    "4": _("A place to be and do things in the daytime"),
    "7": _("Respite outside an institution"),
    "8": _("Respite in an institution"),
    "9": _("A support contact"),
    "11": _("Care benefit for somebody who looks after me"),
    "17": _("Day stay in an institution"),
    "18": _("A short stay for examination or treatment"),
    "19": _("A short stay for training after illness"),
    "20": _("Another short stay"),
    "21": _("A permanent place in a nursing home"),
    "22": _("Night stay in an institution"),
    "26": _("A device that shows where I am (GPS)"),
    "27": _("Electronic help with medicines"),
    "28": _("Digital supervision at night"),
    "29": _("A dwelling suited to my needs"),
}
"""In the order of how often they are asked for: assumption. Plain words for the citizen."""

STATUSES: Mapping[Status, str | Promise] = {
    Status.SENT: _("The application is received."),
    Status.ASSESSED: _("Your needs are assessed. A decision follows."),
    Status.DECIDED: _("Decided"),
    Status.WITHDRAWN: _("Withdrawn"),
}


def status_word(status: Status, decisions: Sequence[Decision]) -> str | Promise:
    """How far an application has come; of a decided one whether it was granted."""
    if status is not Status.DECIDED or not decisions:
        return STATUSES[status]
    granted = {each.granted for each in decisions}
    if granted == {True}:
        return _("Decided: granted")
    return _("Decided: granted in part") if True in granted else _("Decided: refused")


def visit_word(status: str, *, paused: bool) -> str | Promise:
    """How a visit stands."""
    if status == "planned":
        return _("Paused while in hospital") if paused else _("Planned")
    return _("Under way") if status == "in-progress" else _("Done")


__all__ = ["SERVICES", "STATUSES", "status_word", "visit_word"]
