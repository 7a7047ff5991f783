"""What the door costs: the same read and the same search page by the store alone, and by a GP.

The GP enters anew for each, is held to the policy, and leaves her line in the log; the store
alone does none of that. Both run in this process, in turns, so that a machine whose speed
drifts tells the difference all the same. ``python -m bench.door`` in the environment of a
running platform.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import orjson

from bench.as_gp import GP, MOST, ROLE, UNIT
from bench.processes import time_on_processor

ROUNDS, EACH = 40, 40
BUDGET = "0.25 ms"

Work = Callable[[int], object]


class Pair(NamedTuple):
    """The same work without the door and with it; each is given the number of the call."""

    name: str
    bare: Work
    behind_the_door: Work


def measure(pair: Pair, enter: Callable[[], object], backend: int) -> str:
    """A line: milliseconds of processor time of this process and its backend, medians."""

    def batch(work: Work, at: int) -> float:
        before = time_on_processor(backend) + time.process_time()
        for n in range(at * EACH, (at + 1) * EACH):
            work(n)
        return (time_on_processor(backend) + time.process_time() - before) / EACH * 1000

    without, through = [], []
    for at in range(-2, ROUNDS):
        enter()  # as the platform, or the store alone would be held to the GP's settings
        bare, whole = batch(pair.bare, abs(at)), batch(pair.behind_the_door, abs(at))
        if at >= 0:  # statements are prepared by then
            without.append(bare)
            through.append(whole)
    more = statistics.median(b - a for a, b in zip(without, through, strict=True))
    return (
        f"{pair.name:38}{BUDGET:>9}{more:+10.2f} ms  policy and log, on"
        f" {statistics.median(without):.2f} ms of the store alone"
    )


def main() -> None:
    """Print a line for the read by id and one for the search page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from fellesjournal.access import records  # noqa: PLC0415 - settings first
    from fellesjournal.access.sessions import staff_session, system_session  # noqa: PLC0415 - settings first
    from fellesjournal.fhir.definitions import type_number  # noqa: PLC0415 - settings first
    from fellesjournal.foundation.database.connection import connection  # noqa: PLC0415 - settings first
    from fellesjournal.store import read  # noqa: PLC0415 - settings first
    from fellesjournal.store.search import search  # noqa: PLC0415 - settings first
    from fellesjournal.store.visibility import EVERYTHING  # noqa: PLC0415 - settings first

    gp = staff_session(
        practitioner=f"Practitioner/{GP}", role_id=f"{GP}-role", role=ROLE,
        unit=f"Organization/{UNIT}",
    )  # fmt: skip
    platform = system_session("system:bench", purpose="HOPERAT")
    page = records.search(gp, "Observation", [("_count", str(MOST))])
    ids = [found.id for found in page.matches]
    queries = [_query(found.body or b"") for found in page.matches]
    head, observation = read.head_statement(EVERYTHING), type_number("Observation")

    def read_alone(n: int) -> object:
        fhir_id = ids[n % len(ids)]
        row = connection().execute(head, [observation, fhir_id]).fetchone()
        return read.stored(row, "Observation", fhir_id)

    pairs = (
        Pair(
            "  of these: read by id",
            read_alone,
            lambda n: records.read(gp.again(), "Observation", ids[n % len(ids)]),
        ),
        Pair(
            "  of these: search, patient + code",
            lambda n: search(connection(), queries[n % len(ids)], "Observation", EVERYTHING),
            lambda n: records.search(gp.again(), "Observation", queries[n % len(ids)]),
        ),
    )
    backend = connection().info.backend_pid
    for pair in pairs:
        print(measure(pair, lambda: platform.again().connection(), backend))


def _query(body: bytes) -> list[tuple[str, str]]:
    """The newest twenty of the same kind of the same patient as this observation."""
    data = orjson.loads(body)
    patient = data["subject"]["reference"].removeprefix("Patient/")
    code = data["code"]["coding"][0]["code"]
    return [("patient", patient), ("code", code), ("_sort", "-date"), ("_count", "20")]


if __name__ == "__main__":
    main()
