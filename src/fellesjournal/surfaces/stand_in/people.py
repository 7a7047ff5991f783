"""Whom one can be: the named people of the demo, and what a provider says about them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fellesjournal.access.identity import claims
from fellesjournal.access.identity.providers import IDPORTEN_HIGH, ProviderName
from fellesjournal.demo.cast import CITIZENS, STAFF
from fellesjournal.registry.numbers import is_synthetic


class NotSynthetic(ValueError):
    """Somebody whose number could be a real person's: never to be signed in here."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One choice on the page. ``number`` is a person number of the synthetic series."""

    id: str
    name: str
    given: str
    family: str
    number: str
    hpr: str
    about: str
    story_nb: str


def choices(name: ProviderName) -> list[DemoPerson]:
    """The people one can be at a provider, all with synthetic numbers, in the demo's order."""
    everybody = _staff() if name is ProviderName.HELSEID else _citizens()
    return [person for person in everybody if is_synthetic(person.number)]


def chosen(name: ProviderName, person_id: str) -> DemoPerson | None:
    """The person with this id, if she can be chosen."""
    return next((person for person in choices(name) if person.id == person_id), None)


def claims_about(name: ProviderName, person: DemoPerson) -> Mapping[str, Any]:
    """What the provider says about a person. Raises :class:`NotSynthetic`."""
    if not is_synthetic(person.number):
        raise NotSynthetic(person.id)
    if name is ProviderName.IDPORTEN:
        return {"pid": person.number, "acr": IDPORTEN_HIGH, "amr": ["stand-in"]}
    told: dict[str, Any] = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "amr": ["stand-in"],
        claims.PID: person.number,
        claims.SECURITY_LEVEL: "4",
        claims.ASSURANCE_LEVEL: "high",
        # Invented, like every organisation number of the demo.
        claims.PARENT_ORGANISATION: "500000005",
    }
    return told | ({claims.HPR_NUMBER: person.hpr} if person.hpr else {})


def subject_of(issuer: str, person: DemoPerson) -> str:
    """``sub``: another one at each issuer, as ID-porten's pairwise subjects are."""
    return hashlib.sha256(f"{issuer}|{person.number}".encode()).hexdigest()[:32]


def _staff() -> list[DemoPerson]:
    return [
        DemoPerson(
            id=member.id,
            name=member.name,
            given=member.given,
            family=member.family,
            number=member.number,
            hpr=member.hpr,
            about=f"{member.title_nb} · {member.unit_name}",
            story_nb=member.story_nb,
        )
        for member in STAFF
    ]


def _citizens() -> list[DemoPerson]:
    return [
        DemoPerson(
            id=citizen.id,
            name=citizen.name,
            given=citizen.given,
            family=citizen.family,
            number=citizen.number,
            hpr="",
            about="" if citizen.born is None else f"f. {citizen.born:%d.%m.%Y}",
            story_nb=citizen.story_nb,
        )
        for citizen in CITIZENS
    ]
