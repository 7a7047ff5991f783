"""Each indicator of interaction by pairs: the same counts as at the side that receives, and those that are of
no pair say what they are of.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import State
from fellesjournal.care.stays import codes
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.figures.suppression import RULE
from fellesjournal.leadership.indicators.asking import Side
from fellesjournal.leadership.indicators.catalogue import INTERACTION
from fellesjournal.leadership.indicators.pairs import (
    NONE,
    Sums,
    decided,
    of_no_pair,
    query_of,
)
from fellesjournal.leadership.indicators.parts import FIGURE, Part
from fellesjournal.leadership.indicators.sa3 import SA3
from fellesjournal.leadership.indicators.sa10 import SA10
from tests.leadership.indicators.records import (
    DAY,
    HOUR,
    NOON,
    document,
    load,
    medication_list,
    notice,
    person,
    prescribed,
    question,
    referral,
    sent,
    service,
    stay,
    unit,
)
from tests.leadership.indicators.views import flatten_all
from tests.papers import Paper
from tests.signing_in import staff_client
from tests.surfaces.statements import counted

LEADER = next(member for member in STAFF if member.role == "unit-leader")
HERE = LEADER.unit_id
PAGE = "leaders-interaction"
OF_PAIRS = [each for each in INTERACTION if each.has_sides]
MANY, SOME, FEW = range(12), range(12, 20), range(20, 23)
"""Patients from one hospital, from another, and a few from a third."""
WARDS = {MANY: "ward", SOME: "ward2", FEW: "ward3"}
CHANGED = {*range(5), *range(12, 15)}
"""Whose list is another at home, and nobody says why."""
HOME = NOON + 2 * DAY


@pytest.fixture
def leader(empty_record: None) -> Client:
    """A leader at a unit below a municipality that three hospitals send people home to."""
    del empty_record
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    load([unit("own"), unit(HERE, parent="own"), unit("gp"), unit("office", parent="hospital")])
    for n, ward in enumerate(WARDS.values()):
        top = "hospital" if not n else f"hospital{n + 1}"
        load([unit(top), unit(ward, parent=top)])
    for group, ward in WARDS.items():
        for n in group:
            load(_sent_home(n, ward, is_told=n % 2 == 0 or group is FEW))
    return client


def _sent_home(n: int, ward: str, *, is_told: bool) -> list[dict[str, object]]:
    """A stay of two days: told of early or not, the summary sent in time or not, answered after an hour."""
    who = f"p{n}"
    changed: dict[str, Any] = {"gone": HOME + DAY, "why": ""} if n in CHANGED else {}
    given = [
        person(who), stay(f"s{n}", who, NOON, ward=ward), service(f"m{n}", who, HERE),
        notice(f"a{n}", f"s{n}", who, codes.ADMITTED, NOON + (HOUR if is_told else 30 * HOUR), to=HERE, by=ward),
        notice(f"r{n}", f"s{n}", who, codes.READY, NOON + 3 * HOUR, to=HERE, by=ward),
        sent(f"l{n}", who, NOON + 3 * HOUR + timedelta(minutes=30), by=HERE, to=ward,
             proofs=[(State.ACCEPTED, NOON + 4 * HOUR)]),
        document(f"e{n}", who, f"s{n}"), medication_list(f"x{n}", who),
        prescribed(f"y{n}", who, "N02BE01", NOON, **changed),
    ]  # fmt: skip
    at = HOME + (HOUR if is_told else 40 * HOUR)
    return [
        *given,
        sent(
            f"d{n}", who, at, by=ward, to=HERE, document=f"e{n}", kind=Kind.DISCHARGE_SUMMARY,
            proofs=[(State.ACCEPTED, at + HOUR)] if is_told else [],
        ),
        *referral(f"q{n}", who, "2022-05-04", by=HERE, to="office"),
        *([] if is_told else [question(f"w{n}", f"q{n}", who, "2022-05-06", to=HERE)]),
    ]  # fmt: skip


def rows(client: Client, indicator: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    """By sender and receiver: status, numerator and denominator, as the file has them."""
    answer = client.get(
        reverse(PAGE), {"indicator": indicator, "month": "2022-05", "as": "csv"}
    )  # fmt: skip
    assert answer.status_code == 200
    return {
        (row["from"], row["to"]): (row["status"], row["numerator"], row["denominator"])
        for row in csv.DictReader(StringIO(answer.content.decode()), delimiter=";")
    }


@pytest.mark.django_db(transaction=True)
def test_each_indicator_of_two_sides_is_told_by_pairs_as_it_is_counted(leader: Client) -> None:
    flatten_all()
    expected = {
        "SA1": ("6", "12"), "SA2": ("", "12"), "SA4": ("6", "12"), "SA5": ("7", "12"), "SA6": ("6", "12"),
    }  # fmt: skip
    for indicator, counts in expected.items():
        found = rows(leader, indicator)
        assert found["hospital", "own"] == ("shown", *counts), indicator
        assert found["hospital3", "own"] == ("suppressed", "", ""), indicator
        # of 8 four are not: few; and beside a number of notices a few are told by the next smallest
        assert found["hospital2", "own"][0] == "suppressed", indicator
    assert rows(leader, "SA7")["own", "hospital"] == ("shown", "13", "23")
    for indicator in ("SA8", "SA9"):  # nought of all is nought of each
        assert {status for status, *_ in rows(leader, indicator).values()} == {"suppressed"}


@pytest.mark.django_db(transaction=True)
def test_what_is_of_no_pair_says_what_it_is_of(leader: Client) -> None:
    for each in (SA3, SA10):
        with pytest.raises(ValueError, match="is not of pairs"):
            query_of(each)
    flatten_all()
    for indicator, words in (("SA3", "by the municipality where"), ("SA10", "at each unit that")):
        shown = leader.get(reverse(PAGE), {"indicator": indicator}).content.decode()
        assert words in shown
        assert "there are no pairs" in " ".join(shown.split())
        assert "The other organisation" not in shown


@pytest.mark.django_db(transaction=True)
def test_the_page_of_each_indicator_is_one_that_can_be_taken_along(leader: Client) -> None:
    flatten_all()
    with counted() as statements:
        shown = leader.get(reverse(PAGE), {"indicator": "SA4", "month": "2022-05"})
    assert len(statements) <= 20
    assert "50.0%" in shown.content.decode()
    assert "Of 1 pairs" not in shown.content.decode()
    made = Paper(
        leader.get(reverse(PAGE), {"indicator": "SA4", "month": "2022-05", "as": "pdf"}).content
    )
    assert made.says("Who hands over to whom")
    assert made.says("held back")
    assert leader.get(reverse(PAGE), {"indicator": "nonsense"}).status_code == 200


def test_what_is_of_no_pair_can_be_worked_out_and_counts_when_cells_are_held_back() -> None:
    now = {(1, 2): Part(12, 20, None), (1, 3): Part(8, 16, None)}
    counted_, shown = {FIGURE: Part(20, 39, None)}, {FIGURE: Part(20, 39, None)}
    sums = {Side.FROM: {1: Sums(counted_, shown)}, Side.TO: {}}
    parts = {pair: {FIGURE: part} for pair, part in now.items()}
    rest = of_no_pair(parts, sums, [FIGURE])
    assert rest == {(1, NONE): {FIGURE: Part(0, 3, None)}}  # three whom nobody was told of
    told = decided(
        now | {pair: each[FIGURE] for pair, each in rest.items()}, {}, {},
        {Side.FROM: {1}, Side.TO: set()}, RULE,
    )  # fmt: skip
    assert not (isinstance(told[1, 2], Part) and isinstance(told[1, 3], Part))
    alone = decided(now, {}, {}, {Side.FROM: {1}, Side.TO: set()}, RULE)
    assert isinstance(alone[1, 2], Part)
    assert isinstance(alone[1, 3], Part)


def test_all_that_have_two_sides_can_be_asked_by_pairs() -> None:
    assert [each.id for each in OF_PAIRS] == [
        "SA1", "SA2", "SA4", "SA5", "SA6", "SA7", "SA8", "SA9",
    ]  # fmt: skip
    for each in OF_PAIRS:
        assert "|| ' ' || a.grp as grp" in query_of(each)
