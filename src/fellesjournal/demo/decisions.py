"""What organisations of the demo decide together, and an action plan, as plain texts.

The plan is the one told in «Arena Trøndelag», Helse Midt-Norge RHF, 23 November 2023, with its
reference that leads nowhere; the cases are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TRONDHEIM, ROROS, ST_OLAV = "org-5001", "org-5025", "trust-st-olavs"


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case: since how many days, who has said what and why (by Organization id)."""

    key: str
    title: str
    kind: str
    proposal: str
    affected: tuple[str, ...]
    days: int
    evidence: str = ""
    safety: str = "none"
    said: tuple[tuple[str, str, str], ...] = ()
    decided: str = ""


CASES = (
    DemoCase(
        "demo-forste-besok", "Én mal for første besøk etter utskriving", "workflow",
        "Hjemmetjenesten i alle kommuner bruker samme mal for det første besøket etter"
        " utskriving fra sykehus.",
        (TRONDHEIM, ROROS, ST_OLAV), 9, "Ti samtaler med sykepleiere i tre kommuner.",
        said=((ROROS, "agree", ""),),
    ),
    DemoCase(
        "demo-legemiddelliste", "Legemiddellisten leses opp ved innleggelse", "clinical_content",
        "Listen gjennomgås sammen med pasienten innen et døgn etter innleggelse.",
        (TRONDHEIM, ST_OLAV), 20, safety="relevant",
        said=((ST_OLAV, "object", "Vi har ikke folk til dette i helgene."),),
    ),
    DemoCase(
        "demo-svarfrist", "Svar på dialogmeldinger innen to virkedager", "workflow",
        "Alle tjenester svarer på meldinger om pasienter innen to virkedager.",
        (TRONDHEIM, ROROS), 40,
        said=((TRONDHEIM, "agree", ""), (ROROS, "stand_aside", "Vi har ordningen fra før.")),
        decided="Fristen gjelder fra neste måned.",
    ),
)  # fmt: skip

PLAN_KEY, PLAN_NAME = "demo-arena-trondelag", "Arena Trøndelag"
ADOPTED = date(2023, 6, 30)
"""When the joint plan of Møre og Romsdal was adopted; the source says June 2023."""
_WHO = "Rådgiver samhandling"
PLAN = "\n".join((
    "nr;tittel;mål;frist;ansvarlig;prioritet;status;avhengig av",
    ("1.1;Helse Midt-Norge blir observatør i helsefellesskapene (se 2.2);"
    f"representasjonen er avklart i alle tre;31.12.2023;{_WHO};1;"
    "observatør / kontakt tatt / tatt opp igjen;"),
    ("2.3;Møre og Romsdal vedtar én felles plan;innen utgangen av 2023;31.12.2023;"
    f"{_WHO};;vedtatt juni 2023;"),
    ("2.4;Kartlegge helsefellesskapenes behov for hjelp;"
    f"saken er lagt fram i alle, første halvår 2024;30.06.2024;{_WHO};1;"
    "ett helsefellesskap tidlig i 2024, de andre når representasjonen er avklart;1.1"),
))  # fmt: skip

REVIEW_KEY = "demo-tilsyn"
FINDING = (
    "Det er ikke avtalt hvem som følger opp prøvesvar som kommer etter utskriving.", "major",
    (TRONDHEIM, ST_OLAV), ("LE1",),
)  # fmt: skip
"""An invented finding: what, how serious, to whom (by Organization id), which figures."""
MEETING_KEY = "demo-mote"
MEETING = (
    "nordre-trondelag-st-olav", ("PSU", "ASU"), 12,
    ("Felles plan for utskriving", "Møteplan for neste år"),
)  # fmt: skip
"""An invented meeting: of which community, which bodies, in how many days, about what."""


@dataclass(frozen=True, slots=True)
class DemoIssue:
    """Something in the queue of usability: users, uses a day, seconds, safety, days of work; measured
    before and after when it is closed.
    """

    key: str
    workflow: str
    users: int
    uses: int
    seconds: int
    safety: int
    effort: int
    reach: str = "local"
    fix: str = "config"
    measured: tuple[int, int] | None = None


ISSUES = (
    DemoIssue("demo-dose", "To doser vises på samme linje", 120, 4, 10, 3, 15, "shared", "build"),
    DemoIssue("demo-signer", "Signere notat krever fire klikk", 400, 6, 15, 0, 10),
    DemoIssue(
        "demo-sok", "Finne siste epikrise", 90, 5, 30, 1, 6, fix="training", measured=(30, 12)
    ),
)

__all__ = [
    "ADOPTED",
    "CASES",
    "FINDING",
    "ISSUES",
    "MEETING",
    "MEETING_KEY",
    "PLAN",
    "PLAN_KEY",
    "PLAN_NAME",
    "REVIEW_KEY",
    "DemoCase",
    "DemoIssue",
]
