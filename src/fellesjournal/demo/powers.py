"""Powers to act for a citizen: a power of attorney she gave, a guardianship that was decided.

Each is a Consent with the code of list 7611 as category; whom it is for is the RelatedPerson
with the same code; what it opens are the classes of its provision.
"""

from __future__ import annotations

from fellesjournal.demo.moments import iso_day, iso_moment
from fellesjournal.demo.people import ACTING
from fellesjournal.demo.record import Record
from fellesjournal.demo.terms import (
    HL7,
    INFORMATION_AREA,
    REPRESENTATION,
    Element,
    coding,
    concept,
    reference,
)
from fellesjournal.registry.units import UnitKind

_ATTORNEY = (
    "person", "contacts", "critical", "health", "medication", "documents", "plans", "requests", "messages",
    "log",
)  # fmt: skip
_GUARDIAN = ("person", "contacts", "plans", "messages", "finance")


def attorney(record: Record, other: str, until: int, day: int) -> None:
    """Parts of the record for another citizen, from a day to the end of another."""
    _power(record, "FU", other, _ATTORNEY, day, until)


def guardian(record: Record, other: str, day: int) -> None:
    """A guardian by decision, for what the decision names; without an end of its own."""
    _power(record, "VE", other, _GUARDIAN, day, None)


def _power(
    record: Record, code: str, other: str, parts: tuple[str, ...], day: int, until: int | None
) -> None:
    turn = next(
        turn
        for turn, relative in enumerate(record.person.relatives, 1)
        if relative.person is not None and relative.person.key == other
    )
    related = reference("RelatedPerson", f"{record.person.key}-rel{turn}")
    period: Element = {"start": iso_day(day)}
    if until is not None:
        period["end"] = iso_day(until)
    body: Element = {
        "status": "active",
        "scope": {"coding": [coding(HL7 + "consentscope", "patient-privacy")]},
        "category": [concept(REPRESENTATION, code, ACTING[code])],
        "patient": record.subject,
        "dateTime": iso_moment(day, 10 * 60 + 12),
        "policyRule": {"text": ACTING[code]},
        "provision": {
            "type": "permit",
            "period": period,
            "actor": [
                {
                    "role": {"coding": [coding(HL7 + "v3-RoleCode", _ROLES[code])]},
                    "reference": related,
                }
            ],
            "class": [coding(INFORMATION_AREA, part) for part in parts],
        },
    }
    record.add("Consent", "power", body, of=record.unit(UnitKind.HOME_CARE))


_ROLES = {"FU": "HPOWATT", "VE": "GUARD"}
