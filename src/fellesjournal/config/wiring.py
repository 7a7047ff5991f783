"""Who reacts to what, and what the clock starts: the one place where packages meet.

Packages of care know nothing of each other. One publishes an event when something has happened;
here stands who reacts. The order of lines has no meaning: reactions don't wait for each other,
but each gets the events about one patient in their order.
"""

from __future__ import annotations

from fellesjournal.foundation.outbox.wiring import Subscription, Timer

SUBSCRIPTIONS: tuple[Subscription, ...] = ()

TIMERS: tuple[Timer, ...] = ()
