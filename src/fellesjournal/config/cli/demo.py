"""``fellesjournal demo``: see its help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import fail
from fellesjournal.config.cli.reindex import rebuild_first_if_needed
from fellesjournal.foundation import clock

PART = 1000


@click.command(
    "demo",
    epilog="""
\b
Example:
  fellesjournal demo --citizens 5000 --seed 7
""",
)
@click.option(
    "--citizens",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="How many people to invent.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed gives the same region."
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day up to which they have a history; default: today.",
)
def command(citizens: int, seed: int, until: datetime | None) -> None:
    """Fill the database with a demo region of invented citizens."""
    with open_database():
        from fellesjournal.config.cli.loading import print_account

        rebuild_first_if_needed()
        total = fill(citizens, seed, until.date() if until else None)
        print_account(total)
        if total.rejected:
            fail("the demo region was refused in part: please report this")


def fill_if_empty(citizens: int, data: Path) -> None:
    """Generate the demo region when the database holds no patient yet.

    A file in the data folder remembers a region that is not finished: the next start goes
    on with it, on the same day's terms, and what is already in is passed over.
    """
    from fellesjournal.access.export import holds_patients
    from fellesjournal.config.cli.demo_benefits import fill_benefits
    from fellesjournal.config.cli.demo_decisions import fill_decisions, fill_follow_up
    from fellesjournal.config.cli.demo_pathways import fill_pathways
    from fellesjournal.config.cli.demo_reports import fill_reports
    from fellesjournal.config.cli.demo_rollout import fill_rollout

    unfinished = data / "demo-region.unfinished"
    if not unfinished.exists():
        if holds_patients():
            return
        data.mkdir(parents=True, exist_ok=True)
        today = clock.today().isoformat()
        unfinished.write_text(f"{citizens} 1 {today}", encoding="ascii")
    size, seed, until = unfinished.read_text(encoding="ascii").split()
    click.echo(f"Inventing a demo region of {size} citizens, once; FELLESJOURNAL_DEMO=0 skips it.")
    fill(int(size), int(seed), date.fromisoformat(until))
    fill_waiting_room()
    fill_decisions()
    fill_benefits()
    fill_follow_up()
    fill_pathways()
    fill_rollout()
    fill_reports()
    unfinished.unlink()


# Whom, how many minutes ago, how, how urgent (codes of care/triage), why.
_WAITING = (
    ("cast-laejsa", 48, "here", "green", "Øyet er rødt og renner"),
    ("cast-oddmund", 31, "here", "yellow", "Svimmel siden i ettermiddag"),
    ("cast-oda", 12, "comes-in", "orange", "Vondt i magen, mest nede til høyre"),
    ("cast-ingebrigt", 4, "here", "", "Kutt i hånden"),
)


def fill_waiting_room() -> None:
    """Some who wait at the out-of-hours clinic from now on, taken in by its nurse as anybody is."""
    from fellesjournal.access.sessions import staff_session
    from fellesjournal.care.triage.actions import register
    from fellesjournal.care.triage.codes import Urgency, Way
    from fellesjournal.demo.cast import STAFF

    nurse = next(each for each in STAFF if each.role == "out-of-hours-nurse")
    session = staff_session(
        practitioner=f"Practitioner/{nurse.id}",
        role_id=nurse.role_id,
        role=nurse.role,
        unit=f"Organization/{nurse.unit_id}",
    )
    now = clock.now()
    for patient, minutes, way, urgency, reason in _WAITING:
        with clock.at(now - timedelta(minutes=minutes)):
            register(
                session.again(), patient=patient, number=f"demo-{patient}", way=Way(way),
                urgency=Urgency(urgency), reason=reason,
            )  # fmt: skip


def fill(citizens: int, seed: int, until: date | None) -> Any:  # an Outcome, imported late
    """Generate and load a demo region; answers the account."""
    from fellesjournal.config.cli.loading import default_workers, load_with_progress
    from fellesjournal.demo import generate

    today = until or clock.today()
    return load_with_progress(
        _parts(
            generate(citizens=citizens, seed=seed, until=today), f"demo:{citizens}:{seed}:{today}"
        ),
        size=None,
        workers=default_workers(),
        rejects=None,
        what="inventing a region",
    )


def _parts(resources: Iterable[dict[str, Any]], name: str) -> Iterator[Any]:
    import orjson

    from fellesjournal.surfaces.exchange.parts import Part

    remaining = iter(resources)
    first = 1
    while lines := tuple(orjson.dumps(resource) for resource in islice(remaining, PART)):
        yield Part(name, first, lines, sum(map(len, lines)))
        first += len(lines)
