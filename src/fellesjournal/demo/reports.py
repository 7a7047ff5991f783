"""What staff of the demo have reported from their pages in the last days, and what came of it. Invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoReport:
    """A report: whose position it was, how many hours ago, on which page, and what was done: ``taken``,
    ``answer`` and ``done`` by the rollout lead.
    """

    position: str
    hours: int
    said: str
    category: str
    severity: int
    page: str
    module: str
    safety: bool = False
    taken: bool = False
    answer: str = ""
    done: str = ""


USERS = 60
"""So many use the platform in Trondheim, in the demo."""
WHERE = "5001"

REPORTS = (
    DemoReport(
        "home-care-nurse", 170, "Listen over besøk er tom til jeg laster siden på nytt.", "defect", 2,
        "home-care-day", "clinic/homecare_day", done="Rettet i versjonen fra i går.",
    ),
    DemoReport(
        "gp", 150, "Finner ikke hvor jeg fornyer flere resepter på én gang.", "training", 3,
        "medicines", "clinic/medicine", answer="Velg Forny legemidler fra Ctrl K.",
        done="Forklart; lagt til i kursheftet.",
    ),
    DemoReport(
        "case-officer", 120, "Jeg ser ikke søknadene til den nye sonen.", "access", 1, "applications",
        "clinic/application", done="Rollen er gitt ved den nye enheten.",
    ),
    DemoReport(
        "home-care-nurse", 100, "Samme som før: listen over besøk er tom på telefonen.", "defect", 2,
        "home-care-day", "clinic/homecare_day", taken=True,
        answer="Vi har funnet feilen. Last siden på nytt så lenge.",
    ),
    DemoReport(
        "out-of-hours-nurse", 30, "Fargen på hastegraden endres ikke før siden lastes på nytt.",
        "defect", 2, "triage-board", "clinic/triage", safety=True, taken=True,
    ),
    DemoReport(
        "gp", 26, "Åtte klikk for å sende en rekvisisjon jeg sender hver dag.", "enhancement", 3,
        "laboratory", "clinic/order",
    ),
    DemoReport(
        "home-care-nurse", 3, "To doser står på samme klokkeslett etter at siden ble stående åpen.",
        "defect", 2, "home-visit", "clinic/homecare_visit", safety=True,
    ),
)  # fmt: skip

__all__ = ["REPORTS", "USERS", "WHERE", "DemoReport"]
