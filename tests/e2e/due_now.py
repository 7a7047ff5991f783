"""Something to give and something to do at home now, at whatever hour the tests are run."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from fellesjournal.care.homecare.codes import ACT_CODE, PLANNED_AT
from tests.e2e.pages.homecare import HomeCare
from tests.morning import MORNING
from tests.running import Platform

HOME_NURSE, MARIT_ID = "Gunnhild Tverrelv", "cast-marit"


@pytest.fixture
def paracetamol(platform: Platform, tmp_path: Path) -> str:
    """A prescription of Marit's that is due now; its dose in words."""
    now, number = datetime.now(MORNING), uuid4().hex[:6]
    order = {
        "resourceType": "MedicationRequest", "id": f"e2e-paracetamol-{number}", "status": "active",
        "intent": "order", "medicationCodeableConcept": {"text": f"Paracetamol 500 mg {number}"},
        "subject": {"reference": f"Patient/{MARIT_ID}"}, "authoredOn": "2026-01-05",
        "dosageInstruction": [
            {
                "text": "1 tablett",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d",
                                      "timeOfDay": [f"{now:%H:%M}:00"]}},
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
    }  # fmt: skip
    file = tmp_path / "order.ndjson"
    file.write_text(json.dumps(order) + "\n", encoding="utf-8")
    done = platform.command("load", str(file), "--rejects", str(tmp_path / "rejects.ndjson"))
    assert done.returncode == 0, done.stdout + done.stderr
    return f"Paracetamol 500 mg {number}: 1 tablett"


@pytest.fixture
def planned(browser: Browser, platform: Platform, paracetamol: str) -> str:
    """A visit to Marit about now, with something to do and the dose; what is to be done."""
    del paracetamol  # must be in force before the visit is made
    now, number = datetime.now(MORNING), uuid4()
    begins, ends = _free_minute(platform.url, now), now + timedelta(hours=2)
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    nurse = HomeCare(context.new_page()).open_as(HOME_NURSE)
    nurse.page.goto(f"/patients/{MARIT_ID}/homecare/")
    what = f"Se til ryggen {number.hex[:6]}"
    nurse.add_action(what, f"{begins:%H:%M}", f"{ends:%H:%M}")
    context.close()
    return what


_TAKEN: set[tuple[str, str]] = set()


def _free_minute(at: str, now: datetime) -> datetime:
    """Some time ago, when no other visit of these tests or of the demo (on the quarter) begins: one that
    begins with another is the same visit, and may be over.
    """
    for ago in range(31, 60):
        begins = now - timedelta(minutes=ago)
        if begins.minute % 5 and (at, f"{begins:%H:%M}") not in _TAKEN:
            _TAKEN.add((at, f"{begins:%H:%M}"))
            return begins
    raise AssertionError("every minute of the last hour has its visit")


def give_elsewhere(platform: Platform, folder: Path, count: int, *, unit: str) -> None:
    """Doses that others of a unit (an id) have given just now, on time."""
    now, number = datetime.now(MORNING).isoformat(timespec="seconds"), uuid4().hex[:6]
    visit = {
        "resourceType": "Encounter", "id": f"e2e-visit-{number}", "status": "finished",
        "class": {"system": ACT_CODE, "code": "HH"}, "subject": {"reference": f"Patient/{MARIT_ID}"},
        "serviceProvider": {"reference": f"Organization/{unit}"}, "period": {"start": now, "end": now},
    }  # fmt: skip
    doses = [
        {
            "resourceType": "MedicationAdministration", "id": f"e2e-dose-{number}-{n}",
            "status": "completed", "medicationCodeableConcept": {"text": "Paracetamol 500 mg"},
            "subject": {"reference": f"Patient/{MARIT_ID}"}, "effectiveDateTime": now,
            "context": {"reference": f"Encounter/{visit['id']}"},
            "extension": [{"url": PLANNED_AT, "valueDateTime": now}],
        }
        for n in range(count)
    ]  # fmt: skip
    file = folder / f"doses-{number}.ndjson"
    file.write_text("".join(json.dumps(each) + "\n" for each in [visit, *doses]), encoding="utf-8")
    done = platform.command("load", str(file), "--rejects", str(folder / "rejects.ndjson"))
    assert done.returncode == 0, done.stdout + done.stderr


__all__ = ["HOME_NURSE", "MARIT_ID", "give_elsewhere", "paracetamol", "planned"]
