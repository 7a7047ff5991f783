"""My referrals in HelsaMi: plain words at each step, and nothing of what is not hers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from fellesjournal.care.referrals.actions import (
    accept_referral,
    allocate_appointment,
    ask_referrer,
    draft_referral,
    reject_referral,
    send_referral,
)
from fellesjournal.demo.cast_citizens import CITIZENS
from fellesjournal.foundation import clock
from tests.care.referrals.world import KNEE, MONDAY, ORTHO, World, later, seen
from tests.signing_in import ASLAUG, let_in, register

pytestmark = pytest.mark.django_db

PAGE = "/helsami/referrals/"


@pytest.fixture
def world() -> World:
    """The world of referrals; Kari's part is played by Aslaug, who can sign in."""
    made = World()
    register(ASLAUG, generalPractitioner=[{"reference": "Practitioner/ragna"}])
    return made


def send(world: World) -> str:
    """A referral of Aslaug."""
    sent = send_referral(world.gp, patient=f"Patient/{ASLAUG.id}", content=KNEE, receiver=ORTHO)
    world.again()
    return sent


@pytest.fixture
def citizen(world: World) -> Client:
    """Aslaug in HelsaMi, in English."""
    return _in_helsami(ASLAUG.id)


def _in_helsami(person: str) -> Client:
    client = Client()
    let_in(client, person, "citizen")
    client.post("/helsami/terms/", {"accept": "1"})
    client.post("/language/", {"language": "en"})
    return client


def _text(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_each_step_is_told_with_its_day(world: World, citizen: Client) -> None:
    assert "No referral under way to show." in _text(citizen)
    assess_by = clock.today()
    sent = send(world)
    page = _text(citizen)
    assert "Assessment of the knee" in page
    assert "is to assess it by" in page
    assert "To be assessed by" in page
    ask_referrer(world.secretary, referral_id=sent, seen=seen(sent), text="Any X-ray?")
    assert "You don&#x27;t have to do anything" in _text(citizen)
    day = assess_by + timedelta(days=90)
    accept_referral(world.doctor, referral_id=sent, seen=seen(sent), outcome="2", care_by=day,
                    urgency="routine")  # fmt: skip
    page = _text(citizen)
    assert "you are on the waiting list" in page
    assert "Assessed" in page
    start = clock.now() + timedelta(days=30)
    allocate_appointment(
        world.secretary, referral_id=sent, seen=seen(sent), start=start, minutes=30
    )
    assert "You have an appointment" in _text(citizen)


def test_a_rejection_is_told_with_its_reason(world: World, citizen: Client) -> None:
    sent = send(world)
    reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="Try exercise first")
    page = _text(citizen)
    assert "has rejected the referral" in page
    assert "Try exercise first" in page


def test_a_draft_is_not_shown(world: World, citizen: Client) -> None:
    draft_referral(world.gp, patient=f"Patient/{ASLAUG.id}", content=KNEE)
    assert "Assessment of the knee" not in _text(citizen)


def test_nobody_sees_the_referrals_of_another(world: World) -> None:
    send(world)
    other = next(each for each in CITIZENS if each.id == "cast-marit")
    register(other)
    assert "Assessment of the knee" not in _text(_in_helsami(other.id))


def test_a_broken_deadline_is_told_in_plain_words(world: World) -> None:
    with clock.at(MONDAY):
        send(world)
    with clock.at(later(60)):
        citizen = _in_helsami(ASLAUG.id)
        assert "It must tell Helfo" in _text(citizen)
