"""HE1 as a file: a row for each municipality and week, as they stand on the page."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import week_of
from fellesjournal.leadership.indicators.he1.definition import definition
from fellesjournal.leadership.indicators.he1.series import Place
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.portal_use_words import Chosen


def file_name(chosen: Chosen) -> str:
    """What the file is called, without its ending."""
    return f"HE1-{words.week_key(chosen.last)}"


def table_of(found: list[Place], chosen: Chosen) -> list[Sequence[object]]:
    """As it stands on the page: what is held back or carried there is so here."""
    rows: list[Sequence[object]] = [
        [
            "indicator",
            "definition",
            "municipality",
            "name",
            "week",
            "whole_week",
            "users_ever",
            "carried",
            "living_there_now",
            "living_carried",
            "signed_in_that_week",
            "represented_that_week",
            "users_16",
            "residents_16",
            "per_1000",
            "ci_low",
            "ci_high",
        ]
    ]
    for place in found:
        for each in place.weeks:
            is_last = each.start == chosen.last
            rate = place.rate
            low, high = rate.interval or ("", "")
            rows.append(
                [
                    "HE1",
                    definition().hash,
                    words.place_key(place.number),
                    words.place_name(place.number),
                    words.week_key(each.start),
                    "yes" if each.start < week_of(clock.today()).start else "no",
                    each.gross.value,
                    "yes" if each.gross.is_carried else "no",
                    each.living.value,
                    "yes" if each.living.is_carried else "no",
                    _or_hidden(each.active),
                    _or_hidden(each.represented),
                    *(
                        [
                            _or_hidden(rate.users),
                            _or_hidden(rate.residents),
                            "" if rate.share is None else float(rate.share * 1000),
                            "" if low == "" else float(low) * 1000,
                            "" if high == "" else float(high) * 1000,
                        ]
                        if is_last
                        else [""] * 5
                    ),
                ]
            )
    return rows


def _or_hidden(count: int | None) -> int | str:
    return "suppressed" if count is None else count


__all__ = ["file_name", "table_of"]
