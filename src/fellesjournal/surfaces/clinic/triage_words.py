"""The words of the out-of-hours clinic on pages. A colour never stands alone: letter and word do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.refusals import Why

Words = str | Promise

LEVELS: Mapping[Urgency, tuple[Words, Words]] = {
    Urgency.RED: (_("R"), _("Red")),
    Urgency.ORANGE: (_("O"), _("Orange")),
    Urgency.YELLOW: (_("Y"), _("Yellow")),
    Urgency.GREEN: (_("G"), _("Green")),
    Urgency.BLUE: (_("B"), _("Blue")),
    Urgency.UNSET: ("?", _("Not triaged")),
}
"""The letter and the word of each level."""
WAYS: Mapping[Way, Words] = {
    Way.HERE: _("here"),
    Way.COMES_IN: _("on the way"),
    Way.HOME_VISIT: _("home visit"),
}
OUTCOMES: Mapping[str, Words] = {
    "home": _("Seen, and sent home"),
    "admitted": _("Admitted to hospital"),
    "ambulance": _("Ambulance sent"),
    "advice": _("Advice only"),
    "left": _("Left without being seen"),
    "registered-by-mistake": _("Registered by mistake"),
}
REFUSALS: Mapping[Why, Words] = {
    Why.NOT_HERE: _("Another clinic answers for this contact. Nothing was saved."),
    Why.ALREADY_WAITS: _("The patient is on the board already. This is the contact."),
    Why.OVER: _("Somebody has ended this contact. Nothing was saved."),
    Why.TAKEN: _("%(name)s has taken this patient. Nothing was saved."),
    Why.NOT_TAKEN: _("Nobody has taken this patient. Nothing was saved."),
    Why.HERE_ALREADY: _("The patient is marked as here already."),
    Why.NO_REASON: _("Write why the patient calls or comes. Nothing was saved."),
    Why.NO_SUCH_LEVEL: _("This clinic does not use that level. Nothing was saved."),
    Why.NO_WORDS: _(
        "Write what was advised or found (at least ten characters). Nothing was saved."
    ),
}

__all__ = ["LEVELS", "OUTCOMES", "REFUSALS", "WAYS"]
