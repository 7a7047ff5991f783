"""The directory of staff as a citizen meets it: people and units by name, to choose from.

Names and where somebody works, never a number (INV-40).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.readlog.leave import log_patient
from fellesjournal.access.readlog.queries import lines
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound

# JSON of a FHIR resource
Resource = dict[str, Any]

MOST_FOUND = 30
"""Of people, and of units, that a search by name answers."""
# How far back those who have been in the record are looked for, in lines of the log.
_LINES = 400
_MOST_SEEN = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A person, a person in one role, or a unit. ``reference`` such as ``Organization/1``;
    ``name`` what it is called; ``place`` where the person works, "" for a unit.
    """

    reference: str
    name: str
    place: str = ""

    @property
    def is_unit(self) -> bool:
        """Whether it is a unit or organisation, not a person."""
        return self.reference.startswith("Organization/")

    @property
    def key(self) -> tuple[str, str]:
        """Type and id."""
        kind, _, fhir_id = self.reference.partition("/")
        return kind, fhir_id


def choices(session: Session, references: Iterable[str]) -> list[Choice]:
    """These references as they are called, in the order given; unknown ones are left out."""
    wanted = [reference for reference in dict.fromkeys(references) if reference.count("/") == 1]
    found = _read(session, wanted)
    further = {
        target
        for resource in found.values()
        if resource["resourceType"] == "PractitionerRole"
        for target in (
            reading.reference_target(resource.get("practitioner")),
            reading.reference_target(resource.get("organization")),
        )
    }
    known = found | _read(session, sorted(further - set(found)))
    return [_choice(reference, known) for reference in wanted if reference in found]


def by_name(session: Session, text: str) -> list[Choice]:
    """People at work (each role of theirs) and units whose name has these words."""
    words = text.split()
    if not words or len(text) < 2:
        return []
    people = _search(session, "Practitioner", [("name", word) for word in words])
    by_words = [("name:contains", word) for word in words]
    units = _search(session, "Organization", [*by_words, ("_sort", "name")])
    roles = []
    if people:
        who = ",".join(f"Practitioner/{resource['id']}" for resource in people)
        roles = _search(session, "PractitionerRole", [("practitioner", who)], count="100")
    return choices(
        session,
        [
            *(f"Practitioner/{resource['id']}" for resource in people),
            *(f"PractitionerRole/{resource['id']}" for resource in roles),
            *(f"Organization/{resource['id']}" for resource in units),
        ],
    )


def who_was_here(session: Session) -> list[Choice]:
    """The people and units that were in the record lately; none without leave for its log."""
    try:
        patient = log_patient(session, session.subject)
    except NotFound:
        return []
    found = lines(session.connection(), patient=patient, limit=_LINES)
    staff = [line.who for line in found if line.who.is_staff]
    people = dict.fromkeys(who.person for who in staff)
    units = dict.fromkeys(who.unit for who in staff if who.unit)
    return choices(session, [*list(people)[:_MOST_SEEN], *list(units)[:_MOST_SEEN]])


def _choice(reference: str, known: dict[str, Resource]) -> Choice:
    resource = known[reference]
    if resource["resourceType"] == "Organization":
        return Choice(reference, reading.string(resource.get("name")) or reference)
    if resource["resourceType"] == "Practitioner":
        return Choice(reference, reading.name_text(resource.get("name")) or reference)
    person = known.get(reading.reference_target(resource.get("practitioner")), {})
    unit = known.get(reading.reference_target(resource.get("organization")), {})
    name = reading.name_text(person.get("name")) or reading.reference_text(
        resource.get("practitioner")
    )
    place = reading.string(unit.get("name")) or reading.reference_text(resource.get("organization"))
    return Choice(reference, name or reference, place)


def _read(session: Session, references: Sequence[str]) -> dict[str, Resource]:
    pairs = [(kind, fhir_id) for kind, _, fhir_id in (r.partition("/") for r in references)]
    allowed = [pair for pair in pairs if pair[0] in _TYPES]
    return {
        f"{stored.type}/{stored.id}": orjson.loads(stored.body or b"{}")
        for stored in patients.read_known(session, allowed)
    }


def _search(
    session: Session, type_name: str, query: list[tuple[str, str]], *, count: str = str(MOST_FOUND)
) -> list[Resource]:
    page = records.search(session, type_name, [*query, ("_count", count)])
    return [orjson.loads(stored.body or b"{}") for stored in page.matches]


_TYPES = ("Practitioner", "PractitionerRole", "Organization")
