"""The words of reports of problems, for who makes them and for who helps."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.rollout.support.rules import Why
from fellesjournal.leadership.rollout.support.ticket import State
from fellesjournal.leadership.rollout.tickets import Category

CATEGORIES: dict[str, Promise] = {
    Category.DEFECT: _("Something does not work"),
    Category.TRAINING: _("I don't know how to do it"),
    Category.ENHANCEMENT: _("It could be better"),
    Category.ACCESS: _("I can't get to what I need"),
}
SEVERITIES: dict[int, Promise] = {
    1: _("I can't go on"),
    2: _("I can go on, but it takes long"),
    3: _("It is a nuisance"),
}
STATES: dict[State, Promise] = {
    State.WAITING: _("waits for somebody to take it"),
    State.TAKEN: _("somebody works on it"),
    State.CLOSED: _("closed"),
}
REFUSALS: dict[Why, Promise] = {
    Why.CLOSED: _("It is closed already."),
    Why.OPEN: _("It is open already."),
    Why.TAKEN: _("Somebody else has taken it."),
    Why.ITSELF: _("That is the number of this report."),
    Why.OTHER_DUPLICATE: _(
        "That report is a duplicate itself. Give the number of the one it repeats."
    ),
    Why.OTHER_CLOSED: _("That report is closed, so nobody works on it."),
    Why.NOT_FOR_QUEUE: _(
        "It stands in the usability queue already, or asks for no change of the platform."
    ),
    Why.STANDS_FOR_HARM: _(
        "Another report that can harm a patient is closed as a duplicate of this one, so this one can too."
    ),
    Why.OTHER_HARMLESS: _(
        "This one can harm a patient, and the other does not say so. Weigh the other anew first."
    ),
}

__all__ = ["CATEGORIES", "REFUSALS", "SEVERITIES", "STATES"]
