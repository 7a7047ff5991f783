"""The leaders' tables and one-pagers as PDF: they say what the page says, and no more."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from tests.papers import Paper, tables_of
from tests.signing_in import GP, staff_client
from tests.surfaces.leaders.test_indicators import ONE, give, leader, page
from tests.surfaces.statements import counted

__all__ = ["leader"]  # a fixture of the pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

PAGER = "leaders-indicator-definition"
LANGUAGES = ("nb", "nn", "en")


def paper(client: Client, name: str = ONE, indicator: str = "LE1", **query: str) -> Paper:
    answer = client.get(reverse(name, args=[indicator]), {**query, "as": "pdf"})
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9-]+\.pdf"', answer["Content-Disposition"])
    return Paper(answer.content)


def doses(*, good: int, late: int) -> None:
    for n in range(good):
        give(f"g{n}")
    for n in range(late):
        give(f"l{n}", late_minutes=90)


def in_language(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_of_a_table_says_row_for_row_what_the_page_says(
    leader: Client, language: str
) -> None:
    in_language(leader, language)
    doses(good=20, late=12)
    shown = page(leader)
    made = paper(leader)
    assert made.says({"en": "62.5%"}.get(language, "62,5 %"))
    by_unit, over_time = tables_of(shown)
    for row in by_unit:
        assert made.says("".join(row[:4])), row
    one = paper(leader, PAGER)
    for row in over_time:
        assert one.says("".join(row)), row
    for each in (made, one):
        assert each.language == language
        assert each.is_for_all
        assert each.tags["TH"] == 5 or each is one


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_one_pager_says_what_the_page_of_the_definition_says(
    leader: Client, language: str
) -> None:
    in_language(leader, language)
    doses(good=20, late=12)
    shown = page(leader, PAGER, "LE1")
    made = paper(leader, PAGER)
    said = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown)
    assert len(said) >= 12
    often = Counter(name for name, _ in said)
    for name, text in said:
        told = unescape(re.sub("<[^>]*>", "", text))
        # what has one name stands in one line on paper
        assert made.says(told if often[name] > 1 else f"{name}: {told}"), name
        assert made.says(f"{name}:"), name
    assert made.title == {
        "nb": "Legemidler til rett tid", "nn": "Legemiddel til rett tid", "en": "Medication on time",
    }[language]  # fmt: skip
    assert made.tags["Figure"] == 1
    assert b"/Alt" in b"".join(made.heads.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_one_pager_of_any_indicator_is_one_page_upright(leader: Client, language: str) -> None:
    in_language(leader, language)
    doses(good=20, late=12)
    page(leader)
    for name in CATALOGUE:
        made = paper(leader, PAGER, name)
        assert len(made.pages) == 1, name
        assert not made.is_across


def test_few_are_held_back_on_paper_and_no_count_of_them_is_in_it(leader: Client) -> None:
    doses(good=12, late=1)
    page(leader)
    for made in (paper(leader), paper(leader, PAGER)):
        assert made.says("held back: few")
        assert made.tags["Em"] >= 3  # value, interval and counts look held back
        assert not made.says("12 / 13")
        assert not made.says("92.3")
    assert paper(leader, PAGER).tags["Figure"] == 0  # nothing to draw


def test_the_same_figures_are_the_same_bytes(leader: Client) -> None:
    doses(good=20, late=12)
    page(leader)
    for name in (ONE, PAGER):
        assert paper(leader, name).content == paper(leader, name).content


def test_a_handover_says_which_end_it_is_of(leader: Client) -> None:
    page(leader)
    for name in (ONE, PAGER):
        assert paper(leader, name, "SA6", side="to").says("What comes to us")
        assert paper(leader, name, "SA6").says("What we send")


def test_nothing_counted_yet_is_told_on_paper(leader: Client) -> None:
    for name in (ONE, PAGER):
        assert paper(leader, name).says("Come back in a minute")


def test_a_paper_is_refused_as_its_page_is(leader: Client) -> None:
    for name in (ONE, PAGER):
        assert leader.get(reverse(name, args=["LE2"]), {"as": "pdf"}).status_code == 404
        other = staff_client(GP).get(reverse(name, args=["LE1"]), {"as": "pdf"})
        assert other.status_code == 404
        unknown = leader.get(reverse(name, args=["LE1"]), {"as": "docx"})
        assert unknown["Content-Type"].startswith("text/html")


def test_a_paper_asks_the_database_no_more_than_its_page(leader: Client) -> None:
    page(leader)
    for name in (ONE, PAGER):
        with counted() as statements:
            paper(leader, name)
        assert len(statements) <= 20
