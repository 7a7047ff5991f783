"""Unit leaders, rollout leads and benefits coordinators: figures and people, no clinical detail.

A leader answers for the work of a unit, not for the care of one citizen: what she reviews names
the citizen, not the illness. Figures reach leaders as indicators that a system job computes,
never as resources.

Assumption (configurable): encounters, appointments and plans count as clinical detail, for they
name reasons; a leader who also treats has a second role for that.
"""

from __future__ import annotations

from fellesjournal.access.labels import PROTECTED_ADDRESS
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Duty, Role, titles

UNIT_LEADER = Role(
    code="unit-leader",
    titles=titles("Unit leader", "Enhetsleder", "Einingsleiar"),
    reason=(
        "Leads without clinical detail: sees the tasks that she or her unit owns and whom they"
        " are about, and reviews what her staff have opened."
    ),
    see={Kind.TASK: Area.PERSON | Area.TASKS},
    write={Kind.TASK: Area.TASKS},
    open_see=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    open_write=Area.SCHEDULES,
    special=PROTECTED_ADDRESS,
    duties=frozenset({Duty.REVIEW_UNIT, Duty.SEE_FIGURES}),
)

ROLLOUT_LEAD = Role(
    code="rollout-lead",
    titles=titles("Rollout lead", "Innføringsleder", "Innføringsleiar"),
    reason="Brings organisations onto the platform: works with plans and figures, no record.",
    duties=frozenset({Duty.SEE_FIGURES, Duty.ROLL_OUT}),
)

BENEFITS_COORDINATOR = Role(
    code="benefits-coordinator",
    titles=titles("Benefits coordinator", "Gevinstkoordinator", "Gevinstkoordinator"),
    reason="Follows what was to be gained: works with indicators, no record.",
    duties=frozenset({Duty.SEE_FIGURES, Duty.REALISE_BENEFITS}),
)

ROLES = (UNIT_LEADER, ROLLOUT_LEAD, BENEFITS_COORDINATOR)
