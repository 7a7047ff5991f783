"""Bodies of a health community, their meetings in a year, and who takes part at which level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Taking(StrEnum):
    """Who takes part in a body."""

    MUNICIPALITIES = "municipalities"
    HEALTH_TRUST = "health_trust"
    USERS = "users"
    GPS = "gps"


AT_EVERY_LEVEL = (Taking.USERS, Taking.GPS)
"""Users and GPs take part at every level of a health community."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body of a community. ``number`` of its kind (12 professional committees are one row);
    ``meetings`` of each in a year, None when the source does not say; ``about``: the source says
    «about» of its meetings.
    """

    name: str
    kind: str
    level: int
    meetings: int | None = None
    number: int = 1
    about: bool = False
    tasks: str = ""
    taking_part: tuple[Taking, ...] = ()

    def __post_init__(self) -> None:
        if (self.meetings is not None and self.meetings < 0) or self.number < 1:
            raise ValueError("a body has a number of meetings, and there is at least one of it")


@dataclass(frozen=True, slots=True)
class Joint:
    """Meetings that several bodies hold together, in a year."""

    bodies: tuple[str, ...]
    meetings: int

    def __post_init__(self) -> None:
        if len(set(self.bodies)) < 2 or self.meetings < 1:
            raise ValueError("a joint meeting has two bodies at least, and takes place")


@dataclass(frozen=True, slots=True)
class Community:
    """A health community as it is set up. ``unclear``: what its source leaves open."""

    name: str
    bodies: tuple[Body, ...]
    joint: tuple[Joint, ...] = ()
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What is to be talked about; ``case``: the key of a case of the decision structure, if it is
    one.
    """

    title: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of one body, or of several that meet jointly: when, about what, and what was said."""

    community: str
    bodies: tuple[str, ...]
    day: date
    agenda: tuple[AgendaItem, ...]
    minutes: str = ""

    def __post_init__(self) -> None:
        if not self.bodies or not self.agenda:
            raise ValueError("somebody meets, about something")


class BodyFault(StrEnum):
    """What is wrong with a community as it is written down."""

    UNKNOWN = "unknown-body"
    MORE_JOINT_THAN_MEETINGS = "more-joint-than-meetings"
    MISSING = "missing-at-level"


def distinct_meetings(community: Community, names: Iterable[str]) -> int:
    """How many meetings in a year these bodies hold: a joint one counts once.

    Raises ValueError for a body that is not known or whose meetings are not.
    """
    by_name = {body.name: body for body in community.bodies}
    wanted = set(names)
    total = 0
    for name in wanted:
        body = by_name.get(name)
        if body is None or body.meetings is None:
            raise ValueError(f"how often {name} meets is not known")
        total += body.meetings * body.number
    for joint in community.joint:
        together = len(wanted.intersection(joint.bodies))
        total -= joint.meetings * max(0, together - 1)
    return total


def known_meetings(community: Community) -> tuple[int, tuple[str, ...]]:
    """How many meetings in a year all bodies hold of which it is known, a joint one once; and those of
    which it is not.
    """
    unknown = tuple(body.name for body in community.bodies if body.meetings is None)
    names = [body.name for body in community.bodies if body.meetings is not None]
    return distinct_meetings(community, names), unknown


def with_body(community: Community, changed: Body) -> Community:
    """The same with this body in place of the one of its name. Raises ValueError without one."""
    if changed.name not in {body.name for body in community.bodies}:
        raise ValueError("there is no such body")
    bodies = tuple(changed if body.name == changed.name else body for body in community.bodies)
    return replace(community, bodies=bodies)


def faults(community: Community) -> tuple[tuple[BodyFault, str], ...]:
    """Joint meetings that can't be, and levels at which users or GPs take no part."""
    by_name = {body.name: body for body in community.bodies}
    found: list[tuple[BodyFault, str]] = []
    jointly: Counter[str] = Counter()
    for joint in community.joint:
        for name in joint.bodies:
            jointly[name] += joint.meetings
            if name not in by_name:
                found.append((BodyFault.UNKNOWN, name))
    for name, count in jointly.items():
        meetings = by_name[name].meetings if name in by_name else None
        if meetings is not None and count > meetings:
            found.append((BodyFault.MORE_JOINT_THAN_MEETINGS, name))
    found += [(BodyFault.MISSING, f"{level} {who}") for level, who in without(community.bodies)]
    return tuple(found)


def without(bodies: Sequence[Body]) -> list[tuple[int, Taking]]:
    """The levels of a community at which somebody who belongs at every level takes no part."""
    levels = sorted({body.level for body in bodies})
    return [
        (level, who)
        for level in levels
        for who in AT_EVERY_LEVEL
        if not any(who in body.taking_part for body in bodies if body.level == level)
    ]


MORE_OG_ROMSDAL = Community(
    "Møre og Romsdal",
    (
        Body("Partnership meeting", "partnership", 1, 1, tasks="sets direction"),
        Body("Strategic committee", "strategic", 2, tasks="strategies, plans, running decisions"),
        Body("Professional committees", "professional", 3, number=12),
    ),
)
"""As told in «Arena Trøndelag», Helse Midt-Norge RHF, 23 November 2023."""

NORDRE_TRONDELAG_ST_OLAV = Community(
    "Nordre Trøndelag, St. Olav",
    (
        Body("Partnership meeting", "partnership", 1, 2, about=True),
        Body("PSU", "political", 1, 4, about=True),
        Body("ASU", "administrative", 2, 5, about=True),
        Body("Strategic committee", "strategic", 2, 5, about=True),
        Body("Local committees", "local", 3, number=4),
        Body("Professional councils", "professional", 3, number=5),
    ),
    (Joint(("PSU", "ASU"), 1),),
    unclear="which column of the source belongs to which of the two communities",
)
"""As told in «Arena Trøndelag», Helse Midt-Norge RHF, 23 November 2023."""

COMMUNITIES = {
    "more-og-romsdal": MORE_OG_ROMSDAL,
    "nordre-trondelag-st-olav": NORDRE_TRONDELAG_ST_OLAV,
}
"""As delivered, by key; a document in place of one holds what the community has agreed on."""

__all__ = [
    "AT_EVERY_LEVEL", "COMMUNITIES", "AgendaItem", "Body", "BodyFault", "Community", "Joint",
    "Meeting", "Taking", "distinct_meetings", "faults", "known_meetings", "with_body", "without",
]  # fmt: skip
