"""What routes, kinds and fates are called on the page of operation, and how old something is."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation import clock

_ROUTES: dict[str, Promise] = {
    "inside": _("Inside the platform"),
    "helsami": _("HelsaMi"),
    "paper": _("On paper"),
    "national": _("National message"),
}
_KINDS: dict[str, Promise] = {
    "letter": _("Letter"),
    "discharge-summary": _("Discharge summary"),
    "referral": _("Referral"),
    "referral-status": _("Answer to a referral"),
    "question": _("Question about a referral"),
    "decision": _("Decision on a service"),
    "admitted": _("Notice: admitted"),
    "ready-for-discharge": _("Notice: ready for discharge"),
    "ready-withdrawn": _("Notice: not ready after all"),
    "discharged": _("Notice: discharged"),
    "dead": _("Notice: dead"),
    "admission-report": _("Report at admission"),
    "discharge-report": _("Nursing report at discharge"),
    "health-information": _("Early health information"),
    "services-offered": _("Services offered"),
    "report-to-doctor": _("Report to a doctor"),
    "medical-information": _("Medical information"),
}
_MEASURES: dict[str, Promise] = {
    "sent": _("Sent"),
    "arrived": _("Arrived"),
    "received": _("Received"),
}
OUTCOMES: dict[str, Promise] = {
    "mended": _("It was a fault, and it is mended"),
    "as-expected": _("The number is right"),
    "handed-over": _("Somebody outside sees to it"),
}
"""How an alert may end."""
_FATES: dict[str, Promise] = {
    "queued": _("Queued to a unit"),
    "rejected": _("Rejected, and the sender told"),
    "receipt": _("Receipt of what we sent"),
    "unanswerable": _("Kept apart: nobody can be told"),
}
_UNKNOWN = _("Of no kind that is known here")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def route(code: str) -> str:
    """The name of a route; the code itself of one that is new."""
    return str(_ROUTES.get(code, code))


def kind(code: str) -> str:
    """The name of what is delivered."""
    return str(_KINDS.get(code, code))


def measure(code: str) -> str:
    """What was counted."""
    return str(_MEASURES.get(code, code))


def message(code: str) -> str:
    """A kind of 8279 stands as it is: operators know them so from the message service."""
    return str(_UNKNOWN) if code == "unknown" else code


def fate(code: str) -> str:
    """What became of a message that came."""
    return str(_FATES.get(code, code))


def age(since: datetime | None) -> str:
    """How long ago, in the largest whole unit; "" for never."""
    if since is None:
        return ""
    seconds = max(0, int((clock.now() - since).total_seconds()))
    if seconds < _MINUTE:
        return gettext("less than a minute")
    if seconds < _HOUR:
        minutes = seconds // _MINUTE
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if seconds < _DAY:
        hours = seconds // _HOUR
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = seconds // _DAY
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


__all__ = ["OUTCOMES", "age", "fate", "kind", "measure", "message", "route"]
