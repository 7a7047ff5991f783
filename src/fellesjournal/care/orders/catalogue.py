"""What can be ordered: analyses by NLK code, and panels of those commonly ordered together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NLK = "urn:oid:2.16.578.1.12.4.1.1.7280"
MATERIAL = "urn:oid:2.16.578.1.12.4.1.1.8351"


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis. ``name``, ``component``, ``system`` and ``unit`` as NLK 7280.61 gives them;
    ``material`` is the sample it is made of (8351).
    """

    key: str
    nlk: str
    name: str
    component: str
    system: str
    unit: str
    material: str

    @property
    def about(self) -> str:
        """What is measured, in the words of NLK: ``Hemoglobin (Blod)``."""
        return f"{self.component} ({self.system})" if self.system else self.component


@dataclass(frozen=True, slots=True)
class Panel:
    """Analyses commonly ordered together; ``titles`` by language (en, nb, nn)."""

    key: str
    titles: Mapping[str, str]
    analyses: tuple[Analysis, ...]


# Names of sample materials (8351), as the national example messages print them.
MATERIALS: Mapping[str, str] = {"B": "Blod", "P": "Plasma", "S": "Serum", "U": "Urin"}


@cache
def _read() -> dict[str, Any]:  # Any: TOML of known shape
    text = (files("fellesjournal.care.orders") / "data" / "analyses.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def analyses() -> Mapping[str, Analysis]:
    """Every analysis that can be ordered, by NLK code, in the order they are shown."""
    found = [Analysis(key=key, **members) for key, members in _read()["analyses"].items()]
    return {each.nlk: each for each in found}


@cache
def panels() -> tuple[Panel, ...]:
    """The panels, in the order they are shown."""
    by_key = {each.key: each for each in analyses().values()}
    return tuple(
        Panel(key, members["title"], tuple(by_key[each] for each in members["analyses"]))
        for key, members in _read()["panels"].items()
    )


__all__ = ["MATERIAL", "MATERIALS", "NLK", "Analysis", "Panel", "analyses", "panels"]
