"""HE1 on screen: municipalities, weeks and ages; what is held back is held back in the file too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.readlog.acts import Act
from fellesjournal.demo.cast import STAFF
from fellesjournal.demo.people import municipality_code
from fellesjournal.foundation import clock
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1.counting import count
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.rollout.adoption import Barrier
from fellesjournal.leadership.rollout.barriers import Hold, Statement, state
from fellesjournal.registry.municipalities import municipalities
from tests.leadership.indicators.test_he1 import (
    COUNTER,
    ROROS,
    TRONDHEIM,
    person,
    rid,
    signed_in,
    with_no_sign_ins,
)
from tests.leadership.indicators.test_portal_functions import line
from tests.leadership.indicators.views import FLATTENER
from tests.papers import Paper, tables_of
from tests.signing_in import ASLAUG, GP, let_in, staff_client
from tests.signing_in import register as register_citizen
from tests.staff import SYSTEM, put
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
LIST, ONE = "leaders-portal-use", "leaders-portal-place"


@pytest.fixture
def leader() -> Client:
    with_no_sign_ins()
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def people(users: int, others: int, municipality: str = TRONDHEIM, *, prefix: str = "p") -> None:
    for n in range(users + others):
        person(f"{prefix}{n}", municipality)
        if n < users:
            signed_in(f"{prefix}{n}", clock.now() - timedelta(minutes=5))
    keep_up(FLATTENER, [RESIDENT], seconds=60)
    count(COUNTER)


def text(client: Client, name: str = LIST, *args: str, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_municipality_has_its_users_and_rate(leader: Client) -> None:
    people(8, 12)
    page = text(leader)
    assert "400.0" in page  # 8 of 20
    assert "8 / 20" in page
    assert "Trondheim" in page
    assert "Downloads are not available" in page
    assert "25,733 to 26,230" in page
    one = text(leader, ONE, TRONDHEIM)
    assert "so far" in one
    assert "8 / 20" in one


def test_who_signs_in_to_helsami_and_accepts_the_terms_is_counted(leader: Client) -> None:
    people(4, 12)
    assert "0, as before" in text(leader, ONE, TRONDHEIM)
    place = municipalities()[TRONDHEIM]
    home = {"use": "home", "_district": {"extension": [municipality_code(place)]}}
    register_citizen(ASLAUG, birthDate="1948-01-01", address=[home])
    citizen = Client()
    let_in(citizen, ASLAUG.id, kind="citizen")
    keep_up(FLATTENER, [RESIDENT], seconds=60)
    count(COUNTER)
    assert "0, as before" in text(leader, ONE, TRONDHEIM)  # not accepted yet
    citizen.post(reverse("portal-terms"), {"accept": "1"})
    count(COUNTER)
    assert "0, as before</td>" not in text(leader, ONE, TRONDHEIM).split("</tr>")[1]


def test_few_users_are_held_back_on_the_page_and_in_the_file(leader: Client) -> None:
    people(3, 20)
    assert "0, as before" in text(leader)
    file = text(leader, **{"as": "csv"})
    assert "suppressed" in file  # who signed in that week
    assert ";3;" not in file


def test_two_looks_tell_no_few_who_came_between_them_on_any_page_or_file(leader: Client) -> None:
    people(8, 12)
    for n in range(2):  # the second after three more have begun
        for name, args in ((LIST, ()), (ONE, (TRONDHEIM,)), (ONE, ("all",))):
            assert "8 / 20" in text(leader, name, *args)
            assert ";11;" not in text(leader, name, *args, **{"as": "csv"})
        if not n:
            people(11, 9)
    people(14, 6)
    assert "14 / 20" in text(leader)  # six more than were told


def paper(client: Client, name: str = LIST, *args: str) -> Paper:
    answer = client.get(reverse(name, args=args), {"as": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    return Paper(answer.content)


def test_the_paper_says_row_for_row_what_the_page_says(leader: Client) -> None:
    people(8, 12)
    opened_letters(3)
    people(3, 20, ROROS, prefix="r")
    for args in ((), (TRONDHEIM,), (ROROS,), ("all",)):
        name = ONE if args else LIST
        made = paper(leader, name, *args)
        tables = tables_of(text(leader, name, *args))
        assert sum(map(len, tables)) > 2
        for table in tables:
            for row in table:
                assert made.says("".join(row)), row
        assert made.is_for_all
        assert made.is_across


def test_few_users_are_held_back_on_paper(leader: Client) -> None:
    people(3, 20)
    for made in (paper(leader), paper(leader, ONE, TRONDHEIM)):
        assert made.says("held back: few")
        assert not made.says("3 / 23")


def opened_letters(users: int, *, prefix: str = "p") -> None:
    """So many of those who have signed in open a letter."""
    for n in range(users):
        put(
            "DocumentReference", f"letter-{prefix}{n}", status="current",
            subject={"reference": f"Patient/{prefix}{n}"},
            content=[{"attachment": {"contentType": "text/plain", "data": "eA=="}}],
        )  # fmt: skip
        line(f"{prefix}{n}", Act.READ, "DocumentReference", rid(f"letter-{prefix}{n}"))
    count(COUNTER)


def test_each_function_has_its_share_of_those_who_signed_in(leader: Client) -> None:
    people(12, 12)
    opened_letters(6)
    page = text(leader, ONE, TRONDHEIM)
    assert "6 / 12" in page
    assert "50.0" in page
    assert "0 / 12" in page  # all other functions
    assert 'width="50.0"' in page
    assert "6 / 12" in text(leader, ONE, "all")
    file = text(leader, ONE, TRONDHEIM, **{"as": "csv", "of": "functions"})
    assert ";letters;6;12;no;0.5;" in file
    assert ";messages;0;12;no;0.0;" in file
    sheet = leader.get(reverse(ONE, args=[TRONDHEIM]), {"as": "xlsx", "of": "functions"})
    assert sheet.status_code == 200
    assert sheet.content.startswith(b"PK")


def test_few_who_used_a_function_are_held_back_on_page_file_and_paper(leader: Client) -> None:
    people(12, 12)
    opened_letters(3)
    page = text(leader, ONE, TRONDHEIM)
    assert "held back: few" in page
    assert "3 / 12" not in page
    file = text(leader, ONE, TRONDHEIM, **{"as": "csv", "of": "functions"})
    assert ";letters;suppressed;suppressed;no;" in file
    made = paper(leader, ONE, TRONDHEIM)
    assert made.says("Use by function")
    assert not made.says("3 / 12")


def test_two_looks_tell_no_few_who_used_a_function_between_them(leader: Client) -> None:
    people(20, 20)
    opened_letters(6)
    assert "6 / 20" in text(leader, ONE, TRONDHEIM)
    opened_letters(9)
    page = text(leader, ONE, TRONDHEIM)
    assert "6 / 20, as before" in page
    assert "9 / 20" not in page
    opened_letters(11)
    assert "11 / 20" in text(leader, ONE, TRONDHEIM)


def test_what_keeps_people_out_stands_on_the_page_of_a_municipality_and_beside_the_map(
    leader: Client,
) -> None:
    people(8, 12)
    said = Statement(
        Barrier.LANGUAGE, Hold.MUCH, "A count", clock.today(), "A guide", "The library"
    )
    state(SYSTEM, TRONDHEIM, said, seen=0)
    page = text(leader, ONE, TRONDHEIM)
    for words in ("Holds back much", "A count", "A guide", "The library"):
        assert words in page
        assert paper(leader, ONE, TRONDHEIM).says(words)
    assert reverse("leaders-barriers", args=[TRONDHEIM]) in page
    assert reverse("leaders-barriers", args=[TRONDHEIM]) not in text(leader, ONE, "all")
    on_map = text(leader, "leaders-adoption")
    row = next(
        row
        for table in tables_of(on_map)
        for row in table
        if row[0] == "Trondheim – Tråante" and "Holds back much" in row
    )
    assert row[1] == "400.0"
    file = text(leader, "leaders-adoption", **{"as": "csv"})
    assert ";not-assessed;not-assessed;not-assessed;not-assessed;much" in file


def test_weeks_may_be_chosen_and_what_is_none_gives_this_one(leader: Client) -> None:
    people(8, 12, ROROS)
    for week in ("2026-W01", "2026-W60", "soon", "2999-W01"):
        assert "HelsaMi" in text(leader, week=week)
    assert leader.get(reverse(ONE, args=["9999"])).status_code == 404


def test_nothing_counted_yet_is_told(leader: Client) -> None:
    assert "Come back in a minute" in text(leader)


def test_the_pages_ask_the_database_little_and_are_for_leaders(leader: Client) -> None:
    people(8, 12)
    for address in (reverse(LIST), reverse(ONE, args=[TRONDHEIM]), reverse(ONE, args=["all"])):
        with counted() as statements:
            leader.get(address)
        assert len(statements) <= 20, address
    assert staff_client(GP).get(reverse(LIST)).status_code == 404
