"""Home care's pages: day list, visit, plan, shift check, applications, what is to be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import acts, jobs
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.conversations.actions import begin
from fellesjournal.care.conversations.queries import queue
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.plans import Rule, activity
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS, everything, items, visits
from fellesjournal.care.homecare.tasks import on_hands
from fellesjournal.care.medication.actions import change_medicine, prescribe
from fellesjournal.care.medication.queries import list_of
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.foundation.outbox import worker
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from fellesjournal.surfaces.clinic.medicine_news import LATELY
from tests.care.medication.medicines import PARACETAMOL, order
from tests.signing_in import ASLAUG, put, register, sign_in, staff_client
from tests.staff import SYSTEM, employ

pytestmark = pytest.mark.django_db

CARER = next(member for member in STAFF if member.role == "carer")
NURSE = next(member for member in STAFF if member.role == "home-care-nurse")
LEADER = next(member for member in STAFF if member.role == "unit-leader")
OFFICER = next(member for member in STAFF if member.role == "case-officer")
PATIENT = f"Patient/{ASLAUG.id}"
UNIT = f"Organization/{CARER.unit_id}"
FELL = {"words": "Falt på badet", "kind": "fall", "harm": "none"}
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEW_ACTION: dict[str, Any] = {
    "text": "Støttestrømper", "weekdays": list(EVERY_DAY), "begins": "08:00", "ends": "10:00",
    "minutes": "5", "weeks": "1",
}  # fmt: skip
TOWN = {
    "system": (
        "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
    ),
    "code": "5001",
}
_ADDRESS = {
    "line": ["Granlivegen 12"],
    "city": "Trondheim",
    "_district": {
        "extension": [
            {
                "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
                "valueCoding": TOWN,
            }
        ]
    },
}


@pytest.fixture(autouse=True)
def at_eight() -> Iterator[None]:
    """A minute past eight in the morning, today: sessions are of today."""
    today = datetime.now(UTC).astimezone(NORWAY)
    with clock.at(today.replace(hour=8, minute=1, second=0, microsecond=0)):
        yield


@pytest.fixture
def home() -> None:
    """A citizen with a service, a plan and a medicine; her visit of today is made."""
    register(ASLAUG, address=[_ADDRESS])
    put("Organization", CARER.unit_id, name=CARER.unit_name)
    put(
        "EpisodeOfCare", "service", status="active",
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}], "text": "Hjemmesykepleie"}],
        patient={"reference": PATIENT}, managingOrganization={"reference": UNIT},
    )  # fmt: skip
    rules = (
        Rule(text="Stell", weekdays=EVERY_DAY, begins=_at(8), ends=_at(10), minutes=20),
        Rule(
            text="Medisiner", weekdays=EVERY_DAY, begins=_at(8), ends=_at(10), minutes=5,
            gives_medicines=True,
        ),
    )  # fmt: skip
    put(
        "CarePlan", "plan", status="active", intent="plan",
        category=[{"coding": [{"system": codes.PLAN_TYPE, "code": PLANNED_VISITS}]}],
        subject={"reference": PATIENT},
        activity=[
            activity(f"a{n}", rule, unit=UNIT, since=clock.today())
            for n, rule in enumerate(rules, 1)
        ],
    )  # fmt: skip
    put(
        "MedicationRequest", "dose", status="active", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
        authoredOn="2026-01-05",
        dosageInstruction=[
            {
                "text": "1 tablett",
                "timing": {
                    "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}
                },
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)


def _at(hour: int) -> Any:
    return datetime(2026, 1, 1, hour, tzinfo=UTC).time()


def _visit_address() -> str:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return reverse("home-visit", args=[ASLAUG.id, found.id])


def _state(text: str) -> str:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return next(i.state for i in items(SYSTEM, [found.id]) if i.text.startswith(text))


def _form(page: str, button: str) -> dict[str, str]:
    """The hidden fields of the form with this button."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if button in f)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    do = re.search(r'name="do" value="([^"]+)"', form)
    return {**dict(fields), **({"do": do[1]} if do else {})}


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.usefixtures("home")
def test_the_day_list_tells_whom_where_when_and_what() -> None:
    text = _page(staff_client(CARER), reverse("home-care-day"))
    for shown in (ASLAUG.name, "Granlivegen 12", "08:00", "Stell", "Metoprolol"):
        assert shown in text


@pytest.mark.usefixtures("home")
def test_a_card_counts_medicines_when_they_are_more_than_are_read_at_a_glance() -> None:
    client = staff_client(CARER)
    client.cookies["language"] = "en"
    body, _ = acts.read(SYSTEM, "MedicationRequest", "dose")
    rest = {k: v for k, v in body.items() if k not in {"id", "meta", "resourceType"}}
    for n in range(3):
        assert "Medicines (" not in _page(client, reverse("home-care-day"))
        put("MedicationRequest", f"dose{n}",
            **rest | {"medicationCodeableConcept": {"text": f"Legemiddel {n}"}})  # fmt: skip
        make_days(SYSTEM, PATIENT)
    text = _page(client, reverse("home-care-day"))
    card = re.search(r'care-card__what">(.*?)</p>', text)
    assert card is not None
    assert card[1] == "Medisiner, Stell, Medicines (4)"
    assert "0 of 6 documented" in text


def _live(text: str) -> str:
    """The page without what is folded away as cancelled."""
    return re.sub(r'<details[^>]*id="not-live".*?</details>', "", text, flags=re.DOTALL)


@pytest.mark.usefixtures("home")
def test_inv_20_a_cancelled_dose_is_neither_on_the_card_nor_counted_nor_among_what_to_give() -> (
    None
):
    client = staff_client(CARER)
    assert re.search("0 (av|of) 3", _page(client, reverse("home-care-day")))
    put(
        "MedicationRequest", "dose", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)
    text = _page(client, reverse("home-care-day"))
    assert "Metoprolol" not in text
    assert re.search("0 (av|of) 2", text)
    page = _page(client, _visit_address())
    assert "Metoprolol" not in _live(page)
    assert re.search(r"<s>Metoprolol[^<]*08:00</s>: [^<]+ \d+\.\d+\.", page)


@pytest.mark.usefixtures("home")
def test_home_care_comes_to_its_visits_and_finds_home_care_first_in_a_record() -> None:
    for member in (CARER, NURSE):
        client = staff_client(member)
        assert client.get("/").headers["Location"] == reverse("home-care-day")
        text = _page(client, reverse("home-care-plan", args=[ASLAUG.id]))
        part, overview = (
            text.index(f'href="{reverse(name, args=[ASLAUG.id])}"')
            for name in ("home-care-plan", "chart")
        )
        assert part < overview
    assert staff_client(LEADER).get("/").headers["Location"] == reverse("reviews")
    assert staff_client(OFFICER).get("/").headers["Location"] == reverse("patients")


@pytest.mark.usefixtures("home")
def test_from_another_day_one_gets_back_to_today() -> None:
    client, today = staff_client(CARER), reverse("home-care-day")
    back = f'<a class="filter" href="{today}">'
    assert back in _page(client, f"{today}?day=2026-01-01")
    assert back not in _page(client, today)


@pytest.mark.usefixtures("home")
def test_a_protected_address_is_not_on_the_list() -> None:
    system = "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality"
    label = {"system": system, "code": "fortrolig"}
    register(ASLAUG, address=[_ADDRESS], meta={"security": [label]})
    text = _page(staff_client(CARER), reverse("home-care-day"))
    assert ASLAUG.name in text
    assert "Granlivegen" not in text


@pytest.mark.usefixtures("home")
def test_a_visit_is_made_on_the_phone_from_start_to_end() -> None:
    client, address = staff_client(CARER), _visit_address()
    client.post(address, _form(_page(client, address), 'value="start"'))
    medicines = _form(_page(client, address), 'value="done"')
    early = client.post(address, medicines)
    assert early.status_code == 409
    assert re.search(r'role="alert"[^>]*>[^<]*Metoprolol: 1 tablett 08:00', early.content.decode())
    client.post(address, _form(_page(client, address), 'value="given"'))
    client.post(address, medicines)
    answer = client.post(
        address, _form(_page(client, address), 'value="not-done"') | {"words": "Ville ikke"}
    )
    assert answer.status_code == 302
    assert sorted(map(_state, ("Medisiner", "Metoprolol", "Stell"))) == ["done", "done", "not-done"]
    answer = client.post(address, _form(_page(client, address), 'value="end"'))
    assert answer["Location"] == reverse("home-care-day")


@pytest.mark.usefixtures("home")
def test_a_visit_of_tomorrow_says_its_day_and_offers_nothing_to_tick_or_give() -> None:
    tomorrow = clock.today() + timedelta(days=1)
    (found,) = visits(SYSTEM, tomorrow, tomorrow, patient=PATIENT)
    client, address = staff_client(CARER), reverse("home-visit", args=[ASLAUG.id, found.id])
    text = _page(client, address)
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
    address = _visit_address()
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=5)):
        client = staff_client(CARER)
        form = _form(_page(client, address), 'value="given"')
        answer = client.post(address, form)
        assert answer.status_code == 422
        assert _state("Metoprolol") == "open"
        client.post(address, form | {"words": "Køen i trafikken"})
        assert _state("Metoprolol") == "done"
        row = re.search(r'data-state="done">(.*?)</p>', _page(client, address), re.DOTALL)
        assert row is not None
        told = r"09:05 \(1 (h|t) 5 min [^)]+\), [^:]+: Køen i trafikken"
        assert re.search(told, row[1]), row[1]


@pytest.mark.usefixtures("home")
def test_a_dose_given_at_another_time_is_said_so_and_never_ahead() -> None:
    address = _visit_address()
    with clock.at(clock.now().astimezone(NORWAY).replace(hour=9, minute=30)):
        client = staff_client(CARER)
        client.cookies["language"] = "en"
        form = _form(_page(client, address), 'value="given"')
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
            assert _state("Metoprolol") == "open"
        client.post(address, form | {"at": f"{day}T08:05", "words": ""})
        row = re.search(r'data-state="done">(.*?)</p>', _page(client, address), re.DOTALL)
        assert row is not None
        assert " 08:05, " in row[1]
        assert "late" not in row[1]


@pytest.mark.usefixtures("home")
def test_a_dose_that_was_not_given_says_so_and_an_action_that_it_was_not_done() -> None:
    client, address = staff_client(CARER), _visit_address()
    for _ in range(3):
        form = _form(_page(client, address), 'value="not-done"')
        client.post(address, form | {"words": "Ville ikke"})
    told = re.findall(r'data-state="not-done">([^<]*?) 08:01', _page(client, address))
    assert [each in {"Not given", "Ikke gitt"} for each in told] == [False, False, True]


@pytest.mark.usefixtures("home")
def test_a_dose_given_in_the_wrong_row_is_taken_back_and_stands_struck_through() -> None:
    client, address = staff_client(CARER), _visit_address()
    client.post(address, _form(_page(client, address), 'value="given"'))
    form = _form(_page(client, address), 'value="take-back"')
    answer = client.post(address, form | {"words": " "})
    assert answer.status_code == 422
    assert re.search(r'aria-invalid="true" aria-describedby="problem"', answer.content.decode())
    assert _state("Metoprolol") == "done"
    nurse = staff_client(NURSE)
    answer = nurse.post(address, form | {"words": "Feil <b>rad</b>"})
    assert answer.headers["Location"].endswith(f"#item-{form['item']}")
    assert _state("Metoprolol") == "open"
    text = _page(client, address)
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
    assert re.search("0 (av|of) 3", _page(client, reverse("home-care-day")))


@pytest.mark.usefixtures("home")
def test_two_phones_the_second_is_told_what_stands_and_keeps_what_was_typed() -> None:
    first, second, address = staff_client(CARER), staff_client(NURSE), _visit_address()
    form = _form(_page(second, address), 'value="not-done"')
    first.post(address, form | {"words": "Ville ikke"})
    answer = second.post(address, form | {"words": "Hun sov"})
    assert answer.status_code == 409
    assert CARER.name in answer.content.decode()


@pytest.mark.usefixtures("home")
def test_inv_44_a_form_of_another_patient_s_page_writes_nothing() -> None:
    client, address = staff_client(CARER), _visit_address()
    form = _form(_page(client, address), 'value="done"')
    answer = client.post(address, form | {"patient": "somebody-else"})
    assert answer.status_code == 409
    assert _state("Medisiner") == "open"


@pytest.mark.usefixtures("home")
def test_a_deviation_is_on_the_leaders_list_until_she_ends_it_in_words() -> None:
    client, address = staff_client(CARER), _visit_address()
    answer = client.post(address, _form(_page(client, address), 'value="deviation"') | FELL)
    assert answer["Location"] == f"{address}#deviations-title"
    receipt = re.search(r'id="deviations-title".*?</ul>', _page(client, address), re.DOTALL)
    assert receipt is not None
    assert re.search(r"08:01: Falt på badet", receipt[0])
    own = _page(client, reverse("home-care-work"))
    assert "Falt på badet" in own
    assert not re.search(r'action="[^"]*/homecare/work/', own)
    leader = staff_client(LEADER)
    text = _page(leader, reverse("home-care-work"))
    assert "Falt på badet" in text
    task = re.search(r'action="([^"]*/homecare/work/[^"]+)"', text)
    assert task is not None
    fields = _form(text, "version")
    assert leader.post(task[1], fields | {"words": ""}).status_code == 409
    assert leader.post(task[1], fields | {"words": "Gulvet sikret"}).status_code == 302
    assert "Falt på badet" not in _page(leader, reverse("home-care-work"))


def _stop_the_medicine() -> None:
    put(
        "MedicationRequest", "dose", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)


def _warn(words: str) -> None:
    put(
        "Flag", "warning", status="active", code={"text": words}, subject={"reference": PATIENT},
        category=[{"text": "klinisk"}],
    )  # fmt: skip


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("warning", "harm", "calls"),
    [
        ("Bruker blodfortynnende (apiksaban)", "head", True),
        ("Bruker blodfortynnende (apiksaban)", "hurt", False),
        ("Fallfare", "head", False),
    ],
)
def test_a_blow_to_the_head_of_who_takes_blood_thinners_says_call_now(
    *, warning: str, harm: str, calls: bool
) -> None:
    _warn(warning)
    client, address = staff_client(CARER), _visit_address()
    text = _page(client, address)
    assert ('id="warns"' in text) is ("blod" in warning)
    client.post(address, _form(text, 'value="deviation"') | FELL | {"harm": harm})
    receipt = re.search(r'id="deviations-title".*?</ul>', _page(client, address), re.DOTALL)
    assert receipt is not None
    assert ("call-now" in receipt[0]) is calls


@pytest.mark.usefixtures("home")
def test_a_deviation_without_its_kind_keeps_what_was_written_and_says_what_is_missing() -> None:
    client, address = staff_client(CARER), _visit_address()
    fields = _form(_page(client, address), 'value="deviation"') | FELL | {"kind": "nonsense"}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Falt på badet</textarea>" in text
    assert re.search(r'id="harm-none" value="none" checked', text)
    assert re.search(r'id="kind-problem">[^<]+<', text)
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', text) == ["kind-fall"]
    assert "deviations-title" not in text


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("left_out", "focused"), [("kind", "kind-fall"), ("harm", "harm-none"), ("words", "deviation")]
)
def test_each_question_of_a_deviation_says_itself_that_it_is_not_answered(
    left_out: str, focused: str
) -> None:
    client, address = staff_client(CARER), _visit_address()
    form = next(
        f
        for f in re.findall(r"<form.*?</form>", _page(client, address), re.DOTALL)
        if 'value="deviation"' in f
    )
    assert "novalidate" in form
    answer = client.post(address, _form(form, "") | FELL | {left_out: " "})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert re.findall(r'id="([a-z]+)-problem">[^<]+<', text) == [left_out]
    assert f'aria-describedby="{left_out}-problem"' in text
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', text) == [focused]
    assert 'id="problem"' not in text


@pytest.mark.usefixtures("home")
def test_a_refusal_stands_at_the_item_where_it_was_pressed() -> None:
    client, address = staff_client(CARER), _visit_address()
    form = _form(_page(client, address), 'value="done"')
    client.post(address, form)
    text = client.post(address, form).content.decode()
    row = re.search(rf'id="item-{form["item"]}".*?</li>', text, re.DOTALL)
    assert row is not None
    assert 'id="problem"' in row[0]
    assert text.count('id="problem"') == 1


@pytest.mark.usefixtures("home")
def test_what_was_cancelled_during_the_visit_is_told_before_it_ends() -> None:
    client, address = staff_client(CARER), _visit_address()
    client.post(address, _form(_page(client, address), 'value="start"'))
    assert "cancelled-meanwhile" not in _page(client, address)
    _stop_the_medicine()
    _begun_at(clock.now() - timedelta(days=1))  # the database's clock tells when it was cancelled
    text = _page(client, address)
    told = re.search(r'id="cancelled-meanwhile".*?</div>', text, re.DOTALL)
    assert told is not None
    assert "Metoprolol" in told[0]
    assert re.search(r"08:00: \w+", told[0])  # and why


@pytest.mark.usefixtures("home")
def test_what_was_cancelled_before_the_visit_began_is_no_question_to_who_is_there() -> None:
    client, address = staff_client(CARER), _visit_address()
    _stop_the_medicine()
    client.post(address, _form(_page(client, address), 'value="start"'))
    _begun_at(clock.now() + timedelta(days=1))
    assert "cancelled-meanwhile" not in _page(client, address)


def _begun_at(moment: datetime) -> None:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    body, _ = acts.read(SYSTEM, "Encounter", found.id)
    rest = {name: value for name, value in body.items() if name not in {"resourceType", "id"}}
    put("Encounter", found.id, **rest | {"period": {"start": moment.isoformat()}})


@pytest.mark.usefixtures("home")
def test_an_answer_that_was_taken_back_is_not_folded_away_with_a_cancelled_row() -> None:
    client, address = staff_client(CARER), _visit_address()
    client.post(address, _form(_page(client, address), 'value="given"'))
    back = _form(_page(client, address), 'value="take-back"') | {"words": "Feil rad"}
    client.post(address, back)
    _stop_the_medicine()
    text = _page(client, address)
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
    client, address = staff_client(CARER), _visit_address()
    client.post(address, _form(_page(client, address), 'value="start"'))
    _renew("dose", "again")
    _renew("again", "yet-again")
    text = _page(client, address)
    assert 'id="not-live"' not in text
    assert 'id="cancelled-meanwhile"' not in text
    assert text.count('value="given"') == 2  # now, or at another time: of one dose
    client.post(address, _form(text, 'value="given"'))
    assert 'id="not-live"' not in _page(client, address)


@pytest.mark.usefixtures("home")
def test_what_was_replaced_by_another_dose_or_stopped_is_told_as_cancelled() -> None:
    client, address = staff_client(CARER), _visit_address()
    put("MedicationRequest", "twin", **{k: v for k, v in acts.read(
        SYSTEM, "MedicationRequest", "dose")[0].items() if k not in {"id", "meta", "resourceType"}})  # fmt: skip
    make_days(SYSTEM, PATIENT)
    put("MedicationRequest", "twin", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT})  # fmt: skip
    make_days(SYSTEM, PATIENT)
    assert 'id="not-live"' in _page(client, address)  # one of two that were alike was stopped
    two = {"value": 2, "unit": "tablett"}
    data, _ = acts.read(SYSTEM, "MedicationRequest", "dose")
    _renew("dose", "more", dosageInstruction=[
        data["dosageInstruction"][0] | {"doseAndRate": [{"doseQuantity": two}]}])  # fmt: skip
    text = _page(client, address)
    assert len(re.findall(r"<s>Metoprolol: 1 tablett", text)) == 2


@pytest.mark.usefixtures("home")
def test_the_list_of_what_was_cancelled_stays_open_when_it_was_opened() -> None:
    client, address = staff_client(CARER), _visit_address()
    _stop_the_medicine()
    opened = f"{address}?cancelled=1"
    assert not re.search(r'id="not-live"[^>]* open', _page(client, address))
    assert re.search(r'id="not-live"[^>]* open', _page(client, opened))
    answer = client.post(opened, _form(_page(client, opened), 'value="done"'))
    assert "?cancelled=1#item-" in answer["Location"]


@pytest.mark.usefixtures("home")
def test_no_visits_of_her_own_is_not_told_as_none_planned() -> None:
    client, address = staff_client(CARER), reverse("home-care-day")
    own = _page(client, f"{address}?mine=1")
    assert 'id="all-visits"' in own
    assert 'id="all-visits"' not in _page(client, address)


@pytest.mark.usefixtures("home")
def test_a_visit_leads_to_a_new_measurement() -> None:
    address = f"{reverse('note-down', args=[ASLAUG.id])}#vitals"
    assert address in _page(staff_client(NURSE), _visit_address())


@pytest.mark.usefixtures("home")
def test_from_a_measurement_one_gets_back_to_the_visit_one_came_from() -> None:
    client, address = staff_client(NURSE), _visit_address()
    measuring = reverse("note-down", args=[ASLAUG.id])
    assert 'id="to-the-visit"' not in _page(client, measuring)
    _page(client, address)
    assert f'<a id="to-the-visit" href="{address}">' in _page(client, measuring)


@pytest.mark.usefixtures("home")
def test_a_visit_tells_what_was_changed_in_the_medicines_today_and_by_whom() -> None:
    doctor = employ("gp")
    register(ASLAUG, address=[_ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    client, address = staff_client(CARER), _visit_address()

    def told() -> str:
        found = re.search(r'id="medicine-news".*?</div>', _page(client, address), re.DOTALL)
        return found[0] if found else ""

    with clock.at(clock.now() - timedelta(days=1)):
        prescribe(doctor, patient=PATIENT, order=order(), seen=0, by_name="Fastlege")
        prescribe(doctor, patient=PATIENT, order=order(PARACETAMOL, "1x3"), seen=1, by_name="F")
    assert told() == ""
    line = next(e for e in list_of(SYSTEM, ASLAUG.id).medicines if e.name.startswith("Amlo"))
    change_medicine(
        doctor, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, why="Trykk",
        order=order(text="1+0+1"), seen=list_of(SYSTEM, ASLAUG.id).number, by_name="Fastlege",
    )  # fmt: skip
    assert "Amlodipin" in told()
    assert "Fastlege" in told()
    assert "Paracet" not in told()
    listed = _page(client, reverse("medicines", args=[ASLAUG.id]))
    heads = re.findall(r'<h2 class="medicine__name".*?</h2>', listed, re.DOTALL)
    assert ["Amlodipin" in head for head in heads if 'data-color="info"' in head] == [True]


def _plain(text: str) -> str:
    """What is read of a piece of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text)).strip()


@pytest.mark.usefixtures("home")
def test_inv_17_a_changed_strength_is_told_as_such_with_the_reason_wherever_changes_are() -> None:
    doctor = employ("gp")
    register(ASLAUG, address=[_ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    client, medicines = staff_client(CARER), reverse("medicines", args=[ASLAUG.id])
    with clock.at(clock.now() - timedelta(days=1)):
        prescribe(doctor, patient=PATIENT, order=order("fj-4"), seen=0, by_name="Fastlege")
        first = _page(client, medicines)
    assert re.search(r'id="no-changes">[^<]*\d{4}\.', first)
    assert 'id="lately-title"' not in first
    (line,) = (e for e in list_of(SYSTEM, ASLAUG.id).medicines if e.item == "fj-4")
    change_medicine(
        doctor, patient=PATIENT, medicine=line.reference, medicine_seen=line.version,
        why="Høyt trykk", order=order("fj-5"), seen=1, by_name="Fastlege",
    )  # fmt: skip
    visit = re.search(r'id="medicine-news".*?</ul>', _page(client, _visit_address()), re.DOTALL)
    listed = _page(client, medicines)
    lately = re.search(r'id="lately-title".*?</ol>', listed, re.DOTALL)
    sign_in(herself := Client(), ASLAUG.id, "citizen")
    herself.post(reverse("portal-terms"), {"accept": "1"})
    portal = herself.get(reverse("portal-medicines")).content.decode()
    own = re.search(r'id="changed".*?</ul>', portal, re.DOTALL)
    news = _page(client, _visit_address()).partition('id="medicine-news"')[2].partition("</div>")[0]
    assert re.search("dosett|pill organiser", news)
    for shown in (visit, lately, own):
        assert shown is not None
        assert "Kandesartan: 8 mg → 16 mg, 1 tablett morgen" in _plain(shown[0])
        assert re.findall(r"<del>(.*?)</del>", shown[0]) == ["8 mg"]
        assert "Høyt trykk" in shown[0]
    assert listed.index('id="lately-title"') < listed.index('data-fingerprint="')
    assert 'id="no-changes"' not in listed
    with clock.at(clock.now() + LATELY + timedelta(days=1)):
        later = _page(staff_client(CARER), medicines)
    assert 'id="lately-title"' not in later
    assert "8 mg</del>" in later


@pytest.mark.usefixtures("home")
def test_messages_that_await_an_answer_are_counted_on_the_day_and_marked_on_the_card() -> None:
    client = staff_client(CARER)
    assert 'id="unanswered"' not in _page(client, reverse("home-care-day"))
    begin(
        citizen(ASLAUG.id), unit=UNIT, title="Nøkkel", words="Nøkkelen er byttet", key="k",
        by_name=ASLAUG.name,
    )  # fmt: skip
    worker.handle_all(jobs.call)
    assert 'id="unanswered"' in _page(client, reverse("home-care-day"))
    shift = _page(client, reverse("home-care-shift"))
    assert re.search(rf'id="unanswered" hx-get="{reverse("home-care-day")}"', shift)
    card = re.search(r'class="care-card__state">(.*?)</p>', _page(client, reverse("home-care-day")),
        re.DOTALL)  # fmt: skip
    assert card is not None
    assert 'data-color="warning"' in card[1]
    session = staff_session(
        practitioner=f"Practitioner/{CARER.id}", role_id=CARER.role_id, role=CARER.role, unit=UNIT
    )
    assert on_hands(session).all_messages == len(queue(session)) == 1


@pytest.mark.usefixtures("home")
def test_inv_26_the_shift_is_not_closed_before_what_is_open_has_a_name() -> None:
    client = staff_client(CARER)
    staff_client(NURSE)
    address = reverse("home-care-shift")
    text = _page(client, address)
    opened = re.findall(r'name="open" value="([^"]+)"', text)
    fields = _form(text, 'name="part"') | {"open": opened}
    assert len(opened) == 3
    assert client.post(address, fields).status_code == 409
    named = fields | {"to": f"Practitioner/{NURSE.id}", "words": "Prøv igjen klokka elleve"}
    assert client.post(address, named).status_code == 302
    closed = _page(client, address)
    receipt = re.search(r'id="closed">([^<]*)<', closed)
    assert receipt is not None
    assert "08:01" in receipt[1]
    assert NURSE.name in receipt[1]
    assert closed.count("Prøv igjen klokka elleve") == 3
    assert 'name="part"' not in closed


@pytest.mark.usefixtures("home")
def test_the_card_of_a_visit_ended_with_something_open_says_what_and_who_has_it() -> None:
    client, address = staff_client(CARER), _visit_address()
    staff_client(NURSE)
    client.post(address, _form(_page(client, address), 'value="start"'))
    client.post(address, _form(_page(client, address), 'value="given"'))
    client.post(address, _form(_page(client, address), 'value="end"'))

    def left() -> list[str]:
        text = _page(client, reverse("home-care-day"))
        found = re.search(r'care-card__left">(.*?)</ul>', text, re.DOTALL)
        assert found is not None
        return re.findall(r"<li>([^<]*)</li>", found[1])

    assert [each.partition(":")[0] for each in left()] == ["Medisiner", "Stell"]
    assert not any(NURSE.name in each for each in left())
    client.cookies["language"] = "en"
    assert all(each.endswith(": not handed over to anybody") for each in left())
    check = reverse("home-care-shift")
    text = _page(client, check)
    fields = _form(text, 'name="part"') | {"open": re.findall(r'name="open" value="([^"]+)"', text)}
    client.post(check, fields | {"to": f"Practitioner/{NURSE.id}"})
    assert all(each.endswith(f": handed over to {NURSE.name}") for each in left())


@pytest.mark.usefixtures("home")
def test_inv_26_what_was_over_before_anything_was_planned_here_is_said_not_to_be_shown() -> None:
    client = staff_client(CARER)  # the first visits of the unit were planned at 08:01 of this day
    client.cookies["language"] = "en"
    today, check = reverse("home-care-day"), reverse("home-care-shift")
    tomorrow, yesterday = (clock.today() + timedelta(days=n) for n in (1, -1))
    for began_within in (today, f"{today}?mine=1", check):
        text = _page(client, began_within)
        told = re.search(r'id="not-planned-here">([^<]*)<', text)
        assert told is not None, began_within
        assert told[1].startswith("Visits before 08:01 are not shown")
    for whole in (
        f"{today}?day={tomorrow}",
        f"{check}?day={tomorrow}&part=day",
        f"{check}?part=evening",
        f"{today}?day={yesterday}",
    ):
        assert "not-planned-here" not in _page(client, whole), whole
    for empty in (f"{today}?day={yesterday}", f"{check}?day={yesterday}&part=day"):
        assert "Earlier visits stand in the timeline of each patient." in _page(client, empty)
    ahead = _page(client, f"{today}?day={tomorrow + timedelta(days=3)}")
    assert "No visits are planned." in ahead
    assert "timeline of each" not in ahead


@pytest.mark.usefixtures("home")
def test_a_visit_that_was_planned_the_day_before_hides_nothing_of_its_day() -> None:
    with clock.at(clock.now() + timedelta(days=1)):
        client = staff_client(CARER)
        for address in (reverse("home-care-day"), reverse("home-care-shift")):
            assert "not-planned-here" not in _page(client, address)


@pytest.mark.usefixtures("home")
def test_a_card_says_that_nobody_has_taken_the_visit_until_somebody_has() -> None:
    client, nobody = staff_client(CARER), "Nobody has taken this visit"
    client.cookies["language"] = "en"
    assert nobody in _page(client, reverse("home-care-day"))
    address = _visit_address()
    client.post(address, _form(_page(client, address), 'value="start"'))
    assert nobody not in _page(client, reverse("home-care-day"))


@pytest.mark.usefixtures("home")
def test_the_shift_check_tells_what_was_not_given_and_what_went_wrong() -> None:
    client, address = staff_client(CARER), _visit_address()
    dose = next(f for f in re.findall(r"<form.*?</form>", _page(client, address), re.DOTALL)
        if 'value="not-done"' in f and "Metoprolol" in f)  # fmt: skip
    client.post(address, _form(dose, 'value="not-done"') | {"words": "Kastet opp"})
    told = _form(_page(client, address), 'value="deviation"') | FELL
    client.post(address, told)
    text = _page(client, reverse("home-care-shift"))
    happened = re.search(r'aria-labelledby="happened-title".*?</section>', text, re.DOTALL)
    assert happened is not None
    assert 'panel__count">2<' in happened[0]
    for shown in ("Metoprolol", "Kastet opp", "Falt på badet"):
        assert shown in happened[0]


@pytest.mark.usefixtures("home")
def test_the_nurse_changes_the_plan_and_the_visits_follow() -> None:
    client, address = staff_client(NURSE), reverse("home-care-plan", args=[ASLAUG.id])
    fields = _form(_page(client, address), 'value="save"') | _NEW_ACTION
    answer = client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()
    worker.handle_all(jobs.call)
    assert _state("Støttestrømper") == "open"
    stale = client.post(address, fields)
    assert stale.status_code == 409
    assert "Støttestrømper" in stale.content.decode()


@pytest.mark.usefixtures("home")
def test_how_to_get_in_stands_beside_the_address_of_the_visit_and_is_written_in_the_plan() -> None:
    client, nurse = staff_client(CARER), staff_client(NURSE)
    client.cookies["language"] = nurse.cookies["language"] = "en"
    plan = reverse("home-care-plan", args=[ASLAUG.id])
    assert "Key: not registered" in _page(client, _visit_address())
    first = _form(_page(nurse, plan), 'value="way-in"')
    words = "Nøkkelboks til høyre for <døra>, kode hos vakta"
    assert nurse.post(plan, first | {"words": words}).status_code == 302
    shown = "Nøkkelboks til høyre for &lt;døra&gt;, kode hos vakta"
    told = re.search(r'id="way-in">(.*?)</p>', _page(client, _visit_address()), re.DOTALL)
    assert told is not None
    assert shown in told[1]
    assert shown in _page(client, plan)
    late = nurse.post(plan, first | {"words": "Under matta"})  # from a page of before
    assert late.status_code == 409
    assert "Under matta</textarea>" in late.content.decode()
    form = _form(_page(nurse, plan), 'value="way-in"')
    assert client.post(plan, form | {"words": "Under matta"}).status_code == 404
    assert nurse.post(plan, form | {"words": "x" * 501}).status_code == 422
    assert shown in _page(client, _visit_address())
    assert nurse.post(plan, form | {"words": " "}).status_code == 302
    assert "Key: not registered" in _page(client, _visit_address())


def _plans_read_by(session: Session) -> str:
    return str(list(map(acts.content, everything(session, "CarePlan", [("patient", PATIENT)]))))


@pytest.mark.usefixtures("home")
def test_inv_40_how_to_get_in_to_a_protected_address_leaves_by_no_way() -> None:
    client, nurse = staff_client(CARER), staff_client(NURSE)
    plan = reverse("home-care-plan", args=[ASLAUG.id])
    form = _form(_page(nurse, plan), 'value="way-in"')
    nurse.post(plan, form | {"words": "Nøkkel i skuret bak nr. 12"})
    doctor = employ("gp")
    doctors = [{"reference": "Practitioner/gp"}]
    register(ASLAUG, address=[_ADDRESS], generalPractitioner=doctors)
    for reader in (doctor, SYSTEM):  # those who see plans see it while nothing is protected
        assert "skuret" in _plans_read_by(reader)
    assert [len(each.activities) for each in chart_of(SYSTEM, ASLAUG.id).care_plans] == [2]
    label = {"system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
             "code": "fortrolig"}  # fmt: skip
    register(ASLAUG, address=[_ADDRESS], generalPractitioner=doctors, meta={"security": [label]})
    assert "skuret" not in _plans_read_by(doctor)
    for browser in (client, nurse):
        for address in (_visit_address(), plan):
            text = _page(browser, address)
            assert "skuret" not in text
            assert 'id="way-in' not in text
    again = form | {"words": "Et annet sted", "way": "", "version": "0"}
    assert nurse.post(plan, again).status_code == 404
    # and the plan itself can be changed yet
    action = _form(_page(nurse, plan), 'value="save"') | _NEW_ACTION
    assert nurse.post(plan, action).status_code == 302


@pytest.mark.usefixtures("home")
def test_a_carer_sees_the_plan_and_can_not_change_it() -> None:
    client, address = staff_client(CARER), reverse("home-care-plan", args=[ASLAUG.id])
    text = _page(client, address)
    assert "Stell" in text
    assert 'value="save"' not in text


def test_from_application_in_helsami_to_decision_and_status() -> None:
    register(ASLAUG, address=[_ADDRESS])
    officer = staff_client(OFFICER)
    put(
        "Organization", OFFICER.unit_id, name=OFFICER.unit_name, active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "allocation-office"}]}],
        partOf={"reference": "Organization/town"}, address=[_ADDRESS],
    )  # fmt: skip
    put(
        "Organization", CARER.unit_id, name=CARER.unit_name, active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "home-care"}]}],
        partOf={"reference": "Organization/town"},
    )  # fmt: skip
    citizen = Client()
    sign_in(citizen, ASLAUG.id, "citizen")
    citizen.post(reverse("portal-terms"), {"accept": "1"})
    apply_at = reverse("portal-apply")
    fields = _form(_page(citizen, apply_at), "subject")
    assert citizen.post(apply_at, fields | {"service": "15"}).status_code == 422
    told = fields | {"service": ["15", "6"], "words": "Trenger hjelp til medisiner"}
    assert citizen.post(apply_at, told).status_code == 302
    assert citizen.post(apply_at, told).status_code == 302  # sent twice is one application
    worker.handle_all(jobs.call)

    text = _page(officer, reverse("applications"))
    assert text.count(ASLAUG.name) == 1
    case = re.search(r'href="([^"]*/applications/[^"]+)"', text)
    assert case is not None
    page = _page(officer, case[1])
    assert "Trenger hjelp til medisiner" in page
    scores = {f"function-{code}": "3" for code in codes.FUNCTIONS}
    assess = _form(page, 'value="assess"')
    assert officer.post(case[1], assess).status_code == 422
    assert officer.post(case[1], assess | scores).status_code == 302
    decision = _form(_page(officer, case[1]), 'value="decide"') | {
        "outcome": "granted", "service": "15", "hours": "3,5", "starts": "2026-01-02",
        "unit": UNIT, "reason": "Trenger bistand til medisiner",
    }  # fmt: skip
    assert officer.post(case[1], decision).status_code == 302, page
    assert ASLAUG.name not in _page(officer, reverse("applications"))

    status = _page(citizen, reverse("portal-services"))
    for shown in ("Helsetjenester i hjemmet", "3,5", "Trenger bistand til medisiner"):
        assert shown in status
    nurse = staff_client(NURSE)  # the ground follows from the granted service
    assert "Helsetjenester i hjemmet" in _page(nurse, reverse("home-care-work"))
    assert 'value="save"' in _page(nurse, reverse("home-care-plan", args=[ASLAUG.id]))


@pytest.mark.usefixtures("home")
def test_a_visit_is_given_to_a_colleague_by_name() -> None:
    staff_client(NURSE)
    client, address = staff_client(CARER), _visit_address()
    form = _form(_page(client, address + "?assign=1"), 'value="assign"')
    assert client.post(address, form | {"to": "Practitioner/nobody"}).status_code == 422
    assert client.post(address, form | {"to": f"Practitioner/{CARER.id}"}).status_code == 302
    assert CARER.name in _page(client, reverse("home-care-day") + "?mine=1")


@pytest.mark.usefixtures("home")
def test_what_can_not_be_counted_is_said_on_the_visit() -> None:
    put(
        "MedicationRequest", "odd", status="active", intent="order",
        medicationCodeableConcept={"text": "Prednisolon"}, subject={"reference": PATIENT},
        dosageInstruction=[{"text": "nedtrapping etter avtale"}],
    )  # fmt: skip
    text = _page(staff_client(CARER), _visit_address())
    assert "Prednisolon: nedtrapping etter avtale" in text


@pytest.mark.usefixtures("home")
def test_pages_ask_the_database_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements of a page, with those of signing in, of access and of the log."""
    client = staff_client(CARER)
    asked: list[object] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, *args: Any, **named: Any) -> Any:
        asked.append(args[0])
        return execute(self, *args, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    addresses = {
        reverse("home-care-day"): 20,
        reverse("home-care-shift"): 20,
        reverse("home-care-work"): 20,
        reverse("home-care-plan", args=[ASLAUG.id]): 20,
        _visit_address(): 26,
    }
    for address, most in addresses.items():
        _page(client, address)
        asked.clear()
        _page(client, address)
        assert len(asked) <= most, (address, len(asked))
