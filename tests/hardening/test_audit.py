"""The audit of dependencies: what fails, and what is only said."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from tools import audit

PROJECT = Path(__file__).resolve().parents[2]


def answering(stdout: str = "", stderr: str = "") -> audit.Run:
    def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1 if stderr else 0, stdout, stderr)

    return run


def report(*problems: str) -> str:
    vulns = [{"id": problem, "fix_versions": ["2"]} for problem in problems]
    return json.dumps({"dependencies": [{"name": "thing", "version": "1", "vulns": vulns}]})


def test_a_vulnerable_dependency_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.audit(answering(report("CVE-1"))) == 1
    assert "thing 1: CVE-1 (fixed in 2)" in capsys.readouterr().err


def test_sound_dependencies_pass() -> None:
    assert audit.audit(answering(report())) == 0


@pytest.mark.parametrize("reason", ["ConnectionError", "Max retries exceeded with url"])
def test_a_machine_without_network_is_told_loudly_and_goes_on(
    capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    assert audit.audit(answering(stderr=f"requests.exceptions: {reason}")) == 0
    told = capsys.readouterr().err
    assert "NOT AUDITED" in told
    assert "!!!!!!!!" in told


def test_an_audit_that_is_broken_fails() -> None:
    assert audit.audit(answering(stderr="no such option")) == 1


def test_make_check_audits() -> None:
    recipe = (PROJECT / "Makefile").read_text()

    assert re.search(r"^check:.*\baudit\b", recipe, re.MULTILINE)
    assert "tools.audit" in recipe


def test_every_locked_dependency_has_a_hash() -> None:
    for lock in audit.LOCKS:
        pinned = [
            line for line in (PROJECT / lock).read_text().splitlines() if re.match(r"\w.*==", line)
        ]
        assert pinned
        assert all(line.endswith("\\") for line in pinned)
