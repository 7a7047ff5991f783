"""Use of HelsaMi by function in words: each share, what it is counted by; as rows of a page, a paper and a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.portal_functions import Function
from fellesjournal.foundation.exports.tables import Cell, Column, Table
from fellesjournal.leadership.indicators.he1.definition import functions_definition
from fellesjournal.leadership.indicators.he1.functions import FunctionShare
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.adoption_words import FUNCTIONS
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.indicator_words import interval_word
from fellesjournal.surfaces.leaders.portal_use_words import Chosen

COUNTED_WHEN: Mapping[Function, Promise] = {
    Function.APPOINTMENTS: _("one was opened to be moved or cancelled, or booked"),
    Function.LETTERS: _("a letter was opened"),
    Function.MESSAGES: _("a conversation was opened, as after each message that is sent"),
    Function.TEST_RESULTS: _("results with a value were opened"),
    Function.VISIT_SUMMARIES: _("a summary or note was opened"),
    Function.MEDICINES: _("a list with medicines was opened"),
    Function.APPLICATIONS: _("an application was sent"),
    Function.REPRESENTING: _("the record of another was opened"),
    Function.OWN_DATA: _("what is registered was opened or changed"),
}


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function in words. ``bar`` is its share in hundredths, "" for none."""

    name: str
    when: str
    share: str
    interval: str
    counts: str
    bar: str
    is_hidden: bool


def told_by_the_log() -> str:
    """What the numbers can say and what they can't."""
    return gettext(
        "A function counts when somebody who signed in that week left a line in the log of reading that no other"
        " page leaves: it is used by at least so many. The lists of appointments and messages leave the same line"
        " as the first page, a wish to renew a medicine the same as a message: they count nowhere. How often is"
        " not told, for a page that is loaded again leaves the same lines. What is done for another counts as"
        " representing others alone."
    )


def function_rows(found: Sequence[FunctionShare]) -> list[FunctionRow]:
    """Each function, in their order."""
    return [_row(each) for each in found]


def _row(each: FunctionShare) -> FunctionRow:
    name, when = str(FUNCTIONS[each.function]), str(COUNTED_WHEN[each.function])
    if each.users is None or each.signed_in is None:
        return FunctionRow(name, when, gettext("held back: few"), "–", "–", "", is_hidden=True)
    if each.share is None or each.interval is None:
        return FunctionRow(name, when, "–", "–", "–", "", is_hidden=False)
    counts = f"{plain(each.users)} / {plain(each.signed_in)}"
    if each.is_carried:
        counts = gettext("%(count)s, as before") % {"count": counts}
    low, high = map(Fraction, each.interval)
    return FunctionRow(
        name, when, percent(each.share), f"{percent(low)}–{percent(high)}", counts,
        f"{float(each.share) * 100:.1f}", is_hidden=False,
    )  # fmt: skip


def function_table(rows: Sequence[FunctionRow]) -> Table:
    """The same on paper."""
    columns = (
        Column(gettext("Function"), width=1.4),
        Column(gettext("Counts when"), width=2),
        Column(gettext("Share of who signed in"), is_number=True),
        Column(interval_word(), is_number=True),
        Column(gettext("Counted"), is_number=True),
    )
    cells = tuple(
        (
            Cell(each.name), Cell(each.when), Cell(each.share, is_held_back=each.is_hidden),
            Cell(each.interval), Cell(each.counts),
        )
        for each in rows
    )  # fmt: skip
    return Table(columns, cells, gettext("Use by function"))


def function_file(
    found: Sequence[FunctionShare], place: str, chosen: Chosen
) -> list[Sequence[object]]:
    """The same as rows of a file: what is held back or carried on the page is so here."""
    rows: list[Sequence[object]] = [
        [
            "indicator",
            "definition",
            "municipality",
            "name",
            "week",
            "whole_week",
            "function",
            "users",
            "signed_in_that_week",
            "carried",
            "share",
            "ci_low",
            "ci_high",
        ]
    ]
    made = functions_definition()
    for each in found:
        low, high = each.interval or ("", "")
        rows.append(
            [
                made.indicator,
                made.hash,
                words.place_key(place),
                words.place_name(place),
                words.week_key(chosen.last),
                "yes" if chosen.is_over else "no",
                str(each.function),
                "suppressed" if each.users is None else each.users,
                "suppressed" if each.signed_in is None else each.signed_in,
                "yes" if each.is_carried else "no",
                "" if each.share is None else float(each.share),
                "" if low == "" else float(low),
                "" if high == "" else float(high),
            ]
        )
    return rows


__all__ = ["FunctionRow", "function_file", "function_rows", "function_table", "told_by_the_log"]
