"""Home follow-up in the words of staff."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.answering import Why
from fellesjournal.care.remote_follow_up.tasks import Outcome, Standing

STANDING: Mapping[Standing, Promise] = {
    Standing.NEW: _("new"),
    Standing.CORRECTED: _("corrected by the patient"),
    Standing.WITHDRAWN: _("taken back by the patient"),
}
OUTCOME: Mapping[str, Promise] = {
    Outcome.CONTACTED: _("I have contacted the patient"),
    Outcome.CHANGED_PLAN: _("I have changed the plan or the treatment"),
    Outcome.NO_ACTION: _("No action, because …"),
}
WHY: Mapping[Why, Promise] = {
    Why.OWN: _("You answer for it"),
    Why.SUBSTITUTE: _("you stand in for"),
    Why.AWAY: _("away:"),
    Why.UNIT: _("the whole unit"),
    Why.ESCALATED: _("past its deadline:"),
    Why.NOT: "",  # type: ignore[dict-item]  # only the name is shown
}
REFUSED: Mapping[str, Promise] = {
    "nothing-agreed": _("Say how often at least one thing is to be measured."),
    "no-limit": _("Set at least one limit: what has no limit is watched by nobody."),
    "not-believed": _("This can't be a measurement: look at it again."),
    "low-above-high": _("The lower limit is not below the upper."),
    "how-often": _("Choose how often."),
    "no-owner": _("Choose somebody who works at the unit and may answer."),
    "no-deadline": _("Choose by when it is looked at."),
    "no-end": _("Choose a day from today and at most a year ahead."),
    "no-reason": _("Write why."),
    "no-outcome": _("Choose what is done."),
    "nothing-chosen": _("Tick what you have looked at."),
}

__all__ = ["OUTCOME", "REFUSED", "STANDING", "WHY"]
