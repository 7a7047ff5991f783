"""A region's year in the tables of figures: LE1 by municipality and month, beside bare DuckDB.

``python -m bench.volume [doses] [visits]`` (5 million, 2 million) starts a PostgreSQL of its own in a
throw-away folder and fills the flat tables; flattening itself is measured by ``bench.figures``. Bare is
the same rows taken out, packed and counted by one statement written for it, with none of ours between.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import platform

UNITS, YEAR, STARTS = 66, 2025, date(2025, 1, 1)
CUT = datetime(2026, 2, 1, tzinfo=UTC)
_DAY, _MINUTE = 86_400_000_000, 60_000_000
_START = int(datetime(YEAR, 1, 1, 5, tzinfo=UTC).timestamp()) * 1_000_000
"""Six in the morning, local time, in microseconds: with a waking day's spread the local day is that of the
number.
"""
BARE = """
with given as (
    select v.unit, coalesce(g.planned_day, g.given_day) as day, g.status, g.planned, g.given, g.recorded,
           g.given - g.planned as off
      from read_parquet('{given}') g join read_parquet('{visits}') v on v.visit = g.visit
     where g.given <= {cut} and coalesce(g.planned_day, g.given_day) >= date '{since}'
   qualify g.request is null or g.planned is null or row_number() over (
               partition by g.request, g.planned, v.unit, g.status order by g.given, g.administration) = 1
), administrations as (
    select unit, date_trunc('month', day) as month,
           count(*) filter (where status = 'completed' and planned is not null) as completed,
           count(*) filter (where status = 'completed' and off between -3600000000 and 3600000000) as on_time,
           count(*) filter (where status = 'completed' and off < -3600000000) as early,
           count(*) filter (where status = 'completed' and off > 3600000000) as late,
           count(*) filter (where status = 'completed' and off = 0) as exact,
           count(*) filter (where status = 'completed' and planned is null) as unplanned,
           count(*) filter (where status = 'entered-in-error') as in_error,
           percentile_cont(0.5) within group (
               order by case when status = 'completed' and recorded >= given then recorded - given end) as lag
      from given group by all
), doses as (
    select unit, date_trunc('month', planned_day) as month,
           count(*) filter (where state in ('done', 'not-done') or (state = 'open' and window_end <= {cut})) as due,
           count(*) filter (where state = 'not-done') as omitted,
           count(*) filter (where state = 'paused') as away
      from read_parquet('{planned}')
     where planned <= {cut} and planned_day >= date '{since}' group by all
)
select unit, cast(month as date), coalesce(on_time, 0), coalesce(completed, 0), coalesce(due, 0), coalesce(omitted, 0)
  from administrations full join doses using (unit, month)
"""


def main() -> None:
    """Fill a year, count it, let a day come, and count again."""
    doses = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    visits = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000
    with platform() as folder:
        volume(folder, doses, visits)


def volume(folder: Path, doses: int, visits: int) -> None:
    """Print the table for so many doses and visits."""
    region = Region(folder, doses, visits)
    region.prepare()
    region.fill(range(365 - 31), since=0)
    region.fill(range(365 - 31, 365 - 1), since=1)
    print(f"{doses:,} doses and {visits:,} visits of a year in {UNITS} municipalities")
    print(f"{'':52}{'ours':>9}{'bare':>9}{'ratio':>7}")
    region.compare("a year's files written, all figures of it counted", date(YEAR, 1, 1))
    region.fill(range(365 - 1, 365), since=2)
    region.compare("a day more: files brought up, its month counted", date(YEAR, 12, 1))
    print("from PostgreSQL, as pages ask:")
    for what, municipalities, months in (
        ("the month of all municipalities", UNITS, 1),
        ("the month of one municipality", 1, 1),
        ("the course of one municipality, six months", 1, 6),
    ):
        took = min(_seconds(partial(region.pages, municipalities, months)) for _ in range(3))
        print(f"  {what}: {took * 1000:.0f} ms")


@dataclass
class Region:
    """The flat tables of a region, and where their files lie."""

    folder: Path
    doses: int
    visits: int

    def prepare(self) -> None:
        """The session and the empty tables."""
        from fellesjournal.access.sessions import system_session  # noqa: PLC0415 - Django is set up
        from fellesjournal.leadership.indicators.flattening import keep_up  # noqa: PLC0415 - Django is set up
        from fellesjournal.leadership.indicators.le1 import LE1  # noqa: PLC0415 - Django is set up

        self.session = system_session("system:flatten-views", purpose="HOPERAT")
        self.indicator = LE1
        planned, given, visits = LE1.tables
        self.tables = {"planned": planned, "given": given, "visits": visits}
        keep_up(self.session, LE1.tables, seconds=60)
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def fill(self, days: range, *, since: int) -> None:
        """The rows of these days of the year, and that their months are no longer what they were."""
        for kind, table in self.tables.items():
            self._insert(kind, days)
            months = {f"{STARTS + timedelta(days=day):%Y-%m}" for day in days}
            self._run(
                "update figures.flattened set position = %s where view = %s",
                [(since + 1) << 12, table.name],
            )
            self._run(
                "insert into figures.touched select generation, unnest(%s::text[]), position"
                " from figures.flattened where view = %s"
                " on conflict (generation, month) do update set position = excluded.position",
                [sorted(months), table.name],
            )
            self._run(f"vacuum analyze {self._name(kind)}")

    def _insert(self, kind: str, days: range) -> None:
        columns, chosen = _ROWS[kind]
        wanted = self.visits if kind == "visits" else self.doses
        each, of_visits = wanted // 365, self.visits // 365
        self._run(
            f"insert into {self._name(kind)} (fj_resource, fj_patient, {columns})"
            f" select {chosen} from (select day, n, day::bigint * {each} + n as number,"
            f" day::bigint * {of_visits} + n %% {of_visits} as visit_number,"
            f" {_START} + day::bigint * {_DAY} + (n::bigint * 7919 %% 900) * {_MINUTE} as at,"
            f" date '{STARTS}' + day as on_day, n * 31 %% 100 as dice"
            "  from generate_series(%s::int, %s::int) day, generate_series(0, %s::int) n) x",
            [days.start, days.stop - 1, each - 1],
        )

    def _name(self, kind: str) -> str:
        name = self.tables[kind].name
        ((generation,),) = self.session.connection().execute(
            "select generation from figures.flattened where view = %s", [name]
        ).fetchall()  # fmt: skip
        return f'figures."{name}~{generation}"'

    def _run(self, statement: str, values: list[Any] | None = None) -> None:
        self.session.connection().execute(statement.encode(), values)

    def compare(self, what: str, since: date) -> None:
        """Files brought up and counted from a month on: by us, and bare."""
        ours = _seconds(self.take_out, once=True)
        bare = _seconds(lambda: self.take_out_bare(since), once=True)
        print(f"{what.partition(',')[0]:52}{ours:8.2f}s{bare:8.2f}s{ours / bare:7.2f}")
        shown, all_of = self.count(since), self.count_bare(since)
        assert shown.items() <= all_of.items(), "the two count differently"
        ours, bare = _seconds(lambda: self.count(since)), _seconds(lambda: self.count_bare(since))
        print(f"{what.partition(', ')[2]:52}{ours:8.2f}s{bare:8.2f}s{ours / bare:7.2f}")

    def take_out(self) -> None:
        """Bring our files up to the tables."""
        from fellesjournal.leadership.indicators import parquet  # noqa: PLC0415 - Django is set up

        for table in self.tables.values():
            parquet.write(self.session, table, self.folder)

    def take_out_bare(self, since: date) -> None:
        """The rows from a month on as CSV, and from there to Parquet by month."""
        import duckdb  # noqa: PLC0415 - as above

        place = self.folder.parent / "bare"
        place.mkdir(exist_ok=True)
        for kind, table in self.tables.items():
            rows = place / "rows.csv"
            taken = (
                f"copy (select *, to_char({table.day}, 'YYYY-MM') as m from {self._name(kind)}"
                f" where {table.day} >= '{since}') to stdout (format csv, header)"
            )
            cursor = self.session.connection().cursor()
            with rows.open("wb") as file, cursor.copy(taken.encode()) as copy:
                for block in copy:
                    file.write(block)
            with duckdb.connect() as database:
                database.execute(
                    f"copy (from read_csv('{rows}') order by m, fj_patient, fj_resource) to"
                    f" '{place / kind}' (format parquet, compression zstd, partition_by (m),"
                    " overwrite_or_ignore)"
                )
            rows.unlink()

    def count(self, since: date) -> dict[tuple[int, date], tuple[int, ...]]:
        """By municipality and month: on time, given, due, not given; as a page would have them, without
        what is held back because few.
        """
        from fellesjournal.leadership.figures.periods import month  # noqa: PLC0415 - Django is set up
        from fellesjournal.leadership.indicators import parquet  # noqa: PLC0415 - Django is set up
        from fellesjournal.leadership.indicators.asking import (  # noqa: PLC0415 - Django is set up
            Asked,
            Group,
        )
        from fellesjournal.leadership.indicators.measuring import (  # noqa: PLC0415 - Django is set up
            all_measured,
        )

        groups = [Group(n, f"Organization/m{n}", (n,)) for n in range(1, UNITS + 1)]
        asked = [Asked(self.indicator, month(YEAR, number)) for number in range(since.month, 13)]
        found = {}
        with parquet.opened(self.folder, self.indicator.tables) as files:
            all_months = all_measured(files, asked, groups, cut=CUT)
            for each, all_of in zip(asked, all_months, strict=True):
                for group in groups:
                    one = all_of[group.unit]
                    beside = {of.key: of for of in one.companions}["omitted"]
                    own = one.figure.numerator, one.figure.denominator
                    counts = (*own, beside.denominator, beside.numerator)
                    shown = [int(count) for count in counts if count is not None]
                    if len(shown) == len(counts):
                        found[group.number, each.period.start] = tuple(shown)
        return found

    def count_bare(self, since: date) -> dict[tuple[int, date], tuple[int, ...]]:
        """The same by one statement of DuckDB over the bare files."""
        import duckdb  # noqa: PLC0415 - as above

        place = self.folder.parent / "bare"
        cut = int(CUT.timestamp()) * 1_000_000
        files = {kind: f"{place / kind}/*/*.parquet" for kind in self.tables}
        with duckdb.connect() as database:
            rows = database.execute(BARE.format(**files, cut=cut, since=since)).fetchall()
        return {(unit, month): tuple(counts) for unit, month, *counts in rows}

    def pages(self, municipalities: int, months: int) -> None:
        """The newest months of some municipalities, of PostgreSQL."""
        from fellesjournal.leadership.figures.periods import month  # noqa: PLC0415 - Django is set up
        from fellesjournal.leadership.indicators.asking import (  # noqa: PLC0415 - Django is set up
            Asked,
            Group,
        )
        from fellesjournal.leadership.indicators.measuring import (  # noqa: PLC0415 - Django is set up
            all_measured,
        )

        groups = [Group(n, f"Organization/m{n}", (n,)) for n in range(1, municipalities + 1)]
        asked = [Asked(self.indicator, month(YEAR, number)) for number in range(13 - months, 13)]
        all_measured(self.session.connection(), asked, groups, cut=CUT)


_UNIT = f"visit_number %% {UNITS} + 1"
_GIVEN_AT = f"at + (case when dice < 20 then 0 else dice - 50 end)::bigint * {3 * _MINUTE}"
_ROWS = {
    "visits": (
        "visit, patient, unit, status, began, began_day, ended, ended_day",
        (
            f"number, number %% 40000, number, number %% 40000, number %% {UNITS} + 1, 'finished',"
            f" at, on_day, at + {20 * _MINUTE}, on_day"
        ),
    ),
    "planned": (
        "dose, unit, visit, state, planned, planned_day, window_end, window_end_day",
        (
            f"number, visit_number %% 40000, number, {_UNIT}, visit_number,"
            " case when dice < 3 then 'not-done' when dice < 4 then 'paused' else 'done' end,"
            f" at, on_day, at + {60 * _MINUTE}, on_day"
        ),
    ),
    "given": (
        (
            "administration, request, visit, status, planned, planned_day, given, given_day,"
            " recorded, recorded_day"
        ),
        (
            "number, visit_number %% 40000, number, number / 300, visit_number,"
            " case when dice = 99 then 'entered-in-error' else 'completed' end,"
            f" at, on_day, {_GIVEN_AT}, on_day, at + {200 * _MINUTE}, on_day"
        ),
    ),
}
"""For each table: its columns, and how a row of a day is made; a fifth of doses to the second, some early,
some late, some not given, all alike in each run.
"""


def _seconds(run: Callable[[], object], *, once: bool = False) -> float:
    """The shortest of three times, or the only one."""
    found = []
    for _ in range(1 if once else 3):
        started = time.perf_counter()
        run()
        found.append(time.perf_counter() - started)
    return min(found)


if __name__ == "__main__":
    main()
