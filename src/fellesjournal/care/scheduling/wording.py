"""Times and kinds of contact in words, the same for staff and citizens."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from fellesjournal.care.scheduling.resources import TELEPHONE, URGENT, VIDEO
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import is_repeated


def clock_time(moment: datetime) -> str:
    """The time in Norway as 10:30; in the hour that the clock shows twice, which of the two."""
    local = moment.astimezone(NORWAY)
    text = f"{local:%H:%M}"
    if not is_repeated(moment):
        return text
    if local.dst():
        return gettext("%(time)s (before the clock is set back)") % {"time": text}
    return gettext("%(time)s (after the clock is set back)") % {"time": text}


def contact(code: str) -> str:
    """How one meets, by what ``resources.contact_of`` says; everything else is a visit."""
    return {
        VIDEO: gettext("video consultation"),
        TELEPHONE: gettext("telephone consultation"),
        URGENT: gettext("urgent visit"),
    }.get(code, gettext("visit"))
