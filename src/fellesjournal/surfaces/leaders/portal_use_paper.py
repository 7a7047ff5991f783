"""HE1 on paper: the tables of its pages, of the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.indicators.he1.definition import TITLE, definition
from fellesjournal.leadership.indicators.he1.series import AgeRate, Place, Week
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.barrier_words import BarrierRow, barrier_table
from fellesjournal.surfaces.leaders.files import page_of
from fellesjournal.surfaces.leaders.indicator_words import interval_word, said
from fellesjournal.surfaces.leaders.portal_function_words import (
    FunctionRow,
    function_table,
    told_by_the_log,
)
from fellesjournal.surfaces.leaders.portal_use_words import Chosen, Row

Words = Mapping[str, Any]  # a row as the template reads it


def places_sheet(
    chosen: Chosen, until: datetime | None, rows: Sequence[tuple[Place, Row]]
) -> Sheet:
    """Each municipality by a week."""
    columns = (
        Column(gettext("Municipality"), width=1.4),
        _number(gettext("Users by now")),
        _number(gettext("Live there today")),
        _number(gettext("Signed in that week")),
        _number(gettext("Represented that week")),
        _number(gettext("Per 1000 aged 16+")),
    )
    cells = tuple(
        (
            Cell(row.name),
            Cell(row.gross),
            Cell(row.living),
            Cell(row.active, is_held_back=place.last.active is None),
            Cell(row.represented, is_held_back=place.last.represented is None),
            Cell(
                row.rate,
                (row.interval, row.counts) if row.counts else (),
                is_held_back=place.rate.is_hidden,
                is_strong=bool(row.counts),
            ),
        )
        for place, row in rows
    )
    tables = (Table(columns, cells),) if until else ()
    return _sheet(chosen, until, gettext("All municipalities"), tables)


def place_sheet(
    chosen: Chosen,
    until: datetime | None,
    name: str,
    weeks: Sequence[tuple[Week, Words]],
    ages: Sequence[tuple[AgeRate, Words]],
    functions: Sequence[FunctionRow] = (),
    barriers: Sequence[BarrierRow] = (),
) -> Sheet:
    """One municipality by week, by function and by age, and what keeps people out there."""
    by_week = (
        Column(gettext("Week"), width=1.2),
        _number(gettext("Users by now")),
        _number(gettext("Growth")),
        _number(gettext("Live there today")),
        _number(gettext("Signed in that week")),
        _number(gettext("Represented that week")),
    )
    by_age = (
        Column(gettext("Age"), width=1.2),
        _number(gettext("Per 1000")),
        _number(interval_word()),
        _number(gettext("Counted")),
        _number(gettext("Against all aged 16+")),
    )
    tables = (
        Table(by_week, tuple(_week(*each) for each in weeks), gettext("By week")),
        *([function_table(functions)] if functions else []),
        Table(by_age, tuple(_age(*each) for each in ages), gettext("By age")),
        *([barrier_table(barriers)] if barriers else []),
    )
    return _sheet(chosen, until, name, tables)


def _week(week: Week, row: Words) -> tuple[Cell, ...]:
    return (
        Cell(row["name"], () if row["is_over"] else (gettext("so far"),)),
        Cell(row["gross"]),
        Cell(row["growth"] or "–" if row["is_over"] else gettext("not over")),
        Cell(row["living"]),
        Cell(row["active"], is_held_back=week.active is None),
        Cell(row["represented"], is_held_back=week.represented is None),
    )


def _age(each: AgeRate, row: Words) -> tuple[Cell, ...]:
    is_held = each.rate.is_hidden
    return (
        Cell(row["name"]),
        Cell(row["rate"], is_held_back=is_held),
        Cell(row["interval"] or "–", is_held_back=is_held),
        Cell(row["counts"] or "–", is_held_back=is_held),
        Cell(row["gap"]),
    )


def _sheet(chosen: Chosen, until: datetime | None, name: str, tables: tuple[Table, ...]) -> Sheet:
    found = definition()
    sunday = chosen.last + timedelta(days=6)
    by = gettext("By Sunday %(sunday)s.") % {"sunday": written(sunday, "j. F Y")}
    so_far = gettext("so far")
    counted = (
        gettext("Counted until %(until)s.") % {"until": written(localtime(until), "j. F Y H:i")}
        if until
        else gettext("Being counted for the first time. Come back in a minute.")
    )
    version = gettext("definition %(version)s, %(hash)s") % {
        "version": found.version, "hash": found.hash,
    }  # fmt: skip
    week = words.week_name(chosen.last)
    return Sheet(
        title=said(TITLE),
        lang=get_language() or "nb",
        day=localtime(until).date() if until else chosen.last,
        facts=(
            (gettext("Indicator"), f"HE1, {version}"),
            (gettext("Municipality"), name),
            (gettext("Period"), f"{week}. {by}" if chosen.is_over else f"{week} ({so_far}). {by}"),
            (gettext("Made"), counted),
            (
                gettext("Who may read"),
                gettext("Leaders whose role sees figures. No record is opened."),
            ),
        ),
        tables=tables,
        foot=f"HE1 · {name} · {week} · {counted}",
        page_of=page_of(),
        notes=_notes(),
    )


def _notes() -> tuple[str, ...]:
    """The words of the page without which a number on paper would be misread."""
    return (
        gettext(
            "Users by now: everybody who has signed in as herself and accepted the terms. She stays counted"
            " where she lived then, so that the number never falls."
        ),
        gettext(
            "Rates are of residents aged 16 and more that the record knows. Groups by centrality are not"
            " shown: no index of centrality is part of the platform."
        ),
        gettext(
            "A number is shown anew when it has grown by five or more. Until then it stands “as before”, so"
            " that nobody can be counted out of it."
        ),
        told_by_the_log(),
    )


def _number(title: str) -> Column:
    return Column(title, is_number=True)


__all__ = ["place_sheet", "places_sheet"]
