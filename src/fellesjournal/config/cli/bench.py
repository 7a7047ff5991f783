"""``fellesjournal bench``: see its help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from fellesjournal.config.cli.exit_codes import fail

CHECKOUT = Path(__file__).resolve().parents[4]


@click.command(
    "bench",
    epilog="""
\b
Example:
  fellesjournal bench --citizens 20000
""",
)
@click.option(
    "--citizens",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Size of the record to measure on; it is made at the first run and kept.",
)
@click.option(
    "--also", type=click.IntRange(1), multiple=True, help="Smaller records too, to see growth."
)
def command(citizens: int, also: tuple[int, ...]) -> None:
    """Measure the platform beside the same work in bare SQL. Needs a checkout of the source."""
    if not (CHECKOUT / "bench" / "__main__.py").exists():
        fail("the measurements are part of the source; run this from a checkout")
    arguments = ["--citizens", str(citizens), "--also", *map(str, also)]
    sys.exit(
        subprocess.run(
            [sys.executable, "-m", "bench", *arguments], cwd=CHECKOUT, check=False
        ).returncode
    )
