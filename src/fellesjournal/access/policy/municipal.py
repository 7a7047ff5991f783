"""Carers, physiotherapists and public health nurses: care with a narrower task.

Assumptions (configurable, this module is the place):
- a carer works by the plan: what she does, gives and observes, with the notes of the care;
  not referrals, lists of resources or who wrote what, and documents only while she gives care;
- in an emergency a carer may open what keeps somebody safe (warnings, observations,
  medicines, plan);
- a physiotherapist sees the clinical record of those referred or booked to her, not heredity,
  and may not break the glass: physiotherapy is planned;
- a public health nurse follows families: child protection and violence may be opened by the
  extra step, psychiatry may not.
"""

from __future__ import annotations

from fellesjournal.access.labels import PROTECTED_ADDRESS, Label
from fellesjournal.access.policy.areas import CLINICAL, Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Role, titles, under

_BOOKING = Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES

_BY_THE_PLAN = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.FORMS
    | Area.PLANS | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
)  # fmt: skip
_TICKED_OFF = (
    Area.CONTACTS | Area.HEALTH | Area.MEDICATION | Area.FORMS | Area.TASKS | Area.MESSAGES
    | Area.ATTACHMENTS
)  # fmt: skip
_TO_KEEP_SAFE = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.PLANS
    | Area.TASKS | Area.MESSAGES
)  # fmt: skip
_DAILY_CARE = (Kind.ENCOUNTER, Kind.HOME_CARE, Kind.CARE_TEAM)

CARER = Role(
    code="carer",
    titles=titles("Carer", "Helsefagarbeider", "Helsefagarbeidar"),
    reason=(
        "Gives daily care after a plan that others answer for: sees the plan, medicines, warnings"
        " and observations, and the notes of care under way."
    ),
    see={
        **under(_DAILY_CARE, _BY_THE_PLAN | Area.DOCUMENTS),
        Kind.TASK: _BY_THE_PLAN,
        Kind.BREAK_GLASS: _TO_KEEP_SAFE,
    },
    write={
        **under(_DAILY_CARE, _TICKED_OFF | Area.DOCUMENTS),
        Kind.TASK: _TICKED_OFF,
        Kind.BREAK_GLASS: Area.HEALTH | Area.TASKS | Area.MESSAGES,
    },
    may_break_glass=True,
    special=PROTECTED_ADDRESS,
    needs_hpr=True,
    professions=frozenset({"HF", "HP", "OA"}),
)

_PHYSIO = (Kind.ENCOUNTER, Kind.APPOINTMENT, Kind.REFERRAL, Kind.CARE_TEAM, Kind.TASK)

PHYSIOTHERAPIST = Role(
    code="physiotherapist",
    titles=titles("Physiotherapist", "Fysioterapeut", "Fysioterapeut"),
    reason="Sees the clinical record of those she treats, is booked with or has on the waiting list.",
    see=under(_PHYSIO, CLINICAL & ~Area.COLLECTIONS),
    write=under(
        _PHYSIO,
        CLINICAL & ~(Area.COLLECTIONS | Area.ORIGIN | Area.PERSON | Area.MEDICATION),
    ),
    open_see=_BOOKING,
    needs_hpr=True,
    professions=frozenset({"FT", "MT"}),
)

_STATION = (Kind.ENCOUNTER, Kind.APPOINTMENT, Kind.REFERRAL, Kind.CARE_TEAM, Kind.TASK)

PUBLIC_HEALTH_NURSE = Role(
    code="public-health-nurse",
    titles=titles("Public health nurse", "Helsesykepleier", "Helsesjukepleiar"),
    reason="Follows children, young people and pregnant women at the health station and at school.",
    see={**under(_STATION, CLINICAL), Kind.BREAK_GLASS: CLINICAL & ~Area.FORMS},
    write={
        **under(_STATION, CLINICAL & ~Area.ORIGIN),
        Kind.BREAK_GLASS: Area.CONTACTS
        | Area.CRITICAL
        | Area.HEALTH
        | Area.DOCUMENTS
        | Area.TASKS
        | Area.MESSAGES,
    },
    open_see=_BOOKING,
    may_break_glass=True,
    special=Label.CHILD | Label.SEX | Label.VIOLENCE | PROTECTED_ADDRESS,
    needs_hpr=True,
    professions=frozenset({"SP"}),
)

ROLES = (CARER, PHYSIOTHERAPIST, PUBLIC_HEALTH_NURSE)
