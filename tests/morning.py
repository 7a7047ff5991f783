"""It is morning in Norway, for the platforms that browser tests start.

A day list is empty late in the evening, and a visit of yesterday is not today's: browser tests
would fail by the hour they are run. The instant stays what it is, so that tokens, sessions and
caches hold; only the zone that days and clock times are told in is moved. Python finds its zones
in the folders of ``PYTHONTZPATH``; there, Europe/Oslo is a zone in which it is about nine.
"""

from __future__ import annotations

import os
import tempfile
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from pathlib import Path

_NINE, _FURTHEST_WEST = 9, -12


def _hours_ahead(now: datetime) -> int:
    """How far from Greenwich it is nine (ten or eleven before midnight there), on the same day."""
    return max(_NINE - now.hour, _FURTHEST_WEST)


_AHEAD = _hours_ahead(datetime.now(UTC))
MORNING = timezone(timedelta(hours=_AHEAD))
"""The zone in which a platform of the tests tells days and clock times."""


def zones() -> str:
    """A value for ``PYTHONTZPATH``: our Europe/Oslo first, then what this machine has."""
    folder = Path(tempfile.gettempdir()) / f"fellesjournal-morning-{os.getuid()}{_AHEAD:+d}"
    oslo = folder / "Europe" / "Oslo"
    oslo.parent.mkdir(parents=True, exist_ok=True)
    beside = oslo.with_name(f"Oslo.{os.getpid()}")  # the other process may be reading
    beside.write_bytes(_zone(f"Etc/GMT{-_AHEAD:+d}" if _AHEAD else "Etc/GMT"))
    beside.replace(oslo)
    return ":".join((str(folder), *zoneinfo.TZPATH))


def _zone(name: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        if (found := Path(folder) / name).is_file():
            return found.read_bytes()
    return resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()


__all__ = ["MORNING", "zones"]
