"""Letters on screen: shown, sent, followed, opened by the citizen."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import jobs
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.national.dialogue import read_dialogue
from fellesjournal.registry.numbers import HER_SYSTEM
from tests.signing_in import ASLAUG, GP, employ, let_in, put
from tests.surfaces.portal.family import at_browser

NURSE = next(member for member in STAFF if member.id == "staff-ward-nurse")
pytestmark = pytest.mark.django_db


@pytest.fixture
def aslaug() -> Client:
    """Aslaug at her phone; Ragna Lyngbakk is her GP; a ward and an outsider are registered."""
    employ(GP)
    put("Organization", "ward", name="Medisinsk avdeling")
    put("Organization", "far", name="Fjordgløtt avdeling", meta={"tag": [{"code": "outsider"}]})
    return at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])


@pytest.fixture
def gp(aslaug: Client) -> Client:
    """Her GP at work."""
    del aslaug
    client = Client()
    let_in(client, GP.id, "staff")
    return client


def fill(**fields: Any) -> dict[str, Any]:
    return {
        "patient": ASLAUG.id,
        "number": str(uuid4()),
        "title": "Innkalling",
        "text": "Du er innkalt.\n\nTa med medisinlisten.",
        "lang": "nb",
        "to_patient": "on",
        **fields,
    }


def new() -> str:
    return reverse("letter-new", args=[ASLAUG.id])


def show(gp: Client, form: dict[str, Any]) -> str:
    answer = gp.post(new(), {**form, "show": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def send(gp: Client, form: dict[str, Any]) -> Any:
    shown = re.search(r'name="previewed" value="(\w+)"', show(gp, form))
    assert shown is not None
    return gp.post(new(), {**form, "previewed": shown[1], "send": "1"})


def text(client: Client, name: str, *args: str) -> str:
    return unescape(client.get(reverse(name, args=args)).content.decode())


def work() -> None:
    handle_all(jobs.call)


def test_a_letter_is_shown_then_sent_and_nothing_is_called_sent_before_evidence(
    gp: Client, aslaug: Client
) -> None:
    form = fill()
    assert "Ta med medisinlisten." in show(gp, form)
    answer = send(gp, form)
    assert answer.status_code == 302
    waiting = text(gp, "letters", ASLAUG.id)
    assert "i kø" in waiting
    assert "sendt" not in waiting.casefold()
    work()
    assert "levert" in text(gp, "letters", ASLAUG.id)
    assert "Innkalling" in text(aslaug, "portal-letters")
    (document,) = set(
        re.findall(r'href="/helsami/letters/([^/"]+)/"', text(aslaug, "portal-letters"))
    )
    assert "Ta med medisinlisten." in text(aslaug, "portal-letter", document)
    work()
    assert "lest" in text(gp, "letters", ASLAUG.id)


def test_inv_41_the_file_that_was_shown_is_the_file_that_both_get(
    gp: Client, aslaug: Client
) -> None:
    form = fill()
    shown = gp.post(new(), {**form, "pdf": "1"})
    assert shown["Content-Type"] == "application/pdf"
    send(gp, form)
    (document,) = set(re.findall(r"/letters/([^/\"]+)/pdf/", text(gp, "letters", ASLAUG.id)))
    sent = gp.get(reverse("letter-file", args=[ASLAUG.id, document])).content
    received = aslaug.get(reverse("portal-letter-file", args=[document])).content
    assert shown.content == sent == received
    assert sent.startswith(b"%PDF")


def her(number: str) -> list[dict[str, str]]:
    return [{"system": HER_SYSTEM, "value": number}]


def pdf_shown(gp: Client, form: dict[str, Any]) -> bytes:
    shown = gp.post(new(), {**form, "pdf": "1"})
    assert send(gp, form).status_code == 302
    work()
    return bytes(shown.content)


def test_inv_41_a_unit_inside_reads_the_file_that_was_shown(gp: Client) -> None:
    employ(NURSE)
    put("Organization", NURSE.unit_id, name="Medisinsk avdeling, Øya")
    shown = pdf_shown(gp, fill(to_patient="", unit_name="Medisinsk avdeling, Øya"))
    ward = Client()
    let_in(ward, NURSE.id, "staff")
    (document,) = set(re.findall(r"/documents/([^/\"]+)/", text(ward, "deliveries")))
    assert ward.get(reverse("letter-file", args=[ASLAUG.id, document])).content == shown


@pytest.mark.parametrize("name", [",", "a,b", "$", "|", "\\", "Avdeling, ", "'\"", "%", "a|b$c,d"])
def test_an_odd_name_of_a_unit_is_an_error_in_the_form(gp: Client, name: str) -> None:
    answer = gp.post(new(), {**fill(unit_name=name), "show": "1"})
    assert answer.status_code in {200, 422}


def test_inv_41_a_unit_outside_gets_the_file_that_was_shown(
    gp: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MAILBOX = tmp_path
    put("Organization", GP.unit_id, name=GP.unit_name, identifier=her("8000"))
    put("HealthcareService", "gp", active=True, identifier=her("8001"),
        providedBy={"reference": f"Organization/{GP.unit_id}"})  # fmt: skip
    put("Organization", "far", name="Fjordgløtt avdeling", identifier=her("9000"),
        meta={"tag": [{"code": "outsider"}]})  # fmt: skip
    put("HealthcareService", "far", active=True, identifier=her("9001"),
        providedBy={"reference": "Organization/far"})  # fmt: skip
    shown = pdf_shown(gp, fill(to_patient="", unit_name="Fjordgløtt avdeling"))
    (file,) = (tmp_path / "out").iterdir()
    content = read_dialogue(file.read_bytes()).attachments[0].reference.content
    assert content is not None
    assert content.items[0].file == shown


def test_inv_41_what_is_printed_is_the_file_that_was_shown(gp: Client) -> None:
    put("Patient", ASLAUG.id, name=[{"text": "Aslaug"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    connection().execute("delete from access.terms_accepted")
    shown = pdf_shown(gp, fill())
    (document,) = set(re.findall(r"/letters/([^/\"]+)/pdf/", text(gp, "deliveries")))
    assert gp.get(reverse("letter-file", args=[ASLAUG.id, document])).content == shown


def test_the_receipt_says_by_what_way_each_recipient_gets_it(gp: Client) -> None:
    gp.cookies["language"] = "en"
    send(gp, fill())
    receipt = text(gp, "letters", ASLAUG.id)
    assert f"{ASLAUG.name}: it stands in HelsaMi now." in receipt
    assert "printed" not in receipt
    put("Patient", ASLAUG.id, name=[{"text": "Aslaug"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    connection().execute("delete from access.terms_accepted")
    send(gp, fill(unit_name="Medisinsk avdeling"))
    receipt = text(gp, "letters", ASLAUG.id).split("</main>", 1)[0]
    assert "Aslaug: it must be printed and posted from your office." in receipt
    assert "Medisinsk avdeling: it goes to the unit's worklist." in receipt
    assert f'<a href="{reverse("deliveries")}">See what is to be printed</a>' in receipt


def test_the_name_of_a_recipient_is_never_read_as_markup(gp: Client) -> None:
    put("Patient", ASLAUG.id, name=[{"text": "<b>Aslaug"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    send(gp, fill())
    page = gp.get(reverse("letters", args=[ASLAUG.id])).content.decode()
    assert "<b>Aslaug" not in page
    assert "&lt;b&gt;Aslaug" in page


def test_inv_41_a_letter_changed_after_it_was_shown_is_shown_again(gp: Client) -> None:
    form = fill()
    shown = re.search(r'name="previewed" value="(\w+)"', show(gp, form))
    assert shown is not None
    answer = gp.post(
        new(), {**form, "text": "Noe annet.", "previewed": shown[1], "send": "1"}, follow=True
    )
    assert "Se på det en gang til" in unescape(answer.content.decode())
    assert "Innkalling" not in text(gp, "deliveries")


def test_inv_44_a_form_of_another_patient_is_refused(gp: Client) -> None:
    answer = gp.post(new(), {**fill(patient="somebody-else"), "send": "1"})
    assert answer.status_code == 409
    assert "Innkalling" not in text(gp, "deliveries")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to_patient": ""}, "minst én mottaker"),
        ({"unit_name": "Finnes ikke"}, "Ingen enhet heter dette"),
        ({"unit_name": "avdeling"}, "Flere enheter heter dette"),
        ({"title": ""}, "Fyll ut"),
        ({"text": ""}, "Fyll ut"),
    ],
)
def test_what_is_missing_or_unclear_is_said_at_its_field(
    gp: Client, fields: dict[str, str], words: str
) -> None:
    answer = gp.post(new(), {**fill(**fields), "show": "1"})
    assert answer.status_code == 422
    assert words in unescape(answer.content.decode())


def test_inv_6_units_on_the_platform_stand_before_those_outside(gp: Client) -> None:
    page = gp.post(new(), {**fill(unit_name="avdeling"), "show": "1"}).content.decode()
    assert page.index("Medisinsk avdeling") < page.index("Fjordgløtt avdeling")


def test_what_is_not_opened_is_printed_and_what_fails_is_taken_up(gp: Client) -> None:
    send(gp, fill(unit_name="Fjordgløtt avdeling"))
    work()
    with clock.at(clock.now() + timedelta(days=4)):
        work()
    desk = text(gp, "deliveries")
    (paper,) = re.findall(r"/deliveries/([^/]+)/posted/", desk)
    (failed,) = re.findall(r"/deliveries/([^/]+)/end/", desk)
    assert gp.post(reverse("delivery-end", args=[failed])).status_code == 422
    gp.post(reverse("delivery-posted", args=[paper]))
    gp.post(
        reverse("delivery-end", args=[failed]),
        {f"{failed}-outcome": "told-by-telephone", f"{failed}-words": "Ringt."},
    )
    after = text(gp, "deliveries")
    assert "/posted/" not in after
    assert "/end/" not in after


def test_the_patient_is_a_recipient_only_when_chosen_or_asked_for(gp: Client) -> None:
    address = f"/patients/{ASLAUG.id}/letters/new/"
    assert not re.search(r'name="to_patient"[^>]* checked', gp.get(address).content.decode())
    asked = gp.get(address, {"to": "patient"}).content.decode()
    assert re.search(r'name="to_patient"[^>]* checked', asked)


def test_when_not_all_units_of_a_name_are_shown_it_is_said_and_aa_comes_last(gp: Client) -> None:
    gp.cookies["language"] = "en"
    for name in ("Åsen", "Alm", "Øya", "Ås", "Ærlig"):
        put("Organization", f"u-{len(name)}-{ord(name[0])}", name=f"{name} testkontor", active=True)
    few = gp.post(
        f"/patients/{ASLAUG.id}/letters/new/", fill(to_patient="", unit_name="testkontor")
    )
    page = few.content.decode()
    shown = re.findall(r'for="unit-[0-9]+">(\w+) testkontor', page)
    assert shown == ["Alm", "Ærlig", "Øya", "Ås", "Åsen"]
    assert "not all are shown" not in page
    for turn in range(30):
        put("Organization", f"many-{turn}", name=f"Nr {turn} testkontor", active=True)
    many = gp.post(
        f"/patients/{ASLAUG.id}/letters/new/", fill(to_patient="", unit_name="testkontor")
    )
    assert "not all are shown" in many.content.decode()
