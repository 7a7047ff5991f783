"""A pasted table on screen: verdicts in words, errors with their place, and nothing for others."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
AUDIT = "leaders-audit"
TABLE = "row;before;now;change\nlost;10155;1610;-84,14 %\nkept;300;120;-50 %\n"
CHANGE = "[change] = [now] / [before] - 1"


@pytest.fixture
def leader() -> Client:
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_each_cell_gets_its_verdict_and_why(leader: Client) -> None:
    answer = leader.post(reverse(AUDIT), {"table": TABLE, "formulas": CHANGE})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "-84.15\N{NO-BREAK SPACE}%: shown with digits cut off, not rounded." in text
    assert "The others give -60\N{NO-BREAK SPACE}%." in text
    assert text.count("verdict--inconsistent") == 2  # in the legend, and in the cell


def test_what_is_held_back_is_told_as_far_as_the_others_tell_it(leader: Client) -> None:
    table = "row;a;b;all\nx;12;*;20\ny;1;2;3\nz;*;*;9"
    text = leader.post(
        reverse(AUDIT), {"table": table, "formulas": "[all] = [a] + [b]"}
    ).content.decode()
    assert "“b” is not told, and can be worked out: 8." in text
    assert "More than one cell that is needed is empty" in text
    shares = "row;n;of;share\nx;*;1000;42 %\ny;5;20;25 %"
    told = leader.post(reverse(AUDIT), {"table": shares, "formulas": "[share] = [n] / [of]"})
    assert "“n” is not told; with the others it is 415 to 430." in told.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"table": ""}, "Fill in"),
        ({"table": "row;a\nx;one"}, "Row 2, column 2: “one” is no number"),
        ({"table": TABLE, "formulas": "[change] = [then]"}, "“then” is neither"),
        (
            {"table": TABLE, "formulas": "change = now"},
            "A formula is not understood at “change = now”",
        ),
        ({"table": "row;a\nx;1;2"}, "Row 2 has another number of cells"),
        ({"table": "x" * 70_000}, "60000"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_place(
    leader: Client, sent: dict[str, str], said: str
) -> None:
    answer = leader.post(reverse(AUDIT), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_published_example_may_be_tried_and_is_judged(leader: Client) -> None:
    form = leader.get(reverse(AUDIT), {"example": "1"}).context["form"]
    answer = leader.post(reverse(AUDIT), form.initial)
    assert answer.status_code == 200
    given = "The others give -47.46\N{NO-BREAK SPACE}% to -42.11\N{NO-BREAK SPACE}%"
    assert given in answer.content.decode()


def test_the_page_asks_the_database_little_and_is_for_leaders(leader: Client) -> None:
    with counted() as statements:
        leader.post(reverse(AUDIT), {"table": TABLE, "formulas": CHANGE})
    assert len(statements) <= 20
    assert staff_client(GP).get(reverse(AUDIT)).status_code == 404
