"""Changes carried through against others that come at the same time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from fellesjournal.access.attempts import with_retries
from fellesjournal.access.resolving import NotStanding
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir.issues import Conflict, PreconditionFailed

Result = TypeVar("Result")

PATIENCE_SECONDS = 20.0
"""How long others may be in the way; a request is given up sooner by who sent it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.004, 0.5


def write_single(session: Session, operation: Operation) -> Written:
    """As ``write`` for one operation, again when PostgreSQL or another writer got in the way."""
    if operation.if_match is None:
        is_guarded = operation.kind not in {"patch", "delete"}
    else:
        is_guarded = isinstance(operation.if_match, int) or operation.if_none_match
    return against_others(lambda: write(session, [operation])[0], is_guarded=is_guarded)


def against_others(action: Callable[[], Result], *, is_guarded: bool) -> Result:
    """Carry out an action that is one transaction, again when it lost against another.

    A patch or delete is worked out on a version that must still stand when it commits. A
    client that named no one version (not guarded) means whatever stands, so it is worked
    out anew. Raises Conflict when that never succeeds.

    Pauses grow by half each time: however many are at it, on however slow a machine, they are
    soon so far between that somebody comes through undisturbed.
    """
    patience_ends, pause = time.monotonic() + PATIENCE_SECONDS, _FIRST_PAUSE
    while time.monotonic() < patience_ends:
        try:
            return with_retries(action, is_read=False)
        except PreconditionFailed as error:
            if (
                is_guarded
                or isinstance(error, NotStanding)
                or any(issue.code != "conflict" for issue in error.issues)
            ):
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, no secret
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    raise Conflict("other changes kept getting in the way; try again", code="lock-error")
