"""How urgent, on the scale of the clinic, and how long each level may wait.

A scale is a choice of the clinic (norway.md 12.4: "red/yellow/green, or five-level scale:
configurable"): an extension on its Organization names it, and may give limits of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from fellesjournal.care.triage.codes import SCALE, Urgency
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

_THREE = (Urgency.RED, Urgency.YELLOW, Urgency.GREEN)
_FOUR = (Urgency.RED, Urgency.ORANGE, Urgency.YELLOW, Urgency.GREEN)
_FIVE = (*_FOUR, Urgency.BLUE)
SCALES: Mapping[str, tuple[Urgency, ...]] = MappingProxyType(
    {"three-levels": _THREE, "four-levels": _FOUR, "five-levels": _FIVE}
)
# UNVERIFIED: no source at hand says how long a colour may wait before somebody must have looked
# again. These are assumptions; each clinic sets its own.
LIMITS: Mapping[Urgency, timedelta] = MappingProxyType(
    {
        Urgency.RED: timedelta(0),
        Urgency.ORANGE: timedelta(minutes=10),
        Urgency.YELLOW: timedelta(minutes=60),
        Urgency.GREEN: timedelta(minutes=120),
        Urgency.BLUE: timedelta(minutes=240),
        Urgency.UNSET: timedelta(minutes=10),
    }
)
_LONGEST_MINUTES = 24 * 60
_NAMED = {each.value or "unset": each for each in Urgency}


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels a clinic uses, the most urgent first, and how long each may wait."""

    levels: tuple[Urgency, ...] = _THREE
    limits: Mapping[Urgency, timedelta] = field(default_factory=lambda: LIMITS)

    def limit(self, urgency: Urgency) -> timedelta:
        """How long this level may wait; for a level of no scale, the shortest."""
        return self.limits.get(urgency, timedelta(0))


def scale_of(organization: Element) -> Scale:
    """The scale of a clinic: three levels until its Organization says otherwise. What can't be
    read there is passed over; a limit is never longer than a day.
    """
    scale = Scale()
    for extension in reading.elements(organization.get("extension")):
        if extension.get("url") != SCALE:
            continue
        for part in reading.elements(extension.get("extension")):
            name, code = reading.string(part.get("url")), reading.string(part.get("valueCode"))
            minutes = part.get("valueUnsignedInt")
            if name == "scale" and code in SCALES:
                scale = replace(scale, levels=SCALES[code])
            elif name in _NAMED and isinstance(minutes, int) and 0 <= minutes <= _LONGEST_MINUTES:
                limits = {**scale.limits, _NAMED[name]: timedelta(minutes=minutes)}
                scale = replace(scale, limits=limits)
    return scale


def rank(urgency: Urgency) -> int:
    """The order of the board: who has not been looked at may be anything, and stands by red."""
    order = [Urgency.RED, Urgency.UNSET, Urgency.ORANGE, Urgency.YELLOW, Urgency.GREEN]
    return order.index(urgency) if urgency in order else len(order)


__all__ = ["LIMITS", "SCALES", "Scale", "rank", "scale_of"]
