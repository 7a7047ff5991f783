"""The guide of a pathway on paper, of the same words as on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.pathways.guide import Guide
from fellesjournal.surfaces.leaders.files import page_of


def sheet(own: Guide, shown: Mapping[str, Any], day: date) -> Sheet:
    """The guide. ``shown``: what the page's template reads; ``day``: when the drawing was saved."""
    title = gettext("Guide: %(title)s") % {"title": own.title}
    version = gettext("Version %(version)s") % {"version": shown["version"]}
    return Sheet(
        title=title,
        lang=get_language() or "nb",
        day=day,
        facts=(
            (gettext("For whom"), str(shown["group"])),
            (gettext("Drawing"), f"{version}, {written(day, 'j. F Y')}"),
            (gettext("Steps that others can take over"), str(len(own.template.steps))),
            (gettext("Steps that need the platform to change"), str(len(own.left_out))),
        ),
        tables=tuple(each for each in _tables(own, shown) if each.rows),
        foot=f"{title} · {version}",
        page_of=page_of(),
        notes=_notes(own),
    )


def _tables(own: Guide, shown: Mapping[str, Any]) -> tuple[Table, ...]:
    return (
        Table(
            (
                Column(gettext("Who acts"), width=1.1), Column(gettext("To what end"), width=1.5),
                Column(gettext("What is done, and when"), width=1.6),
                Column(gettext("Documents"), width=0.9),
            ),
            tuple(
                (
                    Cell(each["step"].lane, (str(each["level"]),)),
                    Cell(f"{n}. {each['step'].purpose}", is_strong=True),
                    Cell("", tuple(each["facts"])), Cell("", each["step"].documents),
                )
                for n, each in enumerate(shown["steps"], 1)
            ),
            gettext("Template: the steps"),
        ),
        Table(
            (Column(gettext("From"), width=1.7), Column(gettext("Then"), width=1.7),
             Column(gettext("What is told"), width=1.6)),
            tuple(
                (Cell(each["start"]), Cell(each["end"]), Cell("", tuple(each["facts"])))
                for each in shown["handovers"]
            ),
            gettext("Template: the handovers"),
        ),
        Table(
            (Column(gettext("Measure"), width=1.7), Column(gettext("Steps"), width=1.9),
             Column(gettext("Effect in a year"), width=1.5)),
            tuple(
                (
                    Cell(each["package"].title, (each["package"].workstream,), is_strong=True),
                    Cell("", each["package"].steps), Cell("", tuple(each["effects"])),
                )
                for each in shown["packages"]
            ),
            gettext("Work packages: measures that were carried out"),
        ),
        Table(
            (Column(gettext("What is claimed"), width=2.4), Column(gettext("How strong"), width=0.9),
             Column(gettext("What was found"), width=1.8)),
            tuple(
                (
                    Cell(each.text, (each.evidence.indicator,)), Cell(str(claim)),
                    Cell("", (each.found,) if each.found else ()),
                )
                for claim, each in shown["claims"]
            ),
            gettext("What became better"),
        ),
        Table(
            (Column(gettext("When"), width=0.9), Column(gettext("What we learnt"), width=2.2),
             Column(gettext("What others should do"), width=2)),
            tuple(
                (
                    Cell(written(each.day, "j. F Y"), (each.where,) if each.where else ()),
                    Cell(each.what), Cell(each.advice or "–"),
                )
                for each in own.learnt
            ),
            gettext("Learning log"),
        ),
    )  # fmt: skip


def _notes(own: Guide) -> tuple[str, ...]:
    if not own.left_out:
        return ()
    said = gettext("Not to be taken over yet, for the platform must be developed:")
    return (said, *(each.key for each in own.left_out))


__all__ = ["sheet"]
