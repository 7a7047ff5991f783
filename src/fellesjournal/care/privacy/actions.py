"""What a citizen does about access: ends a power she gave, or a consent."""

from __future__ import annotations

import orjson

from fellesjournal.access import citizens, records
from fellesjournal.access.representation.rules import Code
from fellesjournal.access.sessions import Session
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import Conflict, NotFound


def end_power(session: Session, consent_id: str) -> None:
    """The citizen takes back a power of attorney she gave, from the next request on.

    Raises NotFound for what is no power of attorney of hers (a guardianship is not hers to
    end), Conflict when it has just been changed.
    """
    own = session.person.removeprefix("Patient/")
    hers = [
        each
        for each in citizens.by_whom(own)
        if each.code is Code.ATTORNEY and f"Consent/{consent_id}" in each.reasons
    ]
    if session.subject != session.person or not hers:
        raise NotFound("no such power of attorney")
    end_consent(session, consent_id)


def end_consent(session: Session, consent_id: str) -> None:
    """Make a Consent inactive, as the session. Raises NotFound, NotAllowed, Conflict."""
    stored = records.read(session, "Consent", consent_id)
    consent = orjson.loads(stored.body or b"{}")
    if consent.get("status") != "active":
        raise Conflict("it has already ended")
    consent["status"] = "inactive"
    write_single(
        session,
        Operation(
            "update",
            "Consent",
            id=consent_id,
            body=bodies.parse(orjson.dumps(consent)),
            if_match=stored.version,
        ),
    )


__all__ = ["end_consent", "end_power"]
