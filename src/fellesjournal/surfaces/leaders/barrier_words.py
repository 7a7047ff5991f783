"""The five barriers in words: as rows of a page, a paper and a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.exports.tables import Cell, Column, Table
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.rollout.adoption import Barrier
from fellesjournal.leadership.rollout.barriers import Barriers, Hold, Statement, summary
from fellesjournal.surfaces.leaders.adoption_words import BARRIERS

HOLDS: Mapping[Hold, Promise] = {
    Hold.NOT_ASSESSED: _("Not assessed"),
    Hold.LITTLE: _("Holds back a little"),
    Hold.SOME: _("Holds back some"),
    Hold.MUCH: _("Holds back much"),
}

MOST_FIRST = (Hold.MUCH, Hold.SOME, Hold.LITTLE, Hold.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class BarrierRow:
    """A barrier as it stands, in words; ``step`` 0 to 3 by how much it holds back."""

    key: str
    name: str
    hold: str
    step: int
    ground: str
    measure: str
    owner: str
    day: str


def barrier_rows(stands: Barriers) -> list[BarrierRow]:
    """Each of the five, in their order."""
    return [barrier_row(barrier, stands.of(barrier)) for barrier in Barrier]


def barrier_row(barrier: Barrier, stands: Statement | None) -> BarrierRow:
    """One barrier; what nobody has said is a dash."""
    hold = Hold.NOT_ASSESSED if stands is None else stands.hold
    name, said = str(BARRIERS[barrier]), str(HOLDS[hold])
    if stands is None:
        return BarrierRow(barrier, name, said, 0, "–", "–", "–", "–")
    return BarrierRow(
        barrier, name, said, list(Hold).index(hold), stands.ground, stands.measure or "–",
        stands.owner or "–", on_day(stands.on),
    )  # fmt: skip


def barrier_table(rows: Sequence[BarrierRow]) -> Table:
    """The same on paper."""
    columns = (
        Column(gettext("Barrier"), width=1.2),
        Column(gettext("How much"), width=1),
        Column(gettext("On what ground"), width=2),
        Column(gettext("What is done about it"), width=2),
        Column(gettext("Owner"), width=1),
        Column(gettext("Assessed"), width=0.8),
    )
    cells = tuple(
        tuple(map(Cell, (each.name, each.hold, each.ground, each.measure, each.owner, each.day)))
        for each in rows
    )
    return Table(columns, cells, gettext("What keeps people out"))


def hold_steps(stands: Barriers) -> list[tuple[str, int]]:
    """How much each holds back, in words and as a step."""
    return [(row.hold, row.step) for row in barrier_rows(stands)]


def summary_rows(everywhere: Mapping[str, Barriers]) -> list[tuple[str, list[tuple[str, int]]]]:
    """In how many municipalities each barrier holds back so much, the most first."""
    found = summary(everywhere.values())
    return [
        (str(BARRIERS[each]), [(str(HOLDS[hold]), counts[hold]) for hold in MOST_FIRST])
        for each, counts in found.items()
    ]


__all__ = [
    "HOLDS",
    "MOST_FIRST",
    "BarrierRow",
    "barrier_row",
    "barrier_rows",
    "barrier_table",
    "hold_steps",
    "summary_rows",
]
