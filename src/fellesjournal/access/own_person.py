"""What a citizen changes of what is registered about who she is: how she is reached and spoken with,
and whom to turn to about her.

Name, number, birth, address and list GP are the registers'. People she names herself carry no
number, so that nobody becomes her representative by it, and are marked as hers: those that a
register has written stay as they are. Who acts for a young person that sees only what is meant for
parents changes nothing: from then on it is the young person's own.

Held on every path: pages, API and Bundles. An assumption of the project (configurable, this module
is the place).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import seen
from fellesjournal.access.whereabouts import PERSONS
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.commit import Change, Method

NOTICES = "https://fellesjournal.example/fhir/StructureDefinition/notice-way"
"""Our extension on a Patient: how she wants letters (valueCode ``paper``; absent: in HelsaMi)."""
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
OWN_TAG = {
    "system": "https://fellesjournal.example/fhir/CodeSystem/source",
    "code": "named-by-citizen",
}
"""The tag of a RelatedPerson that a citizen has named."""
RELATION = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
CONTACT_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"

_HERS = frozenset({"telecom", "communication", "extension"})
_EXTENSIONS = frozenset({NOTICES, INTERPRETER})
_RELATED = frozenset(
    {"resourceType", "id", "meta", "active", "patient", "relationship", "name", "telecom", "period"}
)
_RELATIONS = frozenset({RELATION, CONTACT_ROLE})
# Given by the store, not by who writes.
_OF_THE_STORE = frozenset({"versionId", "lastUpdated"})

Json = Mapping[str, Any]


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed."""
    if session.kind != "citizen":
        return
    for change in changes:
        if change.type not in PERSONS:
            continue
        if change.body is None or change.type == "Person" or _is_reduced(session):
            raise _refused(change, "it is not hers to change")
        if change.type == "Patient":
            _check_patient(session, change, change.body.data)
        else:
            _check_related(session, change, change.body.data)


def is_own_contact(data: Json) -> bool:
    """Whether a RelatedPerson is one that a citizen has named."""
    return OWN_TAG in [
        {"system": each.get("system"), "code": each.get("code")}
        for each in reading.elements(_meta(data).get("tag"))
    ]


def wants_paper(patient: Json) -> bool:
    """Whether a citizen (her Patient) has asked for letters on paper."""
    return any(
        each.get("url") == NOTICES and each.get("valueCode") == "paper"
        for each in reading.elements(patient.get("extension"))
    )


def _check_patient(session: Session, change: Change, wanted: Json) -> None:
    stood = None if change.method is Method.POST else seen(session, f"{change.type}/{change.id}")
    if stood is None or f"Patient/{change.id}" != session.subject:
        raise _refused(change, "people are registered by the register")
    changed = {
        name
        for name in stood.keys() | wanted.keys()
        if name not in _HERS | {"meta"} and stood.get(name) != wanted.get(name)
    }
    if changed or _meta(stood) != _meta(wanted):
        raise _refused(change, "only telephone, e-mail, language and notices are hers to change")
    if _other_extensions(stood) != _other_extensions(wanted):
        raise _refused(change, "what the register has added stays")


def _check_related(session: Session, change: Change, wanted: Json) -> None:
    if change.method is not Method.POST:
        stood = seen(session, f"{change.type}/{change.id}")
        if stood is None or not is_own_contact(stood):
            raise _refused(change, "it was written by a register or by staff")
    codes = {
        system
        for concept in reading.elements(wanted.get("relationship"))
        for system, _, _ in reading.codings(concept)
    }
    if wanted.keys() - _RELATED or codes - _RELATIONS or not is_own_contact(wanted):
        raise _refused(change, "a contact has a name, a relation and a telephone")


def _is_reduced(session: Session) -> bool:
    row = session.connection().execute(
        "select current_setting('fj.required')::int <> 0"
    ).fetchone()  # fmt: skip
    return row is None or row[0] is True


def _other_extensions(data: Json) -> list[Json]:
    listed = reading.elements(data.get("extension"))
    return [each for each in listed if each.get("url") not in _EXTENSIONS]


def _meta(data: Json) -> Json:
    meta = data.get("meta")
    if not isinstance(meta, Mapping):
        return {}
    return {name: value for name, value in meta.items() if name not in _OF_THE_STORE}


def _refused(change: Change, why: str) -> NotAllowed:
    return NotAllowed(f"{change.type}: {why}", code="forbidden")


__all__ = [
    "CONTACT_ROLE", "INTERPRETER", "NOTICES", "OWN_TAG", "RELATION", "check", "is_own_contact", "wants_paper",
]  # fmt: skip
