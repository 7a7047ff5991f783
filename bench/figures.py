"""Tables of figures: how fast they are made, how soon a write is in one, and what a count costs.

``python -m bench.figures [administrations] [times]`` starts a PostgreSQL of its own in a throw-away
folder. What is counted at last is the table with its rows repeated that many times (50).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.views import ADMINISTRATION, PATHS

BATCH = 500
COUNTS = (
    "select extract(month from begun_day), count(*), sum(dose),"
    " count(*) filter (where by_hand) from figures.given group by 1 order by 1"
)
DEFINITION = {
    "name": "given",
    "resource": "MedicationAdministration",
    "select": [
        {
            "column": [
                {"name": name, "path": path}
                for name, path in PATHS.items()
                if name != "unit"  # a text: no table of figures may have it
            ]
        }
    ],
}


def main() -> None:
    """Write administrations, flatten them, take them out, and ask both databases."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with platform() as folder:
        _measure(number, times, folder)


def _measure(number: int, times: int, folder: Path) -> None:
    from fellesjournal.access.sessions import system_session  # noqa: PLC0415 - Django is set up
    from fellesjournal.leadership.indicators import parquet  # noqa: PLC0415
    from fellesjournal.leadership.indicators.flattening import keep_up  # noqa: PLC0415
    from fellesjournal.leadership.indicators.tables import Table  # noqa: PLC0415

    session = system_session("system:flatten-views", purpose="HOPERAT")
    table = Table("given", DEFINITION, "begun")
    _write(session, number)
    took = _seconds(lambda: keep_up(session, [table], seconds=3600))
    print(f"table made: {number / took:,.0f} rows/s")
    _write(session, 1)
    took = _seconds(lambda: keep_up(session, [table]))
    print(f"one write taken in: {took * 1000:.1f} ms; nothing new: ", end="")
    print(f"{_seconds(lambda: keep_up(session, [table])) * 1000:.1f} ms")
    rows = _repeat(session, times)
    took = _seconds(lambda: parquet.write(session, table, folder))
    print(f"{rows:,} rows taken out to Parquet: {rows / took:,.0f} rows/s")
    database = session.connection()
    print(f"PostgreSQL: {_seconds(lambda: database.execute(COUNTS).fetchall()) * 1000:.1f} ms")
    with parquet.opened(folder, [table]) as files:
        assert files.execute(COUNTS, {}).rows == database.execute(COUNTS).fetchall()
        print(f"DuckDB: {_seconds(lambda: files.execute(COUNTS, {})) * 1000:.1f} ms")


def _repeat(session: Any, times: int) -> int:
    database = session.connection()
    ((generation,),) = database.execute("select generation from figures.flattened").fetchall()
    name = f'figures."given~{generation}"'
    database.execute(f"insert into {name} select g.* from {name} g, generate_series(2, {times})")
    ((rows,),) = database.execute(f"select count(*) from {name}").fetchall()
    return int(rows)


def _write(session: Any, number: int) -> None:
    import orjson  # noqa: PLC0415

    from fellesjournal.access.writing import Operation, write  # noqa: PLC0415
    from fellesjournal.fhir import bodies  # noqa: PLC0415

    made = time.perf_counter_ns()
    for first in range(0, number, BATCH):
        write(
            session,
            [
                Operation(
                    "update",
                    "MedicationAdministration",
                    id=f"a{made}-{each}",
                    body=bodies.parse(orjson.dumps(_administration(f"a{made}-{each}", each))),
                )
                for each in range(first, min(first + BATCH, number))
            ],
        )


def _administration(fhir_id: str, number: int) -> dict[str, Any]:
    """The example, of one of a thousand patients, on a day of the year."""
    day = f"2026-{number % 12 + 1:02d}-{number // 12 % 28 + 1:02d}"
    return {
        **{key: value for key, value in ADMINISTRATION.items() if key != "meta"},
        "id": fhir_id,
        "subject": {"reference": f"Patient/p{number % 1000}"},
        "effectivePeriod": {"start": f"{day}T08:00:00+01:00", "end": f"{day}T08:05:00+01:00"},
    }


@contextmanager
def platform() -> Iterator[Path]:
    """A platform of its own in a folder that goes afterwards; the folder of its figures."""
    folder = Path(tempfile.mkdtemp(prefix="fj-figures-"))
    os.environ["FELLESJOURNAL_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fellesjournal.config.settings")
    from fellesjournal.config.cli.database import open_database  # noqa: PLC0415

    try:
        with open_database():
            yield folder / "figures"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
