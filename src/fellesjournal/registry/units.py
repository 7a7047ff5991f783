"""The kinds of units that give care, with their Norwegian names.

Demo data, sign-in and later the rollout speak of the same kinds; the units themselves are
Organization resources.
"""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit does; the value is the code used in resources and web addresses."""

    MUNICIPALITY = "municipality"
    HEALTH_TRUST = "health-trust"
    HOSPITAL = "hospital"
    WARD = "ward"
    GP_OFFICE = "gp-office"
    OUT_OF_HOURS = "out-of-hours"
    HOME_CARE = "home-care"
    NURSING_HOME = "nursing-home"
    HEALTH_STATION = "health-station"
    PHYSIOTHERAPY = "physiotherapy"
    ALLOCATION_OFFICE = "allocation-office"
    REFERRAL_OFFICE = "referral-office"


UNIT_KIND_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/unit-kind"

UNIT_KIND_NAMES_NB = {
    UnitKind.MUNICIPALITY: "Kommune",
    UnitKind.HEALTH_TRUST: "Helseforetak",
    UnitKind.HOSPITAL: "Sykehus",
    UnitKind.WARD: "Avdeling",
    UnitKind.GP_OFFICE: "Legesenter",
    UnitKind.OUT_OF_HOURS: "Legevakt",
    UnitKind.HOME_CARE: "Hjemmetjeneste",
    UnitKind.NURSING_HOME: "Sykehjem",
    UnitKind.HEALTH_STATION: "Helsestasjon",
    UnitKind.PHYSIOTHERAPY: "Fysioterapitjeneste",
    UnitKind.ALLOCATION_OFFICE: "Tildelingskontor",
    UnitKind.REFERRAL_OFFICE: "Henvisningskontor",
}
