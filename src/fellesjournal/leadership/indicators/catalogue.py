"""All indicators there are, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.h4 import H4
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.mb1 import MB1

CATALOGUE: Mapping[str, Indicator] = MappingProxyType({each.id: each for each in (LE1, H4, MB1)})


def called(name: str) -> Indicator | None:
    """The indicator with this id or another name of it: IM2, IU3 and LE1 are one."""
    return next((each for each in CATALOGUE.values() if each.is_called(name)), None)


__all__ = ["CATALOGUE", "called"]
