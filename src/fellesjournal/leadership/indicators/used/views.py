"""The tables of contacts that are neither stays nor visits at home, and of what kind a unit is."""

from __future__ import annotations

from fellesjournal.leadership.indicators.tables import columns_of, register, view_of
from fellesjournal.registry.units import UNIT_KIND_SYSTEM

CONTACT = register(
    view_of(
        "contact", "Encounter", "class.code = 'AMB' or class.code = 'VR'",
        contact="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        unit="serviceProvider.getReferenceKey(Organization)",
        status="status",
        began="period.start",
    ),
    month="began",
)  # fmt: skip
"""Each visit to a unit, and each talk with it by telephone, video or in writing."""

UNIT_KIND = register(
    view_of(
        "unit_kind", "Organization", "",
        {
            "forEach": f"type.coding.where(system = '{UNIT_KIND_SYSTEM}')",
            **columns_of(kind="code"),
        },
        unit="getResourceKey()",
        changed="meta.lastUpdated",
    ),
    month="changed",
)  # fmt: skip
"""What a unit is: a row for each kind it has."""

__all__ = ["CONTACT", "UNIT_KIND"]
