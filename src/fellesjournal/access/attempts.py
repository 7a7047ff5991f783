"""What to do when PostgreSQL, not the request, is in trouble: try again, or say so.

A statement that lost a race (deadlock, serialisation) was rolled back whole and may run
again. A connection that broke during a write may have committed: that is told, not retried.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

import django.db
import psycopg

from fellesjournal.fhir.issues import BadRequest, Conflict, FhirError, TooLarge

Result = TypeVar("Result")

log = logging.getLogger(__name__)

ATTEMPTS = 6
_RACES = frozenset({"40001", "40P01", "55P03"})
_TIMEOUT = "57014"
_OUT_OF_PLACE = frozenset({"54000", "54001", "54011", "54023"})  # program limits of PostgreSQL


class Unavailable(FhirError):
    """The database can't be reached or is overloaded; try later (503)."""

    status = 503
    code = "transient"


def with_retries(action: Callable[[], Result], *, is_read: bool) -> Result:
    """Run an action that is one transaction, again when it lost a race.

    Raises Conflict when it keeps losing, Unavailable when the database is down or gave up
    on the statement, TooLarge when a limit of PostgreSQL is passed, BadRequest for a value
    that PostgreSQL can't hold.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return action()
        except (psycopg.OperationalError, django.db.OperationalError) as error:
            refusal = _refusal(error, attempt, is_read=is_read)
            if refusal is not None:
                raise refusal from error
        except (psycopg.DataError, django.db.DataError) as error:
            # A value that passed all checks above and is still none for PostgreSQL: the
            # client is told, and so are we, for the check is ours to add.
            log.error("a value reached the database that it can't hold: %s", sqlstate(error))  # noqa: TRY400 - the trace quotes the value
            raise BadRequest("a value is beyond what can be compared here", code="value") from error
        except (psycopg.InterfaceError, django.db.InterfaceError) as error:
            # a connection closed under our hands; nothing was sent
            if attempt == ATTEMPTS:
                raise Unavailable("the database can't be reached") from error
        time.sleep(random.uniform(0.002, 0.01) * 2**attempt)  # noqa: S311 - jitter, no secret
    raise AssertionError("the loop above returns or raises")


def _refusal(
    error: psycopg.Error | django.db.Error, attempt: int, *, is_read: bool
) -> FhirError | None:
    """What to answer with; None to try again."""
    state = sqlstate(error)
    if state in _RACES:
        if attempt < ATTEMPTS:
            return None
        return Conflict("other changes kept getting in the way; try again", code="lock-error")
    if state == _TIMEOUT:
        return Unavailable("the request took too long and was stopped; narrow it", code="timeout")
    if state in _OUT_OF_PLACE:
        return TooLarge("the request passes a limit of the database")
    # The server hung up (restart, failover): a read may go again on a new connection.
    if is_read and attempt <= 2:
        return None
    _tell_once_a_second("the database is not available: %s", state or type(error).__name__)
    if is_read:
        return Unavailable("the database can't be reached; the request may be sent again")
    return Unavailable(
        "the connection to the database broke; look whether the change stands before sending it again"
    )


def sqlstate(error: BaseException | None) -> str | None:
    """PostgreSQL's code of an error, also when Django wrapped it."""
    while error is not None:
        state: str | None = getattr(error, "sqlstate", None)
        if state:
            return state
        error = error.__cause__
    return None


class _Told:
    """When the last warning was written: an outage is one event, however many meet it."""

    at = float("-inf")


def _tell_once_a_second(message: str, *values: str) -> None:
    now = time.monotonic()
    if now - _Told.at >= 1:
        _Told.at = now
        log.warning(message, *values)
