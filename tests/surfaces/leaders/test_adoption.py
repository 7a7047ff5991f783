"""HelsaMi on a map: each square says its number in words, and tells no few."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.surfaces.leaders.tile_map import Place, step_of, tile_map
from tests.leadership.indicators.test_he1 import ROROS, TRONDHEIM, with_no_sign_ins
from tests.signing_in import GP, staff_client
from tests.surfaces.leaders.test_portal_use import people
from tests.surfaces.statements import counted

LEADER = next(member for member in STAFF if member.role == "unit-leader")
PAGE = "leaders-adoption"


def test_a_map_has_a_square_for_each_municipality_in_five_steps() -> None:
    made = tile_map(
        "x",
        {
            TRONDHEIM: Place(Fraction(430), "430", href="/t"),
            ROROS: Place(None, "held back", is_held_back=True),
            "1506": Place(Fraction(0), "0"),
        },
    )
    found = {each.name: each for each in made.squares}
    assert len(found) == len(municipalities())
    assert found["Trondheim – Tråante"].step == 5
    assert found["Molde"].step == 1
    rest = next(each for each in made.squares if each.short == "Røros")
    assert (rest.step, rest.is_held_back, rest.value) == (0, True, "")
    assert [step for step, _ in made.legend] == [1, 2, 3, 4, 5]
    assert {(each.x, each.y) for each in made.squares}.__len__() == 66


@pytest.mark.parametrize(
    ("top", "size"), [(0, 1), (3, 1), (5, 1), (43, 10), (430, 100), (1000, 200)]
)
def test_steps_are_round_and_five_of_them_reach_the_top(top: int, size: int) -> None:
    assert step_of(Fraction(top)) == size
    assert step_of(Fraction(top)) * 5 >= top


@pytest.fixture
def leader(empty_record: None) -> Client:
    del empty_record
    with_no_sign_ins()
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(client: Client, **query: str) -> str:
    answer = client.get(reverse(PAGE), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_map_says_each_rate_in_words_and_hatches_what_is_held_back(leader: Client) -> None:
    assert "Come back in a minute" in text(leader)
    people(30, 70)
    people(3, 20, ROROS, prefix="r")
    people(8, 12, "1506", prefix="m")
    page = text(leader)
    assert 'aria-label="Molde 400, Molde: 400.0 of 1000' in page
    assert 'aria-label="Røros, Røros – Rosse: held back: few"' in page
    assert page.count("tiles__one") == 66
    assert "from " in page
    assert reverse("leaders-portal-place", args=["1506"]) in page
    file = text(leader, **{"as": "csv"})
    assert ";400.0;8;20;" in file
    assert ";3;" not in file


@pytest.mark.django_db(transaction=True)
def test_the_map_asks_the_database_little_and_is_for_leaders(leader: Client) -> None:
    people(8, 12)
    with counted() as statements:
        text(leader)
    assert len(statements) <= 20
    assert staff_client(GP).get(reverse(PAGE)).status_code == 404
    for name in ("leaders-portal-use", "leaders-rollout"):
        lead = leader if name == "leaders-portal-use" else _lead()
        assert reverse(PAGE) in lead.get(reverse(name)).content.decode()


def _lead() -> Client:
    client = staff_client(next(member for member in STAFF if member.role == "rollout-lead"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
