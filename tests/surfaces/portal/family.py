"""A mother, her child and a friend with a power of attorney, in the record and at browsers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import CITIZENS, CastCitizen
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import FNR_SYSTEM
from tests.signing_in import let_in, put, register

ROLE_7611 = "urn:oid:2.16.578.1.12.4.1.1.7611"
AREA = "https://fellesjournal.example/fhir/CodeSystem/information-area"
FAMILY_RELATION = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
PARENTAL = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
_NO = "http://hl7.no/fhir/StructureDefinition/no-basis-"
_MUNICIPALITY = (
    "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
)
HOME = [
    {
        "use": "home",
        "line": ["Storgata 1"],
        "postalCode": "7010",
        "city": "TRONDHEIM",
        "extension": [{"url": _NO + "address-official", "valueBoolean": True}],
        "_district": {
            "extension": [
                {
                    "url": _NO + "municipalitycode",
                    "valueCoding": {"system": _MUNICIPALITY, "code": "5001"},
                }
            ]
        },
    }
]

ASLAUG, OTHER = CITIZENS[0], CITIZENS[1]


def years_ago(years: int) -> str:
    """A birth date that many years and some weeks ago."""
    return (clock.today() - timedelta(days=365 * years + 40 + years // 4)).isoformat()


def at_browser(citizen: CastCitizen = ASLAUG, **more: Any) -> Client:
    """A citizen in HelsaMi, the terms accepted."""
    register(citizen, **{"birthDate": years_ago(45), "address": HOME, **more})
    client = Client()
    let_in(client, citizen.id, "citizen")
    client.post(reverse("portal-terms"), {"accept": "1"})
    return client


def child_of(parent: CastCitizen, key: str, *, years: int = 6, **more: Any) -> None:
    """A child at the parent's address, for whom the parent has responsibility."""
    put(
        "Patient", key,
        **{
            "identifier": [{"system": FNR_SYSTEM, "value": "13116900216"}],
            "name": [{"given": ["Lille"], "family": "Venn"}],
            "birthDate": years_ago(years),
            "address": HOME,
            **more,
        },
    )  # fmt: skip
    put(
        "RelatedPerson", f"{key}-mother",
        patient={"reference": f"Patient/{key}"},
        identifier=[{"system": FNR_SYSTEM, "value": parent.number}],
        relationship=[
            {"coding": [{"system": FAMILY_RELATION, "code": "mor"}]},
            {"coding": [{"system": PARENTAL, "code": "mor"}]},
        ],
    )  # fmt: skip


def power(of: str, to: CastCitizen, *parts: str, key: str = "power", days: int = 30) -> None:
    """A power of attorney of a citizen (id) for another, for some areas or the whole."""
    now = clock.now()
    provision: dict[str, Any] = {
        "type": "permit",
        "period": {
            "start": (now - timedelta(days=1)).date().isoformat(),
            "end": (now + timedelta(days=days)).date().isoformat(),
        },
        "actor": [{"role": {"text": "fullmektig"}, "reference": {"reference": f"Patient/{to.id}"}}],
    }
    if parts:
        provision["class"] = [{"system": AREA, "code": part} for part in parts]
    put(
        "Consent", key,
        status="active",
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        category=[{"coding": [{"system": ROLE_7611, "code": "FU"}]}],
        patient={"reference": f"Patient/{of}"},
        dateTime=(now - timedelta(days=1)).isoformat(timespec="seconds"),
        policyRule={"text": "Fullmakt"},
        provision=provision,
    )  # fmt: skip


def switch(client: Client, person: str, subject: str) -> Any:
    """Open the record of another; ``subject`` is whose record the page was about."""
    address = reverse("portal-switch")
    return client.post(address, {"person": person, "subject": f"Patient/{subject}"})
