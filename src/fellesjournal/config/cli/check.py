"""``fellesjournal check``: see its help."""

from __future__ import annotations

import sys

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import FOUND_WRONG


@click.command(
    "check",
    epilog="""
\b
Example:
  fellesjournal check && echo sound
""",
)
def command() -> None:
    """Check the whole record: index rows and the facts that access is decided by equal what
    the bodies say, histories have no gap, references lead somewhere. Exit code 3 if anything
    is wrong.
    """
    with open_database():
        from rich.console import Console

        from fellesjournal.access.export import check_record
        from fellesjournal.access.sessions import system_session

        findings = looked_at = 0
        with Console(stderr=True).status("checking") as status:
            for found in check_record(system_session("system:check", purpose="HSYSADMIN")):
                if isinstance(found, int):
                    looked_at = found
                    status.update(f"checking: {looked_at} resources")
                else:
                    findings += 1
                    click.echo(f"{found.resource}: {found.problem}")
    click.echo(f"{looked_at} resources looked at, {findings} findings")
    if findings:
        sys.exit(FOUND_WRONG)
