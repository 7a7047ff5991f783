"""Launching an app from the chart: the handle that tells it where the user stands.

http://hl7.org/fhir/smart-app-launch/app-launch.html#launch-app-ehr-launch
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.clients import Client
from fellesjournal.access.smart.secret_values import digest, fresh, moment
from fellesjournal.foundation.database.connection import connection

LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Launch:
    """Where the user stood. ``encounter`` and ``intent`` may be empty."""

    patient: str
    encounter: str
    intent: str


def create_launch(
    session: Session, client: Client, patient: str, encounter: str = "", *, intent: str = ""
) -> str:
    """A handle for one launch of one app by the person of a session, about one patient.

    It opens nothing by itself: the person still has to be signed in, and what the app may
    read is decided as ever. The caller has shown that the session may see the patient.
    """
    handle = fresh()
    connection().execute(
        "insert into access.smart_launch"
        " (hash, person, client_id, patient, encounter, intent, ends)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [
            digest(handle),
            session.person,
            client.client_id,
            patient,
            encounter,
            intent,
            moment(LIFETIME),
        ],
    )
    return handle


def launch_address(client: Client, handle: str, issuer: str) -> str:
    """Where to send the browser: the app's launch address with ``iss`` and ``launch``."""
    parts = urlsplit(client.launch_uri)
    added = urlencode({"iss": issuer, "launch": handle})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


def take_launch(handle: str, *, person: str, client_id: str) -> Launch | None:
    """Use a handle up; None unless it was made for this person and app, and is new."""
    row = (
        connection()
        .execute(
            "update access.smart_launch set used = %s where hash = %s and used is null"
            " and person = %s and client_id = %s and ends > %s"
            " returning patient, encounter, intent",
            [moment(), digest(handle), person, client_id, moment()],
        )
        .fetchone()
    )
    return None if row is None else Launch(*row)
