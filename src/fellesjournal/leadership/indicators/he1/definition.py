"""What HE1 is, in three languages, under one hash: of its statements and of the view they count in."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fellesjournal.access.portal_functions import RULES
from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.indicators.definition import texts
from fellesjournal.leadership.indicators.he1.views import RESIDENT

VERSION = "1"
_FOLDER = Path(__file__).parent / "sql"
USERS, LIVING, RESIDENTS, WEEKLY, FUNCTIONS = (
    (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("users", "living", "residents", "weekly", "functions")
)
STATEMENTS = (USERS, LIVING, RESIDENTS, WEEKLY)
FUNCTIONS_VERSION = "1"

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


@cache
def functions_definition() -> Definition:
    """What the use of each function carries: a definition of its own, so that what HE1 has shown stays
    remembered when a function is counted otherwise.
    """
    parts = [FUNCTIONS_VERSION, FUNCTIONS, RULES, RESIDENT.view.digest]
    of = "\n".join(parts)
    hashed = hashlib.sha256(of.encode()).hexdigest()[:16]
    return Definition("HE1-functions", FUNCTIONS_VERSION, hashed)


__all__ = [
    "DESCRIPTION",
    "FUNCTIONS",
    "LIVING",
    "RESIDENTS",
    "STATEMENTS",
    "TITLE",
    "USERS",
    "WEEKLY",
    "definition",
    "functions_definition",
]
