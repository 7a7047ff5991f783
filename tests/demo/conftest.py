"""A small demo region, generated once for all tests of the demo."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from fellesjournal.demo import generate

UNTIL = date(2026, 11, 20)
CITIZENS = 220


@dataclass
class Demo:
    """The resources in order, by reference, and by citizen."""

    resources: list[dict[str, Any]]
    by_reference: dict[str, dict[str, Any]] = field(default_factory=dict)
    patients: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All resources of a type."""
        return [r for r in self.resources if r["resourceType"] == kind]


@pytest.fixture(scope="session")
def demo() -> Demo:
    found = Demo(list(generate(CITIZENS, seed=7, until=UNTIL)))
    patient = ""
    for resource in found.resources:
        kind, key = resource["resourceType"], resource["id"]
        assert f"{kind}/{key}" not in found.by_reference, f"{kind}/{key} comes twice"
        found.by_reference[f"{kind}/{key}"] = resource
        if kind == "Patient":
            patient = key
            found.patients[key] = resource
        elif patient:
            found.records[patient].append(resource)
    return found
