"""``fellesjournal token``: see its help."""

from __future__ import annotations

from datetime import timedelta

import click

from fellesjournal.config.cli.database import open_database


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
    with open_database():
        from fellesjournal.access.tokens import issue_token

        token = issue_token(lifetime=timedelta(days=days))
        click.echo(f"A token with system scope, valid for {days} days; it is not shown again.")
        click.echo(token)
