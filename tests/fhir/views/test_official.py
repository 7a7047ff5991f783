"""The shared tests of SQL-on-FHIR v2 (https://github.com/FHIR/sql-on-fhir-v2), where at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.fhir.views import ViewError, compile_view

# of each file at the commit that SOURCE.md there names
EXPECTED = {
    "basic": 11, "collection": 4, "constant": 8, "constant_types": 14, "fhirpath": 11,
    "fn_empty": 1, "fn_extension": 2, "fn_first": 2, "fn_join": 3, "fn_oftype": 2,
    "foreach": 13, "logic": 3, "validate": 5, "view_resource": 3, "where": 8,
}  # fmt: skip
CASES = [(name, number) for name, count in EXPECTED.items() for number in range(count)]


@pytest.fixture(scope="session")
def official(shared_data: Path) -> dict[str, Any]:
    folder = shared_data / "sql-on-fhir-tests"
    if not folder.is_dir():
        pytest.skip(f"the tests of SQL-on-FHIR were not found in {folder}")
    return {name: json.loads((folder / f"{name}.json").read_bytes()) for name in EXPECTED}


def _rows(view: Any, resources: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Column names, and the rows in an order of their own: the specification sets none."""
    compiled = compile_view(view)
    names = [column.name for column in compiled.columns]
    rows = [
        dict(zip(names, row, strict=True))
        for resource in resources
        for row in compiled.rows(resource)
    ]
    return names, _sorted(rows)


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{n}-{i}" for n, i in CASES])
def test_the_shared_test_passes(official: dict[str, Any], name: str, number: int) -> None:
    resources, test = official[name]["resources"], official[name]["tests"][number]
    if test.get("expectError"):
        with pytest.raises(ViewError):
            _rows(test["view"], resources)
        return
    names, rows = _rows(test["view"], resources)
    assert rows == _sorted(test["expect"])
    if "expectColumns" in test:
        assert names == test["expectColumns"]


def test_no_shared_test_is_left_out(official: dict[str, Any], shared_data: Path) -> None:
    folder = shared_data / "sql-on-fhir-tests"
    there = {
        path.stem: len(tests)
        for path in folder.glob("*.json")
        if isinstance(tests := json.loads(path.read_bytes()).get("tests"), list)
    }
    assert there == EXPECTED
    assert sum(EXPECTED.values()) == 90
