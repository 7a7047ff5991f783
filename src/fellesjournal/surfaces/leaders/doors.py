"""The parts of the leaders' half, and whom each is for: the one list that the front page, the
menu and the tests go by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.policy.rules import Duty
from fellesjournal.surfaces.duties import duties_of


class Theme(StrEnum):
    """What parts have to do with each other, in the order of the front page."""

    FIGURES = "figures"
    BENEFITS = "benefits"
    ROLLOUT = "rollout"
    DECISIONS = "decisions"
    AHEAD = "ahead"
    GROUNDS = "grounds"


THEMES: Mapping[Theme, Promise] = {
    Theme.FIGURES: _("Figures from the record"),
    Theme.BENEFITS: _("Benefits and money"),
    Theme.ROLLOUT: _("Onto the platform"),
    Theme.DECISIONS: _("Decided together"),
    Theme.AHEAD: _("Pathways and the years ahead"),
    Theme.GROUNDS: _("What figures rest on"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """A part: the name of its first page, what it is called, what it is about, its theme, for whom."""

    route: str
    title: Promise
    about: Promise
    theme: Theme = Theme.FIGURES
    duty: Duty = Duty.SEE_FIGURES


@dataclass(frozen=True, slots=True)
class Link:
    """A door as a page shows it."""

    href: str
    title: str
    about: str
    is_here: bool
    theme: Theme


DOORS: tuple[Door, ...] = (
    Door(
        "leaders-indicators",
        _("Indicators"),
        _("What the record gives, by unit and over time: medicines on time, few faces."),
    ),
    Door(
        "leaders-portal-use",
        _("Use of HelsaMi"),
        _("How many have signed in themselves, by municipality, week and age."),
    ),
    Door(
        "leaders-schedules",
        _("Schedules"),
        _("How time is used, lost and waited for, by month and kind of contact."),
    ),
    Door(
        "leaders-interaction",
        _("Who hands over to whom"),
        _(
            "Ten indicators between organisations, pair by pair: how it goes, and who is on the platform."
        ),
    ),
    Door(
        "leaders-benefits",
        _("Benefits"),
        _("What is to be gained and lost, who answers for it, and how far it has come."),
        Theme.BENEFITS,
    ),
    Door(
        "leaders-rollout",
        _("Waves"),
        _("When each goes live, what contradicts itself, and what a slip would change."),
        Theme.ROLLOUT,
    ),
    Door(
        "leaders-organisations",
        _("Organisations"),
        _("Region, wave, go-live and deadlines of each municipality and hospital."),
        Theme.ROLLOUT,
    ),
    Door(
        "leaders-readiness",
        _("Readiness"),
        _("The gates 90, 60 and 30 days before go-live, evidence and waivers."),
        Theme.ROLLOUT,
    ),
    Door(
        "leaders-training",
        _("Training"),
        _("Who has passed the courses of her role, who works without, and what comes of it."),
        Theme.ROLLOUT,
    ),
    Door(
        "leaders-reports",
        _("Reports of problems"),
        _("What people have reported from any page: what is late, who has it, what was answered."),
        Theme.ROLLOUT,
        Duty.ROLL_OUT,
    ),
    Door(
        "leaders-costs",
        _("Costs"),
        _("What it costs with its uncertainty, and what must be gained."),
        Theme.BENEFITS,
    ),
    Door(
        "leaders-grant",
        _("Grant budget"),
        _("A budget as a tree of sums: what is missing, and where."),
        Theme.BENEFITS,
    ),
    Door(
        "leaders-cases",
        _("Decisions"),
        _("Cases that organisations decide together: what waits for us, who says what."),
        Theme.DECISIONS,
    ),
    Door(
        "leaders-action-plans",
        _("Action plans"),
        _("What committees have agreed to do: what is late, what waits, what can't be right."),
        Theme.DECISIONS,
    ),
    Door(
        "leaders-committees",
        _("Committees and meetings"),
        _(
            "Bodies of the health communities: how often they meet, who is missing, what is up next."
        ),
        Theme.DECISIONS,
    ),
    Door(
        "leaders-reviews",
        _("Findings"),
        _("What reviews from outside have found: what awaits us, closed only on evidence."),
        Theme.DECISIONS,
    ),
    Door(
        "leaders-usability",
        _("Usability queue"),
        _("What makes work slow or unsafe: what comes first, and what a fix has given back."),
        Theme.ROLLOUT,
    ),
    Door(
        "leaders-pathways",
        _("Pathways"),
        _("A patient's way through municipality and hospital: as it is, as it is to be, the gaps."),
        Theme.AHEAD,
    ),
    Door(
        "leaders-projections",
        _("Projections"),
        _("How many bed-days and beds a place will need, step by step, and how uncertain it is."),
        Theme.AHEAD,
    ),
    Door(
        "leaders-audit",
        _("Check a table"),
        _("A published table held against itself: what its digits can and can't mean."),
        Theme.GROUNDS,
    ),
    Door(
        "leaders-assumptions",
        _("Assumptions"),
        _("Values that no source gives: what they are, why, and since when."),
        Theme.GROUNDS,
    ),
)


def links_for(request: HttpRequest) -> list[Link]:
    """The doors that are open to the role she works in today, in their order."""
    duties = duties_of(request)
    return [
        Link(
            address, str(each.title), str(each.about), request.path.startswith(address), each.theme
        )
        for each in DOORS
        if each.duty in duties and (address := reverse(each.route))
    ]


def by_theme(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    """Links under the names of their themes; a theme of which nothing is open is left out."""
    listed = list(links)
    return [
        (str(title), found)
        for theme, title in THEMES.items()
        if (found := [each for each in listed if each.theme is theme])
    ]


__all__ = ["DOORS", "THEMES", "Door", "Link", "Theme", "by_theme", "links_for"]
