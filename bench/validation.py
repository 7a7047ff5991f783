"""Our validator beside jsonschema-rs with a strict schema generated from the same definitions.

``python -m bench.validation`` prints microseconds per resource and how many of 48 broken
observations each refuses.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from bench.breakages import OBSERVATION, broken_observations
from bench.strict_schema import strict_schema
from fellesjournal.fhir.profiles import shipped_profiles
from fellesjournal.fhir.validation import validate

ROUNDS = 5000
BLOOD_PRESSURE = "http://hl7.org/fhir/StructureDefinition/bp"


def main() -> None:
    """Print the comparison; with FELLESJOURNAL_SHARED_DATA set also times on Synthea."""
    started = time.perf_counter()
    validate(OBSERVATION)
    print(f"first observation, tables compiled: {(time.perf_counter() - started) * 1000:.0f} ms")
    started = time.perf_counter()
    schema = jsonschema_rs.validator_for(strict_schema("Observation"))
    print(f"strict schema compiled: {(time.perf_counter() - started) * 1000:.0f} ms")
    candidates: dict[str, Callable[[Any], bool]] = {
        "our walker": lambda data: not validate(data),
        "jsonschema-rs, strict schema": schema.is_valid,
    }
    for name, is_valid in candidates.items():
        assert is_valid(OBSERVATION)
        refused = sum(not is_valid(data) for data in broken_observations())
        print(f"{name}: {_microseconds(is_valid, OBSERVATION):.1f} us, refuses {refused} of 48")
    profiles = shipped_profiles()
    profiles.validate_profile(OBSERVATION, BLOOD_PRESSURE)
    cost = _microseconds(lambda data: profiles.validate_profile(data, BLOOD_PRESSURE), OBSERVATION)
    print(f"our profile check, R4 blood pressure: {cost:.1f} us besides")
    shared_data = os.environ.get("FELLESJOURNAL_SHARED_DATA")
    if shared_data:
        _print_types(Path(shared_data) / "synthea")


def _microseconds(run: Callable[[Any], object], data: Any) -> float:
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(ROUNDS):
            run(data)
        best = min(best, time.perf_counter() - started)
    return best / ROUNDS * 1e6


def _print_types(folder: Path) -> None:
    by_type: dict[str, list[Any]] = defaultdict(list)
    for path in sorted(folder.glob("*.json")):
        for entry in orjson.loads(path.read_bytes())["entry"]:
            by_type[entry["resource"]["resourceType"]].append(entry["resource"])
    for name, resources in sorted(by_type.items()):
        for resource in resources:
            validate(resource)
        started = time.perf_counter()
        for resource in resources:
            validate(resource)
        each = (time.perf_counter() - started) / len(resources) * 1e6
        print(f"{name:<24}{len(resources):>6} resources {each:>6.0f} us each")


if __name__ == "__main__":
    main()
