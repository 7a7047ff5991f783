"""``fellesjournal reindex``: see its help."""

from __future__ import annotations

import threading

import click

from fellesjournal.config.cli.database import open_database


@click.command(
    "reindex",
    epilog="""
\b
Example:
  fellesjournal reindex && fellesjournal check
""",
)
def command() -> None:
    """Make the rows of the search index again from the stored resources.

    Needed after an update that searches otherwise, and when FELLESJOURNAL_URL has changed;
    `fellesjournal run` does both by itself. Set the same FELLESJOURNAL_URL as for `run`.
    May be stopped at any moment: started again it goes on where it was. While the index is
    unfit, searches are answered 503; reading by id goes on.
    """
    with open_database():
        from fellesjournal.access.index import begin_anew, settle

        why = settle()
        if why is None:
            begin_anew()
            why = "every resource is looked at"
        click.echo(f"Rebuilding the search index: {why}.", err=True)
        rebuild_with_progress()


def rebuild_with_progress() -> None:
    """Carry out the rebuild that is noted, with a progress bar."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from fellesjournal.access.index import rebuild

    console = Console(stderr=True)
    columns = [TextColumn("rebuilding"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    looked_at = changed = 0
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("rebuilding", total=None)
        for progress in rebuild():
            looked_at, changed = progress.done, progress.changed
            bar.update(task, total=progress.total, completed=progress.done)
    click.echo(f"{looked_at} resources looked at, index rows of {changed} made anew", err=True)


def rebuild_first_if_needed() -> None:
    """What writes by criteria needs the index: rebuild it if other definitions made it.

    A command may run beside the platform, so it tells of an address that differs from the
    platform's instead of acting on it.
    """
    from fellesjournal.access.index import has_other_address, settle

    why = settle(with_address=False)
    if why is not None:
        click.echo(f"Rebuilding the search index first: {why}.", err=True)
        rebuild_with_progress()
    if has_other_address():
        click.echo(
            "The search index belongs to a server with another address. Set FELLESJOURNAL_URL as"
            " for `fellesjournal run`, or absolute references to it are not found by searches.",
            err=True,
        )


def rebuild_in_background(stopping: threading.Event) -> None:
    """For ``run``: rebuild what is noted while the platform reads and writes; raises Error of
    Django when the database goes away.
    """
    from fellesjournal.access.index import rebuild

    looked_at = changed = 0
    for progress in rebuild():
        looked_at, changed = progress.done, progress.changed
        if stopping.is_set():
            return
    if looked_at:
        click.echo(
            f"The search index is rebuilt: {looked_at} resources looked at, {changed} made anew.",
            err=True,
        )
