"""What the clock starts: the tables of figures follow the record."""

from __future__ import annotations

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.indicators import catalogue
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.followed import PATHWAY_STEP
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.schedule.views import TABLES as SCHEDULES
from fellesjournal.leadership.indicators.tables import registered
from fellesjournal.leadership.indicators.used.services import TABLES as OF_USE

# Indicators register the views they count in when they are imported, in each process that runs jobs.
assert catalogue.CATALOGUE
assert RESIDENT.name
assert SCHEDULES
assert PATHWAY_STEP.name
assert OF_USE
SECONDS_AT_A_TIME = 1.0
"""A table in the making takes no longer than this from the other jobs of the clock."""


def flatten(session: Session) -> None:
    """Bring all registered tables up to what has been committed, a while at a time."""
    keep_up(session, registered(), seconds=SECONDS_AT_A_TIME)


__all__ = ["flatten"]
