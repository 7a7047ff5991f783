"""Every write about referrals: by the referrer, by the office, on the waiting list, by message."""

from __future__ import annotations

from fellesjournal.care.referrals.actions.assessing import (
    accept_referral,
    ask_referrer,
    close_helfo_step,
    reject_referral,
)
from fellesjournal.care.referrals.actions.case import Missing, NotYours, Seen
from fellesjournal.care.referrals.actions.receiving import (
    Kind,
    Message,
    receive_referral,
    receive_status,
)
from fellesjournal.care.referrals.actions.referring import (
    answer_question,
    cancel_referral,
    change_referral,
    draft_referral,
    send_referral,
)
from fellesjournal.care.referrals.actions.waiting import (
    allocate_appointment,
    end_wait,
    postpone_appointment,
)

__all__ = [
    "Kind",
    "Message",
    "Missing",
    "NotYours",
    "Seen",
    "accept_referral",
    "allocate_appointment",
    "answer_question",
    "ask_referrer",
    "cancel_referral",
    "change_referral",
    "close_helfo_step",
    "draft_referral",
    "end_wait",
    "postpone_appointment",
    "receive_referral",
    "receive_status",
    "reject_referral",
    "send_referral",
]
