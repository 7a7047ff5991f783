"""``fellesjournal outsider``: see its help."""

from __future__ import annotations

import signal
import threading

import click

from fellesjournal.config.cli.database import environment
from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "outsider",
    epilog="""
\b
Example:
  fellesjournal outsider
""",
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True,
    help="Pause between two looks into the mailbox.",
)  # fmt: skip
def command(seconds: float) -> None:
    """Be the systems outside that answer our national messages (a stand-in).

    `fellesjournal run` starts one beside a demo. It shares the mailbox, as a message service
    does, and answers each message with a receipt. Refused wherever a real identity provider is
    set up: there the mailbox belongs to a real message service.
    """
    settings = environment()
    if not settings.stand_in:
        fail("the stand-in belongs to a demo: a real message service has the mailbox instead")
    from fellesjournal.surfaces.stand_in.outsider import work

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    while not stopping.wait(seconds):
        try:
            work(settings.mailbox or settings.data / "mailbox")
        except OSError as error:  # a disk that is full or away is waited for
            click.echo(f"the stand-in waits: {type(error).__name__}", err=True)
