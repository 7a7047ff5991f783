"""The contacts of one patient, as a list to choose from: newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from fellesjournal.access import patients, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.wording import plain
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, FhirError
from fellesjournal.fhir.reading import Element, Moment

_PAGE = 20
# What never was, or never will be, a contact (http://hl7.org/fhir/R4/valueset-encounter-status.html).
_NONE = frozenset({"entered-in-error", "cancelled"})

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True, slots=True)
class Contact:
    """One Encounter. ``status`` and ``class_code`` are the codes of the standard, ``title``
    what sort of contact it says it was, ``unit`` the name of the service; each may be empty.
    """

    id: str
    at: Moment | None
    title: str
    unit: str
    class_code: str
    class_text: str
    status: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """One page; ``next`` leads to the older ones, and is empty on the last page."""

    shown: tuple[Contact, ...]
    next: str = ""


def contacts_of(session: Session, patient_id: str, after: str = "") -> Contacts:
    """A page of the contacts of a patient that the session may see, newest first.

    ``after`` is ``next`` of the page before; one that leads nowhere gives the first page.
    """
    query = [("patient", f"Patient/{patient_id}"), ("_sort", "-date"), ("_count", str(_PAGE))]
    query.append(("status:not", ",".join(sorted(_NONE))))
    try:
        page = records.search(session, "Encounter", query, cursor=after or None)
    except BadRequest:
        if not after:
            raise
        return contacts_of(session, patient_id)
    found = [_decode(stored.body) for stored in page.matches if stored.body]
    names = _unit_names(session, found)
    return Contacts(tuple(_contact(each, names) for each in found), page.next or "")


def contact_of(session: Session, patient_id: str, encounter_id: str) -> Contact | None:
    """One contact of this patient; None when the session may not see it, or it is another's."""
    try:
        stored = records.read(session, "Encounter", encounter_id)
    except FhirError:
        return None
    resource = _decode(stored.body or b"{}")
    of_patient = reading.reference_target(resource.get("subject")) == f"Patient/{patient_id}"
    if not of_patient or resource.get("status") in _NONE:
        return None
    return _contact(resource, _unit_names(session, [resource]))


def _unit_names(session: Session, encounters: list[Element]) -> Mapping[str, str]:
    """Names of the services that the contacts only refer to."""
    wanted = set()
    for each in encounters:
        kind, _, key = reading.reference_target(each.get("serviceProvider")).partition("/")
        if kind == "Organization" and not reading.reference_text(each.get("serviceProvider")):
            wanted.add((kind, key))
    return {
        stored.reference: reading.string(_decode(stored.body).get("name"))
        for stored in patients.read_known(session, wanted)
        if stored.body
    }


def _contact(resource: Element, names: Mapping[str, str]) -> Contact:
    kinds = [plain(reading.concept_text(each)) for each in reading.elements(resource.get("type"))]
    provider = resource.get("serviceProvider")
    return Contact(
        id=reading.string(resource.get("id")),
        at=reading.first_moment(resource, "period"),
        title=", ".join(dict.fromkeys(filter(None, kinds))),
        unit=reading.reference_text(provider) or names.get(reading.reference_target(provider), ""),
        class_code=reading.first_code(resource.get("class")),
        class_text=reading.concept_text(resource.get("class")),
        status=reading.string(resource.get("status")),
    )
