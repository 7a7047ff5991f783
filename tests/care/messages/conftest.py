"""A GP's office, a ward, an outsider, and a patient on the GP's list."""

from __future__ import annotations

from datetime import date

import pytest

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.letters import Letter, Section
from fellesjournal.foundation.database.connection import connection
from tests.staff import employ, put, register


@pytest.fixture
def gp(empty_record: None) -> Session:
    """A GP with one patient, who reads HelsaMi; a ward; an office on another system."""
    del empty_record
    session = employ("gp", "doctor", "office")
    put("Organization", "ward", name="Medisinsk avdeling")
    put("Organization", "far", name="Fjordgløtt legekontor", meta={"tag": [{"code": "outsider"}]})
    register("anna", "Practitioner/gp", name=[{"text": "Anna Fiktiv"}])
    register("bo", "Practitioner/gp", name=[{"text": "Bo Fiktiv"}])
    connection().execute(
        "insert into access.terms_accepted values ('Patient/anna', '1', now()) on conflict do nothing"
    )
    return session


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
