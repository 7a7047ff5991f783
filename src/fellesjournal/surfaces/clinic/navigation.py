"""Where one can go: the places of a workspace, and the parts of a patient's record.

The header, the tabs below the patient's banner and the command palette (Ctrl+K) all show these
lists; the palette also what one can begin for the patient. A page that people go to has its line
here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty, Role
from fellesjournal.access.staffing import ANSWERING_ROLES
from fellesjournal.care.conversations.staffing import LEADER, may_answer
from fellesjournal.care.medication.actions import PRESCRIBING_ROLES
from fellesjournal.care.referrals.limits import LIMITS as REFERRAL_LIMITS


@dataclass(frozen=True, slots=True)
class Place:
    """One page by the name of its address, and who finds anything there.

    ``positions``: codes of those positions alone, when the role's rules are shared by others.
    ``is_begun``: the address begins something, and is posted to. ``short``: a word or so of it, for
    the bar where there is little room; it is part of the title. ``is_rare``: of those that are
    looked for now and then, and may stand under "More".
    """

    address: str
    title: str | Promise
    for_whom: Callable[[Role], bool]
    positions: frozenset[str] = frozenset()
    is_begun: bool = False
    short: str | Promise = ""
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A place as the page shows it. ``address`` is the name of its address."""

    href: str
    title: str
    is_here: bool
    is_begun: bool = False
    short: str = ""
    address: str = ""


def _reviews(role: Role) -> bool:
    return bool(role.duties & {Duty.REVIEW_UNIT, Duty.REVIEW_ALL})


def _breaks_the_glass(role: Role) -> bool:
    return role.may_break_glass


def gives_care(role: Role) -> bool:
    """Somebody who treats or looks after patients."""
    return bool(role.see) and not _reviews(role)


def _books(role: Role) -> bool:
    """Somebody who sees schedules, and patients by appointment."""
    return bool(role.open_see & Area.SCHEDULES) and gives_care(role)


def _refers(role: Role) -> bool:
    """Somebody who refers patients (care/referrals/limits.py)."""
    return role.code in REFERRAL_LIMITS.referrers


def _receives(role: Role) -> bool:
    """Somebody to whose unit referrals may come: who treats by them, or books for those who do."""
    return GroundKind.REFERRAL in role.see and not _reviews(role)


def answers_for_results(role: Role) -> bool:
    """Somebody whom results await."""
    return role.code in ANSWERING_ROLES


def _answers_for_readings(role: Role) -> bool:
    """Somebody whom readings from home await, or who leads those."""
    return answers_for_results(role) or Duty.REVIEW_UNIT in role.duties


def _answers_citizens(role: Role) -> bool:
    """Somebody who may answer what citizens write."""
    return gives_care(role) and may_answer(role)


def _meets_citizens(role: Role) -> bool:
    """Somebody whom messages await: to answer, or to see to it that somebody does."""
    return _answers_citizens(role) or role.code == LEADER


def _notes_down(role: Role) -> bool:
    """Somebody who may add to what is known of a patient's health."""
    return gives_care(role) and any(Area.HEALTH in areas for areas in role.write.values())


def may_note_down(code: str) -> bool:
    """Whether a role, by its code, has the page where measurements are noted."""
    role = role_of(code)
    return role is not None and _notes_down(role)


def _documents(role: Role) -> bool:
    """Somebody who writes notes."""
    return gives_care(role) and any(Area.DOCUMENTS in areas for areas in role.write.values())


def _prescribes(role: Role) -> bool:
    """Somebody who changes what is prescribed."""
    return role.code in PRESCRIBING_ROLES


def _always(_role: Role) -> bool:
    return True


def _plans_are_seen(role: Role) -> bool:
    """Somebody who treats or looks after patients, and sees their plans."""
    return gives_care(role) and any(Area.PLANS in areas for areas in role.see.values())


def _has_steps(role: Role) -> bool:
    """Somebody whose unit does steps of pathways, or who leads it: what is late is hers to see to."""
    return _plans_are_seen(role) or role.code == LEADER


HOME_CARE = frozenset({"carer", "home-care-nurse"})
"""The positions of those who make visits at home."""
_DECIDES = HOME_CARE | {"unit-leader"}
_ALLOCATES = frozenset({"case-officer"})
_GENERAL_PRACTICE = frozenset({"gp", "doctor"})
IN_HOSPITAL = frozenset({"hospital-doctor", "hospital-nurse"})
"""The positions of those who work at a ward, and admit to it."""
OUT_OF_HOURS = frozenset({"out-of-hours-doctor", "out-of-hours-nurse"})
"""The positions of those who take calls and see to whoever waits at an out-of-hours clinic."""

WORKSPACE: Sequence[Place] = (
    Place("home-care-day", _("Visits"), _always, HOME_CARE),
    Place("home-care-shift", _("Shift check"), _always, HOME_CARE),
    Place("home-care-work", _("To decide"), _always, _DECIDES),
    Place("applications", _("Applications"), _always, _ALLOCATES),
    Place("ward", _("Ward"), _always, IN_HOSPITAL),
    Place("triage-board", _("Waiting room"), _always, OUT_OF_HOURS),
    Place("day-list", _("Day list"), _books),
    Place("patients", _("Patients"), gives_care),
    Place("results", _("Results"), answers_for_results),
    Place(
        "own-readings", _("Measurements at home"), _answers_for_readings, short=_("Measurements")
    ),
    Place("message-queue", _("Messages from patients"), _meets_citizens, short=_("Messages")),
    Place("renewals", _("Renewals"), _prescribes, _GENERAL_PRACTICE),
    Place("unsigned-notes", _("My unsigned notes"), gives_care, short=_("Unsigned notes")),
    Place("referrals", _("Referrals to us"), _receives, short=_("To us")),
    Place("referrals-sent", _("My referrals"), _refers, is_rare=True),
    Place("deliveries", _("Letters in and out"), gives_care, short=_("Letters")),
    Place("pathway-steps", _("Steps of pathways"), _has_steps, short=_("Steps")),
    Place("reviews", _("Emergency access to review"), _reviews),
    Place("unusual-reading", _("Unusual reading"), _reviews),
    Place("own-openings", _("My emergency access"), _breaks_the_glass, is_rare=True),
)
"""What awaits somebody, by role."""

RECORD: Sequence[Place] = (
    Place("chart", _("Overview"), gives_care),
    Place("appointments", _("Appointments"), _books),
    Place("medicines", _("Medicines"), gives_care),
    Place("laboratory", _("Laboratory"), gives_care),
    Place("patient-referrals", _("Referrals"), _receives),
    Place("notes", _("Notes"), gives_care),
    Place("note-down", _("Note down"), _notes_down),
    Place("letters", _("Letters"), gives_care),
    Place("conversations", _("Messages"), _answers_citizens),
    Place("contact", _("Contact"), gives_care),
    Place("stays", _("Stays"), gives_care),
    Place("home-follow-up", _("Home follow-up"), _plans_are_seen),
    Place("home-care-plan", _("Home care"), _plans_are_seen),
    Place("patient-pathways", _("Pathways"), _plans_are_seen),
)
"""The parts of a patient's record; each address takes ``patient_id``."""

ACTS: Sequence[Place] = (
    Place("triage-new", _("Call or arrival"), _always, OUT_OF_HOURS),
    Place("note-new", _("Write note"), _documents, is_begun=True),
    Place("medicine-new", _("Prescribe"), _prescribes),
    Place("medicines-renew", _("Renew medicines"), _prescribes),
    Place("requisition-new", _("Order analyses"), answers_for_results),
    Place("referral-new", _("New referral"), _refers),
    Place("letter-new", _("Write a letter"), gives_care),
    Place("report-new", _("Report to another system"), gives_care),
)
"""What one can begin for a patient, from anywhere in her record; in the command palette."""


_IN_THE_BAR = 10
"""So many places fit in the bar at a width of 1024 px; who has more finds the rare ones in "More"."""


def workspace(role: str, here: str) -> list[Link]:
    """The places of a role's workspace. ``here`` is the name of the present page's address."""
    return _linked(places_of(role), here)


def in_bar(role: str, here: str) -> tuple[list[Link], list[Link]]:
    """The places of a role's workspace as the bar shows them: at once, and under "More"."""
    places = places_of(role)
    rare = [each for each in places if _is_rare(each, role)] if len(places) > _IN_THE_BAR else []
    return _linked([each for each in places if each not in rare], here), _linked(rare, here)


def _is_rare(place: Place, role: str) -> bool:
    """Home care goes to its visits, and to a day of appointments now and then; its list of visits says
    when a step of a pathway awaits it.
    """
    return place.is_rare or (role in HOME_CARE and place.address in {"day-list", "pathway-steps"})


def _linked(places: Sequence[Place], here: str) -> list[Link]:
    return [
        Link(reverse(each.address), str(each.title), each.address == here, short=_short(each))
        for each in places
    ]


def _short(place: Place) -> str:
    """The short word; "" where it is no part of the title in this language: who speaks to her browser
    must be able to say what she sees.
    """
    short = str(place.short)
    return short if short.casefold() in str(place.title).casefold() else ""


def places_of(role: str) -> list[Place]:
    """The places of a role's workspace, in order."""
    return _of(WORKSPACE, role)


def first_place(role: str) -> str:
    """The name of the address that somebody comes to after signing in.

    Home care to the visits of the day, the out-of-hours clinic to its waiting room, which is what
    they are there for; a GP to her day list; who reviews to what awaits them; who leads without
    seeing records to figures and plans; others to finding a patient.
    """
    if role in _GENERAL_PRACTICE:
        return "day-list"
    if role in HOME_CARE | OUT_OF_HOURS:
        return places_of(role)[0].address
    known = role_of(role)
    if known is None:
        return "patients"
    if _reviews(known):
        return "reviews"
    return "leaders" if Duty.SEE_FIGURES in known.duties and not gives_care(known) else "patients"


def record(role: str, patient_id: str, here: str) -> list[Link]:
    """The parts of one patient's record."""
    return [
        Link(reverse(each.address, args=[patient_id]), str(each.title), each.address == here)
        for each in record_of(role)
    ]


def record_of(role: str) -> list[Place]:
    """The parts of a record that a role has; home care's own part first for home care."""
    places = _of(RECORD, role)
    if role in HOME_CARE:
        places = sorted(places, key=lambda each: each.address != "home-care-plan")
    return places


def acts(role: str, patient_id: str) -> list[Link]:
    """What a role can begin for one patient."""
    return [
        Link(
            reverse(each.address, args=[patient_id]),
            str(each.title),
            is_here=False,
            is_begun=each.is_begun,
            address=each.address,
        )
        for each in _of(ACTS, role)
    ]


def _of(places: Sequence[Place], code: str) -> list[Place]:
    role = role_of(code)
    if role is None:
        return []
    return [
        each
        for each in places
        if each.for_whom(role) and (not each.positions or code in each.positions)
    ]


__all__ = [
    "ACTS",
    "HOME_CARE",
    "IN_HOSPITAL",
    "OUT_OF_HOURS",
    "RECORD",
    "WORKSPACE",
    "Link",
    "Place",
    "acts",
    "first_place",
    "gives_care",
    "may_note_down",
    "places_of",
    "record",
    "record_of",
    "workspace",
]
