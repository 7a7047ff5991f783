"""All indicators there are, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.h4 import H4
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.mb1 import MB1
from fellesjournal.leadership.indicators.sa1 import SA1
from fellesjournal.leadership.indicators.sa2 import SA2
from fellesjournal.leadership.indicators.sa3 import SA3
from fellesjournal.leadership.indicators.sa4 import SA4
from fellesjournal.leadership.indicators.sa5 import SA5
from fellesjournal.leadership.indicators.sa6 import SA6
from fellesjournal.leadership.indicators.sa7 import SA7
from fellesjournal.leadership.indicators.sa8 import SA8
from fellesjournal.leadership.indicators.sa9 import SA9
from fellesjournal.leadership.indicators.sa10 import SA10

INTERACTION: tuple[Indicator, ...] = (SA1, SA2, SA3, SA4, SA5, SA6, SA7, SA8, SA9, SA10)
CATALOGUE: Mapping[str, Indicator] = MappingProxyType(
    {each.id: each for each in (LE1, H4, MB1, *INTERACTION)}
)


def called(name: str) -> Indicator | None:
    """The indicator with this id or another name of it: IM2, IU3 and LE1 are one."""
    return next((each for each in CATALOGUE.values() if each.is_called(name)), None)


__all__ = ["CATALOGUE", "INTERACTION", "called"]
