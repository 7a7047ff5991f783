"""The pages of notes: posted without scripts, guarded against the wrong patient."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fellesjournal.care.notes.queries import notes_of
from tests.signing_in import GP, employ, staff_client
from tests.staff import register, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp() -> Client:
    client = staff_client()
    register(
        "kari",
        f"Practitioner/{GP.id}",
        name=[{"family": "Nesvoll", "given": ["Kari"]}],
        birthDate="1950-04-01",
    )
    register(
        "ola",
        f"Practitioner/{GP.id}",
        name=[{"family": "Nesvoll", "given": ["Ola"]}],
        birthDate="1980-04-01",
    )
    return client


def _begin(client: Client, patient: str = "kari") -> str:
    answer = client.post(f"/patients/{patient}/notes/new/", {"patient": patient})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).removesuffix("write/")


def test_note_is_written_signed_and_added_to_without_scripts(gp: Client) -> None:
    note = _begin(gp)
    page = gp.get(note + "write/").content.decode()
    assert "Årsak" in page or "Reason" in page
    answer = gp.post(
        note + "write/", {"patient": "kari", "reason": "Hoste", "base-reason": "", "do": "sign"}
    )
    assert answer["Location"] == note + "sign/"
    page = gp.get(note + "sign/")
    version = page.context["form"].initial["version"]
    answer = gp.post(
        note + "sign/", {"patient": "kari", "version": version, "shown": "N", "do": "sign"}
    )
    assert answer["Location"] == note, answer.content.decode()
    assert "Hoste" in gp.get(note).content.decode()
    answer = gp.post(
        note + "add/", {"patient": "kari", "kind": "correction", "text": "Ikke hoste."}
    )
    assert answer["Location"] == note
    page = gp.get(note).content.decode()
    assert "Ikke hoste." in page and "Hoste" in page
    assert 'name="reason"' not in page
    assert gp.get("/patients/kari/notes/").status_code == 200
    assert gp.get("/notes/").status_code == 200
