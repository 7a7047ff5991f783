"""``fellesjournal check``: see its help."""

from __future__ import annotations

import click

from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "check",
    epilog="""
\b
Example:
  fellesjournal check && echo sound
""",
)
def command() -> None:
    """Check the whole record: index rows, history, references. Exit code 3 if anything is wrong."""
    fail("not built yet")
