"""Who reacts to what, and what the clock starts: the one place where packages meet.

Packages of care know nothing of each other. One publishes an event when something has happened;
here stands who reacts. The order of lines has no meaning: reactions don't wait for each other,
but each gets the events about one patient in their order.
"""

from __future__ import annotations

from fellesjournal.care.messages import jobs as messages
from fellesjournal.foundation.outbox.wiring import Subscription, Timer

# Purposes are codes of http://terminology.hl7.org/CodeSystem/v3-ActReason: TREAT for what is part
# of giving care, HOPERAT for what keeps the work going.
SUBSCRIPTIONS: tuple[Subscription, ...] = (
    Subscription("delivery-queued", "deliver", messages.deliver, "TREAT"),
    Subscription("delivery-due", "check-delivery", messages.check_deadline, "HOPERAT"),
    Subscription("delivery-failed", "take-up-delivery", messages.take_up_failed, "HOPERAT"),
    Subscription("delivery-read", "note-delivery-read", messages.note_read, "HOPERAT"),
    Subscription("letter-opened", "note-letter-opened", messages.note_opened, "HOPERAT"),
)

TIMERS: tuple[Timer, ...] = ()
