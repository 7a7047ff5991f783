"""What the demo tells of the rollout in Røros, which is on its way, of the first days of Malvik, and of a
wave that goes live some weeks after the day the demo is made.

Invented, but for the balance of the notes, which is the example of the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ON_ITS_WAY, WENT_LIVE = "5025", "5031"
OWNER = "Lokal innføringsleder"


@dataclass(frozen=True, slots=True)
class DemoCheck:
    """What was shown for a criterion at a gate: a value, or a stage."""

    criterion: str
    gate: int
    value: str = ""
    stage: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DemoJob:
    """A kind of object that was moved: from where, how many, and what became of them."""

    source: str
    what: str
    mode: str
    counted: int
    loaded: int
    rejected: int
    left_out: int = 0
    left_out_why: str = ""
    sample: int = 0


CHECKS = (
    DemoCheck("end-users-trained", 90, "14", evidence="Kursliste, uke 32"),
    DemoCheck("super-users", 90, stage="named", evidence="Navneliste fra hver enhet"),
    DemoCheck("accounts-tried", 90, "12", evidence="Prøvd av dem selv i testmiljøet"),
    DemoCheck("devices-accepted", 90, "41", evidence="Mottak, uke 31"),
    DemoCheck("integrations-passed", 90, stage="listed", evidence="Liste over 14 integrasjoner"),
    DemoCheck("message-tests", 90, stage="listed", evidence="Liste over maler og mottakere"),
    DemoCheck("downtime-drill", 90, stage="drafted", evidence="Utkast til nødrutine"),
    DemoCheck("rollback-plan", 90, stage="drafted", evidence="Utkast i prosjektmappen"),
    DemoCheck("resident-information", 90, stage="drafted", evidence="Utkast til brev"),
    DemoCheck("end-users-trained", 60, "46", evidence="Kursliste, uke 36"),
    DemoCheck("super-users", 60, stage="trained", evidence="Kursbevis"),
    DemoCheck("integrations-passed", 60, "71", evidence="10 av 14 hele veien"),
)
JOBS = (
    DemoJob("nursing-and-care", "Notater", "auto", 10_000, 9_870, 90, 40, "Testpersoner", 59),
    DemoJob("gp-and-out-of-hours", "Avtaler", "auto", 2_310, 2_310, 0, sample=59),
    DemoJob("nursing-and-care", "Legemiddellister", "manual", 212, 209, 0, sample=59),
)
RUNS = (
    # day, case, role, result, defect, its weight, run again for
    (date(2022, 9, 1), "Innleggelse varsler hjemmetjenesten", "Sykepleier", "passed", "", "", ""),
    (date(2022, 9, 5), "Dose gis på mobil", "Helsefagarbeider", "failed", "D1", "blocker", ""),
    (date(2022, 9, 12), "Dose gis på mobil", "Helsefagarbeider", "passed", "", "", "D1"),
    (date(2022, 9, 13), "Brev til pårørende", "Saksbehandler", "failed", "D2", "minor", ""),
)
RISKS = (
    ("For få superbrukere på natt", 4, 4, "To til opplæres", "Leder, hjemmetjenesten", (2, 4)),
    ("Legemiddellister rekker ikke å bli kontrollert av to", 3, 5, "", "Kommuneoverlegen", None),
)
STAKEHOLDERS = (
    ("Tillitsvalgte", 5, 4, "doubts", "Lokal innføringsleder", "Fast møte hver uke"),
    ("Fastlegene", 4, 4, "neutral", "Kommuneoverlegen", ""),
    ("Pasient- og brukerrådet", 4, 2, "supports", "Gevinstkoordinatoren", "Høring i hver fase"),
)
LED = "5001"
"""The municipality whose leaders state what keeps people out."""
BARRIERS = (
    # which, how much, on what ground, what is done, by whom, on which day
    ("skills", "some", "Oppdiktet spørreundersøkelse blant innbyggere over 67", "Hjelp på biblioteket hver onsdag",
     "Leder, innbyggertorget", date(2022, 9, 14)),
    ("access", "little", "Oppdiktet telling av hvem som mangler elektronisk ID", "", "", date(2022, 9, 14)),
    ("health-and-life", "much", "Oppdiktet møte med eldrerådet og pårørendeforeningen",
     "Hjemmetjenesten viser hvordan pårørende får fullmakt", "Leder, hjemmetjenesten", date(2022, 9, 28)),
    ("language", "some", "Oppdiktet gjennomgang med flyktningtjenesten", "Kort veileder på seks språk",
     "Kommunikasjonsrådgiver", date(2022, 10, 5)),
    ("skills", "much", "Oppdiktet: samme undersøkelse, svar fra flere", "Hjelp på biblioteket to dager i uken",
     "Leder, innbyggertorget", date(2022, 10, 26)),
)  # fmt: skip
AHEAD, AHEAD_DAYS = "Oppdiktet bølge", timedelta(days=75)
"""A wave to come, and how long after the day the demo is made: its first gate has come, two have not."""
ON_TIME, STARTED_LATE, BEHIND = "5054", "5057", "5058"
"""Indre Fosen, Ørland and Åfjord: who keeps all rules and passes the gate, who began too late and has
written nothing down, and who has no case before the council and does not pass."""
INVENTED = "Oppdiktet for demoen"
COSTS = {
    # by municipality: once for licences, once for the project, once for two systems at a time; every
    # year; and what is replaced, a year
    ON_TIME: (18_200_000, 6_900_000, 1_350_000, 2_300_000, 1_900_000),
    STARTED_LATE: (17_600_000, 6_100_000, 1_250_000, 2_150_000, 1_750_000),
}
PASSING = tuple(each for each in CHECKS if each.gate == 90)
FAILING = (
    DemoCheck("end-users-trained", 90, "4", evidence="Oppdiktet kursliste"),
    DemoCheck("super-users", 90, stage="named", evidence="Oppdiktet navneliste"),
    DemoCheck("devices-accepted", 90, "35", evidence="Oppdiktet mottak"),
    DemoCheck("integrations-passed", 90, stage="listed", evidence="Oppdiktet liste"),
)


USERS = 640
TICKETS = (84, 71, 60, 44, 38, 20, 16, 33, 27, 24, 22, 19)
"""Of Malvik, day by day from go-live on."""

__all__ = [
    "AHEAD", "AHEAD_DAYS", "BARRIERS", "BEHIND", "CHECKS", "COSTS", "FAILING", "INVENTED", "JOBS",
    "LED", "ON_ITS_WAY", "ON_TIME", "OWNER", "PASSING", "RISKS", "RUNS", "STAKEHOLDERS",
    "STARTED_LATE", "TICKETS", "USERS", "WENT_LIVE",
]  # fmt: skip
