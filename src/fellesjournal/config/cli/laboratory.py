"""``fellesjournal laboratory``: see its help."""

from __future__ import annotations

import signal
import threading

import click

from fellesjournal.config.cli.database import environment, set_up_django
from fellesjournal.config.cli.exit_codes import fail


@click.command(
    "laboratory",
    epilog="""
\b
Example:
  fellesjournal laboratory
  fellesjournal laboratory --correct RABCDEFGHJKL
""",
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True,
    help="Pause between two rounds; an answer takes three.",
)  # fmt: skip
@click.option("--correct", metavar="NUMBER", help="Correct the report of a requisition, and end.")
@click.option("--add", metavar="NUMBER", help="Add words to the report of one, and end.")
@click.option("--cancel", metavar="NUMBER", help="Take the report of one back, and end.")
def command(seconds: float, correct: str | None, add: str | None, cancel: str | None) -> None:
    """Be a laboratory that answers with invented values (a stand-in).

    `fellesjournal run` starts one beside a demo. It is a client of the FHIR API like any other
    and knows nothing else of the platform. Refused wherever a real identity provider is set up.
    """
    settings = environment()
    if not settings.stand_in:
        fail("the stand-in laboratory belongs to a demo: a real one would be registered instead")
    set_up_django()
    from httpx import HTTPError

    from fellesjournal.surfaces.stand_in import laboratory
    from fellesjournal.surfaces.stand_in.laboratory_client import client_id, laboratory_key

    service = laboratory.Service(
        fhir=f"{settings.base_url}/fhir",
        client_id=client_id(settings.data),
        key=laboratory_key(settings.data),
    )
    try:
        if correct:
            laboratory.correct(service, correct)
        elif add:
            laboratory.add(service, add, "Prøven var lett hemolysert.")
        elif cancel:
            laboratory.cancel(service, cancel)
    except (LookupError, HTTPError) as error:
        fail(f"the report could not be changed: {type(error).__name__}")
    if not (correct or add or cancel):
        _keep_answering(service, seconds)


def _keep_answering(service: object, seconds: float) -> None:
    from httpx import HTTPError

    from fellesjournal.surfaces.stand_in import laboratory

    assert isinstance(service, laboratory.Service)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    while not stopping.wait(seconds):
        try:
            laboratory.work(service)
        except HTTPError as error:  # a platform that is away is waited for
            click.echo(f"the laboratory waits: {type(error).__name__}", err=True)
