"""The words for why a record is open or closed: grounds, reasons, categories, times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.grounds import HeldGround, areas_open
from fellesjournal.access.labels import Label
from fellesjournal.access.openings import Opening, OpeningKind
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.reviews import Review
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock

GROUNDS: Mapping[GroundKind, Promise] = {
    GroundKind.LIST_GP: _("The patient is on the list of the GP or the office"),
    GroundKind.ENCOUNTER: _("The patient has, or recently had, a contact"),
    GroundKind.APPOINTMENT: _("The patient has an appointment about this time"),
    GroundKind.REFERRAL: _("There is an open referral or application"),
    GroundKind.REQUISITION: _("There is an open requisition"),
    GroundKind.HOME_CARE: _("The patient is granted a municipal service"),
    GroundKind.CARE_TEAM: _("Part of the patient's team or plan"),
    GroundKind.TASK: _("There is an open task about the patient"),
    GroundKind.SUBSTITUTE: _("Standing in for somebody who has a ground"),
    GroundKind.BREAK_GLASS: _("Emergency access"),
    GroundKind.COHORT: _("The patient takes part in an approved study"),
    GroundKind.SELF: _("The record is her own"),
    GroundKind.REPRESENTATION: _("Acting for the patient"),
    GroundKind.SYSTEM: _("Work of the platform itself"),
}
BREAK_GLASS: Mapping[str, Promise] = {
    "danger": _("Danger to life, or of serious harm"),
    "urgent-care": _("The patient needs urgent care here and now"),
    "cannot-answer": _("The patient can't tell what we must know"),
    "child-at-risk": _("A child may be in danger"),
    "other": _("Another weighty reason, told below"),
}
EXTRA_STEP: Mapping[str, Promise] = {
    "needed-now": _("Needed for the care I give now"),
    "patient-asked": _("The patient has asked me to"),
    "assessment": _("Needed for an assessment or a decision"),
}
# Address protection is no row that is hidden: it has its own handling where addresses are shown.
CATEGORIES: Mapping[Label, Promise] = {
    Label.PSY: _("Mental health"),
    Label.CHILD: _("Child protection"),
    Label.SEX: _("Sexual health"),
    Label.VIOLENCE: _("Violence and abuse"),
    Label.RESTRICTED: _("Otherwise especially confidential"),
}
OUTCOMES: Mapping[str, Promise] = {
    "justified": _("Justified"),
    "not-justified": _("Not justified"),
    "asked": _("Ask the one who opened it"),
}
_DECIDED: Mapping[str, Promise] = {
    "justified": _("Justified"),
    "not-justified": _("Not justified"),
    "asked": _("Asked, no answer yet"),
}
AREAS: Mapping[Area, Promise] = {
    Area.PERSON: _("who the patient is"),
    Area.CONTACTS: _("contacts and appointments"),
    Area.CRITICAL: _("critical information"),
    Area.HEALTH: _("diagnoses and results"),
    Area.HEREDITY: _("heredity"),
    Area.MEDICATION: _("medicines"),
    Area.DOCUMENTS: _("notes and letters"),
    Area.FORMS: _("forms"),
    Area.PLANS: _("plans"),
    Area.REQUESTS: _("referrals and requisitions"),
    Area.TASKS: _("tasks"),
    Area.MESSAGES: _("messages"),
    Area.ATTACHMENTS: _("attached files"),
}
# What harms if it is thought to be missing stands on every page of a record; the rest where its list
# would stand.
_TOLD = (Area.CRITICAL, Area.MEDICATION, Area.HEALTH, Area.DOCUMENTS)
_LISTED = (*_TOLD, Area.REQUESTS, Area.PLANS, Area.CONTACTS, Area.MESSAGES)
_HOLDERS: Mapping[str, Promise] = {
    "Practitioner": _("for you"),
    "PractitionerRole": _("for you"),
    "Organization": _("for your unit"),
    "HealthcareService": _("for a service of your unit"),
    "CareTeam": _("for a team you are in"),
}


@dataclass(frozen=True, slots=True)
class WhyOpen:
    """What the line under the patient banner says. ``more`` further grounds hold too."""

    words: str
    ends: datetime | None
    is_emergency: bool
    minutes_left: int
    more: int


def not_open(session: Session, held: list[HeldGround]) -> dict[str, Any]:
    """What the role sees nothing of in this record, for its pages: ``not_open`` names of areas
    ("medication"), ``not_open_words`` those of them that every page tells of.

    An empty list of these says nothing of the record, so that no page may say that there is none.
    """
    opened = areas_open(session, held)
    closed = [each for each in _LISTED if each not in opened]
    return {
        "not_open": {str(each.name).lower() for each in closed},
        "not_open_words": [AREAS[each] for each in closed if each in _TOLD],
    }


def why_open(held: list[HeldGround], steps: list[Opening]) -> WhyOpen | None:
    """The ground that counts, for the banner; None when nothing holds any more."""
    broken = [step for step in steps if step.kind is OpeningKind.BREAK_GLASS]
    if broken:
        ends = max(step.ends for step in broken)
        return WhyOpen(
            str(GROUNDS[GroundKind.BREAK_GLASS]), ends, is_emergency=True,
            minutes_left=minutes_until(ends), more=len({g.kind for g in held}) - 1,
        )  # fmt: skip
    if not held:
        return None
    first = held[0]
    more = len({ground.kind for ground in held}) - 1
    return WhyOpen(
        str(GROUNDS[first.kind]), first.ends, is_emergency=False, minutes_left=0, more=more
    )


def minutes_until(moment: datetime) -> int:
    """Whole minutes, begun ones counted."""
    return max(0, -((clock.now() - moment) // timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class GroundRow:
    """One ground on the page that explains."""

    words: str
    holders: str
    ground: HeldGround


def ground_rows(held: list[HeldGround]) -> list[list[GroundRow]]:
    """Grounds in words, those of a kind together; a broken glass is told of elsewhere."""
    rows = (
        GroundRow(
            str(GROUNDS[ground.kind]),
            ", ".join(dict.fromkeys(str(_HOLDERS.get(one, one)) for one in ground.holders)),
            ground,
        )
        for ground in held
        if not ground.is_emergency
    )
    return [list(group) for _, group in groupby(rows, key=lambda row: row.ground.kind)]


def categories(labels: Label) -> list[str]:
    """The special categories of some labels."""
    return [str(words) for label, words in CATEGORIES.items() if label & labels]


def lasting(length: timedelta) -> str:
    """``30 minutes``, ``4 hours``."""
    minutes = length // timedelta(minutes=1)
    if minutes % 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One emergency access under review, in words."""

    review: Review
    role: str
    reason: str
    seen: tuple[str, ...]
    decided: str


def review_row(review: Review) -> ReviewRow:
    """A review in the reader's language."""
    return ReviewRow(
        review,
        role_title(review.role),
        str(BREAK_GLASS.get(review.reason_code, review.reason_code)),
        tuple(str(words) for area, words in AREAS.items() if review.seen & area),
        str(_DECIDED[review.outcome.value]) if review.outcome else "",
    )


def role_title(code: str) -> str:
    """The title of a role in the reader's language; "" for an unknown one."""
    role = role_of(code)
    return "" if role is None else role.titles.get(get_language() or "nb", role.titles["en"])
