"""The tables that shared plans are counted in: which services somebody has, who wrote her plans, and who
coordinates them.
"""

from __future__ import annotations

from typing import Final

from fellesjournal.access.labels import HIDDEN_FROM_CITIZEN
from fellesjournal.leadership.indicators.tables import columns_of, register, view_of

_HIDING: Final = " or ".join(
    f"code = '{label.name}'" for label in HIDDEN_FROM_CITIZEN if (label.name or "").startswith("NOR")
)  # fmt: skip
_WRITTEN: Final = (
    "intent = 'plan' and (status = 'active' or status = 'on-hold' or status = 'completed')"
)


def _who(path: str) -> dict[str, str]:
    """A reference to who wrote, by what it may refer to."""
    return {
        "by_unit": f"{path}getReferenceKey(Organization)",
        "by_role": f"{path}getReferenceKey(PractitionerRole)",
        "by_person": f"{path}getReferenceKey(Practitioner)",
    }


SERVICE_KIND = register(
    view_of(
        "service_kind", "EpisodeOfCare", "status = 'active' or status = 'onhold' or status = 'finished'",
        service="getResourceKey()",
        patient="patient.getReferenceKey(Patient)",
        unit="managingOrganization.getReferenceKey(Organization)",
        kind="type.first().coding.first().code",
        starts="period.start",
        ends="period.end",
    ),
    month="starts",
)  # fmt: skip
"""Each municipal service that is or was given; ``kind``: which (9151)."""

TREATED = register(
    view_of(
        "treated", "Encounter",
        "(class.code = 'IMP' or class.code = 'ACUTE' or class.code = 'NONAC' or class.code = 'AMB')"
        " and (status = 'in-progress' or status = 'onleave' or status = 'finished')",
        encounter="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        unit="serviceProvider.getReferenceKey(Organization)",
        began="period.start",
        ended="period.end",
    ),
    month="began",
)  # fmt: skip
"""Each stay and each visit to a unit: that unit is a service she has. Visits at her home are of a
municipal service already.
"""

SHARED_PLAN = register(
    view_of(
        "shared_plan", "CarePlan", _WRITTEN,
        plan="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        **_who("author."),
        team="careTeam.first().getReferenceKey(CareTeam)",
        hidden=f"meta.security.where({_HIDING}).exists()",
        written="created",
        ends="period.end",
    ),
    month="written",
)  # fmt: skip
"""Each plan; ``hidden``: not shown to herself."""

PLAN_CONTRIBUTOR = register(
    view_of(
        "plan_contributor", "CarePlan", _WRITTEN,
        {"forEach": "contributor", **columns_of(**_who(""))},
        plan="getResourceKey()",
        written="created",
    ),
    month="written",
)  # fmt: skip
"""Who else wrote a plan."""

PLAN_TEAM = register(
    view_of(
        "plan_team", "CareTeam", "status = 'active' or status = 'inactive'",
        team="getResourceKey()",
        coordinated="participant.where(role.where(text = 'Koordinator').exists() and member.exists()).exists()",
        begun="period.start",
    ),
    month="begun",
)  # fmt: skip
"""Each team around somebody, and whether it names who coordinates. Assumption: no code for that role is among
what we hold, so it is read by the word for it.
"""

WORKS_AT = register(
    view_of(
        "works_at", "PractitionerRole", "",
        role="getResourceKey()",
        person="practitioner.getReferenceKey(Practitioner)",
        unit="organization.getReferenceKey(Organization)",
        since="period.start",
    ),
    month="since",
)  # fmt: skip
"""Each employment: for which organisation somebody writes."""

OF_PLANS: Final = (SERVICE_KIND, TREATED, SHARED_PLAN, PLAN_CONTRIBUTOR, PLAN_TEAM, WORKS_AT)

__all__ = [
    "OF_PLANS", "PLAN_CONTRIBUTOR", "PLAN_TEAM", "SERVICE_KIND", "SHARED_PLAN", "TREATED", "WORKS_AT",
]  # fmt: skip
