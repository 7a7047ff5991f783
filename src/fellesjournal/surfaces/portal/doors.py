"""The doors of HelsaMi's first page: what one comes for first, then control over one's record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.citizens import Control, control_of, open_areas
from fellesjournal.access.policy.areas import NOTHING, Area
from fellesjournal.access.sessions import Session

IsOpen = Callable[[Session, Control], bool]


def _always(_session: Session, _control: Control) -> bool:
    return True


def _herself(session: Session, _control: Control) -> bool:
    return session.person == session.subject


def _sees_log(_session: Session, control: Control) -> bool:
    return control.sees_log


def _blocks(_session: Session, control: Control) -> bool:
    return control.blocks


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: the name of its address, what stands on it, and who finds it open.

    ``acting``: its title where somebody acts for another; ``area`` the kind of information behind
    it, if it is one that may be closed to her. ``acting_about`` is what stands below it then.
    """

    address: str
    title: str | Promise
    about: str | Promise
    is_open: IsOpen = _always
    acting: str | Promise = ""
    area: Area = NOTHING
    acting_about: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A door as the page shows it."""

    href: str
    title: str
    about: str


FUNCTIONS: Sequence[Door] = (
    Door(
        "portal-appointments",
        _("Appointments"),
        _("See, book, move and cancel."),
        area=Area.CONTACTS,
    ),
    Door(
        "portal-letters",
        _("Letters"),
        _("What hospital, municipality and GP have written to you."),
        area=Area.DOCUMENTS,
        acting_about=_("What hospital, municipality and GP have sent."),
    ),
    Door(
        "portal-messages",
        _("Messages"),
        _("Write to your GP, home care or those who treat you, and read their answers."),
        area=Area.MESSAGES,
        acting_about=_(
            "Write to the GP, home care or those who give treatment, and read their answers."
        ),
    ),
    Door(
        "portal-results",
        _("Test results"),
        _("What the laboratories have answered."),
        area=Area.HEALTH,
    ),
    Door(
        "portal-notes",
        _("Visit summaries and notes"),
        _("What was written when you were seen, and who wrote it."),
        area=Area.DOCUMENTS,
        acting_about=_("What was written at each visit, and who wrote it."),
    ),
    Door(
        "portal-medicines",
        _("Medicines"),
        _("What you take now, what has been changed, and why."),
        area=Area.MEDICATION,
        acting_about=_("What is in use now, what has been changed, and why."),
    ),
    Door(
        "portal-services",
        _("Municipal services"),
        _("Apply, follow your application, and see when visits come."),
        area=Area.REQUESTS,
        acting_about=_("Apply, follow the application, and see when visits come."),
    ),
    Door("portal-others", _("Act for others"), _("Your children, or those who have asked you to.")),
    Door(
        "portal-own",
        _("My information"),
        _("Telephone, next of kin, language, and what is registered about you."),
        area=Area.PERSON,
        acting=_("Information about the person"),
        acting_about=_("Telephone, next of kin, language, and what is registered."),
    ),
    Door(
        "portal-referrals",
        _("My referrals"),
        _("Where each stands, and what happens next."),
        area=Area.REQUESTS,
        acting=_("Referrals"),
    ),
    Door(
        "portal-readings",
        _("Own measurements"),
        _("Write what you measure at home, and see the course."),
        area=Area.HEALTH,
        acting=_("Measurements at home"),
        acting_about=_("Write what is measured at home, and see the course."),
    ),
)
"""What one comes for: the nine functions of HelsaMi in the order they are promised in, then what
is read and written between them: referrals, and measurements at home."""

CONTROL: Sequence[Door] = (
    Door(
        "portal-seen",
        _("Who has seen my record"),
        _("Every opening, in plain words."),
        _sees_log,
        _("Who has seen this record"),
    ),
    Door("portal-blocks", _("Blocks"), _("Decide who may not see what."), _blocks),
    Door(
        "my-apps",
        _("Apps with access"),
        _("Programs you have let in, and the way to end it."),
        _herself,
    ),
    Door(
        "sessions",
        _("My sessions"),
        _("Where you are signed in, and the way to sign out there."),
        _herself,
    ),
)
"""Control over one's own record, or that of whom one acts for."""


def shown(doors: Sequence[Door], session: Session) -> list[Shown]:
    """The doors that are open to a session."""
    acts = session.person != session.subject
    asks = any(door.is_open in {_sees_log, _blocks} for door in doors)
    control = control_of(session) if asks else Control(sees_log=False, blocks=False)
    areas = open_areas(session)
    return [
        Shown(
            reverse(door.address),
            str(door.acting if acts and door.acting else door.title),
            str(door.acting_about if acts and door.acting_about else door.about),
        )
        for door in doors
        if door.area in areas and door.is_open(session, control)
    ]


__all__ = ["CONTROL", "FUNCTIONS", "Door", "Shown", "shown"]
