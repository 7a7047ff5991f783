"""A pathway of the demo, as plain texts: how frail elderly people come home from hospital in two
places, and how it is to be for all. Everything in it is invented, hours and amounts included.
"""

from __future__ import annotations

from dataclasses import dataclass

KEY, TITLE, GROUP = (
    "demo-skropelige-eldre",
    "Skrøpelige eldre (oppdiktet eksempel)",
    "frail_elderly",
)
WORKSTREAMS = (("Trondheim", "Trondheim", "St. Olavs"), ("Røros", "Røros", "St. Olavs"))
HOME, WARD, GP, HERSELF = (
    "Hjemmetjenesten", "Sykehusavdelingen", "Fastlegen", "Pasient og pårørende",
)  # fmt: skip
LANES = (
    (HERSELF, "patient"), (HOME, "municipality"), (WARD, "hospital"), (GP, "gp"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoStep:
    """A step: who, to what end, what is done, by which channel, within how many hours."""

    lane: str
    purpose: str
    action: str = ""
    channel: str = ""
    hours: int | None = None
    documents: tuple[str, ...] = ()
    value: str = "necessary"
    requires_platform: bool = False


@dataclass(frozen=True, slots=True)
class DemoDrawing:
    """A drawing: steps, what follows what (by place from 1, message, hours, receipt), what hurts (by
    place, kind, severity, evidence).
    """

    part: str
    steps: tuple[DemoStep, ...]
    handovers: tuple[tuple[int, int, str, int | None, bool], ...]
    pains: tuple[tuple[int, str, int, str], ...] = ()


_ASSESS = "Kartlegge behov ved innleggelse"
_READY = "Melde utskrivningsklar"
_OFFER = "Vurdere tilbud etter utskriving"
_VISIT = "Første besøk hjemme"
_REVIEW = "Gjennomgå legemidler"
_CALL = "Ringe om legemidlene"

DRAWINGS = (
    DemoDrawing(
        "as-is-1",
        (
            DemoStep(WARD, _ASSESS, "Samtale med pasienten", hours=48),
            DemoStep(WARD, _READY, channel="PLO-melding"),
            DemoStep(HOME, _OFFER, hours=24),
            DemoStep(HOME, _CALL, "Ringer avdelingen om hva pasienten bruker", "telefon", value="waste"),
            DemoStep(HOME, _VISIT, hours=72, value="adding"),
            DemoStep(GP, _REVIEW, channel="epikrise på papir", hours=336, value="adding"),
        ),
        (
            (1, 2, "", None, False), (2, 3, "Utskrivningsklar", None, False),
            (3, 4, "", None, False), (4, 5, "", None, False), (5, 6, "", None, False),
        ),
        (
            (4, "double_work", 4, "Ti samtaler med sykepleiere"),
            (5, "bad_experience", 3, "Brukerrådet: «Ingen visste når de kom»"),
        ),
    ),
    DemoDrawing(
        "as-is-2",
        (
            DemoStep(WARD, _ASSESS, "Samtale med pasienten", hours=24),
            DemoStep(WARD, _READY, channel="PLO-melding"),
            DemoStep(HOME, _OFFER, hours=24),
            DemoStep(HOME, _VISIT, hours=48, value="adding"),
        ),
        ((1, 2, "", None, False), (2, 3, "Utskrivningsklar", None, True), (3, 4, "", None, False)),
        ((3, "friction", 2, "Møte i arbeidsstrømmen"),),
    ),
    DemoDrawing(
        "to-be",
        (
            DemoStep(WARD, _ASSESS, "Samtale med pasient og pårørende", hours=24),
            DemoStep(HOME, "Sende det vi vet hjemmefra", "Mål, hjelpebehov og legemidler", "journalen", 24,
                     ("Innleggelsesrapport",), "adding"),
            DemoStep(WARD, _READY, channel="PLO-melding", hours=72),
            DemoStep(HOME, _OFFER, hours=24),
            DemoStep(HOME, _VISIT, hours=24, value="adding"),
            DemoStep(GP, _REVIEW, channel="journalen", hours=72, value="adding"),
            DemoStep(HERSELF, "Fortelle hva som er viktig", "Hva er viktig for deg nå?", hours=168,
                     value="adding"),
            DemoStep(HOME, "Se sykehusets plan dag for dag", channel="journalen", hours=24,
                     requires_platform=True),
            DemoStep(HOME, "Evaluere sammen med pasienten", hours=672, documents=("Plan",),
                     value="adding"),
        ),
        (
            (1, 2, "Spørsmål om pasienten", 4, True), (2, 3, "Innleggelsesrapport", 24, True),
            (1, 8, "", 24, True), (3, 4, "Utskrivningsklar", 1, True), (4, 5, "", 24, False),
            (5, 6, "Hva vi fant hjemme", 24, True), (5, 7, "", 24, False), (6, 9, "Svar", 24, True),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoMeasure:
    """A measure: which steps it is about, where, what it gives whom in a year (NOK)."""

    title: str
    steps: tuple[str, ...]
    workstream: str
    effects: tuple[tuple[str, int], ...]
    within_platform: bool = True
    started: bool = False


MEASURES = (
    DemoMeasure(
        "Rapport hjemmefra innen et døgn", (f"{HOME} / Sende det vi vet hjemmefra", f"{HOME} / {_CALL}"),
        "Trondheim", (("municipality Trondheim", 240_000), ("hospital St. Olavs", 310_000)),
        started=True,
    ),
    DemoMeasure(
        "Første besøk innen et døgn", (f"{HOME} / {_VISIT}",), "Røros",
        (("municipality Røros", -180_000), ("hospital St. Olavs", 420_000)),
    ),
    DemoMeasure(
        "Sykehusets plan vises fortløpende", (f"{HOME} / Se sykehusets plan dag for dag",), "Trondheim",
        (("municipality Trondheim", 95_000),), within_platform=False,
    ),
)  # fmt: skip

THERE = (
    ("plan", "", "Prosjektplan, versjon 2"), ("stakeholder-list", "", "Interessentliste"),
    ("benefit-goals", "", "Gevinstmål: færre reinnleggelser, tryggere hjemkomst"),
    ("frozen-baseline", "", "Nullpunkt, frosset i gevinstplanen"),
)  # fmt: skip
"""What phase 1 asks for: guard, of which, where it is found."""
HEARD = (
    ("Brukerrådet", "Vi vil vite hvem som kommer, og når.", "Første besøk avtales før hjemreise."),
    ("Brukerrådet", "Pårørende må bli spurt.", ""),
)
"""What users said, in phase 1 and in phase 2."""
CONFOUNDER = (
    "Ny ordning for korttidsplasser i Trondheim", 200, "better", ("H4",),
    "Gevinstkoordinatorene og brukerrådet",
)  # fmt: skip
"""What else happened, how many days ago, which way, which figures, and who was asked."""
WATCHED, OTHERS = (("Trondheim", "org-5001"), ("Røros", "org-5025")), ("org-5031",)
"""Whose figures are followed, by workstream, and whom they are compared with."""
STARTED = (("Trondheim", 150),)
"""Which municipality has begun, and how many days ago."""

LEARNT = (
    (120, "Trondheim", "Rapporten ble ikke lest når den kom om natten.",
     "Avtal hvem som leser, også i helgen."),
    (40, "", "Pårørende ringte mindre da første besøk var avtalt før hjemreise.", ""),
)  # fmt: skip
"""What was learnt: how many days ago, where, what, and what others should do."""

__all__ = [
    "CONFOUNDER", "DRAWINGS", "GROUP", "HEARD", "KEY", "LANES", "LEARNT", "MEASURES", "OTHERS", "STARTED", "THERE",
    "TITLE", "WATCHED", "WORKSTREAMS", "DemoDrawing", "DemoMeasure", "DemoStep",
]  # fmt: skip
