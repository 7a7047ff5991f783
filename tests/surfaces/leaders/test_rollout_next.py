"""What goes live next, at the head of the page of waves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fellesjournal.leadership.rollout.fixtures import published_programme
from fellesjournal.surfaces.leaders.rollout_next import next_of, to_come_first


def test_it_is_the_first_day_on_which_somebody_goes_live() -> None:
    programme = published_programme()
    coming = next_of(programme, date(2022, 6, 1))
    assert coming is not None
    assert (coming.wave, coming.day, coming.days) == ("PD3", date(2022, 11, 12), 164)
    assert [each.name for each in coming.organisations] == ["Røros"]  # by a date of its own
    coming = next_of(programme, date(2022, 11, 13))
    assert coming is not None
    assert [each.id for each in coming.organisations] == ["more-og-romsdal"]


def test_the_day_itself_counts_and_after_the_last_there_is_none() -> None:
    programme = published_programme()
    last = next_of(programme, date(2022, 12, 31))
    assert last is not None
    assert last.days == 0
    assert next_of(programme, date(2023, 1, 1)) is None  # the waves after it have nobody
    assert next_of(replace(programme, plans=()), date(2021, 1, 1)) is None


def test_those_to_come_stand_before_those_that_are_past() -> None:
    found = [each.actor for each in to_come_first(published_programme(), date(2022, 6, 1))]
    assert found == ["5025", "more-og-romsdal", "5001", "st-olavs", "5031", "nord-trondelag"]
