"""``fellesjournal figures``: see its help."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import FOUND_WRONG, fail

if TYPE_CHECKING:  # a command is imported before Django is set up
    from fellesjournal.access.sessions import Session

_PATIENCE = 3600.0
"""So many seconds to bring the tables up to the record; they are up to it within seconds, but on the first day."""


@click.command(
    "figures",
    epilog="""
\b
Example:
  fellesjournal figures files/
  fellesjournal figures files/ --month 2026-10
""",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--month", type=click.DateTime(["%Y-%m"]),
    help="Also count every indicator of this month twice, of the tables and of the files.",
)  # fmt: skip
def command(folder: Path, month: datetime | None) -> None:
    """Write the tables that figures are counted in to Parquet files, by month.

    Months that have not changed since the files before are those same files. The files tell
    of patients one by one, as the record does: the folder is closed to other users.
    Exit code 3 if a count of the files is not that of the tables.
    """
    with open_database():
        from fellesjournal.access.sessions import system_session
        from fellesjournal.leadership.indicators import parquet
        from fellesjournal.leadership.indicators.catalogue import CATALOGUE
        from fellesjournal.leadership.indicators.flattening import keep_up
        from fellesjournal.leadership.indicators.handovers import UNIT_SYSTEM
        from fellesjournal.leadership.indicators.tables import registered

        session = system_session("system:figures", purpose="HSYSADMIN")
        wanted = {table.name for each in CATALOGUE.values() for table in each.tables}
        tables = [each for each in registered() if each.name in wanted | {UNIT_SYSTEM.name}]
        keep_up(session, tables, seconds=_PATIENCE)
        for table in tables:
            try:
                click.echo(str(parquet.write(session, table, folder)))
            except parquet.NothingToRead as error:
                fail(f"{error}: it is being made; try again in a while")
        if month is not None:
            _count(session, folder, month)


def _count(session: Session, folder: Path, month: datetime) -> None:
    """Every indicator of a month, by the tables and by the files."""
    from fellesjournal.leadership.figures.periods import month as month_of
    from fellesjournal.leadership.indicators.asking import Asked
    from fellesjournal.leadership.indicators.both_ways import counted_both_ways, every_group
    from fellesjournal.leadership.indicators.catalogue import CATALOGUE

    period, groups = month_of(month.year, month.month), every_group(session)
    if not groups:
        click.echo("there are no units: nothing to count")
        return
    differ = False
    for indicator in CATALOGUE.values():
        found = counted_both_ways(session, folder, Asked(indicator, period), groups)
        verdict = "alike"
        if found.differing:
            verdict = f"differ in {len(found.differing)} units"
            if found.went_on:
                verdict += "; the record has gone on since the files, run it again"
            differ = differ or not found.went_on
        click.echo(
            f"{found.indicator:5} {found.units} units, tables {found.by_tables:.3f} s,"
            f" files {found.by_files:.3f} s: {verdict}"
        )
    if differ:
        sys.exit(FOUND_WRONG)
