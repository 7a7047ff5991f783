"""Reports of problems as they are kept: one document each."""

from __future__ import annotations

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.rollout.support.rules import begun, opened_again
from fellesjournal.leadership.rollout.support.ticket import SupportTicket


def may_be_saved_by_author(before: SupportTicket | None, after: SupportTicket) -> bool:
    """What somebody without the duty may save of her own report: the report as it begins, and that a
    closed one is open again, with her words. Nothing else of it is hers to change.
    """
    if before is None:
        return after == begun(after)
    if before.closed is None or not after.reopened:
        return False
    return after == opened_again(before, after.reopened[-1], due=after.due)


SUPPORT_TICKETS: Kind[SupportTicket] = Kind(
    "support-ticket", SupportTicket, saved_by=frozenset({Duty.ROLL_OUT}),
    read_by=frozenset({Duty.ROLL_OUT}), by_author=may_be_saved_by_author,
)  # fmt: skip
"""Its name stands in sql/tickets.sql too."""

__all__ = ["SUPPORT_TICKETS", "may_be_saved_by_author"]
