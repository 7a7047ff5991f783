"""Where a citizen stands in other people's records as somebody to turn to, with another telephone.

Each record keeps its own note of whom to turn to, so that changing one's own number changes none of
them: she is told of those she acts for, and of no others, for nobody else's record is hers to look
in.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access import records
from fellesjournal.access.acts import content
from fellesjournal.access.citizens import every_record, opens
from fellesjournal.access.own_person import is_own_contact
from fellesjournal.access.policy.areas import Area
from fellesjournal.care.citizens.own import Contact, Own, contact_in, telephone_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.fhir.reading import Element


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A note of her in the record of another (``patient``, an id): ``contact`` as it stands, and
    whether it may be changed there by who acts for that person.
    """

    patient: str
    contact: Contact
    may_change: bool


def with_another_number(person: str, own: Own) -> list[Elsewhere]:
    """The notes of a citizen (id of her Patient) as somebody to turn to, in the records of those she
    acts for, that have another telephone than her own record (``own``). One search for each of them.
    """
    if not own.telephone:
        return []
    found = []
    for session in every_record(person)[1:]:
        if not opens(session, Area.PERSON):
            continue
        try:
            page = records.search(
                session, "RelatedPerson", [("patient", session.subject), ("_count", "100")]
            )
        except FhirError:
            continue  # one record that can't be opened hides no other
        for each in page.matches:
            data = content(each)
            contact = contact_in(data, each.version)
            if _is_her(data, own) and _is_another(contact.telephone, own.telephone):
                patient = session.subject.removeprefix("Patient/")
                found.append(Elsewhere(patient, contact, is_own_contact(data)))
    return found


def _is_her(data: Element, own: Own) -> bool:
    """By her number; what a citizen has named carries none, and goes by the name."""
    if data.get("active") is False:
        return False
    numbers = {
        reading.string(each.get("value")) for each in reading.elements(data.get("identifier"))
    }
    if any(numbers):
        return own.person.number in numbers
    return _plain(reading.name_text(data.get("name"))) == _plain(own.person.name)


def _is_another(there: str, here: str) -> bool:
    return there != "" and _bare(there) != _bare(here)


def _bare(telephone: str) -> str:
    return (telephone_of(telephone) or telephone).removeprefix("+47")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


__all__ = ["Elsewhere", "with_another_number"]
