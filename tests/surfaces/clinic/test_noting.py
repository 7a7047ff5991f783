"""Noting down on screen: each form by itself, errors at their fields, on the right patient."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.fhir.vital_signs import VITALS
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.signing_in import ASLAUG, GP, employ, let_in
from tests.surfaces.portal.family import at_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp() -> Client:
    """Ragna Lyngbakk, whose patient Aslaug is."""
    employ(GP)
    at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    client = Client()
    let_in(client, GP.id, "staff")
    return client


def send(gp: Client, do: str, **fields: str) -> Any:
    form = {"patient": ASLAUG.id, "do": do, **fields}
    return gp.post(reverse("note-down", args=[ASLAUG.id]), form)


def stored() -> int:
    row = connection().execute("select count(*) from store.version").fetchone()
    assert row is not None
    return int(row[0])


def chart(gp: Client) -> str:
    return unescape(gp.get(reverse("chart", args=[ASLAUG.id])).content.decode())


def test_what_is_noted_stands_on_the_chart(gp: Client) -> None:
    assert send(gp, "vitals", systolic="142", diastolic="78", temperature="37,2").status_code == 302
    assert (
        send(gp, "problem", what="K86 Hypertensjon ukomplisert", since="3.2019").status_code == 302
    )
    assert send(gp, "allergy", substance="Penicillin", is_grave="on").status_code == 302
    shown = chart(gp)
    assert "142/78" in shown
    assert "37,2" in shown
    assert "K86" in shown
    assert "03.2019" in shown
    assert "Penicillin" in shown


def test_the_receipt_says_what_was_saved_and_the_overview_leads_back_here(gp: Client) -> None:
    send(gp, "vitals", systolic="158", diastolic="84", pulse="88")
    page = chart(gp)
    assert re.search("(blodtrykk|blood pressure) 158/84, puls(e)? 88", page)
    assert f'href="{reverse("note-down", args=[ASLAUG.id])}#vitals-title"' in page


@pytest.mark.parametrize(("code", "first"), [
    ("29463-7", ["weight", "systolic"]), ("85354-9", ["systolic", "diastolic"]),
    ("8867-4", ["pulse", "systolic"]), ("x", ["systolic", "diastolic"]), ("", ["systolic", "diastolic"]),
])  # fmt: skip
def test_what_is_asked_for_is_the_first_field_and_none_is_missing(
    gp: Client, code: str, first: list[str]
) -> None:
    page = gp.get(reverse("note-down", args=[ASLAUG.id]), {"measure": code}).content.decode()
    fields = [name for name in re.findall(r'<input[^>]* name="([a-z]+)"', page) if name in VITALS]
    assert fields[:2] == first
    assert sorted(fields) == sorted(VITALS)


def test_the_receipt_tells_how_far_a_value_has_moved_since_the_one_before(gp: Client) -> None:
    gp.cookies["language"] = "en"
    send(gp, "vitals", systolic="142", diastolic="78", weight="80,7")
    with clock.at(clock.now() + timedelta(minutes=5)):
        send(gp, "vitals", systolic="150", diastolic="80", weight="83.2")
        page = unescape(gp.get(reverse("note-down", args=[ASLAUG.id])).content.decode())
    assert re.search(r"weight 80\.7 kg \([^)]*\), \+2\.5 since", page)
    assert "142/78" in page
    assert page.count(" since") == 1  # two pressures are no single number
    with clock.at(clock.now() + timedelta(minutes=9)):
        send(gp, "vitals", weight="832")
        answer = gp.post(
            reverse("note-down", args=[ASLAUG.id]),
            {"patient": ASLAUG.id, "do": "vitals", "weight": "832"},
        )
    assert "Weight is not between" in unescape(answer.content.decode())


def test_all_values_say_who_measured(gp: Client) -> None:
    send(gp, "vitals", pulse="88")
    page = gp.get(
        reverse("trend", args=[ASLAUG.id]), {"of": "http://loinc.org|8867-4"}
    ).content.decode()
    assert f'results__performer">{GP.name}</td>' in unescape(page)


def test_free_text_that_is_no_code_is_kept_as_it_is(gp: Client) -> None:
    send(gp, "problem", what="Noe ingen har en kode for")
    assert "Noe ingen har en kode for" in chart(gp)


def test_none_known_is_said_once_and_not_beside_an_allergy(gp: Client) -> None:
    send(gp, "none-known")
    assert "Ingen kjente allergier" in chart(gp)
    send(gp, "allergy", substance="Nøtter")
    send(gp, "none-known")
    assert "Ingen kjente allergier" not in chart(gp)


def test_a_problem_ends_by_its_button(gp: Client) -> None:
    send(gp, "problem", what="K86")
    page = gp.get(reverse("note-down", args=[ASLAUG.id])).content.decode()
    problem = page.partition("/problems/")[2].partition("/end/")[0]
    gp.post(reverse("problem-end", args=[ASLAUG.id, problem]), {"patient": ASLAUG.id})
    assert "/problems/" not in gp.get(reverse("note-down", args=[ASLAUG.id])).content.decode()


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("vitals", {}),
        ("vitals", {"pulse": "mange"}),
        ("vitals", {"pulse": "700"}),
        ("vitals", {"systolic": "80", "diastolic": "120"}),
        ("problem", {"what": ""}),
        ("problem", {"what": "K86", "since": "i fjor"}),
        ("allergy", {"substance": ""}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    gp: Client, what: str, fields: dict[str, str]
) -> None:
    before = stored()
    answer = send(gp, what, **fields)
    assert answer.status_code == 422
    assert "Dette må rettes" in unescape(answer.content.decode())
    assert stored() == before


def test_inv_44_a_form_of_another_patient_is_refused(gp: Client) -> None:
    answer = gp.post(
        reverse("note-down", args=[ASLAUG.id]), {"patient": "other", "do": "vitals", "pulse": "70"}
    )
    assert answer.status_code == 409


def test_diagnoses_are_suggested(gp: Client) -> None:
    found = gp.get(reverse("diagnoses"), {"q": "hyperten"}).json()["found"]
    assert any(each.startswith("K86 ") for each in found)


def test_the_value_measured_last_stands_at_its_field_and_at_no_other(gp: Client) -> None:
    def last() -> dict[str, str]:
        page = unescape(gp.get(reverse("note-down", args=[ASLAUG.id])).content.decode())
        found = re.findall(r'data-last="([a-z]+)">([^<]*)</p>', page)
        return {name: " ".join(words.split()) for name, words in found}

    gp.cookies["language"] = "en"
    assert last() == {}
    send(gp, "vitals", systolic="142", diastolic="78", weight="71,5")
    with clock.at(clock.now() + timedelta(minutes=5)):
        send(gp, "vitals", systolic="150", diastolic="80")
    said = last()
    assert sorted(said) == ["systolic", "weight"]
    assert said["systolic"].startswith("Last 150/80 mmHg, ")
    assert said["weight"].startswith("Last 71")
