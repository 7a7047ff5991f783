"""A GP's office, a ward, an outsider, and a patient on the GP's list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.letters import Letter, Section
from fellesjournal.foundation.database.connection import connection
from fellesjournal.registry.numbers import HER_SYSTEM
from tests.staff import employ, put, register


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> Path:
    """The folder shared with the message service."""
    settings.MAILBOX = tmp_path / "mailbox"
    return tmp_path / "mailbox"


@pytest.fixture
def gp(empty_record: None, box: Path) -> Session:
    """A GP with two patients, one of whom reads HelsaMi; a ward; an office on another system."""
    del empty_record, box
    session = employ("gp", "doctor", "office")
    put("Organization", "ward", name="Medisinsk avdeling")
    put("Organization", "company", name="Legene AS", identifier=her("8001"))
    put("Organization", "far-company", name="Fjordgløtt AS", identifier=her("9001"))
    put(
        "Organization", "office", name="Unit office", identifier=her("8002"),
        partOf={"reference": "Organization/company"},
    )  # fmt: skip
    put(
        "Organization", "far", name="Fjordgløtt legekontor", identifier=her("9002"),
        partOf={"reference": "Organization/far-company"}, meta={"tag": [{"code": "outsider"}]},
    )  # fmt: skip
    register("anna", "Practitioner/gp", name=[{"text": "Anna Fiktiv"}])
    register("bo", "Practitioner/gp", name=[{"text": "Bo Fiktiv"}])
    connection().execute(
        "insert into access.terms_accepted values ('Patient/anna', '1', now()) on conflict do nothing"
    )
    return session


def her(number: str) -> list[dict[str, str]]:
    """An address of the register."""
    return [{"system": HER_SYSTEM, "value": number}]


@pytest.fixture
def letter() -> Letter:
    """A short letter about Anna."""
    return Letter(
        title="Innkalling til kontroll",
        lang="nb",
        to=("Anna Fiktiv", "Medisinsk avdeling"),
        about="Anna Fiktiv, 01819012345",
        sender="Unit office",
        place="Trondheim",
        author="Gp",
        day=date(2026, 11, 22),
        sections=(Section("", ("Du er innkalt til kontroll.",)),),
    )
