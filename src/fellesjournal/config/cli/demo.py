"""``fellesjournal demo``: see its help."""

from __future__ import annotations

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "demo",
    epilog="""
\b
Example:
  fellesjournal demo --citizens 5000 --seed 7
""",
)
@click.option(
    "--citizens",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="How many people to invent.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed gives the same region."
)
def command(citizens: int, seed: int) -> None:
    """Fill the database with a demo region of invented citizens."""
    del citizens, seed
    fail("not built yet")


def fill_if_empty(citizens: int) -> None:
    """Generate the demo region when the database holds no patient yet."""
    del citizens
