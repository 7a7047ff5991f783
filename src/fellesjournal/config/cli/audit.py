"""``fellesjournal audit``: see its help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import FAILED


@click.group(
    "audit",
    epilog="""
\b
Example:
  fellesjournal audit verify
""",
)
def command() -> None:
    """The read log: who read or wrote what, and the proof that nobody changed it."""


@command.command(
    "verify",
    epilog="""
\b
Example:
  fellesjournal audit verify
  fellesjournal audit verify --anchor /media/safe/audit-anchor.txt && echo sound
""",
)
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of audit-anchor.txt; without it, the one in the data folder.",
)
def verify_command(anchor: Path | None) -> None:
    """Check every line of the read log and every seal. Exit code 1 if anything is wrong.

    Names month, chain and number of each line that was changed, removed or put in, months
    that are missing and seals that are not the ones made at the time. The seals are worth as
    much as the copy of the anchor: keep one where nobody who administers the database can write.
    """
    with open_database() as settings:
        from rich.console import Console

        from fellesjournal.access.readlog.sealing import ANCHOR
        from fellesjournal.access.readlog.verify import Progress, verify

        if anchor is None:
            anchor = settings.data / ANCHOR
        findings, seen = 0, Progress()
        with Console(stderr=True).status("verifying") as status:
            for found in verify(_lines(anchor)):
                if isinstance(found, Progress):
                    seen = found
                    status.update(f"verifying: {seen.lines} lines {seen.month}")
                else:
                    findings += 1
                    click.echo(str(found))
    anchored = "" if anchor.exists() else "; no anchor: that all seals are genuine is not proved"
    click.echo(f"{seen.lines} lines and {seen.seals} seals verified, {findings} findings{anchored}")
    if findings:
        sys.exit(FAILED)


def _lines(anchor: Path) -> Iterator[str]:
    if anchor.exists():
        with anchor.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
