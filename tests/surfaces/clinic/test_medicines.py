"""The pages of the medication list: who comes in, what must be answered, what is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.care.medication.formulary import ITEMS
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.resources import STOP_REASONS
from fellesjournal.demo.cast import STAFF
from tests.care.medication.medicines import allergy
from tests.signing_in import GP, put, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    put("Patient", "p", name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate="1950-04-01",
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    put("Patient", "other", name=[{"family": "Annen"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    return staff_client()


def _post(client: Client, name: str, *keys: str, **said: Any) -> Any:
    return client.post(reverse(name, args=["p", *keys]), {"patient": "p", **said})


def _hidden(answer: Any, name: str) -> list[str]:
    page = answer.content.decode()
    found = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return [
        each.replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"') for each in found
    ]


def _prescribe(client: Client, item: str, dose: str, seen: int = 0, **said: Any) -> Any:
    """Write the dose, see it said back, go on."""
    asked = {"item": item, "dose": dose, "seen": seen, **said}
    back = _post(client, "medicine-new", **asked)
    assert back.status_code == 200, back.content.decode()
    (shown,) = _hidden(back, "shown")
    assert list_of(SYSTEM, "p").number == seen
    return _post(client, "medicine-new", **asked, shown=shown)


def test_a_medicine_is_found_its_dose_said_back_and_prescribed(client: Client) -> None:
    found = client.get(reverse("medicine-new", args=["p"]), {"q": "amlo"})
    assert "Amlodipin 5 mg tablett" in found.content.decode()
    answer = _prescribe(client, "fj-1", "1+0+1")
    assert answer.status_code == 302
    page = client.get(reverse("medicines", args=["p"])).content.decode()
    assert "1 tablett morgen og kveld hver dag" in page
    assert 'data-list-number="1"' in page


def test_what_is_carried_out_is_what_was_said_back(client: Client) -> None:
    first = _post(client, "medicine-new", item="fj-1", dose="1+0+1", seen=0)
    (shown,) = _hidden(first, "shown")
    other = _post(client, "medicine-new", item="fj-1", dose="2+0+1", seen=0, shown=shown)
    assert other.status_code in {200, 422}
    assert list_of(SYSTEM, "p").number == 0


@pytest.mark.parametrize("dose", ["", "litt hver dag", "1"])
def test_a_dose_that_is_not_understood_is_never_carried_out_as_one(
    client: Client, dose: str
) -> None:
    answer = _post(client, "medicine-new", item="fj-1", dose=dose, seen=0)
    assert answer.status_code == 422
    assert list_of(SYSTEM, "p").number == 0


def test_words_are_kept_as_words_when_asked_for(client: Client) -> None:
    answer = _prescribe(client, "fj-1", "etter avtalt plan", keep_words="on")
    assert answer.status_code == 302
    (line,) = list_of(SYSTEM, "p").medicines
    assert (line.instruction.dosage, line.instruction.words) == (None, "etter avtalt plan")


def test_a_dose_in_fields_needs_its_rhythm(client: Client) -> None:
    fields = {"item": "fj-60", "seen": 0, "dose": "", "evening": "6"}
    assert _post(client, "medicine-new", **fields).status_code == 422
    back = _post(client, "medicine-new", **fields, rhythm="wk", weekdays=["mon"])
    assert "6 tabletter kveld mandag hver uke" in back.content.decode()


def test_an_allergy_asks_for_a_reason_in_one_dialog(client: Client) -> None:
    allergy()
    back = _post(client, "medicine-new", item="fj-31", dose="1x4", seen=0)
    page = back.content.decode()
    assert page.count('role="alertdialog"') == 1
    (shown,), (alert,) = _hidden(back, "shown"), _hidden(back, "alert")
    without = _post(
        client, "medicine-new", item="fj-31", dose="1x4", seen=0, shown=shown, alert=alert
    )
    assert without.status_code == 422
    assert list_of(SYSTEM, "p").number == 0
    done = _post(client, "medicine-new", item="fj-31", dose="1x4", seen=0, shown=shown, alert=alert,
                 override="Tåler penicillin etter utredning")  # fmt: skip
    assert done.status_code == 302
    again = _post(client, "medicine-new", item="fj-32", dose="1x3", seen=1)
    assert "alertdialog" in again.content.decode()  # another penicillin is another alert
    same = _post(client, "medicine-new", item="fj-31", dose="1x3", seen=1)
    assert "Penicillin" not in re.findall(r'id="alerts-list">(.*?)</ul>', same.content.decode())[0]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Not checked: kidney function, potassium and other test results"),
        ("nb", "Kontrolleres ikke: nyrefunksjon, kalium og andre prøvesvar"),
        ("nn", "Blir ikkje kontrollert: nyrefunksjon, kalium og andre prøvesvar"),
    ],
)
def test_who_writes_a_dose_is_told_once_what_nothing_here_looks_at(
    client: Client, language: str, says: str
) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    client.cookies["language"] = language
    for address in (
        reverse("medicines", args=["p"]), reverse("medicines-reconcile", args=["p"]),
        reverse("medicine-change", args=["p", key]),
        reverse("medicine-new", args=["p"]) + "?item=fj-1",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert page.count(says) == 1, address
        assert page.count(reverse("laboratory", args=["p"])) >= 2, address  # the part, and here


def test_inv_19_from_day_to_week_is_a_hard_stop_on_the_page(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    said = {"seen": 1, "medicine_seen": line.version, "dose": "1 tablett mandag hver uke",
            "why": "Lavt trykk", "item": "fj-1"}  # fmt: skip
    back = _post(client, "medicine-change", key, **said)
    (shown,), (stop,) = _hidden(back, "shown"), _hidden(back, "confirm")
    refused = _post(client, "medicine-change", key, **said, shown=shown)
    assert (refused.status_code, list_of(SYSTEM, "p").number) == (422, 1)
    done = _post(client, "medicine-change", key, **said, shown=shown, confirm=stop)
    assert (done.status_code, list_of(SYSTEM, "p").number) == (302, 2)
    page = client.get(reverse("medicines", args=["p"])).content.decode()
    assert "1 tablett mandag hver uke" in page


def test_inv_44_a_form_of_another_patient_writes_nothing(client: Client) -> None:
    answer = client.post(
        reverse("medicine-new", args=["p"]),
        {"patient": "other", "item": "fj-1", "dose": "1+0+0", "seen": 0, "shown": "x"},
    )
    assert answer.status_code == 409
    assert (list_of(SYSTEM, "p").number, list_of(SYSTEM, "other").number) == (0, 0)


def test_who_comes_second_sees_what_the_first_did_with_her_text_still_there(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    late = _post(client, "medicine-new", item="fj-39", dose="1 inntil x4", seen=0)
    page = late.content.decode()
    assert late.status_code == 409
    assert 'value="1 inntil x4"' in page
    assert "Amlodipin 5 mg tablett" in page
    assert _hidden(late, "seen") == ["1"]


def test_a_medicine_is_stopped_with_a_reason_and_undone(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    assert client.get(reverse("medicine-stop", args=["p", key])).status_code == 200
    said = {"seen": 1, "medicine_seen": line.version, "code": "2"}
    assert _post(client, "medicine-stop", key, **said, why="").status_code == 422
    assert _post(client, "medicine-stop", key, **said, why="Bivirkning").status_code == 302
    page = client.get(reverse("medicines", args=["p"])).content.decode()
    assert "Bivirkning" in page
    assert reverse("medicine-undo", args=["p"]) in page
    assert _post(client, "medicine-undo", seen=2).status_code == 302
    assert [m.name for m in list_of(SYSTEM, "p").medicines] == ["Amlodipin 5 mg tablett"]


def test_reconciliation_decides_every_line(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    _prescribe(client, "fj-41", "1x3", seen=1)
    lines = {m.name.split(" ")[0]: m for m in list_of(SYSTEM, "p").medicines}
    keys = {name: m.reference.partition("/")[2] for name, m in lines.items()}
    page = client.get(reverse("medicines-reconcile", args=["p"]))
    assert page.status_code == 200
    said = {
        "seen": 2, f"decision-{keys['Amlodipin']}": "change", f"dose-{keys['Amlodipin']}": "2+0+0",
        f"why-{keys['Amlodipin']}": "Høyt trykk",
        **{f"version-{keys[name]}": m.version for name, m in lines.items()},
        "new-name-0": "Pantoprazol 20 mg tablett", "new-dose-0": "1+0+0",
    }  # fmt: skip
    assert _post(client, "medicines-reconcile", **said).status_code == 422
    said |= {f"decision-{keys['Ibuprofen']}": "stop", f"why-{keys['Ibuprofen']}": "Nyrer",
             f"code-{keys['Ibuprofen']}": "2"}  # fmt: skip
    back = _post(client, "medicines-reconcile", **said)
    assert "2 tabletter morgen hver dag" in back.content.decode()
    (shown,) = _hidden(back, "shown")
    assert _post(client, "medicines-reconcile", **said, shown=shown).status_code == 302
    now = list_of(SYSTEM, "p")
    assert (now.number, [m.name.split(" ")[0] for m in now.medicines]) == (
        3,
        ["Amlodipin", "Pantoprazol"],
    )


def test_a_nurse_reads_the_list_and_finds_nothing_to_press(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    nurse = next(
        member for member in STAFF if member.role in {"nurse", "hospital-nurse", "home-care-nurse"}
    )
    hers = staff_client(nurse)
    put("Encounter", "e1", status="in-progress", subject={"reference": "Patient/p"},
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
        period={"start": "2026-01-01T08:00:00+01:00"},
        serviceProvider={"reference": f"Organization/{nurse.unit_id}"})  # fmt: skip
    page = hers.get(reverse("medicines", args=["p"])).content.decode()
    assert "Amlodipin 5 mg tablett" in page
    assert reverse("medicine-new", args=["p"]) not in page
    assert hers.get(reverse("medicine-new", args=["p"])).status_code == 404


def test_the_page_asks_few_questions_of_the_database(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    with django_assert_max_num_queries(20):
        assert client.get(reverse("medicines", args=["p"])).status_code == 200


def test_inv_21_every_form_and_link_of_a_page_belongs_to_its_patient(client: Client) -> None:
    """After another record was open in the same session, too."""
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    pages = [
        ("medicines", []), ("medicine-new", []), ("medicines-reconcile", []),
        ("medicine-change", [key]), ("medicine-stop", [key]),
    ]  # fmt: skip
    for name, keys in pages:
        client.get(reverse("medicines", args=["other"]))
        answer = client.get(reverse(name, args=["p", *keys]), {"item": "fj-1"})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert set(re.findall(r'(?:href|action)="/patients/([^/"?]+)/', page)) == {"p"}
        assert set(_hidden(answer, "patient")) <= {"p"}
        assert "Nesvoll" in page


def test_inv_21_a_medicine_of_another_patient_is_not_found(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    for name in ("medicine-change", "medicine-stop"):
        answer = client.post(
            reverse(name, args=["other", key]),
            {"patient": "other", "seen": 0, "medicine_seen": 1, "dose": "1x1", "why": "Prøver"},
        )
        assert answer.status_code == 302
    assert list_of(SYSTEM, "p").number == 1
    assert list_of(SYSTEM, "other").number == 0


def test_inv_44_no_form_about_medicines_is_taken_for_another_patient(client: Client) -> None:
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    for name, keys in (
        ("medicine-new", []), ("medicine-change", [key]), ("medicine-stop", [key]),
        ("medicines-reconcile", []), ("medicine-undo", []),
    ):  # fmt: skip
        said = {"patient": "other", "seen": 1, "item": "fj-3", "why": "Prøver", "code": "2"}
        answer = client.post(reverse(name, args=["p", *keys]), said)
        assert answer.status_code == 409, name
    assert list_of(SYSTEM, "p").number == 1


def test_reconciliation_shows_hard_stops_and_alerts_before_anything_is_written(
    client: Client,
) -> None:
    allergy()
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.partition("/")[2]
    said = {
        "seen": 1, f"version-{key}": line.version, f"decision-{key}": "change",
        f"dose-{key}": "1 tablett mandag hver uke", f"why-{key}": "Lavt trykk",
        "new-name-0": "Fenoksymetylpenicillin 650 mg tablett", "new-dose-0": "1x4",
    }  # fmt: skip
    (shown,) = _hidden(_post(client, "medicines-reconcile", **said), "shown")
    stopped = _post(client, "medicines-reconcile", **said, shown=shown)
    assert (stopped.status_code, list_of(SYSTEM, "p").number) == (422, 1)
    (stop,), (alert,) = _hidden(stopped, "confirm"), _hidden(stopped, "alert")
    (shown,) = _hidden(stopped, "shown")
    done = _post(client, "medicines-reconcile", **said, shown=shown, confirm=stop, alert=alert,
                 override="Tåler det etter utredning")  # fmt: skip
    assert (done.status_code, list_of(SYSTEM, "p").number) == (302, 2)


def test_the_warnings_of_the_banner_stand_beside_those_of_the_medicine(client: Client) -> None:
    """What the page asks about a medicine never takes the place of what all must know."""
    allergy()
    put("Flag", "f", status="active", code={"text": "Bruker blodfortynnende"},
        subject={"reference": "Patient/p"})  # fmt: skip
    back = _post(client, "medicine-new", item="fj-31", dose="1x4", seen=0).content.decode()
    assert "alertdialog" in back
    assert "Bruker blodfortynnende" in back


@pytest.fixture
def english(client: Client) -> Client:
    """The same doctor, who reads English."""
    client.cookies["language"] = "en"
    return client


def _value(fhir_id: str, code: str, value: float, day: str, **more: Any) -> None:
    put("Observation", fhir_id, subject={"reference": "Patient/p"},
        effectiveDateTime=day, category=[{"coding": [{"code": "laboratory",
            "system": "http://terminology.hl7.org/CodeSystem/observation-category"}]}],
        code={"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": code}]},
        valueQuantity={"value": value, "unit": "mmol/L"}, **({"status": "final"} | more))  # fmt: skip


def _beside(english: Client, name: str, *keys: str, **asked: str) -> str:
    page = english.get(reverse(name, args=["p", *keys]), asked).content.decode()
    (found,) = re.findall(r'<dl class="beside-dose".*?</dl>', page, re.DOTALL)
    return str(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)))


def test_the_newest_potassium_and_what_is_in_use_stand_beside_the_dose(english: Client) -> None:
    assert "none in this record" in _beside(english, "medicine-new", item="fj-1")
    _prescribe(english, "fj-1", "1+0+1")
    _value("old", "NPU03230", 4.1, "2025-01-05")
    _value("new", "NPU03230", 5.7, "2025-03-09")
    _value("wrong", "NPU03230", 9.9, "2025-06-09", status="entered-in-error")
    (line,) = list_of(SYSTEM, "p").medicines
    shown = [
        _beside(english, "medicine-new", item="fj-31"),
        _beside(english, "medicine-change", line.reference.removeprefix("MedicationRequest/")),
        _beside(english, "medicines-renew"),
    ]
    for each in shown:
        assert "5.7 mmol/L 9 Mar 2025" in each
        assert "4.1" not in each
        assert "9.9" not in each
        assert "Amlodipin 5 mg tablett" in each
        assert "eGFR none in this record" in each


def test_the_pages_of_a_dose_and_of_a_renewal_say_what_is_not_checked(english: Client) -> None:
    _prescribe(english, "fj-1", "1+0+1")
    for name, asked in (("medicine-new", {"item": "fj-1"}), ("medicines-renew", {})):
        page = english.get(reverse(name, args=["p"]), asked).content.decode()
        assert "Not checked: kidney function" in page


def test_an_allergy_is_told_when_the_medicine_is_chosen_before_any_dose(english: Client) -> None:
    allergy()
    page = english.get(reverse("medicine-new", args=["p"]), {"item": "fj-31"}).content.decode()
    (known,) = re.findall(r'<ul class="known-against.*?</ul>', page, re.DOTALL)
    assert "Allergy" in known
    other = english.get(reverse("medicine-new", args=["p"]), {"item": "fj-1"}).content.decode()
    assert "known-against" not in other


def test_the_same_medicine_twice_leads_to_the_dose_of_the_one_in_use(english: Client) -> None:
    _prescribe(english, "fj-1", "1+0+1")
    (line,) = list_of(SYSTEM, "p").medicines
    change = reverse(
        "medicine-change", args=["p", line.reference.removeprefix("MedicationRequest/")]
    )
    chosen = english.get(reverse("medicine-new", args=["p"]), {"item": "fj-1"}).content.decode()
    assert f'href="{change}"' in chosen
    written = _post(english, "medicine-new", item="fj-1", dose="1x2", seen=1).content.decode()
    assert f'href="{change}"' in written.partition('role="alertdialog"')[2].partition("</ul>")[0]


def test_the_receipt_names_the_medicine_and_its_dose(english: Client) -> None:
    _prescribe(english, "fj-1", "1x4 i 7 dager")
    page = english.get(reverse("medicines", args=["p"])).content.decode()
    assert "Prescribed: Amlodipin 5 mg tablett: 1 tablet 4 times every day for 7 days" in page
    (line,) = list_of(SYSTEM, "p").medicines
    key = line.reference.removeprefix("MedicationRequest/")
    asked = {"dose": "2+0+0", "seen": 1, "medicine_seen": line.version, "why": "Bedre"}
    (shown,) = _hidden(_post(english, "medicine-change", key, **asked), "shown")
    assert _post(english, "medicine-change", key, **asked, shown=shown).status_code == 302
    page = english.get(reverse("medicines", args=["p"])).content.decode()
    assert "Changed: Amlodipin 5 mg tablett: 2 tablets in the morning every day" in page


def test_what_is_prescribed_is_told_to_stand_in_the_list_and_not_at_a_pharmacy(
    client: Client,
) -> None:
    client.cookies["language"] = "en"
    page = client.get(reverse("medicine-new", args=["p"]) + "?item=fj-1").content.decode()
    assert "No prescription is sent to a pharmacy from here yet." in page
    _prescribe(client, "fj-1", "1+0+1")
    receipt = client.get(reverse("medicines", args=["p"])).content.decode()
    assert (
        "It stands in the shared list. No prescription is sent to a pharmacy from here." in receipt
    )


def test_a_change_says_both_strengths_beside_its_button_and_is_headed_by_what_stands(
    client: Client,
) -> None:
    client.cookies["language"] = "en"
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    other = next(e for e in ITEMS.values() if e.atc == line.atc and e.label != line.name)
    page = _post(
        client, "medicine-change", line.reference.partition("/")[2], item=other.id, dose="1+0+0",
        seen=1, medicine_seen=line.version, why="Høyt blodtrykk",
    ).content.decode()  # fmt: skip
    heading = re.findall(r"<h1[^>]*>(.*?)</h1>", page)[0]
    assert heading == line.name
    summary = page[page.index('class="said-back"') :]
    assert f"Now: {line.name}: " in summary
    assert f"New: {other.label}: " in summary
    assert page.index('name="why"') < page.index('class="said-back"')  # nothing to fill in between


def test_a_medicine_is_stopped_with_plain_words_and_the_codes_of_the_list(client: Client) -> None:
    client.cookies["language"] = "en"
    _prescribe(client, "fj-1", "1+0+0")
    (line,) = list_of(SYSTEM, "p").medicines
    page = client.get(
        reverse("medicine-stop", args=["p", line.reference.partition("/")[2]])
    ).content.decode()
    options = re.findall(r'<option value="(\d)"[^>]*>([^<]*)', page)
    assert [code for code, _ in options] == list(STOP_REASONS)
    assert options[0][1] == "The treatment is ended (seponering)"
    assert "Why, in your own words" in page
