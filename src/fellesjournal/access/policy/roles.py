"""All roles, how the codes of PractitionerRole lead to them, and their masks for SQL.

An unknown code has no role, and without a role nothing is seen or done (INV-39).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fellesjournal.access.policy import (
    administration,
    leadership,
    municipal,
    operation,
    research,
    treatment,
)
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.rules import Grants, Role

STAFF_ROLE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/staff-role"
"""The code system of PractitionerRole.code that names a role here."""

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for module in (treatment, municipal, administration, leadership, operation, research)
        for role in module.ROLES
    }
)
"""Every role, by its code."""

POSITIONS: Mapping[str, str] = MappingProxyType(
    {
        "gp": "doctor",
        "hospital-doctor": "doctor",
        "out-of-hours-doctor": "doctor",
        "hospital-nurse": "nurse",
        "out-of-hours-nurse": "nurse",
        "home-care-nurse": "nurse",
        "nursing-home-nurse": "nurse",
        "midwife": "nurse",
    }
)
"""Positions at a unit whose rules are those of another role; other codes are roles themselves."""


def role_of(code: str) -> Role | None:
    """The role of a code of STAFF_ROLE_SYSTEM; None for an unknown one, which denies."""
    return ROLES.get(POSITIONS.get(code, code))


def role_codes() -> list[str]:
    """Every code that leads to a role: roles and positions, in order."""
    return sorted({*ROLES, *POSITIONS})


def masks(role: Role | None) -> list[int]:
    """What each kind of ground lets a role see: element ``GroundKind`` has the Area bits.

    Element 0 is 0, for no kind has that number. PostgreSQL counts from 1, so that in SQL the
    element is ``masks[kind + 1]``. Without a role all are 0.
    """
    return _bits(role.see if role else {})


def write_masks(role: Role | None) -> list[int]:
    """What each kind of ground lets a role write; indexed as :func:`masks`.

    Never more than what the same ground lets her see (a test checks it).
    """
    return _bits(role.write if role else {})


def allowed_professions(role: Role, professions: Iterable[str]) -> bool:
    """Whether somebody with these authorisations (9060) may work in a role.

    A role without professions takes anybody. HPR numbers themselves are checked at sign-in.
    """
    return not role.professions or not role.professions.isdisjoint(professions)


def _bits(grants: Grants) -> list[int]:
    return [0, *(int(grants.get(kind, 0)) for kind in GroundKind)]
