"""The bar of pages: every place of a role stands in it once, the rare ones under "More"."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from fellesjournal.access.policy.roles import role_codes
from fellesjournal.surfaces.clinic.navigation import in_bar, workspace

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("role", role_codes())
def test_each_place_stands_in_the_bar_or_under_more_once(role: str) -> None:
    shown, more = in_bar(role, "")
    assert sorted(each.href for each in (*shown, *more)) == sorted(
        each.href for each in workspace(role, "")
    )
    assert len(shown) <= 10


def test_who_has_few_places_has_no_more() -> None:
    assert in_bar("carer", "")[1] == []
    assert [each.title for each in in_bar("gp", "own-openings")[1] if each.is_here]


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
@pytest.mark.parametrize("role", role_codes())
def test_the_short_word_of_a_place_is_in_its_title(role: str, language: str) -> None:
    """Who speaks to her browser says what she sees, and a reader aloud says the whole."""
    with override(language):
        places = in_bar(role, "")[0]
    for each in places:
        assert each.short.casefold() in each.title.casefold()


def test_the_gp_has_short_words_in_her_bar() -> None:
    with override("en"):
        short = [each.short for each in in_bar("gp", "")[0] if each.short]
    assert short == ["Measurements", "Messages", "Unsigned notes", "To us", "Letters", "Steps"]
