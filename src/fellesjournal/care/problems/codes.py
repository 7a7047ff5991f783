"""ICPC-2 by code or words, for problems.

The list is @navikt/diagnosekoder of the npm registry (the package is MIT, the content WONCA's and
Helsedirektoratet's): installed at set-up, never committed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
from django.conf import settings

ICPC2_SYSTEM = "http://hl7.org/fhir/sid/icpc-2"
_FILE = "@navikt/diagnosekoder/lib/ICPC2.json"
_MOST = 12
# The chapters' process codes (-30 to -69) say what was done, not what the problem is.
_PROCESS = range(30, 70)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code and what it says."""

    code: str
    text: str


@cache
def icpc2() -> Mapping[str, Diagnosis]:
    """Problems and diagnoses by code; empty where the list is not installed."""
    path = Path(settings.NODE_MODULES) / _FILE
    if not path.exists():
        return {}
    found = [Diagnosis(each["code"], each["text"]) for each in orjson.loads(path.read_bytes())]
    return {each.code: each for each in found if not _is_process(each.code)}


def find(text: str) -> list[Diagnosis]:
    """What fits best first: the code itself, texts that begin so, texts with all the words."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    words = wanted.split()
    ranked = []
    for each in icpc2().values():
        said = each.text.casefold()
        if each.code.casefold() == wanted:
            rank = 0
        elif each.code.casefold().startswith(wanted):
            rank = 1
        elif said.startswith(wanted):
            rank = 2
        elif all(re.search(rf"\b{re.escape(word)}", said) for word in words):
            rank = 3
        elif all(word in said for word in words):
            rank = 4
        else:
            continue
        ranked.append((rank, len(each.text), each.code, each))
    return [each for *_, each in sorted(ranked)[:_MOST]]


def _is_process(code: str) -> bool:
    number = code[1:]
    return number.isdigit() and int(number) in _PROCESS


__all__ = ["ICPC2_SYSTEM", "Diagnosis", "find", "icpc2"]
