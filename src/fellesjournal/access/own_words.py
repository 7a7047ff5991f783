"""What a citizen adds to her record is hers: what she has measured, takes, asks for and answers.

Prescriptions, the medication list, what was dispensed and given, diagnoses, procedures and reports
are written by those who answer for them: one of her own making, or of an app that she lets in,
would stand among theirs and be acted on. What she does add is in nobody else's name. Of what she has
measured herself she may say that it was wrong; it stays, marked as not valid.

Held on every path: pages, API and Bundles. An assumption of the project (configurable, this
module is the place).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fellesjournal.access.labels import Label, labels_of
from fellesjournal.access.policy.areas import AREA_OF, Area
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import seen
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.commit import Change, Method

HERS = frozenset({"Observation", "Media", "MedicationStatement"})
"""Types of health and medicines that a citizen adds to."""
TAKEN_BACK = "entered-in-error"
"""The status of a measurement that she says was wrong."""
_OF_OTHERS = Area.HEALTH | Area.MEDICATION
_BY = {
    "MedicationStatement": ("informationSource",),
    "Media": ("operator",),
    "Observation": ("performer",),
    "ServiceRequest": ("requester",),
    "QuestionnaireResponse": ("author", "source"),
    "Communication": ("sender",),
    "CommunicationRequest": ("sender", "requester"),
}
"""Where each says who made it."""


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed."""
    if session.kind != "citizen":
        return
    for change in changes:
        if change.body is None:
            continue
        if labels_of(change.body.data) & ~Label.NORMAL & ~_standing_labels(session, change):
            raise NotAllowed(f"{change.type}: labels are set by staff", code="forbidden")
        if AREA_OF[change.type] in _OF_OTHERS and change.type not in HERS:
            raise NotAllowed(
                f"{change.type}: it is written by those who give the care", code="forbidden"
            )
        if any(not _is_hers(session, each) for each in _makers(change.body.data, change.type)):
            raise NotAllowed(f"{change.type}: nobody says this for another", code="forbidden")


def _standing_labels(session: Session, change: Change) -> int:
    stood = None if change.method is Method.POST else seen(session, f"{change.type}/{change.id}")
    return 0 if stood is None else labels_of(stood)


def takes_back(session: Session, change: Change) -> bool:
    """Whether a change says of a measurement that she made herself that it was wrong, and nothing
    else: whoever has acted on it finds the numbers, now marked as not valid.
    """
    if change.body is None or change.body.data.get("status") != TAKEN_BACK:
        return False
    stood = seen(session, f"{change.type}/{change.id}")
    if stood is None:
        return False
    makers = [reading.reference_target(each) for each in _makers(stood, change.type)]
    is_hers = bool(makers) and all(each == session.person for each in makers)
    return is_hers and _but_status(stood) == _but_status(change.body.data)


def _but_status(data: Mapping[str, Any]) -> dict[str, Any]:
    """All but the status and what the store itself writes; labels are among it."""
    meta = {
        name: value
        for name, value in (data.get("meta") or {}).items()
        if name not in {"versionId", "lastUpdated"}
    }
    kept = {name: value for name, value in data.items() if name not in {"status", "meta"}}
    return {**kept, "meta": meta}


def _makers(data: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    for name in _BY.get(kind, ()):
        found = data.get(name)
        if isinstance(found, Mapping):
            yield found
        else:
            yield from reading.elements(found)


def _is_hers(session: Session, maker: Mapping[str, Any]) -> bool:
    """Hers, of whom she acts for, or of a relative (RelatedPerson) of the same record."""
    target = reading.reference_target(maker)
    return target in {session.person, session.subject} or target.startswith("RelatedPerson/")


__all__ = ["HERS", "TAKEN_BACK", "check", "takes_back"]
