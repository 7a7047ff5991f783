"""Referrals in the words of the clinic's pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.referrals.receivers import Inability, Receiver
from fellesjournal.care.referrals.resources import Work
from fellesjournal.care.referrals.states import State

STATES: Mapping[State, str | Promise] = {
    State.DRAFT: _("Draft, not sent"),
    State.TO_ASSESS: _("Awaits assessment"),
    State.ASKED: _("Awaits an answer from the referrer"),
    State.WAITING: _("Accepted, on the waiting list"),
    State.CALLED_IN: _("Has an appointment"),
    State.REJECTED: _("Rejected"),
    State.CANCELLED: _("Taken back"),
    State.ENDED: _("Ended"),
}

URGENCIES: Mapping[str, str | Promise] = {
    "routine": _("Ordinary"),
    "urgent": _("Urgent"),
    "asap": pgettext_lazy("urgency", "At once"),
}

INABILITIES: Mapping[Inability, str | Promise] = {
    Inability.CLOSED: _("This unit is closed, or takes no referrals any more."),
    Inability.NO_ADDRESS: _("It has no complete address for electronic messages."),
    Inability.NO_MESSAGE: _("Its system does not read this version of referrals."),
}


def state_words(state: State, work: Work | None) -> str:
    """Where a referral stands. Of one that went by message nothing is known yet but that."""
    if work is not None and work.by_message and state is State.TO_ASSESS:
        return gettext("Handed over as a message; no answer yet")
    return str(STATES[state])


def receiver_words(receiver: Receiver) -> str:
    """A receiver in a list: its name, whose it is, and whether it can receive."""
    name = ", ".join(dict.fromkeys(filter(None, (receiver.name, receiver.entity_name))))
    if receiver.inability is not None:
        return gettext("%(name)s (can't receive referrals now)") % {"name": name}
    if receiver.is_outsider:
        return gettext("%(name)s (by message, uses another record system)") % {"name": name}
    return name


__all__ = ["INABILITIES", "STATES", "URGENCIES", "receiver_words", "state_words"]
