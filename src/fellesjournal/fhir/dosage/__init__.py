"""What a dose is: one structure, its FHIR form, and its words in three languages.

The three say the same by construction: structure to words and back, and structure to FHIR and
back, are identities (INV-18). What can't be read with certainty stays the writer's own words
and is marked; nothing is guessed. Pure: no database, no clock.
"""

from __future__ import annotations

from fellesjournal.fhir.dosage.elements import (
    Doubt,
    Instruction,
    elements_of,
    instruction_of,
    unit_word,
)
from fellesjournal.fhir.dosage.parsing import parse, parse_short, short_form
from fellesjournal.fhir.dosage.structure import (
    AsNeeded,
    Dosage,
    InvalidDose,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
    same_dose,
)
from fellesjournal.fhir.dosage.wording import LANGUAGES, UNITS, text_of, unit_text

__all__ = [
    "LANGUAGES",
    "UNITS",
    "AsNeeded",
    "Dosage",
    "Doubt",
    "Instruction",
    "InvalidDose",
    "Part",
    "Period",
    "Rhythm",
    "Step",
    "Weekday",
    "When",
    "elements_of",
    "instruction_of",
    "parse",
    "parse_short",
    "same_dose",
    "short_form",
    "text_of",
    "unit_text",
    "unit_word",
]
