"""``fellesjournal load``: see its help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import FOUND_WRONG, WRONG_USE, fail
from fellesjournal.config.cli.reindex import rebuild_first_if_needed


@click.command(
    "load",
    epilog="""
\b
Example:
  fellesjournal load bundles/*.json
  fellesjournal load export/ --workers 4 --rejects refused.ndjson

Exit code 3 when anything was refused. Run it again after an interruption: what is
already in is passed over.
""",
)
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes that load; default: one per processor."
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("rejects.ndjson"),
    show_default=True,
    help="File that lists what was refused: file, line, type, location, reason.",
)
def command(paths: tuple[str, ...], workers: int | None, rejects: Path) -> None:
    """Bring patient records in: files, folders and globs of JSON bundles, single resources
    and NDJSON, also as .gz and .bz2.

    A transaction bundle is written whole or not at all. Resources of other bundles and of
    NDJSON are written under their own id.
    """
    with open_database():
        # these need Django's settings
        from fellesjournal.config.cli.loading import (
            default_workers,
            load_with_progress,
            print_account,
        )
        from fellesjournal.surfaces.exchange.parts import (
            Part,
            UnreadableInput,
            find_files,
            read_parts,
        )

        rebuild_first_if_needed()
        unreadable: list[str] = []

        def parts(files: list[Path]) -> Iterator[Part]:
            for file in files:
                try:
                    yield from read_parts(file)
                except UnreadableInput as error:
                    unreadable.append(str(error))

        try:
            files = find_files(list(paths))
        except UnreadableInput as error:
            fail(str(error), WRONG_USE)
        rejects.unlink(missing_ok=True)
        packed = any(file.suffix in {".gz", ".bz2"} for file in files)
        total = load_with_progress(
            parts(files),
            size=None if packed else sum(file.stat().st_size for file in files),
            workers=workers or default_workers(),
            rejects=rejects,
            what="loading",
        )
        print_account(total)
    for problem in unreadable:
        click.echo(f"can't be read: {problem}", err=True)
    if total.rejected:
        click.echo(f"{sum(total.rejected.values())} refused, see {rejects}", err=True)
    if total.rejected or unreadable:
        sys.exit(FOUND_WRONG)
