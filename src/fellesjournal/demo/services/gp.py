"""The list GP: checks of chronic diseases, gathered in one visit when several are due."""

from __future__ import annotations

from fellesjournal.demo.catalogue.laboratory import Panel
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.record import Control, Record
from fellesjournal.demo.writing import note

_SOON = 25  # a check due within so many days is taken with the others


def plan(record: Record) -> None:
    """Put the regular checks on the calendar."""
    _Checks(record).wait(record.start + 60)


def _together(due: list[Control]) -> Panel:
    """One panel for all the checks, every analysis once."""
    panels = list(dict.fromkeys(control.panel for control in due))
    if len(panels) == 1:
        return panels[0]
    return Panel("Kontrollprøver", tuple(dict.fromkeys(k for panel in panels for k in panel.keys)))


class _Checks:
    def __init__(self, record: Record) -> None:
        self.record = record
        self.last: dict[str, int] = {}

    def wait(self, day: int) -> None:
        self.record.at(day, self.look)

    def look(self, day: int) -> None:
        """Do the checks that are due, then wait for the next."""
        record = self.record
        if record.busy(day) or record.in_nursing_home_from:
            self.wait(day + 21)
            return
        due = [control for control in record.controls if self._next(control) <= day + _SOON]
        if due:
            self._visit(day, due)
        coming = [self._next(control) for control in record.controls]
        self.wait(max(day + 14, min(coming, default=day + 45)) + int(record.rng.random() * 12))

    def _next(self, control: Control) -> int:
        last = self.last.get(control.diagnosis.name)
        return control.from_day if last is None else last + control.every

    def _visit(self, day: int, due: list[Control]) -> None:
        record = self.record
        visit = gp_visit(record, day, due[0].diagnosis)
        vitals(record, visit, *dict.fromkeys(name for control in due for name in control.vitals))
        labs(record, visit, _together(due))
        for control in due:
            self.last[control.diagnosis.name] = day
        names = ", ".join(control.diagnosis.name.lower() for control in due)
        note(
            record, visit, f"Kontroll: {names}",
            history=f"Avtalt kontroll av {names}.",
            assessment=" ".join(control.assessment for control in due),
            plan="Fortsetter behandlingen. Ny kontroll avtales.",
        )  # fmt: skip
