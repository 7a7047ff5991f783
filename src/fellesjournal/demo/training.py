"""What the demo tells of training: courses, who has passed when, who works when, and what two dress
rehearsals found. Invented. People are those of the register, by their turn in its list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ON_ITS_WAY, LIVE = "5025", "5001"
WITHOUT = "staff-midwife"
"""The one of the named staff who is told of a missing course when she signs in."""


@dataclass(frozen=True, slots=True)
class DemoCourse:
    """A course: where, whom to ask, months it holds (0: for good), roles (none: super-users)."""

    title: str
    place: str
    contact: str
    months: int
    roles: tuple[str, ...]


NURSES = ("home-care-nurse", "nursing-home-nurse", "out-of-hours-nurse")
EVERYBODY = (
    *NURSES, "carer", "public-health-nurse", "midwife", "physiotherapist", "out-of-hours-doctor",
    "case-officer",
)  # fmt: skip
COURSES = (
    DemoCourse(
        "Grunnkurs", "E-læring, 90 minutter", "Opplæringsansvarlig i kommunen", 0, EVERYBODY
    ),
    DemoCourse(
        "Legemidler i journalen", "Kursrom 2, tirsdager kl. 13", "Fagsykepleier", 60, NURSES
    ),
    DemoCourse("Superbruker", "To dager, kursrom 1", "Lokal innføringsleder", 0, ()),
)
STEPS = (
    # up to which share of the list, passed on which day
    (0.17, date(2022, 8, 1)),
    (0.55, date(2022, 9, 5)),
    (0.80, date(2022, 10, 5)),
    (0.90, date(2022, 11, 20)),
)
PASSED_WHERE_LIVE = timedelta(days=300)
"""How long ago, counted from the day the demo is made."""
PARTS = ("day", "evening")
SHIFT_DAYS = tuple(timedelta(days=n) for n in (0, 3, 6, 9, 12))
TRAINED_SUPER_USERS = 2
"""One is named at each unit; those of so many units are trained."""
SHORT = timedelta(days=40)
"""How long one pass still holds from the day the demo is made."""

PLAYED = (
    # service, day, minutes by step, findings: text, severity, owner, retested on (by whom)
    (
        "home-care", date(2022, 10, 6), (7, 22, 31, 14, 18, 44, 9, 66),
        (
            ("Mobilen logger ut midt i et besøk", "blocker", "IKT-leder", date(2022, 10, 11)),
            ("Kjørelisten viser ikke telefonnummer", "minor", "Leverandøren", None),
        ),
    ),
    (
        "nursing-home", date(2022, 10, 10), (6, 18, 52),
        (("Dosene fra nødrutinen kan ikke føres inn", "blocker", "Superbruker, sykehjemmet", None),),
    ),
)  # fmt: skip
TRIED_BY = "Helsefagarbeider og IKT"
CUTOVER_OWNERS = {
    # who does it; what is left out is the local leader's
    "paper-ready": "Superbrukerne", "old-systems-closed": "IKT-leder",
    "automatic-transfer": "Leverandøren", "manual-transfer": "Fagsykepleierne, to og to",
    "transfer-balances": "Leverandøren og kommuneoverlegen", "access-opened": "IKT-leder",
    "first-messages": "Meldingsansvarlig", "paper-written-in": "Superbrukerne",
    "first-night": "Leder, hjemmetjenesten",
}  # fmt: skip
CUTOVER_OWNER = "Lokal innføringsleder"
CUTOVER_WHY = "Ett avvik i prøven av timeavtaler rettes for hånd før kl. 8"

__all__ = [
    "COURSES", "CUTOVER_OWNER", "CUTOVER_OWNERS", "CUTOVER_WHY", "LIVE", "ON_ITS_WAY", "PARTS",
    "PASSED_WHERE_LIVE", "PLAYED", "SHIFT_DAYS", "SHORT", "STEPS", "TRAINED_SUPER_USERS", "TRIED_BY",
    "WITHOUT",
]  # fmt: skip
