"""``fellesjournal load``: see its help."""

from __future__ import annotations

from pathlib import Path

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "load",
    epilog="""
\b
Example:
  fellesjournal load bundles/*.json
  fellesjournal load export/ --workers 4 --rejects refused.ndjson
""",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that load.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    default=Path("rejects.ndjson"),
    show_default=True,
    help="File that lists what was refused, and why.",
)
def command(paths: tuple[Path, ...], workers: int, rejects: Path) -> None:
    """Bring patient records in: JSON bundles, single resources, NDJSON, also .gz and .bz2."""
    del paths, workers, rejects
    fail("not built yet")
