"""What HE1 is, in three languages, under one hash: of its statements and of the view they count in."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.indicators.definition import texts
from fellesjournal.leadership.indicators.he1.views import RESIDENT

VERSION = "1"
_FOLDER = Path(__file__).parent / "sql"
USERS, LIVING, RESIDENTS, WEEKLY = (
    (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("users", "living", "residents", "weekly")
)
STATEMENTS = (USERS, LIVING, RESIDENTS, WEEKLY)

TITLE = texts("Innbyggere i HelsaMi", "Innbyggjarar i HelsaMi", "Residents in HelsaMi")
DESCRIPTION = texts(
    "Hvor mange som har opprettet profil og selv logget inn i HelsaMi, etter kommune og uke.",
    "Kor mange som har oppretta profil og sjølve logga inn i HelsaMi, etter kommune og veke.",
    "How many have created a profile and signed in to HelsaMi themselves, by municipality and week.",
)


@cache
def definition() -> Definition:
    """What its figures carry."""
    of = "\n".join([VERSION, *STATEMENTS, RESIDENT.view.digest])
    return Definition("HE1", VERSION, hashlib.sha256(of.encode()).hexdigest()[:16])


__all__ = [
    "DESCRIPTION",
    "LIVING",
    "RESIDENTS",
    "STATEMENTS",
    "TITLE",
    "USERS",
    "WEEKLY",
    "definition",
]
