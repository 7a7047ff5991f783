"""What the providers say about a person, as types; and the levels this platform demands.

HelseID's claims: https://utviklerportal.nhn.no (helseid://claims/...). ID-porten's:
https://docs.digdir.no/docs/idporten/ (``pid``, ``acr``, ``amr``, ``sid``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fellesjournal.access.identity.providers import IDPORTEN_HIGH, Provider, ProviderName
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.access.identity.tokens import number_claim
from fellesjournal.registry.numbers import is_hpr_number, is_person_number

PID = "helseid://claims/identity/pid"
SECURITY_LEVEL = "helseid://claims/identity/security_level"
ASSURANCE_LEVEL = "helseid://claims/identity/assurance_level"
HPR_NUMBER = "helseid://claims/hpr/hpr_number"
PARENT_ORGANISATION = "helseid://claims/client/claims/orgnr_parent"
CHILD_ORGANISATION = "helseid://claims/client/claims/orgnr_child"
SUPPLIER_ORGANISATION = "helseid://claims/client/claims/orgnr_supplier"


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom a provider vouches for.

    ``hpr`` is empty for those without. The organisation numbers are the client's own, empty
    when not told. The person number is for finding the person and is never kept or shown.
    """

    provider: ProviderName
    subject: str
    sid: str
    pid: str
    hpr: str
    security_level: str
    authenticated_at: datetime
    parent_organisation: str = ""
    child_organisation: str = ""
    supplier_organisation: str = ""

    def __repr__(self) -> str:
        return f"Identity({self.provider}, level {self.security_level})"  # no number in any log


def identity_of(claims: Mapping[str, Any], provider: Provider, *, now: datetime) -> Identity:
    """The identity in checked claims. Raises SignInRefused: ``level``, ``acr``, ``pid``, ``hpr``."""
    if provider.name is ProviderName.HELSEID:
        pid, hpr, level = _staff(claims)
    else:
        pid, hpr, level = _citizen(claims)
    if not is_person_number(pid):
        raise SignInRefused("pid", "the provider names no valid person number")
    when = number_claim(dict(claims), "auth_time")
    return Identity(
        provider=provider.name,
        subject=str(claims["sub"]),
        sid=_text(claims, "sid"),
        pid=pid,
        hpr=hpr,
        security_level=level,
        authenticated_at=now if when is None else datetime.fromtimestamp(when, UTC),
        parent_organisation=_text(claims, PARENT_ORGANISATION),
        child_organisation=_text(claims, CHILD_ORGANISATION),
        supplier_organisation=_text(claims, SUPPLIER_ORGANISATION),
    )


def _staff(claims: Mapping[str, Any]) -> tuple[str, str, str]:
    """Level 4 is required of health personnel."""
    if _text(claims, SECURITY_LEVEL) != "4":
        raise SignInRefused("level", "the identity was not proved at security level 4")
    if _text(claims, ASSURANCE_LEVEL) not in {"", "high"}:
        raise SignInRefused("level", "the identity was not proved at the high level")
    hpr = _text(claims, HPR_NUMBER)
    if hpr and not is_hpr_number(hpr):
        raise SignInRefused("hpr", "the provider names no valid HPR number")
    return _text(claims, PID), hpr, "4"


def _citizen(claims: Mapping[str, Any]) -> tuple[str, str, str]:
    """ID-porten may answer a lower level than asked for: the client must look itself."""
    if claims.get("acr") != IDPORTEN_HIGH:
        raise SignInRefused("acr", "the identity was not proved at the high level")
    return _text(claims, "pid"), "", "4"


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
