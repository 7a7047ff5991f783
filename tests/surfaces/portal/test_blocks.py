"""Blocks in HelsaMi: found by name, explained, made, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.sessions import system_session
from fellesjournal.foundation import clock
from tests.signing_in import employ, put
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser, child_of, power, switch
from tests.surfaces.portal.test_seen import GP, at_work

pytestmark = pytest.mark.django_db

SYSTEM = system_session("system:test", purpose="HOPERAT")
UNIT = f"Organization/{GP.unit_id}"


@pytest.fixture
def aslaug() -> Client:
    """Aslaug at her phone; Ragna Lyngbakk is her GP."""
    employ(GP)
    return at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])


def _post(client: Client, step: str, subject: str = ASLAUG.id, **fields: Any) -> Any:
    form = {"subject": f"Patient/{subject}", "step": step, **fields}
    return client.post(reverse("portal-block-new"), form)


def _consents(patient: str = ASLAUG.id) -> list[dict[str, Any]]:
    found = records.search(SYSTEM, "Consent", [("patient", f"Patient/{patient}")]).matches
    return [orjson.loads(stored.body or b"") for stored in found]


def _found_by_gp() -> bool:
    return bool(records.search(at_work(), "Patient", [("_id", ASLAUG.id)]).matches)


def test_a_unit_is_blocked_and_its_staff_find_her_no_more(aslaug: Client) -> None:
    assert _found_by_gp()
    chosen = {"holder": UNIT, "what": "whole", "mode": "these"}
    review = _post(aslaug, "review", **chosen).content.decode()
    assert GP.unit_name in review
    assert "I en nødssituasjon kan den åpnes." in review
    assert _consents() == []  # nothing is decided by looking
    answer = _post(aslaug, "confirm", **chosen)
    assert answer["Location"] == reverse("portal-blocks")
    assert not _found_by_gp()
    page = aslaug.get(reverse("portal-blocks")).content.decode()
    assert GP.unit_name in page
    (consent,) = _consents()
    end = reverse("portal-block-end", kwargs={"consent_id": consent["id"]})
    aslaug.post(end, {"subject": f"Patient/{ASLAUG.id}"})
    assert _found_by_gp()
    assert "Ingen. De som behandler deg" in aslaug.get(reverse("portal-blocks")).content.decode()


def test_a_person_is_found_by_name_everywhere_or_at_one_unit(aslaug: Client) -> None:
    page = _post(aslaug, "find", words=GP.family, holder=UNIT, mode="all-but").content.decode()
    assert f'value="Practitioner/{GP.id}"' in page
    assert f'value="PractitionerRole/{GP.role_id}"' in page
    assert f'value="{UNIT}" checked' in page  # what was chosen is kept
    assert 'value="all-but" checked' in page
    assert GP.number not in page
    assert GP.hpr not in page


def test_a_unit_is_found_by_a_part_of_its_name(aslaug: Client) -> None:
    page = _post(aslaug, "find", words="legesenter").content.decode()
    assert f'value="{UNIT}"' in page


def test_nobody_found_is_said(aslaug: Client) -> None:
    assert "Fant ingen for «Zzz»." in _post(aslaug, "find", words="Zzz").content.decode()


def test_those_who_have_been_in_the_record_stand_ready(aslaug: Client) -> None:
    records.read(at_work(), "Patient", ASLAUG.id)
    page = aslaug.get(reverse("portal-block-new")).content.decode()
    assert f'value="Practitioner/{GP.id}"' in page
    assert f'value="{UNIT}"' in page


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Velg hvem som ikke skal se det."),
        ({"holder": UNIT, "what": "areas"}, "Velg minst ett slags opplysninger."),
        ({"holder": UNIT, "what": "document"}, "Velg et dokument."),
        ({"holder": UNIT, "until": "2001-01-01"}, "Velg en dag fra og med i dag"),
        ({"holder": UNIT, "until": "i morgen"}, "Skriv en dag som dag.måned.år."),
        (
            {"holder": UNIT, "care_from": "2024-02-01", "care_to": "2024-01-01"},
            "Den siste dagen må komme etter den første.",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    aslaug: Client, fields: dict[str, str], problem: str
) -> None:
    for step in ("review", "confirm"):
        answer = _post(aslaug, step, **fields)
        assert answer.status_code == 422
        assert problem in answer.content.decode()
    assert _consents() == []


def test_areas_a_period_of_care_and_an_end_are_kept(aslaug: Client) -> None:
    until = (clock.today() + timedelta(days=10)).isoformat()
    _post(
        aslaug, "confirm", holder=UNIT, what="areas", area=["health", "medication"],
        care_from="2020-01-01", care_to="2020-12-31", until=until,
    )  # fmt: skip
    page = aslaug.get(reverse("portal-blocks")).content.decode()
    assert "diagnoser, målinger og prøvesvar og legemidler" in page
    assert "om helsehjelp fra 1. januar 2020 til 31. desember 2020" in page
    assert "Til og med" in page
    assert _found_by_gp()


def test_closed_to_everybody(aslaug: Client) -> None:
    _post(aslaug, "confirm", mode="all-but")
    assert "Stengt for alle på jobb" in aslaug.get(reverse("portal-blocks")).content.decode()
    assert not _found_by_gp()


def test_a_document_is_chosen_by_its_title(aslaug: Client) -> None:
    put(
        "DocumentReference", "note", status="current", description="Notat om søvn",
        subject={"reference": f"Patient/{ASLAUG.id}"}, date="2026-01-02T10:00:00Z",
        content=[{"attachment": {"contentType": "text/plain", "data": "aGVp"}}],
    )  # fmt: skip
    assert "Notat om søvn" in aslaug.get(reverse("portal-block-new")).content.decode()
    chosen = {"holder": UNIT, "what": "document", "document": "DocumentReference/note"}
    assert "Notat om søvn" in _post(aslaug, "review", **chosen).content.decode()
    _post(aslaug, "confirm", **chosen)
    assert records.search(at_work(), "DocumentReference", []).matches == []


def test_a_parent_blocks_for_her_child_and_only_there(aslaug: Client) -> None:
    child_of(ASLAUG, "child")
    switch(aslaug, "child", ASLAUG.id)
    _post(aslaug, "confirm", subject="child", holder=UNIT)
    assert _consents() == []
    (consent,) = _consents("child")
    assert consent["performer"] == [{"reference": f"Patient/{ASLAUG.id}"}]


def test_a_block_meant_for_another_record_is_not_made(aslaug: Client) -> None:
    child_of(ASLAUG, "child")
    switch(aslaug, "child", ASLAUG.id)
    assert _post(aslaug, "confirm", holder=UNIT).status_code == 409
    assert _consents() == []
    assert _consents("child") == []


def test_a_power_of_attorney_does_not_reach_the_blocks(aslaug: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    switch(aslaug, OTHER.id, ASLAUG.id)
    assert aslaug.get(reverse("portal-blocks")).status_code == 404
    assert _post(aslaug, "confirm", subject=OTHER.id, holder=UNIT).status_code == 404
    assert reverse("portal-blocks") not in aslaug.get(reverse("portal")).content.decode()


def test_her_block_is_ended_by_nobody_else(aslaug: Client) -> None:
    _post(aslaug, "confirm", holder=UNIT)
    (consent,) = _consents()
    end = reverse("portal-block-end", kwargs={"consent_id": consent["id"]})
    stranger = at_browser(OTHER)
    assert stranger.post(end, {"subject": f"Patient/{OTHER.id}"}).status_code == 404
    assert not _found_by_gp()
