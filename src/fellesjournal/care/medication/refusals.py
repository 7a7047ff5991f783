"""Why a change of the list is not carried out."""

from __future__ import annotations

from fellesjournal.care.medication.alerts import Alert
from fellesjournal.care.medication.safety import HardStop


class Refused(ValueError):
    """It can't be done so; ``code`` says why: ``no-reason``, ``no-dose``, ``not-on-the-list``,
    ``undecided``, ``too-late``, ``nothing-to-undo``.
    """

    def __init__(self, code: str, *about: str) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


class Unconfirmed(Exception):
    """Somebody must first confirm these stops outright, and give reasons past these alerts."""

    def __init__(self, stops: tuple[HardStop, ...], alerts: tuple[Alert, ...]) -> None:
        super().__init__("to be confirmed first")
        self.stops = stops
        self.alerts = alerts


class ListChanged(Exception):
    """Somebody has changed the list since it was on the page: ``seen`` is the number that was."""

    def __init__(self, seen: int, stands: int) -> None:
        super().__init__(f"number {seen} was on the page, {stands} stands")
        self.seen = seen
        self.stands = stands


__all__ = ["ListChanged", "Refused", "Unconfirmed"]
