"""The read log as AuditEvents, to those who may read it: pages by patient, and one by its id.

Each asking is noted in the log itself. Numbers of staff are in none of it (INV-40); to a
citizen an event names only resources that she may see, for what is hidden from her leaves no
trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fellesjournal.access import log
from fellesjournal.access.readlog.audit_event import audit_event, line_and_patient
from fellesjournal.access.readlog.leave import log_patient, names_in, reads_some, reviews_all
from fellesjournal.access.readlog.queries import Line, Names, line, lines
from fellesjournal.access.redaction import PERSON_NUMBERS
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import BadRequest, NotFound

_MASKED = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "masked",
        }
    ]
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first; ``before`` begins the next page, "" on the last."""

    events: list[Json]
    before: str


def events(
    session: Session,
    patient: str,
    *,
    since: datetime | None,
    until: datetime | None,
    before: str,
    count: int,
    site: str,
) -> Page:
    """A page of the events about one patient (``Patient/1``), in a half-open period.

    Raises NotFound when the log of this patient is not the session's to read, BadRequest for
    a ``before`` that is none.
    """
    number = log_patient(session, patient)
    try:
        found = lines(
            session.connection(),
            patient=number,
            since=since,
            until=until,
            before=before or None,
            limit=count + 1,
        )
    except ValueError:
        raise BadRequest("this is no link to a page that was made here", code="value") from None
    log.line(session.connection(), session, "search", "AuditEvent", [(0, number)])
    further = found[count - 1].key if len(found) > count else ""
    return Page(_events(session, found[:count], number, site), further)


def event(session: Session, fhir_id: str, *, site: str) -> Json | None:
    """One event by its logical id; None when there is none that the session may read."""
    key, number = line_and_patient(fhir_id) or ("", 0)
    one = line(session.connection(), key) if key else None
    if one is None or number == 0 or number not in one.patients:
        return None
    about = names_in([one]).reference(number)
    try:
        if log_patient(session, about, letter="r") != number:
            return None
    except NotFound:
        return None
    log.line(session.connection(), session, "read", "AuditEvent", [(0, number)])
    (made,) = _events(session, [one], number, site)
    return made


def visible(session: Session, names: Names) -> Names:
    """The same names without the references that a citizen may not see."""
    if session.kind != "citizen" or not names.references:
        return names
    rows = session.connection().execute(
        f"select r.rid from store.resource r where r.rid = any(%s) and {session.visibility.sql('r')}",
        [sorted(names.references)],
    )
    seen = {rid for (rid,) in rows}
    own = {n for n, (reference, _) in names.references.items() if reference == session.subject}
    kept = {n: held for n, held in names.references.items() if n in seen | own}
    return replace(names, references=kept)


def _events(session: Session, found: list[Line], patient: int, site: str) -> list[Json]:
    names = visible(session, names_in(found))
    for_citizen = session.kind == "citizen"
    return [
        _without_numbers(audit_event(one, patient, names, site=site, for_citizen=for_citizen))
        for one in found
    ]


def _without_numbers(made: Json) -> Json:
    """The event without national numbers of whom acted, which reviewers don't get either."""
    for held in made.get("contained", ()):
        if held["resourceType"] == "Practitioner":
            held["identifier"] = _allowed(held.get("identifier", ())) or [_MASKED]
    return made


def _allowed(identifiers: Iterable[Json]) -> list[Json]:
    return [each for each in identifiers if each.get("system") not in PERSON_NUMBERS]


__all__ = ["Page", "event", "events", "reads_some", "reviews_all", "visible"]
