"""The codes of our own that followed pathways use."""

from __future__ import annotations

from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.fhir.pathway_plans import STEP
from fellesjournal.registry.units import UnitKind

_OWN = "https://fellesjournal.example/fhir/CodeSystem/"
_NAMING = "https://fellesjournal.example/fhir/NamingSystem/"

TASK_CODE = TASK_SYSTEM
PLAN_TYPE = _OWN + "plan-type"
PATHWAY = "pathway"
LINK = _OWN + "pathway-link"
AFTER = "after"
"""On Task.input: a step that comes before this one."""
BY = "by"
"""On Task.output: who has ended it."""
FOLLOWED = _NAMING + "followed-pathway"
"""On the CarePlan: whom it is for and which pathway; one of these is active at a time."""
MADE = _NAMING + "followed-pathway-made"
"""On the CarePlan: the one time it was made."""

PATIENT_LEVEL = "patient"
KINDS_OF_LEVEL: dict[str, tuple[UnitKind, ...]] = {
    "municipality": (
        UnitKind.HOME_CARE, UnitKind.NURSING_HOME, UnitKind.PHYSIOTHERAPY,
        UnitKind.HEALTH_STATION, UnitKind.ALLOCATION_OFFICE, UnitKind.OUT_OF_HOURS,
    ),
    "hospital": (UnitKind.WARD, UnitKind.REFERRAL_OFFICE, UnitKind.HOSPITAL),
    "gp": (UnitKind.GP_OFFICE,),
}  # fmt: skip
"""Which units do what a level does. Assumption (configurable, this is the place)."""

__all__ = [
    "AFTER", "BY", "FOLLOWED", "KINDS_OF_LEVEL", "LINK", "MADE", "PATHWAY", "PATIENT_LEVEL",
    "PLAN_TYPE", "STEP", "TASK_CODE",
]  # fmt: skip
