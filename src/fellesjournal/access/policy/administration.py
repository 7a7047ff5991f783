"""Case officers and secretaries: what handling a case, a letter or a booking needs.

Assumptions (configurable, this module is the place):
- a case officer handles an application that is addressed to the allocation office, and the
  service that follows: she sees what the assessment rests on, including medicines (for support
  with medication), but no heredity, money or attachments outside the case;
- a secretary sees who, when, what is asked for and the letters she sends; no measurements,
  diagnoses lists or medicines;
- neither may break the glass, and neither needs an authorisation: a service may employ
  secretaries and case officers without one.
"""

from __future__ import annotations

from fellesjournal.access.labels import PROTECTED_ADDRESS, Label
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Role, titles, under

_CASE = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.DOCUMENTS
    | Area.FORMS | Area.PLANS | Area.REQUESTS | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_DECISION = (
    Area.CONTACTS | Area.HEALTH | Area.DOCUMENTS | Area.FORMS | Area.PLANS | Area.REQUESTS
    | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip

CASE_OFFICER = Role(
    code="case-officer",
    titles=titles("Case officer", "Saksbehandler", "Saksbehandlar"),
    reason="Assesses applications for municipal services, decides, and follows the service.",
    see={
        **under((Kind.REFERRAL, Kind.HOME_CARE), _CASE),
        # A task or a place in the team alone is less than a case.
        **under((Kind.CARE_TEAM, Kind.TASK), _CASE & ~(Area.MEDICATION | Area.ATTACHMENTS)),
    },
    write={
        **under((Kind.REFERRAL, Kind.HOME_CARE), _DECISION),
        **under(
            (Kind.CARE_TEAM, Kind.TASK),
            Area.DOCUMENTS | Area.FORMS | Area.PLANS | Area.TASKS | Area.MESSAGES,
        ),
    },
    special=Label.CHILD | PROTECTED_ADDRESS,
)

_DESK = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.DOCUMENTS | Area.FORMS | Area.REQUESTS
    | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_BOOKED = (Kind.LIST_GP, Kind.ENCOUNTER, Kind.APPOINTMENT, Kind.REFERRAL)

SECRETARY = Role(
    code="secretary",
    titles=titles("Health secretary", "Helsesekretær", "Helsesekretær"),
    reason="Books, receives, sends letters and writes bills for the unit's own patients.",
    see={
        **under(_BOOKED, _DESK | Area.FINANCE),
        Kind.REQUISITION: Area.PERSON | Area.CONTACTS | Area.REQUESTS | Area.TASKS | Area.MESSAGES,
        Kind.TASK: Area.PERSON | Area.CONTACTS | Area.REQUESTS | Area.TASKS | Area.MESSAGES,
    },
    write={
        **under(_BOOKED, _DESK & ~Area.CRITICAL | Area.FINANCE),
        **under((Kind.REQUISITION, Kind.TASK), Area.CONTACTS | Area.TASKS | Area.MESSAGES),
    },
    open_see=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    open_write=Area.SCHEDULES,
    special=PROTECTED_ADDRESS,
)

ROLES = (CASE_OFFICER, SECRETARY)
