"""The check at the end of a shift."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from fellesjournal.foundation import clock
from tests.homecare_at_home import (
    CARER,
    FELL,
    NURSE,
    at_eight,
    form_of,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import ASLAUG, staff_client

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("home")
def test_inv_26_the_shift_is_not_closed_before_what_is_open_has_a_name() -> None:
    client = staff_client(CARER)
    staff_client(NURSE)
    address = reverse("home-care-shift")
    text = page_of(client, address)
    opened = re.findall(r'name="open" value="([^"]+)"', text)
    fields = form_of(text, 'name="part"') | {"open": opened}
    assert len(opened) == 3
    assert client.post(address, fields).status_code == 409
    named = fields | {
        "to": f"Practitioner/{NURSE.id}",
        f"words-{ASLAUG.id}": "Prøv igjen klokka elleve",
    }
    assert client.post(address, named).status_code == 302
    closed = page_of(client, address)
    receipt = re.search(r'id="closed">([^<]*)<', closed)
    assert receipt is not None
    assert "08:01" in receipt[1]
    assert NURSE.name in receipt[1]
    assert closed.count("Prøv igjen klokka elleve") == 3
    assert f'name="words-{ASLAUG.id}"' in text  # each citizen has words of her own
    assert 'name="part"' not in closed


@pytest.mark.usefixtures("home")
def test_the_card_of_a_visit_ended_with_something_open_says_what_and_who_has_it() -> None:
    client, address = staff_client(CARER), visit_address()
    staff_client(NURSE)
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    client.post(address, form_of(page_of(client, address), 'value="given"'))
    client.post(address, form_of(page_of(client, address), 'value="end"'))

    def left() -> list[str]:
        text = page_of(client, reverse("home-care-day"))
        found = re.search(r'care-card__left">(.*?)</ul>', text, re.DOTALL)
        assert found is not None
        return re.findall(r"<li>([^<]*)</li>", found[1])

    assert [each.partition(":")[0] for each in left()] == ["Medisiner", "Stell"]
    assert not any(NURSE.name in each for each in left())
    client.cookies["language"] = "en"
    assert all(each.endswith(": not handed over to anybody") for each in left())
    check = reverse("home-care-shift")
    text = page_of(client, check)
    fields = form_of(text, 'name="part"') | {
        "open": re.findall(r'name="open" value="([^"]+)"', text)
    }
    client.post(check, fields | {"to": f"Practitioner/{NURSE.id}"})
    assert all(each.endswith(f": handed over to {NURSE.name}") for each in left())


@pytest.mark.usefixtures("home")
def test_inv_26_what_was_over_before_anything_was_planned_here_is_said_not_to_be_shown() -> None:
    client = staff_client(CARER)  # the first visits of the unit were planned at 08:01 of this day
    client.cookies["language"] = "en"
    today, check = reverse("home-care-day"), reverse("home-care-shift")
    tomorrow, yesterday = (clock.today() + timedelta(days=n) for n in (1, -1))
    for began_within in (today, f"{today}?mine=1", check):
        text = page_of(client, began_within)
        told = re.search(r'id="not-planned-here">([^<]*)<', text)
        assert told is not None, began_within
        assert told[1].startswith("Visits before 08:01 are not shown")
    for whole in (
        f"{today}?day={tomorrow}",
        f"{check}?day={tomorrow}&part=day",
        f"{check}?part=evening",
        f"{today}?day={yesterday}",
    ):
        assert "not-planned-here" not in page_of(client, whole), whole
    for empty in (f"{today}?day={yesterday}", f"{check}?day={yesterday}&part=day"):
        assert "Earlier visits stand in the timeline of each patient." in page_of(client, empty)
    ahead = page_of(client, f"{today}?day={tomorrow + timedelta(days=3)}")
    assert "No visits are planned." in ahead
    assert "timeline of each" not in ahead


@pytest.mark.usefixtures("home")
def test_a_visit_that_was_planned_the_day_before_hides_nothing_of_its_day() -> None:
    with clock.at(clock.now() + timedelta(days=1)):
        client = staff_client(CARER)
        for address in (reverse("home-care-day"), reverse("home-care-shift")):
            assert "not-planned-here" not in page_of(client, address)


@pytest.mark.usefixtures("home")
def test_the_shift_check_tells_what_was_not_given_and_what_went_wrong() -> None:
    client, address = staff_client(CARER), visit_address()
    dose = next(f for f in re.findall(r"<form.*?</form>", page_of(client, address), re.DOTALL)
        if 'value="not-done"' in f and "Metoprolol" in f)  # fmt: skip
    client.post(address, form_of(dose, 'value="not-done"') | {"words": "Kastet opp"})
    told = form_of(page_of(client, address), 'value="deviation"') | FELL
    client.post(address, told)
    text = page_of(client, reverse("home-care-shift"))
    happened = re.search(r'aria-labelledby="happened-title".*?</section>', text, re.DOTALL)
    assert happened is not None
    assert 'panel__count">2<' in happened[0]
    for shown in ("Metoprolol", "Kastet opp", "Falt på badet"):
        assert shown in happened[0]
