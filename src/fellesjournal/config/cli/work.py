"""``fellesjournal work``: see its help."""

from __future__ import annotations

import signal
import threading

import click

from fellesjournal.config.cli.database import open_database


@click.command(
    "work",
    epilog="""
\b
Example:
  fellesjournal work
  fellesjournal work --threads 4
""",
)
@click.option("--threads", default=2, show_default=True, help="Messages handled at a time.")
def command(threads: int) -> None:
    """Handle what waits: events between packages, deliveries, deadlines.

    `fellesjournal run` starts one of these by itself. On more machines start as many as there is
    work for: no message is handled twice. May be stopped or killed at any moment.
    """
    with open_database():
        from fellesjournal.access.jobs import call
        from fellesjournal.foundation.outbox.worker import keep_time, work

        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: stopping.set())
        working = [
            threading.Thread(target=target, args=(call, stopping, _complain))
            for target in (*[work] * threads, keep_time)
        ]
        for thread in working:
            thread.start()
        stopping.wait()
        for thread in working:
            thread.join()


def _complain(words: str) -> None:
    click.echo(words, err=True)
