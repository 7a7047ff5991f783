"""One change by itself, carried through against others that come at the same time."""

from __future__ import annotations

import random
import time

from fellesjournal.access.attempts import with_retries
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir.issues import Conflict, PreconditionFailed

ATTEMPTS = 40


def write_single(session: Session, operation: Operation) -> Written:
    """As ``write`` for one operation, again when PostgreSQL or another writer got in the way.

    A patch or delete is worked out on a version that must still stand when it commits. A
    client that named none (no If-Match) means whatever stands: it is worked out anew.
    Raises Conflict when that never succeeds.
    """
    is_guarded = operation.if_match is not None or operation.kind not in {"patch", "delete"}
    for attempt in range(ATTEMPTS):
        try:
            return with_retries(lambda: write(session, [operation]), is_read=False)[0]
        except PreconditionFailed as error:
            if is_guarded or any(issue.code != "conflict" for issue in error.issues):
                raise
        time.sleep(random.uniform(0, 0.004) * min(attempt + 1, 10))  # noqa: S311 - jitter, no secret
    raise Conflict("other changes kept getting in the way; try again", code="lock-error")
