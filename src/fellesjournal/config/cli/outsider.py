"""``fellesjournal outsider``: see its help."""

from __future__ import annotations

import signal
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fellesjournal.config.cli.database import environment
from fellesjournal.config.cli.exit_codes import fail

if TYPE_CHECKING:
    from fellesjournal.national.envelope import Address


@click.command(
    "outsider",
    epilog="""
\b
Example:
  fellesjournal outsider
  fellesjournal outsider --write referral --patient 01819012345 \\
      --from 8200999/8120001 --to 8200001/8110000
""",
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True,
    help="Pause between two looks into the mailbox.",
)  # fmt: skip
@click.option(
    "--write", "what", type=click.Choice(("admitted", "letter", "ready", "referral", "summary")),
    help="Write us one message of this kind, and stop.",
)  # fmt: skip
@click.option("--patient", help="The national number of whom it is about.")
@click.option("--from", "sender", help="HER-ids of the sender: legal entity/service.")
@click.option("--to", "receiver", help="HER-ids of the receiver: legal entity/service.")
def command(
    seconds: float, what: str | None, patient: str | None, sender: str | None, receiver: str | None
) -> None:
    """Be the systems outside that answer our national messages (a stand-in).

    `fellesjournal run` starts one beside a demo. It shares the mailbox, as a message service
    does, and answers each message with a receipt; a referral, a question and a notice of a
    patient who is ready get a message back besides. With --write it sends us a message of its
    own. Refused wherever a real identity provider is set up: there the mailbox belongs to a real
    message service.
    """
    settings = environment()
    if not settings.stand_in:
        fail("the stand-in belongs to a demo: a real message service has the mailbox instead")
    mailbox = settings.mailbox or settings.data / "mailbox"
    if what is not None:
        _write(mailbox, what, patient, sender, receiver)
        return
    from fellesjournal.surfaces.stand_in.outsider import work

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    while not stopping.wait(seconds):
        try:
            work(mailbox)
        except OSError as error:  # a disk that is full or away is waited for
            click.echo(f"the stand-in waits: {type(error).__name__}", err=True)


def _write(
    mailbox: Path, what: str, patient: str | None, sender: str | None, receiver: str | None
) -> None:
    from fellesjournal.foundation.mailbox import Mailbox
    from fellesjournal.national.values import Timestamp
    from fellesjournal.surfaces.stand_in.outsider_words import write

    if not (patient and sender and receiver):
        fail("--write needs --patient, --from and --to")
    now = Timestamp(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    content = write(
        what, patient=patient, sender=_address(sender), receiver=_address(receiver), now=now
    )
    Mailbox(mailbox).receive(f"{uuid.uuid4()}.xml", content)


def _address(text: str) -> Address:
    from fellesjournal.national.envelope import Address

    entity, _, party = text.partition("/")
    if not (entity.isdigit() and party.isdigit()):
        fail("HER-ids are two numbers: 8200001/8110000")
    return Address(entity, party)
