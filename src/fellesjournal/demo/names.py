"""Names of the demo: common given and family names, combined at random.

The lists (data/names.toml) are common knowledge and name no person; a combination that happens to
be someone's name is chance. Older people get older names. Street names are invented.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """Names used together, the share of people with them and the citizenship they often have."""

    key: str
    share: float
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]
    citizenship: str
    language: str


def _origin(table: dict[str, Any]) -> Origin:
    lists = {key: tuple(table[key].split()) for key in ("female", "male", "family")}
    return Origin(**{**table, **lists})


_DATA: dict[str, Any] = tomllib.loads(
    (files(__package__) / "data" / "names.toml").read_text(encoding="utf-8")
)
_WORDS: dict[str, tuple[str, ...]] = {
    key: tuple(text.split()) for key, text in _DATA["norwegian"].items()
}
_STREETS: dict[str, tuple[str, ...]] = {
    key: tuple(text.split()) for key, text in _DATA["streets"].items()
}
NORWEGIAN = Origin("norwegian", 0.0, (), (), _WORDS["family"], "NOR", "nb")
# The first one is Sami; see draw_origin.
ORIGINS = tuple(_origin(table) for table in _DATA["origins"])
# Municipalities with a Sami name have a larger Sami share.
SAMI_AREA_SHARE = 0.06


def draw_origin(rng: Random, *, sami_area: bool) -> Origin:
    """Draw where a household's names come from."""
    mark = rng.random()
    if sami_area and mark > 1 - SAMI_AREA_SHARE:
        return ORIGINS[0]
    for origin in ORIGINS:
        mark -= origin.share
        if mark < 0:
            return origin
    return NORWEGIAN


def draw_given(rng: Random, origin: Origin, sex: str, birth_year: int) -> str:
    """Draw a given name, or two, of the fashion of the birth year."""
    if origin is not NORWEGIAN:
        return rng.choice(origin.female if sex == "female" else origin.male)
    fashion_name = "old" if birth_year < 1955 else "middle" if birth_year < 1988 else "young"
    fashion = _WORDS[f"{fashion_name}_{sex}"]
    first = rng.choice(fashion)
    if rng.random() < 0.22:
        second = rng.choice(fashion)
        if second != first and "-" not in first:
            return f"{first} {second}"
    return first


def draw_family(rng: Random, origin: Origin) -> str:
    """Draw a family name."""
    return rng.choice(origin.family)


def draw_middle(rng: Random, origin: Origin) -> str:
    """Draw a middle name (a family name in front of the family name), mostly none."""
    return rng.choice(_WORDS["middle_name"]) if origin is NORWEGIAN and rng.random() < 0.12 else ""


def draw_street(rng: Random) -> str:
    """Draw an invented street address."""
    letter = rng.choice("ABC") if rng.random() < 0.15 else ""
    street = rng.choice(_STREETS["first"]) + rng.choice(_STREETS["last"])
    return f"{street} {rng.randint(1, 96)}{letter}"
