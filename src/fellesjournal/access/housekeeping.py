"""Work that keeps the record quick and tidy and changes nothing in it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from fellesjournal.access.identity import failures, held, web_sessions
from fellesjournal.access.smart import once
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.outbox.ledger import forget_before
from fellesjournal.foundation.outbox.worker import forget_handled
from fellesjournal.store.retire import retire

LEDGER_KEPT = timedelta(days=400)
"""Assumption (configurable): for how long it can be told what became of a message that came."""


def keep_house() -> int:
    """Remove index rows that no open page can need; answers how many. Safe to run anywhere, any time.

    What signing in has kept for a while, and nobody can use any more, goes too.
    """
    removed, more = 0, True
    while more:
        with transaction():
            batch, more = retire(connection())
            removed += batch
    SessionStore.clear_expired()
    held.forget_expired()
    web_sessions.forget_old()
    failures.forget_old()
    once.forget_ended()
    forget_handled()
    forget_before(clock.now() - LEDGER_KEPT)
    return removed
