"""What a visit tells of the time since the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.acts import content, read
from fellesjournal.access.citizens import citizen
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.making import make_day, make_days
from fellesjournal.care.homecare.planned import State
from fellesjournal.care.homecare.plans import Rule, activity
from fellesjournal.care.homecare.reading_days import tasks_at, visits
from fellesjournal.care.homecare.visits import with_state
from fellesjournal.care.medication.actions import prescribe
from fellesjournal.care.problems.actions import note_vitals
from fellesjournal.care.remote_follow_up.actions import close_work, send_reading
from fellesjournal.care.remote_follow_up.agreeing import start_follow_up
from fellesjournal.care.remote_follow_up.queries import awaiting
from fellesjournal.care.remote_follow_up.tasks import Outcome
from fellesjournal.foundation import clock
from tests.care.medication.medicines import PARACETAMOL, order
from tests.care.remote_follow_up.following import handle, terms
from tests.homecare_at_home import (
    ADDRESS,
    CARER,
    EVERY_DAY,
    FELL,
    PATIENT,
    UNIT,
    at_eight,
    form_of,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import ASLAUG, put, register, staff_client
from tests.staff import SYSTEM, employ, staff

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@contextmanager
def in_days(days: int) -> Iterator[None]:
    """The same hour so many days later, for which the visits are made."""
    with clock.at(clock.now() + timedelta(days=days)):
        make_day(SYSTEM, PATIENT, clock.today())
        yield


def send(client: Client, button: str, **words: str) -> None:
    address = visit_address()
    fields = form_of(page_of(client, address), button)
    do = re.search(r'value="([^"]+)"', button)
    answer = client.post(address, fields | ({"do": do[1]} if do else {}) | words)
    assert answer.status_code == 302, answer.content.decode()


def make_the_visit(client: Client) -> None:
    """All is done, but the dose, which she would not take."""
    send(client, 'value="start"')
    send(client, 'value="not-done"', words="Ville ikke ha den")
    for _ in range(2):
        send(client, 'value="done"')
    send(client, 'value="end"')


def newest_address() -> str:
    """The visit of the day; one that was never ended touches it too."""
    *_, found = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return reverse("home-visit", args=[ASLAUG.id, found.id])


def told() -> str:
    client = staff_client(CARER)
    client.cookies["language"] = "en"
    found = re.search(
        r'<section class="since".*?</section>', page_of(client, newest_address()), re.DOTALL
    )
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", found[0])).strip()


@pytest.mark.usefixtures("home")
def test_a_first_visit_says_that_there_was_none_before() -> None:
    assert told() == "Since the last visit No visit made before this one was found."


@pytest.mark.usefixtures("home")
def test_what_the_last_visit_left_undone_and_what_was_reported_there_is_told() -> None:
    client = staff_client(CARER)
    send(client, 'value="deviation"', **FELL)
    make_the_visit(client)
    with in_days(1):
        said = told()
    assert CARER.name in said
    assert re.search(r"Not given: Metoprolol.*Ville ikke ha den", said)
    assert "Deviation: Falt på badet" in said
    assert "Stell" not in said
    assert "was done" not in said


@pytest.mark.usefixtures("home")
def test_a_visit_that_nobody_made_is_told_with_what_it_left() -> None:
    make_the_visit(staff_client(CARER))
    with in_days(1):
        pass
    with in_days(2):
        said = told()
    assert "Not made: the visit" in said
    assert "Not answered: Stell" in said
    assert said.index("Not made") < said.index("Not answered")


@pytest.mark.usefixtures("home")
def test_inv_24_a_day_that_no_visit_was_made_for_is_told_with_its_doses() -> None:
    """The platform stood still for two days: nobody has planned out what was due on them."""
    make_the_visit(staff_client(CARER))
    with in_days(4):  # tomorrow's was made already today
        said = told()
    never = re.findall(
        r"No visit was planned out: 08:00–10:00 .{12}: Medisiner, Stell, 1 dose", said
    )
    assert len(never) == 2, said
    assert said.count("Not made: the visit") == 1
    make_days(SYSTEM, PATIENT)
    with in_days(1):
        assert "No visit was planned out" not in told()


@pytest.mark.usefixtures("home")
def test_what_came_before_anything_was_planned_here_is_told_calmly() -> None:
    """Her morning visits were another system's until today; the last of them came over with the record."""
    body, _ = read(SYSTEM, "CarePlan", "plan")
    rules = [
        Rule(text="Stell", weekdays=EVERY_DAY, begins=time(6), ends=time(7), minutes=20),
        Rule(text="Middag", weekdays=EVERY_DAY, begins=time(11), ends=time(13), minutes=20),
    ]  # fmt: skip
    since = clock.today() - timedelta(days=30)
    actions = [activity(f"b{n}", rule, unit=UNIT, since=since) for n, rule in enumerate(rules)]
    kept = {k: v for k, v in body.items() if k not in {"resourceType", "id"}}
    put("CarePlan", "plan", **kept | {"activity": [*body["activity"], *actions]})
    yesterday = clock.now() - timedelta(hours=12)
    put(
        "Encounter", "elsewhere", status="finished",
        **{"class": {"system": codes.ACT_CODE, "code": codes.AT_HOME}},
        subject={"reference": PATIENT}, serviceProvider={"reference": UNIT},
        period={"start": yesterday.isoformat(), "end": (yesterday + timedelta(hours=1)).isoformat()},
    )  # fmt: skip
    said = told()
    assert re.search(r"Not planned here: 06:00–07:00 .*?: Stell", said), said
    assert "No visit was planned out" not in said


@pytest.mark.usefixtures("home")
def test_what_began_with_a_plan_after_the_last_visit_is_not_missed_before_it() -> None:
    make_the_visit(staff_client(CARER))
    with in_days(3):
        since = clock.today()
        rule = Rule(text="Nytt", weekdays=EVERY_DAY, begins=time(8), ends=time(10), minutes=5)
        body, _ = read(SYSTEM, "CarePlan", "plan")
        put("CarePlan", "plan", **{k: v for k, v in body.items() if k not in {"resourceType", "id"}}
            | {"activity": [activity("a9", rule, unit=UNIT, since=since)]})  # fmt: skip
    with in_days(4):
        said = told()
    assert "Not made: the visit" in said
    assert "No visit was planned out" not in said  # the new plan says nothing of the days before it


@pytest.mark.usefixtures("home")
def test_her_own_measurement_outside_the_limit_is_told_until_somebody_has_looked_at_it() -> None:
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    employ("gp", "gp", "office")
    doctor = staff("gp", "gp", "office")
    start_follow_up(doctor, patient=PATIENT, terms=terms())
    client = staff_client(CARER)
    for button in ("start", "given", "done", "done", "end"):
        send(client, f'value="{button}"')
    key = send_reading(
        citizen(ASLAUG.id), measured={"systolic": Decimal(162), "diastolic": Decimal(80)},
        at=clock.now() - timedelta(hours=20), key="k",
    )  # fmt: skip
    assert key
    handle()
    with in_days(1):
        said = told()
        assert re.search(
            r"Measured at home, outside the limit: Blood pressure 162/80 mmHg .*?"
            r" above the agreed limit of 140; not looked at yet; gp, by \d", said,
        ), said  # fmt: skip
        assert "No new measurement" not in said
        assert "was done" not in said  # it is not all calm
        (work,) = awaiting(doctor, PATIENT)
        close_work(
            doctor, patient=PATIENT, tasks=[(work.work.id, work.work.version)],
            outcome=Outcome.CONTACTED, words="", by_name="gp",
        )  # fmt: skip
        assert "was done" in told()


@pytest.mark.usefixtures("home")
def test_a_visit_that_was_begun_and_never_ended_is_the_last_one_and_says_so() -> None:
    send(staff_client(CARER), 'value="start"')
    with in_days(1):
        said = told()
    assert "not ended" in said
    assert CARER.name in said
    assert "Not answered: Stell" in said
    assert "Not made" not in said


@pytest.mark.usefixtures("home")
def test_what_is_paused_is_not_called_done() -> None:
    client = staff_client(CARER)
    for button in ("start", "given", "done", "done", "end"):
        send(client, f'value="{button}"')
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    task = tasks_at(SYSTEM, [found.id])[0]
    body = with_state(content(task), State.PAUSED, "admitted")
    put("Task", task.id, **{k: v for k, v in body.items() if k not in {"resourceType", "id"}})
    with in_days(1):
        assert "was done" not in told()


@pytest.mark.usefixtures("home")
def test_what_was_measured_since_is_told_with_how_far_it_has_moved() -> None:
    doctor = employ("gp")
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])

    def measure(**values: int) -> None:
        measured = {name: Decimal(value) / 10 for name, value in values.items()}
        note_vitals(doctor, patient=PATIENT, by_name="G", measured=measured)

    with clock.at(clock.now() - timedelta(days=3)):
        measure(weight=807, pulse=700)
    make_the_visit(staff_client(CARER))
    measure(weight=832)
    with in_days(1):
        said = told()
    assert re.search(r"Measured: Weight 83\.2 kg .*?: \+2\.5 since", said)
    assert "Pulse" not in said  # measured before that visit


@pytest.mark.usefixtures("home")
def test_what_is_measured_at_this_visit_is_not_since_the_last_and_the_plan_speaks_beside_the_weight() -> (
    None
):
    doctor = employ("gp")
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    rule = Rule(
        text="Vekt, ring legen ved 2 kg på tre døgn", weekdays=EVERY_DAY, begins=time(8), ends=time(10),
        minutes=5, measures="29463-7",
    )  # fmt: skip
    body, _ = read(SYSTEM, "CarePlan", "plan")
    actions = [*body["activity"], activity("a3", rule, unit=UNIT, since=clock.today())]
    body = {k: v for k, v in body.items() if k not in {"resourceType", "id"}}
    make_the_visit(staff_client(CARER))
    put("CarePlan", "plan", **body | {"activity": actions})

    def weigh(weight: int) -> None:
        measured = {"weight": Decimal(weight) / 10}
        note_vitals(doctor, patient=PATIENT, by_name="G", measured=measured)

    with clock.at(clock.now() + timedelta(hours=3)):
        weigh(832)
    with in_days(1):
        client = staff_client(CARER)
        page = page_of(client, newest_address())
        client.post(newest_address(), form_of(page, 'value="start"') | {"do": "start"})
        with clock.at(clock.now() + timedelta(minutes=2)):
            weigh(840)
            said = told()
    assert re.search(r"Measured: Weight 83\.2 kg .*?the plan says: Vekt, ring legen ved 2 kg", said)
    assert "84" not in said  # it stands at the action of this visit


@pytest.mark.usefixtures("home")
def test_when_nothing_has_happened_it_says_so() -> None:
    client = staff_client(CARER)
    for button in ("start", "given", "done", "done", "end"):
        send(client, f'value="{button}"')
    with in_days(1):
        said = told()
    assert "All that was planned for that visit was done. No deviation and no new" in said
    assert said.endswith("No change of the medicines since.")


@pytest.mark.usefixtures("home")
def test_a_medicine_changed_after_the_last_visit_is_told_at_the_next_though_it_is_another_day() -> (
    None
):
    doctor = employ("gp")
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    with clock.at(clock.now() - timedelta(hours=2)):
        prescribe(doctor, patient=PATIENT, order=order(), seen=0, by_name="Fastlege")
    client = staff_client(CARER)
    make_the_visit(client)
    prescribe(doctor, patient=PATIENT, order=order(PARACETAMOL, "1x3"), seen=1, by_name="F")
    with in_days(1):
        page = page_of(staff_client(CARER), visit_address())
    news = re.search(r'id="medicine-news".*?</div>', page, re.DOTALL)
    assert news is not None
    assert "Paracet" in news[0]
    assert "siden forrige besøk" in news[0]
    assert "Amlodipin" not in news[0]  # known when the last visit was made
