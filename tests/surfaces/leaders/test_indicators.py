"""Indicators on screen: what a leader sees of her own units, what is held back, and that a dose given
now moves the figure.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.care.homecare import codes
from fellesjournal.care.messages.states import State
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from tests.leadership.indicators.records import load, sent, unit
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import GP, staff_client
from tests.staff import put, register
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
LIST, ONE = "leaders-indicators", "leaders-indicator"


@pytest.fixture
def leader() -> Client:
    """The leader of a home-care unit, and a visit of that unit today."""
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    register("kari")
    put(
        "Encounter", "visit", status="in-progress",
        **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
        subject={"reference": "Patient/kari"},
        serviceProvider={"reference": f"Organization/{LEADER.unit_id}"},
        period={"start": clock.now().isoformat()},
    )  # fmt: skip
    return client


def give(name: str, *, late_minutes: int = 0, days_ago: int = 0) -> None:
    """A dose given now, or some days ago, which was planned for a while before."""
    now = clock.now() - timedelta(days=days_ago)
    planned = (now - timedelta(minutes=late_minutes)).isoformat()
    put(
        "MedicationAdministration", name, status="completed",
        medicationCodeableConcept={"text": "x"}, subject={"reference": "Patient/kari"},
        context={"reference": "Encounter/visit"}, effectiveDateTime=now.isoformat(),
        extension=[{"url": codes.PLANNED_AT, "valueDateTime": planned}],
    )  # fmt: skip


def page(client: Client, name: str = ONE, *args: str, **query: str) -> str:
    flatten_all()
    answer = client.get(reverse(name, args=args or (["LE1"] if name == ONE else [])), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_dose_given_moves_the_leaders_figure(leader: Client) -> None:
    for n in range(9):
        give(f"a{n}")
    give("late", late_minutes=90)
    give("later", late_minutes=95)
    for n in range(5):
        give(f"l{n}", late_minutes=100)
    assert "56.3%" in page(leader)  # 9 of 16; halves go away from zero
    assert "9 / 16" in page(leader)
    for n in range(4):
        give(f"b{n}")
    # four are few: who looked before and after would know of each
    for shown in (page(leader), page(leader, LIST), page(leader, **{"as": "csv"})):
        assert "65.0" not in shown
        assert "0.65" not in shown
    assert "few are new" in page(leader)
    give("b4")
    assert "66.7%" in page(leader)  # 14 of 21
    assert "66.7%" in page(leader, LIST)


def test_few_are_held_back_on_the_page_and_in_the_file(leader: Client) -> None:
    for n in range(12):
        give(f"a{n}")
    give("late", late_minutes=90)
    assert "held back: few" in page(leader)
    assert "92.3" not in page(leader)
    file = page(leader, **{"as": "csv"})
    assert "suppressed;few" in file
    assert ";12;13;" not in file


def test_the_file_says_what_the_figure_is_called_and_what_was_left_out(leader: Client) -> None:
    for n in range(12):
        give(f"a{n}")
    file = page(leader, **{"as": "csv"})
    assert "title;left out" in file
    assert "Medication on time" in file
    assert "Entered in error: 0" in file


def test_nothing_and_not_counted_yet_are_told_apart(leader: Client) -> None:
    answer = leader.get(reverse(ONE, args=["LE1"])).content.decode()
    assert "Come back in a minute" in answer
    assert "nothing to count" in page(leader)


def test_units_with_nothing_to_count_are_named_in_a_line_and_stand_whole_in_the_file(
    leader: Client,
) -> None:
    put(
        "Organization",
        "below",
        name="Sone Nord",
        partOf={"reference": f"Organization/{LEADER.unit_id}"},
    )
    shown = page(leader)
    line = re.search(r'id="nothing-to-count">([^<]*)<', shown)
    assert line is not None
    assert "Sone Nord" in line[1]
    rows = re.findall(r'<th scope="row" class="tree[^>]*>([^<]*)<', shown)
    assert len(rows) == 1  # one's own unit, though there is nothing either
    assert "Sone Nord" in page(leader, **{"as": "csv"})


def test_one_indicator_has_its_other_names_and_its_one_pager(leader: Client) -> None:
    assert "LE1, IM2, IU3" in page(leader, "leaders-indicator-definition", "IM2")
    assert leader.get(reverse(ONE, args=["LE2"])).status_code == 404
    for month in ("2019-02", "soon", "2999-01"):
        page(leader, month=month)


def test_a_handover_has_two_sides_and_other_figures_have_one(leader: Client) -> None:
    assert "What comes to us" in page(leader, ONE, "SA6")
    assert "What comes to us" not in page(leader, ONE, "LE1")
    for side in ("to", "from", "both"):
        assert "Closed message loop" in page(leader, ONE, "SA6", side=side)
    file = page(leader, ONE, "SA6", **{"as": "csv", "side": "to"})
    assert ";to;" in file
    assert re.search(r"T\d\d:\d\d:\d\d\+0[12]:00", file)  # as the clock on the wall, like the page
    assert "Balanced by" in page(leader, "leaders-indicator-definition", "SA6")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_course_is_drawn_with_a_scale_and_its_periods(leader: Client, language: str) -> None:
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert '<svg class="plot' not in page(leader)
    for n in range(12):
        give(f"now{n}", late_minutes=70 * (n % 2))
        give(f"before{n}", days_ago=clock.today().day + 5)
    shown = page(leader)
    assert shown.count("plot__measured") == 1  # the month before, which is over
    assert shown.count("plot__other") == 1
    assert shown.count("plot__whisker") == 2
    # the months before anything was counted stand in the table alone
    assert shown.count("plot__text--middle") == 2
    assert "plot--narrow" in shown
    assert re.search(r">20[,.]0\s?%</text>", shown)
    assert f"{clock.today().year}</text>" in shown


def test_a_tile_leads_to_the_end_its_value_is_of(leader: Client) -> None:
    address = reverse(ONE, args=["SA6"])
    assert f'href="{address}"' in page(leader, LIST)
    at = clock.now() - timedelta(minutes=5)
    read = [(State.DELIVERED, at), (State.OPENED, at + timedelta(minutes=1))]
    load([unit("ward"), *(
        sent(f"m{n}", "kari", at, by="ward", to=LEADER.unit_id, proofs=read) for n in range(6)
    )])  # fmt: skip
    assert f'href="{address}?side=to"' in page(leader, LIST)


def test_who_has_no_such_duty_finds_no_page(leader: Client) -> None:
    del leader
    assert staff_client(GP).get(reverse(LIST)).status_code == 404


def test_the_pages_ask_the_database_little(leader: Client) -> None:
    page(leader)
    each = [reverse(ONE, args=[name]) for name in CATALOGUE]
    for address in (reverse(LIST), *each, reverse(ONE, args=["SA1"]) + "?side=to"):
        with counted() as statements:
            leader.get(address)
        assert len(statements) <= 20, address
