"""How soon a unit answers, told to the citizen before she writes, and which units are written to.

All are assumptions of the project (configurable, this module is the place): no source says how
many days. A unit decides its own when units have settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.units import UnitKind
from fellesjournal.registry.working_days import add_working_days, end_of_day


@dataclass(frozen=True, slots=True)
class Promise:
    """Working days to answer in, and why so many."""

    working_days: int
    source: str


PROMISES: Mapping[UnitKind, Promise] = MappingProxyType(
    {
        UnitKind.GP_OFFICE: Promise(5, "assumption: as e-consultations are commonly promised"),
        UnitKind.HOME_CARE: Promise(2, "assumption: what is asked is often about the days ahead"),
        UnitKind.NURSING_HOME: Promise(2, "assumption: as home care"),
        UnitKind.WARD: Promise(3, "assumption: who is in a stay asks there; this is for after it"),
        UnitKind.HOSPITAL: Promise(5, "assumption: as an outpatient clinic"),
        UnitKind.HEALTH_STATION: Promise(3, "assumption: open on some days only"),
        UnitKind.PHYSIOTHERAPY: Promise(5, "assumption: as a GP office"),
        UnitKind.ALLOCATION_OFFICE: Promise(5, "assumption: as other offices of a municipality"),
        UnitKind.REFERRAL_OFFICE: Promise(5, "assumption: as other offices of a hospital"),
    }
)
"""The kinds of units that can be written to. Not an out-of-hours clinic: what is urgent is phoned.
Not a municipality or a trust as a whole: nobody there follows a citizen."""
OTHERWISE = Promise(5, "assumption: a unit of a kind that is not told")
CORRECTION = Promise(15, "assumption: it is looked into by who wrote it; no source says how long")


def promise(kind: str, *, correction: bool = False) -> Promise | None:
    """What a unit of a kind (a code of UnitKind, "" for none told) promises; None when that kind
    is not written to.
    """
    if correction:
        return CORRECTION
    if kind not in set(UnitKind):
        return OTHERWISE
    return PROMISES.get(UnitKind(kind))


def answer_by(found: Promise, at: datetime) -> datetime:
    """The end of the last day for an answer to what is sent at a moment."""
    return end_of_day(add_working_days(at.astimezone(NORWAY).date(), found.working_days))


__all__ = ["CORRECTION", "OTHERWISE", "PROMISES", "Promise", "answer_by", "promise"]
