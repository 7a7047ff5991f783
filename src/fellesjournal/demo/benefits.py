"""Benefits plans of the demo, as plain texts and numbers. All of it is invented, the measurements too:
the demo region is too young to have any.

Trondheim has just begun and goes on from there; Røros and Malvik have measured for some months.
"""

from __future__ import annotations

from dataclasses import dataclass

TRONDHEIM, ROROS, MALVIK = "org-5001", "org-5025", "org-5031"
INVENTED = "oppdiktet for demoen"
"""What the baselines of the demo say of where they come from."""


@dataclass(frozen=True, slots=True)
class DemoItem:
    """An item of the selection list: why it can be measured, reused, influenced ("" for no), and what
    the leader and the coordinator score (size, difficulty, fit).
    """

    indicator: str
    title: str
    group: str
    why: tuple[str, str, str]
    scores: tuple[tuple[int, int, int], ...] = ()


ITEMS = (
    DemoItem(
        "LE1", "Legemidler til rett tid", "Hjemmetjeneste",
        ("Telles av kvitterte doser hver måned", "Alle kommuner kvitterer doser",
         "Ruter og påminnelser er våre egne"),
        ((4, 2, 5), (4, 2, 4)),
    ),
    DemoItem(
        "H4", "Ulike ansikter", "Hjemmetjeneste",
        ("Telles av besøkene, 14 dager om gangen", "Alle har hjemmebesøk",
         "Turnus og lister er våre egne"),
        ((3, 3, 4), (5, 3, 4)),
    ),
    DemoItem(
        "DOBBEL", "Opplysninger som skrives to ganger", "Sykehjem",
        ("Kan telles i stikkprøver", "Gjelder alle sykehjem", "Maler og rutiner er våre egne"),
        ((5, 4, 3),),
    ),
    DemoItem(
        "VENTE", "Ventetid i telefonen", "Legekontor",
        ("", "Alle har telefon", "Bemanning er vår egen"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """A plan that has come far: of 100 doses or so a month, how many were given on time in each of the
    last months, oldest first. The first is the baseline; ``wanted`` is in hundredths.
    """

    unit: str
    owner: str
    coordinator: str
    months: tuple[tuple[int, int], ...]
    wanted: int
    measure: str
    hypothesis: str


PLANS = (
    DemoPlan(
        ROROS, "Kommunedirektøren", "Økonomirådgiveren",
        ((268, 389), (285, 392), (318, 401), (341, 398), (352, 395)), 90,
        "Runde kl. 12 med kvittering ved sengen",
        "Doser som kvitteres der de gis, blir ikke utsatt til vaktskiftet.",
    ),
    DemoPlan(
        MALVIK, "Helse- og velferdssjefen", "Gevinstrådgiveren",
        ((412, 520), (421, 530), (419, 512)), 88,
        "Påminnelse 15 minutter før tidspunktet",
        "Den som er på vei, ser det før det er for sent.",
    ),
)  # fmt: skip
CONFOUNDER = "Ny turnus fra denne måneden"
PRACTICE_KEY = "demo-runde-med-kvittering"
BENEFIT_KEY = "demo-rett-tid"
BENEFIT = "Legemidler gis til rett tid"
LOSS_KEY = "demo-innlogging"
LOSS = "Mer tid til innlogging på felles enheter"
MAP = ("Strekkode ved utdeling", "Utdeling kvitteres hos pasienten")


@dataclass(frozen=True, slots=True)
class DemoRow:
    """A row of the worksheet: minutes now, after (at least, most likely, at most), how often a week."""

    key: str
    task: str
    area: str
    now: str
    after: tuple[str, str, str]
    times: str
    weeks: str = "52"
    thief: bool = False
    counted_by: str = ""


WORKSHOP_KEY, WORKSHOP = "demo-verksted", "Legemidler i hjemmetjenesten"
AREAS = (("Hjemmetjeneste", 6, "42000"), ("Helsehus", 3, "18500"))
ROWS = (
    DemoRow("demo-1", "Ringe rundt etter legemiddelliste", "Hjemmetjeneste", "15",
            ("2", "5", "14"), "30", thief=True),
    DemoRow("demo-2", "Logge inn på felles enhet", "Hjemmetjeneste", "5", ("6", "8", "11"), "200",
            "46"),
    DemoRow("demo-3", "Skrive samme notat to steder", "Helsehus", "45", ("5", "10", "15"), "12"),
    DemoRow("demo-4", "Hente journal fra arkivet", "Hjemmetjeneste", "40", ("0", "0", "0"), "2",
            counted_by="Arkivprosjektet"),
)  # fmt: skip

__all__ = [
    "AREAS", "BENEFIT", "BENEFIT_KEY", "CONFOUNDER", "INVENTED", "ITEMS", "LOSS", "LOSS_KEY", "MALVIK",
    "MAP", "PLANS", "PRACTICE_KEY", "ROROS", "ROWS", "TRONDHEIM", "WORKSHOP", "WORKSHOP_KEY",
    "DemoItem", "DemoPlan", "DemoRow",
]  # fmt: skip
