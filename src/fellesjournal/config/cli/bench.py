"""``fellesjournal bench``: see its help."""

from __future__ import annotations

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "bench",
    epilog="""
\b
Example:
  fellesjournal bench --citizens 1000
""",
)
@click.option(
    "--citizens",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Size of the record to measure on.",
)
def command(citizens: int) -> None:
    """Measure the platform beside the same work in bare SQL."""
    del citizens
    fail("not built yet")
