"""What is written is told, whoever writes it and by whatever way, unless it is loaded (INV-51)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from fellesjournal.access.acts import act, create
from fellesjournal.access.once import write_once
from fellesjournal.fhir.issues import Unprocessable
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox import wiring
from fellesjournal.foundation.outbox.wiring import Subscription, WrittenRule
from tests.staff import SYSTEM, employ, put, register

REPORT: dict[str, Any] = {
    "resourceType": "DiagnosticReport",
    "status": "final",
    "code": {"text": "Blodprøver"},
    "subject": {"reference": "Patient/kari"},
}


@pytest.fixture(autouse=True)
def told(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Final reports are told, and somebody reacts."""
    del db
    rules = {"DiagnosticReport": (WrittenRule("told", lambda data: data["status"] == "final"),)}
    reacts = {"told": [Subscription("told", "x", print, "TREAT")]}
    monkeypatch.setattr("fellesjournal.access.told.written", lambda: rules)
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: reacts)
    yield
    wiring.written.cache_clear()


def _messages() -> list[tuple[str, dict[str, str]]]:
    rows = connection().execute(
        "select key, payload::text from outbox.message where event = 'told' order by id"
    )
    return [(key, orjson.loads(payload)) for key, payload in rows]


def test_each_version_is_told_once_for_its_patient() -> None:
    put("DiagnosticReport", "r", **{k: v for k, v in REPORT.items() if k != "resourceType"})
    put("DiagnosticReport", "r", status="final", code={"text": "x"}, subject=REPORT["subject"])
    assert _messages() == [
        ("Patient/kari", {"resource": "DiagnosticReport/r", "version": "1"}),
        ("Patient/kari", {"resource": "DiagnosticReport/r", "version": "2"}),
    ]


def test_staff_writing_in_a_set_is_told_as_well() -> None:
    gp = employ("gp", "gp")
    register("kari", "Practitioner/gp")
    act(gp, [create(REPORT), create({**REPORT, "status": "registered"})])
    assert len(_messages()) == 1


def test_what_no_rule_is_for_is_not_told() -> None:
    act(SYSTEM, [create({**REPORT, "status": "registered"})])
    put("Patient", "kari")
    assert _messages() == []


def test_a_history_that_is_loaded_is_no_news() -> None:
    write_once(SYSTEM, "file:1", [create(REPORT)])
    assert _messages() == []


def test_what_is_undone_is_not_told() -> None:
    with pytest.raises(Unprocessable):
        act(SYSTEM, [create(REPORT), create({**REPORT, "issued": "soon"})])
    assert _messages() == []
