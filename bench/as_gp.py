"""A token of a GP of the demo, and what is in her patients' records: the policy at full weight.

``python -m bench.as_gp`` in the environment of a running platform prints both as JSON. The
client and its leave are written to the tables as the authorization server would; nobody can
get such a token from outside without the consent page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

GP, ROLE, UNIT = "staff-gp-trondheim", "gp", "gp-5001-1"
MOST = 500


@dataclass(frozen=True, slots=True)
class AsGp:
    """Her token, ids of observations, and (patient, code) pairs of her patients."""

    token: str
    observations: list[str]
    pairs: list[tuple[str, str]]


def as_gp(environment: dict[str, str]) -> AsGp:
    """Ask in a process of its own, which has the platform's settings."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.as_gp"],
        env=environment,
        cwd=Path(__file__).resolve().parents[1],
        text=True,
        capture_output=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    return AsGp(
        answer["token"], answer["observations"], [(pair[0], pair[1]) for pair in answer["pairs"]]
    )


def main() -> None:
    """Print token and samples."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from fellesjournal.access import records  # noqa: PLC0415 - settings first
    from fellesjournal.access.sessions import staff_session  # noqa: PLC0415 - settings first
    from fellesjournal.access.smart import scopes, tokens  # noqa: PLC0415 - settings first
    from fellesjournal.access.smart.authorizations import Agreed, EndUser, authorize  # noqa: PLC0415 - settings first
    from fellesjournal.access.smart.clients import Client, register  # noqa: PLC0415 - settings first

    asked = "user/*.rs offline_access"
    client, _ = register(
        Client("", "bench", "none", ("authorization_code",), ("http://127.0.0.1/back",), asked),
        by="bench",
    )
    user = EndUser(
        "staff", f"Practitioner/{GP}", "bench", ROLE, f"{GP}-role", f"Organization/{UNIT}"
    )
    leave = authorize(client, user, Agreed(scopes.parse(asked)))
    session = staff_session(
        practitioner=user.person, role_id=user.role_id, role=ROLE, unit=user.unit
    )
    page = records.search(session, "Observation", [("_count", str(MOST))])
    bodies = [json.loads(found.body) for found in page.matches if found.body]
    pairs = [
        (body["subject"]["reference"].removeprefix("Patient/"), body["code"]["coding"][0]["code"])
        for body in bodies
    ]
    issued = tokens.issue(leave, scope=asked, with_refresh=False)
    print(json.dumps({"token": issued.access, "observations": [found.id for found in page.matches],
                      "pairs": pairs}))  # fmt: skip


if __name__ == "__main__":
    main()
