"""What a policy says of one role: the shape that the rule modules fill in.

A role is data. Nothing is allowed that is not named: an absent ground kind opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fellesjournal.access.labels import NO_LABEL, Label
from fellesjournal.access.policy.areas import NOTHING, Area
from fellesjournal.access.policy.kinds import GroundKind


class Duty(StrEnum):
    """What a role may do apart from reading and writing resources."""

    REVIEW_UNIT = "review reading by the staff of her unit, break-the-glass included"
    REVIEW_ALL = "review all reading and verify the log"
    MANAGE_ROLES = "give and end roles at units"
    MANAGE_UNITS = "register units and organisations"
    MANAGE_CLIENTS = "register client programs and their scopes"
    SEE_FIGURES = "see figures, plans and decisions of her units and what is below; no record"
    REALISE_BENEFITS = "plan benefits, freeze baselines, run workshops, define indicators"
    ROLL_OUT = "plan waves, readiness, migration, cost, pathways and projections"
    OPERATE = "see that the platform runs: jobs, deliveries, measurements; no content"


Grants = Mapping[GroundKind, Area]


@dataclass(frozen=True, slots=True)
class Role:
    """What one role may see and do.

    ``see`` and ``write``: areas of a patient's record per kind of ground that holds.
    ``open_see`` and ``open_write``: areas of resources that are about no patient.
    ``special``: labels she may open by the extra step, with a ground. ``professions``:
    authorisations (9060), one of which her HPR number must carry; empty for none needed.
    ``security_level``: of the sign-in (HelseID). ``reason``: why the limits are these.
    """

    code: str
    titles: Mapping[str, str]
    reason: str
    see: Grants = field(default_factory=dict)
    write: Grants = field(default_factory=dict)
    open_see: Area = Area.DIRECTORY | Area.DEFINITIONS
    open_write: Area = NOTHING
    may_break_glass: bool = False
    special: Label = NO_LABEL
    needs_hpr: bool = False
    professions: frozenset[str] = frozenset()
    # norway.md section 8, HelseID: level 4 is required of all staff.
    security_level: int = 4
    duties: frozenset[Duty] = frozenset()

    def __post_init__(self) -> None:
        # Rules are shared by all sessions of a process: nobody may change them in place.
        object.__setattr__(self, "see", MappingProxyType(dict(self.see)))
        object.__setattr__(self, "write", MappingProxyType(dict(self.write)))
        object.__setattr__(self, "titles", MappingProxyType(dict(self.titles)))


def under(kinds: Iterable[GroundKind], areas: Area) -> dict[GroundKind, Area]:
    """The same areas for each of some kinds of ground."""
    return dict.fromkeys(kinds, areas)


def titles(en: str, nb: str, nn: str) -> Mapping[str, str]:
    """The name of a role in the three languages of the platform."""
    return {"en": en, "nb": nb, "nn": nn}
