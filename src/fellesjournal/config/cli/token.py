"""``fellesjournal token``: see its help."""

from __future__ import annotations

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "token",
    epilog="""
\b
Example:
  curl -H "Authorization: Bearer $(fellesjournal token | tail -1)" \\
    http://127.0.0.1:8000/fhir/Patient
""",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="How long it is valid.",
)
def command(days: int) -> None:
    """Print a bearer token for a developer's FHIR client, alone on the last line."""
    del days
    fail("not built yet")
