"""Whether somebody has the authorisation (HPR) that a role asks for, by her Practitioner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fellesjournal.access.policy.roles import allowed_professions
from fellesjournal.access.policy.rules import Role
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import HPR_SYSTEM

PROFESSION_SYSTEM = "urn:oid:2.16.578.1.12.4.1.1.9060"
_HPR_SYSTEMS = (HPR_SYSTEM, "http://hl7.no/fhir/NamingSystem/HPR")


def hpr_number(practitioner: Mapping[str, Any]) -> str:
    """The HPR number in force, or ""."""
    return next(
        (
            reading.string(identifier.get("value"))
            for identifier in reading.elements(practitioner.get("identifier"))
            if identifier.get("system") in _HPR_SYSTEMS and identifier.get("use") != "old"
        ),
        "",
    )


def professions(practitioner: Mapping[str, Any]) -> set[str]:
    """Codes of 9060 of the authorisations that count today."""
    today = clock.today().isoformat()
    return {
        code
        for qualification in reading.elements(practitioner.get("qualification"))
        if _counts(qualification.get("period"), today)
        for system, code, _ in reading.codings(qualification.get("code"))
        if system == PROFESSION_SYSTEM
    }


def is_authorised(practitioner: Mapping[str, Any], role: Role) -> bool:
    """Whether she may work in the role: with an HPR number and one of its professions."""
    if role.needs_hpr and not hpr_number(practitioner):
        return False
    return allowed_professions(role, professions(practitioner))


def _counts(period: Any, today: str) -> bool:
    if not isinstance(period, Mapping):
        return True
    start, end = reading.string(period.get("start"))[:10], reading.string(period.get("end"))[:10]
    return today[: len(start)] >= start and (not end or today[: len(end)] <= end)


__all__ = ["PROFESSION_SYSTEM", "hpr_number", "is_authorised", "professions"]
