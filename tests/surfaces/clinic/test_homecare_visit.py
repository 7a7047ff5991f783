"""One visit on the phone: doses, actions, what was cancelled, two who tick at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from fellesjournal.access import acts
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.reading_days import visits
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from tests.homecare_at_home import (
    CARER,
    NURSE,
    PATIENT,
    at_eight,
    form_of,
    home,
    page_of,
    state_of,
    stop_the_medicine,
    visit_address,
)
from tests.signing_in import ASLAUG, put, staff_client
from tests.staff import SYSTEM

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db

EVERY_MORNING = {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}


def _live(text: str) -> str:
    """The page without what is folded away as cancelled."""
    return re.sub(r'<details[^>]*id="not-live".*?</details>', "", text, flags=re.DOTALL)


@pytest.mark.usefixtures("home")
def test_inv_20_a_cancelled_dose_is_neither_on_the_card_nor_counted_nor_among_what_to_give() -> (
    None
):
    client = staff_client(CARER)
    assert re.search("0 (av|of) 3", page_of(client, reverse("home-care-day")))
    put(
        "MedicationRequest", "dose", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)
    text = page_of(client, reverse("home-care-day"))
    assert "Metoprolol" not in text
    assert re.search("0 (av|of) 2", text)
    page = page_of(client, visit_address())
    assert "Metoprolol" not in _live(page)
    assert re.search(r"<s>Metoprolol[^<]*08:00</s>: [^<]+ \d+\.\d+\.", page)


@pytest.mark.usefixtures("home")
def test_a_visit_is_made_on_the_phone_from_start_to_end() -> None:
    client, address = staff_client(CARER), visit_address()
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    left = page_of(client, address).partition('id="left-open"')[2]
    assert re.search(r'href="#item-[^"]+">Metoprolol: 1 tablett</a> 08:00', left)
    assert "Stell</a>" in left
    medicines = form_of(page_of(client, address), 'value="done"')
    early = client.post(address, medicines)
    assert early.status_code == 409
    assert re.search(r'role="alert"[^>]*>[^<]*Metoprolol: 1 tablett 08:00', early.content.decode())
    client.post(address, form_of(page_of(client, address), 'value="given"'))
    client.post(address, medicines)
    answer = client.post(
        address, form_of(page_of(client, address), 'value="not-done"') | {"words": "Ville ikke"}
    )
    assert answer.status_code == 302
    assert sorted(map(state_of, ("Medisiner", "Metoprolol", "Stell"))) == [
        "done",
        "done",
        "not-done",
    ]
    assert 'id="left-open"' not in page_of(client, address)
    answer = client.post(address, form_of(page_of(client, address), 'value="end"'))
    assert answer["Location"] == reverse("home-care-day")


@pytest.mark.usefixtures("home")
def test_a_visit_of_tomorrow_says_its_day_and_offers_nothing_to_tick_or_give() -> None:
    tomorrow = clock.today() + timedelta(days=1)
    (found,) = visits(SYSTEM, tomorrow, tomorrow, patient=PATIENT)
    client, address = staff_client(CARER), reverse("home-visit", args=[ASLAUG.id, found.id])
    text = page_of(client, address)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert heading is not None
    assert re.search(rf"\b{tomorrow.day}\. .*\((i morgen|tomorrow)\)", heading[1])
    assert not re.search(r'value="(start|done|given|not-done)"', text)
    seen = {"patient": ASLAUG.id, "version": str(found.version), "do": "start"}
    assert client.post(address, seen).status_code == 409
    (stands,) = visits(SYSTEM, tomorrow, tomorrow, patient=PATIENT)
    assert stands.status == "planned"


@pytest.mark.usefixtures("home")
def test_a_late_dose_without_a_word_is_not_recorded_and_says_what_is_missing() -> None:
    address = visit_address()
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=5)):
        client = staff_client(CARER)
        form = form_of(page_of(client, address), 'value="given"')
        answer = client.post(address, form)
        assert answer.status_code == 422
        assert state_of("Metoprolol") == "open"
        client.post(address, form | {"words": "Køen i trafikken"})
        assert state_of("Metoprolol") == "done"
        row = re.search(r'data-state="done">(.*?)</p>', page_of(client, address), re.DOTALL)
        assert row is not None
        told = r"09:05 \(1 (h|t) 5 min [^)]+\), [^:]+: Køen i trafikken"
        assert re.search(told, row[1]), row[1]


@pytest.mark.usefixtures("home")
def test_the_reason_for_one_late_dose_stands_ready_at_the_next_and_nowhere_before() -> None:
    for name in ("second", "third"):
        put(
            "MedicationRequest", name, status="active", intent="order",
            medicationCodeableConcept={"text": name}, subject={"reference": PATIENT},
            authoredOn="2026-01-05",
            dosageInstruction=[{"text": "1", "timing": {"repeat": EVERY_MORNING}}],
        )  # fmt: skip
    make_days(SYSTEM, PATIENT)
    address = visit_address()
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=5)):
        client = staff_client(CARER)
        assert why_late(page_of(client, address)) == ["", "", ""]
        form = form_of(page_of(client, address), 'value="given"')
        client.post(address, form | {"words": "Køen i trafikken"})
        assert why_late(page_of(client, address)) == ["Køen i trafikken"] * 2
        assert state_of("second") == "open"


@pytest.mark.usefixtures("home")
def test_a_dose_whose_amount_is_written_in_words_alone_can_be_given() -> None:
    put(
        "MedicationRequest", "words", status="active", intent="order",
        medicationCodeableConcept={"text": "Salve"}, subject={"reference": PATIENT},
        authoredOn="2026-01-05",
        dosageInstruction=[{"text": "tynt lag", "timing": {"repeat": EVERY_MORNING}}],
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)
    client = staff_client(CARER)
    page = page_of(client, visit_address())
    row = re.search(r'<li class="todo__item"[^>]*>(?:(?!</li>).)*Salve.*?</li>', page, re.DOTALL)
    assert row is not None
    fields = dict(
        re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', row[0].split("</form>")[0])
    )
    assert client.post(visit_address(), fields | {"do": "given"}).status_code == 302
    assert state_of("Salve") == "done"


@pytest.mark.usefixtures("home")
def test_several_late_doses_are_ticked_and_saved_once_with_one_reason() -> None:
    for name in ("second", "third"):
        put(
            "MedicationRequest", name, status="active", intent="order",
            medicationCodeableConcept={"text": name}, subject={"reference": PATIENT},
            authoredOn="2026-01-05",
            dosageInstruction=[{"text": "1", "timing": {"repeat": EVERY_MORNING}}],
        )  # fmt: skip
    make_days(SYSTEM, PATIENT)
    address = visit_address()
    client = staff_client(CARER)
    client.cookies["language"] = "en"
    assert "several at once" not in page_of(client, address)  # nothing is late at eight
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=5)):
        client = staff_client(CARER)
        client.cookies["language"] = "en"
        page = page_of(client, address)
        assert "3 are late: several at once" in page
        doses = re.findall(r'name="dose" value="([^"]*)"', page)
        assert len(doses) == 3
        form = form_of(page, 'value="given-together"') | {"do": "given-together"}
        assert not form.get("dose")  # each is hers to tick
        none = client.post(address, form)
        assert none.status_code == 422
        assert "Tick the doses that were given." in none.content.decode()
        unsaid = client.post(address, form | {"dose": doses[:2]})
        assert unsaid.status_code == 422
        again = unsaid.content.decode()
        assert "write a word on why" in again
        assert len(re.findall(r'name="dose"[^>]* checked', again)) == 2
        assert re.search(r'id="together-why"[^>]*aria-invalid', again)
        assert not re.search(r'id="together-then"[^>]*aria-invalid', again)
        ahead = client.post(
            address, form | {"dose": doses[:2], "at": f"{clock.today():%Y-%m-%d}T09:30"}
        )
        assert ahead.status_code == 422
        assert re.search(r'id="together-then"[^>]*aria-invalid', ahead.content.decode())
        for odd in ("x", ":::", "a:b:c", doses[0] + ":1"):
            refused = client.post(address, form | {"dose": odd, "words": "x"})
            assert refused.status_code in {404, 409, 422}
        said = {"dose": doses[:2], "words": "Køen i trafikken"}
        assert client.post(address, form | said).status_code == 302
        states = sorted(state_of(name) for name in ("Metoprolol", "second", "third"))
        assert states == ["done", "done", "open"]
        assert client.post(address, form | said).status_code == 409  # sent again


def why_late(page: str) -> list[str]:
    """What stands in the fields that ask why a dose is late."""
    return re.findall(
        r'id="late-[^"]*" name="words" maxlength="500" required value="([^"]*)"', page
    )


@pytest.mark.usefixtures("home")
def test_a_dose_given_at_another_time_is_said_so_and_never_ahead() -> None:
    address = visit_address()
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=30)):
        client = staff_client(CARER)
        client.cookies["language"] = "en"
        form = form_of(page_of(client, address), 'value="given"')
        day = f"{clock.today():%Y-%m-%d}"
        for wrong in (
            f"{day}T09:31",
            "2001-01-01T08:00",
            "0001-01-01T00:00",
            "9999-12-31T23:59",
            "snart",
            f"{day}T25:00",
        ):
            answer = client.post(address, form | {"at": wrong, "words": "Sa det senere"})
            assert answer.status_code == 422, wrong
            text = answer.content.decode()
            assert "Nothing was recorded: look at the day and the time." in text
            assert "Sa det senere" in text
            assert state_of("Metoprolol") == "open"
        client.post(address, form | {"at": f"{day}T08:05", "words": ""})
        row = re.search(r'data-state="done">(.*?)</p>', page_of(client, address), re.DOTALL)
        assert row is not None
        assert " 08:05, " in row[1]
        assert "late" not in row[1]


@pytest.mark.usefixtures("home")
def test_a_dose_that_was_not_given_says_so_and_an_action_that_it_was_not_done() -> None:
    client, address = staff_client(CARER), visit_address()
    for _ in range(3):
        form = form_of(page_of(client, address), 'value="not-done"')
        client.post(address, form | {"words": "Ville ikke"})
    told = re.findall(r'data-state="not-done">([^<]*?) 08:01', page_of(client, address))
    assert [each in {"Not given", "Ikke gitt"} for each in told] == [True, False, False]


@pytest.mark.usefixtures("home")
def test_a_dose_given_in_the_wrong_row_is_taken_back_and_stands_struck_through() -> None:
    client, address = staff_client(CARER), visit_address()
    client.post(address, form_of(page_of(client, address), 'value="given"'))
    form = form_of(page_of(client, address), 'value="take-back"')
    answer = client.post(address, form | {"words": " "})
    assert answer.status_code == 422
    assert re.search(r'aria-invalid="true" aria-describedby="problem"', answer.content.decode())
    assert state_of("Metoprolol") == "done"
    nurse = staff_client(NURSE)
    answer = nurse.post(address, form | {"words": "Feil <b>rad</b>"})
    assert answer.headers["Location"].endswith(f"#item-{form['item']}")
    assert state_of("Metoprolol") == "open"
    text = page_of(client, address)
    told = re.search(r"<s>([^<]*) 08:01, ([^<]*)</s>([^<]*)</p>", text)
    assert told is not None
    assert told[1].strip() in {"Given", "Gitt"}
    assert told[2] == CARER.name
    assert "08:01 " in told[3]
    assert NURSE.name in told[3]
    assert told[3].endswith("Feil &lt;b&gt;rad&lt;/b&gt;")
    assert 'value="given"' in text
    again = client.post(address, form | {"words": "Feil rad"})
    assert again.status_code == 409
    assert re.search("0 (av|of) 3", page_of(client, reverse("home-care-day")))


@pytest.mark.usefixtures("home")
def test_two_phones_the_second_is_told_what_stands_and_keeps_what_was_typed() -> None:
    first, second, address = staff_client(CARER), staff_client(NURSE), visit_address()
    form = form_of(page_of(second, address), 'value="not-done"')
    first.post(address, form | {"words": "Ville ikke"})
    answer = second.post(address, form | {"words": "Hun sov"})
    assert answer.status_code == 409
    assert CARER.name in answer.content.decode()


@pytest.mark.usefixtures("home")
def test_inv_44_a_form_of_another_patient_s_page_writes_nothing() -> None:
    client, address = staff_client(CARER), visit_address()
    form = form_of(page_of(client, address), 'value="done"')
    answer = client.post(address, form | {"patient": "somebody-else"})
    assert answer.status_code == 409
    assert state_of("Medisiner") == "open"


@pytest.mark.usefixtures("home")
def test_a_refusal_stands_at_the_item_where_it_was_pressed() -> None:
    client, address = staff_client(CARER), visit_address()
    form = form_of(page_of(client, address), 'value="done"')
    client.post(address, form)
    text = client.post(address, form).content.decode()
    row = re.search(rf'id="item-{form["item"]}".*?</li>', text, re.DOTALL)
    assert row is not None
    assert 'id="problem"' in row[0]
    assert text.count('id="problem"') == 1


@pytest.mark.usefixtures("home")
def test_what_was_cancelled_during_the_visit_is_told_before_it_ends() -> None:
    client, address = staff_client(CARER), visit_address()
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    assert "cancelled-meanwhile" not in page_of(client, address)
    stop_the_medicine()
    _begun_at(clock.now() - timedelta(days=1))  # the database's clock tells when it was cancelled
    text = page_of(client, address)
    told = re.search(r'id="cancelled-meanwhile".*?</div>', text, re.DOTALL)
    assert told is not None
    assert "Metoprolol" in told[0]
    assert re.search(r"08:00: \w+", told[0])  # and why


@pytest.mark.usefixtures("home")
def test_what_was_cancelled_before_the_visit_began_is_no_question_to_who_is_there() -> None:
    client, address = staff_client(CARER), visit_address()
    stop_the_medicine()
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    _begun_at(clock.now() + timedelta(days=1))
    assert "cancelled-meanwhile" not in page_of(client, address)


def _begun_at(moment: datetime) -> None:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    body, _ = acts.read(SYSTEM, "Encounter", found.id)
    rest = {name: value for name, value in body.items() if name not in {"resourceType", "id"}}
    put("Encounter", found.id, **rest | {"period": {"start": moment.isoformat()}})


@pytest.mark.usefixtures("home")
def test_an_answer_that_was_taken_back_is_not_folded_away_with_a_cancelled_row() -> None:
    client, address = staff_client(CARER), visit_address()
    client.post(address, form_of(page_of(client, address), 'value="given"'))
    back = form_of(page_of(client, address), 'value="take-back"') | {"words": "Feil rad"}
    client.post(address, back)
    stop_the_medicine()
    text = page_of(client, address)
    assert 'id="not-live"' not in text
    panel = re.search(r'aria-labelledby="ended-plain-title".*?</section>', text, re.DOTALL)
    assert panel is not None
    assert "Feil rad" in panel[0]


def _renew(prior: str, new: str, **more: object) -> None:
    """A prescription that takes the place of another, as a renewal writes both."""
    data, _ = acts.read(SYSTEM, "MedicationRequest", prior)
    body = {k: v for k, v in data.items() if k not in {"id", "meta", "resourceType"}}
    put("MedicationRequest", prior, **(body | {"status": "stopped"}))
    put("MedicationRequest", new,
        **(body | {"priorPrescription": {"reference": f"MedicationRequest/{prior}"}} | more))  # fmt: skip
    make_days(SYSTEM, PATIENT)


@pytest.mark.usefixtures("home")
def test_a_renewed_dose_is_not_told_as_cancelled_while_it_still_is_to_be_given() -> None:
    client, address = staff_client(CARER), visit_address()
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    _renew("dose", "again")
    _renew("again", "yet-again")
    text = page_of(client, address)
    assert 'id="not-live"' not in text
    assert 'id="cancelled-meanwhile"' not in text
    assert text.count('value="given"') == 2  # now, or at another time: of one dose
    client.post(address, form_of(text, 'value="given"'))
    assert 'id="not-live"' not in page_of(client, address)


@pytest.mark.usefixtures("home")
def test_what_was_replaced_by_another_dose_or_stopped_is_told_as_cancelled() -> None:
    client, address = staff_client(CARER), visit_address()
    put("MedicationRequest", "twin", **{k: v for k, v in acts.read(
        SYSTEM, "MedicationRequest", "dose")[0].items() if k not in {"id", "meta", "resourceType"}})  # fmt: skip
    make_days(SYSTEM, PATIENT)
    put("MedicationRequest", "twin", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT})  # fmt: skip
    make_days(SYSTEM, PATIENT)
    assert 'id="not-live"' in page_of(client, address)  # one of two that were alike was stopped
    two = {"value": 2, "unit": "tablett"}
    data, _ = acts.read(SYSTEM, "MedicationRequest", "dose")
    _renew("dose", "more", dosageInstruction=[
        data["dosageInstruction"][0] | {"doseAndRate": [{"doseQuantity": two}]}])  # fmt: skip
    text = page_of(client, address)
    assert len(re.findall(r"<s>Metoprolol: 1 tablett", text)) == 2
    assert "Metoprolol: 2 tabletter" in text


@pytest.mark.usefixtures("home")
def test_the_list_of_what_was_cancelled_stays_open_when_it_was_opened() -> None:
    client, address = staff_client(CARER), visit_address()
    stop_the_medicine()
    opened = f"{address}?cancelled=1"
    assert not re.search(r'id="not-live"[^>]* open', page_of(client, address))
    assert re.search(r'id="not-live"[^>]* open', page_of(client, opened))
    answer = client.post(opened, form_of(page_of(client, opened), 'value="done"'))
    assert "?cancelled=1#item-" in answer["Location"]


@pytest.mark.usefixtures("home")
def test_a_visit_leads_to_a_new_measurement() -> None:
    address = f"{reverse('note-down', args=[ASLAUG.id])}#vitals-title"
    assert address in page_of(staff_client(NURSE), visit_address())


@pytest.mark.usefixtures("home")
def test_from_a_measurement_one_gets_back_to_the_visit_one_came_from() -> None:
    client, address = staff_client(NURSE), visit_address()
    measuring = reverse("note-down", args=[ASLAUG.id])
    assert 'id="to-the-visit"' not in page_of(client, measuring)
    page_of(client, address)
    assert f'<a id="to-the-visit" href="{address}">' in page_of(client, measuring)


@pytest.mark.usefixtures("home")
def test_a_visit_is_given_to_a_colleague_by_name() -> None:
    staff_client(NURSE)
    client, address = staff_client(CARER), visit_address()
    form = form_of(page_of(client, address + "?assign=1"), 'value="assign"')
    assert client.post(address, form | {"to": "Practitioner/nobody"}).status_code == 422
    assert client.post(address, form | {"to": f"Practitioner/{CARER.id}"}).status_code == 302
    assert f"Besøket er gitt til {CARER.name}." in page_of(client, address)
    check = page_of(client, reverse("home-care-shift"))
    assert check.count(f"besøket er gitt til {CARER.name}") == 3
    assert CARER.name in page_of(client, reverse("home-care-day") + "?mine=1")


@pytest.mark.usefixtures("home")
def test_what_can_not_be_counted_is_said_on_the_visit() -> None:
    put(
        "MedicationRequest", "odd", status="active", intent="order",
        medicationCodeableConcept={"text": "Prednisolon"}, subject={"reference": PATIENT},
        dosageInstruction=[{"text": "nedtrapping etter avtale"}],
    )  # fmt: skip
    text = page_of(staff_client(CARER), visit_address())
    assert "Prednisolon: nedtrapping etter avtale" in text
