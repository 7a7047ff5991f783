"""What followed pathways and their steps are called, and refusals in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.pathways.refusals import Why

STEPS: Mapping[str, Promise] = {
    "draft": _("Waits for those before it"),
    "requested": _("To be done now"),
    "in-progress": _("Under way"),
    "completed": _("Done"),
    "cancelled": _("Left out"),
}
PLANS: Mapping[str, Promise] = {
    "active": _("Followed now"),
    "completed": _("Ended: every step has been done or left out"),
    "revoked": _("Stopped"),
}
LEVELS: Mapping[str, Promise] = {
    "municipality": _("Municipality"),
    "hospital": _("Hospital"),
    "gp": _("General practice"),
    "patient": _("Patient and family"),
}
REFUSED: Mapping[Why, Promise] = {
    Why.FOLLOWED: _("The patient follows this pathway already. Nothing was made."),
    Why.NO_OWNER: _("Choose a unit for everybody who acts. Nothing was made."),
    Why.CIRCLE: _("The pathway leads back to itself, and can't be followed."),
    Why.ENDED: _("This has ended. This is how it stands."),
    Why.NO_REASON: _("Write why."),
    Why.CHANGED: _("The pathway has a new version. Look at it, then choose again."),
}

__all__ = ["LEVELS", "PLANS", "REFUSED", "STEPS"]
