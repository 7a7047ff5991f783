"""``fellesjournal export``: see its help."""

from __future__ import annotations

from pathlib import Path

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "export",
    epilog="""
\b
Example:
  fellesjournal export out/
  fellesjournal export out/ --type Patient --type Observation
""",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--type", "types", multiple=True, help="Only this resource type; may be repeated.")
def command(folder: Path, types: tuple[str, ...]) -> None:
    """Write the record to NDJSON files, one per resource type."""
    del folder, types
    fail("not built yet")
