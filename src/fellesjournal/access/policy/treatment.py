"""Doctors and nurses, who answer for the care of a citizen as a whole.

From the law as the project reads it: a record is opened for care only, by those who need it
(access by need), across organisations, and whoever opens it answers for its relevance. A
ground for care therefore opens the clinical record; what the ground is about limits the rest.

Assumptions (configurable, this module is the place):
- a requisition opens what a laboratory or imaging unit needs to answer it, not notes or plans;
- a task opens the same as the care it is part of, for a doctor or nurse;
- only doctors see heredity as a matter of course; nurses do so under an encounter;
- midwives follow the rules of nurses.
"""

from __future__ import annotations

from fellesjournal.access.labels import PROTECTED_ADDRESS, Label
from fellesjournal.access.policy.areas import CLINICAL, Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Role, titles, under

_CARE = (Kind.ENCOUNTER, Kind.APPOINTMENT, Kind.REFERRAL, Kind.HOME_CARE, Kind.CARE_TEAM, Kind.TASK)
# Who wrote what follows from the writing itself.
_WRITABLE = CLINICAL & ~Area.ORIGIN
_TO_ANSWER = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.REQUESTS
    | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_ANSWER = (
    Area.CONTACTS | Area.HEALTH | Area.REQUESTS | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_EMERGENCY = (
    Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.DOCUMENTS | Area.REQUESTS
    | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_EVERY_CATEGORY = (
    Label.PSY | Label.CHILD | Label.SEX | Label.VIOLENCE | PROTECTED_ADDRESS | Label.RESTRICTED
)

DOCTOR = Role(
    code="doctor",
    titles=titles("Doctor", "Lege", "Lege"),
    reason=(
        "Answers for examination and treatment. A ground for care opens the clinical record"
        " and heredity; claims belong to her own contacts and list."
    ),
    see={
        Kind.LIST_GP: CLINICAL | Area.HEREDITY | Area.FINANCE,
        **under(_CARE, CLINICAL | Area.HEREDITY),
        Kind.ENCOUNTER: CLINICAL | Area.HEREDITY | Area.FINANCE,
        Kind.REQUISITION: _TO_ANSWER | Area.HEREDITY,
        Kind.BREAK_GLASS: CLINICAL | Area.HEREDITY,
    },
    write={
        Kind.LIST_GP: _WRITABLE | Area.HEREDITY | Area.FINANCE,
        **under(_CARE, _WRITABLE | Area.HEREDITY),
        Kind.ENCOUNTER: _WRITABLE | Area.HEREDITY | Area.FINANCE,
        Kind.REQUISITION: _ANSWER | Area.HEREDITY,
        Kind.BREAK_GLASS: _EMERGENCY,
    },
    open_see=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    may_break_glass=True,
    special=_EVERY_CATEGORY,
    needs_hpr=True,
    professions=frozenset({"LE"}),
)

NURSE = Role(
    code="nurse",
    titles=titles("Nurse", "Sykepleier", "Sjukepleiar"),
    reason=(
        "Carries out and plans care. A ground for care opens the clinical record; heredity only"
        " under an encounter, money not at all."
    ),
    see={
        Kind.LIST_GP: CLINICAL,
        **under(_CARE, CLINICAL),
        Kind.ENCOUNTER: CLINICAL | Area.HEREDITY,
        Kind.REQUISITION: _TO_ANSWER,
        Kind.BREAK_GLASS: CLINICAL,
    },
    write={
        Kind.LIST_GP: _WRITABLE,
        **under(_CARE, _WRITABLE),
        Kind.REQUISITION: _ANSWER,
        Kind.BREAK_GLASS: _EMERGENCY,
    },
    open_see=Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES,
    may_break_glass=True,
    special=_EVERY_CATEGORY,
    needs_hpr=True,
    professions=frozenset({"SP", "JO"}),
)

ROLES = (DOCTOR, NURSE)
