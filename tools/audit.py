"""Asks whether a locked dependency has a known vulnerability: `python -m tools.audit`.

Exit code 1: one has, or the audit itself is broken. A machine without a network can't ask:
that is said loudly and is no failure, so that work offline goes on; CI runs it with a network.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence

LOCKS = ("requirements.lock", "requirements-dev.lock")
_SECONDS = 300
_NO_NETWORK = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|NameResolutionError|NewConnectionError"
    r"|Max retries exceeded|Temporary failure in name resolution|Could not connect|ServiceError",
)

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def run_pip_audit(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run it; a run that takes too long is one without a network."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "ConnectTimeout")


def audit(run: Run = run_pip_audit) -> int:
    """Audit each lock file; answers the exit code."""
    worst = 0
    for lock in LOCKS:
        done = run(
            [
                sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes",
                "--disable-pip", "--format", "json", "--progress-spinner", "off",
            ]
        )  # fmt: skip
        worst = max(worst, _judge(lock, done))
    return worst


def _judge(lock: str, done: subprocess.CompletedProcess[str]) -> int:
    try:
        listed = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        listed = None
    if listed is None:
        if _NO_NETWORK.search(done.stderr):
            _say(f"{lock}: NOT AUDITED. The service that knows vulnerabilities can't be reached.")
            return 0
        _say(f"{lock}: the audit failed: {done.stderr.strip()[-500:]}")
        return 1
    found = [
        f"{entry['name']} {entry['version']}: {problem['id']}"
        f" (fixed in {', '.join(problem.get('fix_versions') or ['nothing yet'])})"
        for entry in listed
        for problem in entry.get("vulns", ())
    ]
    if found:
        _say(f"{lock}: vulnerable\n" + "\n".join(found))
        return 1
    print(f"{lock}: {len(listed)} dependencies, none with a known vulnerability")
    return 0


def _say(text: str) -> None:
    line = "!" * 88
    print(f"{line}\n{text}\n{line}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(audit())
