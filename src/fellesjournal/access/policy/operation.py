"""Operators, administrators and the data protection officer: the platform, not the citizen.

Assumptions (configurable, this module is the place):
- an operator sees that things run, never content: subscriptions and jobs may name a citizen in
  their criteria and stay closed;
- an administrator gives roles and registers units and clients, and has no ground in any record,
  nor can she give herself one: her own role is given by another (a rule of the admin pages);
- the data protection officer handles a citizen's case through a task, and then sees who read
  and what is blocked, not why the citizen is ill.
"""

from __future__ import annotations

from fellesjournal.access.labels import PROTECTED_ADDRESS
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Duty, Role, titles

OPERATOR = Role(
    code="operator",
    titles=titles("Operator", "Driftsansvarlig", "Driftsansvarleg"),
    reason="Keeps the platform running without clinical content.",
    duties=frozenset({Duty.OPERATE}),
)

ADMINISTRATOR = Role(
    code="administrator",
    titles=titles("Administrator", "Administrator", "Administrator"),
    reason="Keeps the directory, the definitions, and who works where; opens no record.",
    open_see=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    open_write=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    duties=frozenset({Duty.MANAGE_ROLES, Duty.MANAGE_UNITS, Duty.MANAGE_CLIENTS}),
)

DATA_PROTECTION_OFFICER = Role(
    code="data-protection-officer",
    titles=titles("Data protection officer", "Personvernombud", "Personvernombod"),
    reason="Reviews reading across the platform and answers citizens; no clinical content.",
    see={Kind.TASK: Area.PERSON | Area.TASKS | Area.MESSAGES | Area.PRIVACY | Area.LOG},
    write={Kind.TASK: Area.TASKS | Area.MESSAGES},
    special=PROTECTED_ADDRESS,
    duties=frozenset({Duty.REVIEW_ALL}),
)

ROLES = (OPERATOR, ADMINISTRATOR, DATA_PROTECTION_OFFICER)
