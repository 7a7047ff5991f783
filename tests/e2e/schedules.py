"""Schedules that are open at whatever hour the tests are run."""

from __future__ import annotations

import json
from pathlib import Path

from fellesjournal.registry.opening_rules import WEEKDAYS, rule_extension
from tests.running import Platform

_ORDINARY = {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7617", "code": "Ordinær"}]}


def open_around_the_clock(platform: Platform, folder: Path, key: str, name: str) -> None:
    """Give the demo's GP a schedule of twenty-minute times, day and night, that citizens book in.

    ``name`` is what its times stand under, ``key`` its id; ``folder`` takes the file it is loaded from.
    """
    schedule = {
        "resourceType": "Schedule",
        "id": key,
        "active": True,
        "actor": [{"reference": "Practitioner/staff-gp-trondheim", "display": name}],
        "extension": [
            rule_extension(
                weekdays=WEEKDAYS, opens="00:00", closes="00:00", minutes=20, kind=_ORDINARY,
                for_citizens=True, on_holidays=True,
            )
        ],
    }  # fmt: skip
    file = folder / f"{key}.ndjson"
    file.write_text(json.dumps(schedule) + "\n", encoding="utf-8")
    loaded = platform.command("load", str(file))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr


__all__ = ["open_around_the_clock"]
