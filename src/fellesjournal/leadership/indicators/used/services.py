"""Which services are counted, in which tables, and what of a contact adds up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.indicators.handovers import PERSON, STAY
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.tables import Table
from fellesjournal.leadership.indicators.used.views import CONTACT, UNIT_KIND
from fellesjournal.leadership.indicators.views import HOME_VISIT
from fellesjournal.registry.units import UnitKind

VERSION: Final = "1"
AGES_FROM: Final = (0, 18, 50, 67, 80, 90)
"""Assumption (configurable): where each group of ages begins; 67 and 80 are where steps of projections do."""
_FOLDER = Path(__file__).parent / "sql"


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


PEOPLE: Final = _sql("people")
RESIDENTS: Final = _sql("residents")
ACTS: Final = _sql("acts")


class LeftOut(StrEnum):
    """Why a contact of the period is not counted; the first that fits."""

    NOT_OVER = "not-over"
    NO_TIME = "no-time"
    UNKNOWN_PERSON = "unknown-person"
    ELSEWHERE = "elsewhere"
    NOT_ALIVE = "not-alive"
    NO_NIGHT = "no-night"


@dataclass(frozen=True, slots=True)
class Service:
    """A service: the table its contacts stand in, the day each counts on, the rows, and by what its
    ``amount`` is divided to be in the unit of the figure.
    """

    name: str
    table: Table
    day: str
    acts: str
    kinds: tuple[UnitKind, ...] = ()
    divided_by: int = 1

    def amount(self, sum_: int) -> Fraction:
        """What a sum of the table is in nights, hours or contacts."""
        return Fraction(sum_, self.divided_by)


HOSPITAL: Final = Service("hospital", STAY, "ended_day", _sql("hospital"))
"""Stays with a night at least, and their nights: day of discharge less day of admission."""
HOME_CARE: Final = Service(
    "home-care", HOME_VISIT, "began_day", _sql("home_care"), divided_by=3_600_000_000
)
"""Visits at home, and their hours."""
OUTPATIENT: Final = Service(
    "outpatient", CONTACT, "began_day", _sql("contacts"), (UnitKind.WARD, UnitKind.HOSPITAL)
)
"""Contacts with a hospital without being admitted."""
GP: Final = Service("gp", CONTACT, "began_day", _sql("contacts"), (UnitKind.GP_OFFICE,))
"""Consultations with GPs, those by telephone, video and in writing among them."""
SERVICES: Final = (HOSPITAL, HOME_CARE, OUTPATIENT, GP)

TABLES: Final = (PERSON, RESIDENT, STAY, HOME_VISIT, CONTACT, UNIT_KIND)


@cache
def definition() -> Definition:
    """What the counts carry."""
    said = [VERSION, PEOPLE, RESIDENTS, ACTS, str(AGES_FROM)]
    said += [f"{each.name} {each.acts} {each.kinds}" for each in SERVICES]
    said += [each.view.digest for each in TABLES]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    return Definition("used", VERSION, digest)


def parameters(service: Service) -> Mapping[str, object]:
    """What the statement of a service asks besides."""
    return {"kinds": [str(each) for each in service.kinds]}


__all__ = [
    "ACTS", "AGES_FROM", "GP", "HOME_CARE", "HOSPITAL", "OUTPATIENT", "PEOPLE", "RESIDENTS", "SERVICES",
    "TABLES", "VERSION", "LeftOut", "Service", "definition", "parameters",
]  # fmt: skip
