"""``fhir-kit-client`` (an npm package for node) does its work against the API."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import Live

PROJECT = Path(__file__).resolve().parents[2]


def test_it_does_all_it_can(live: Live) -> None:
    node = shutil.which("node", path=f"{PROJECT / '.venv' / 'bin'}:/usr/local/bin:/usr/bin")
    if node is None or not (PROJECT / "node_modules" / "fhir-kit-client").is_dir():
        pytest.skip("needs node and the front-end packages")

    run = subprocess.run(
        [node, Path(__file__).with_name("fhir_kit.mjs"), live.base, live.token],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=PROJECT,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "fhirVersion": "4.0.1",
        "created": "1",
        "updated": "2",
        "patched": "male",
        "vread": "1",
        "history": 3,
        "typeHistory": "history",
        "systemHistory": "history",
        "paged": 5,
        "posted": 5,
        "compartment": 5,
        "system": 1,
        "everything": 6,
        "transaction": "201 Created",
        "resolved": True,
        "gone": 410,
    }
