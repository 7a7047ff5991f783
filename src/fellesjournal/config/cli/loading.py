"""What ``load`` and ``demo`` share: parts go in, with a progress bar and an account."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click
import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from fellesjournal.foundation.database import statistics
from fellesjournal.surfaces.exchange.load import Outcome, load
from fellesjournal.surfaces.exchange.parts import Part

BALANCE_FAILED = "the counts do not balance: please report this"


def default_workers() -> int:
    """One process per processor that this process may use."""
    return (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    )


def set_up_worker() -> None:
    """Runs in each loading process before its first part."""
    import django

    django.setup()


def load_with_progress(
    parts: Iterable[Part], *, size: int | None, workers: int, rejects: Path | None, what: str
) -> Outcome:
    """Load parts, show how far it is and how fast, and write refusals to ``rejects``.

    ``size`` is what 100 % is, in bytes of the parts; None when that is not known.
    """
    console = Console(stderr=True)
    started = time.monotonic()
    columns = [
        SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[done]} resources, {task.fields[rate]}/s"), TimeElapsedColumn(),
    ]  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=size, done=0, rate=0)
        done = 0

        def report(outcome: Outcome) -> None:
            nonlocal done
            done += sum(outcome.read.values())
            rate = round(done / max(time.monotonic() - started, 0.001))
            progress.update(task, advance=outcome.size, done=done, rate=rate)
            if rejects is not None and outcome.rejections:
                with rejects.open("ab") as file:
                    for rejection in outcome.rejections:
                        file.write(orjson.dumps(dataclasses.asdict(rejection)) + b"\n")

        total = load(parts, workers=workers, prepare=set_up_worker, report=report)
    if total.stored:
        statistics.learn()
    seconds = time.monotonic() - started
    read = sum(total.read.values())
    console.print(f"{read} resources in {seconds:.1f} s, {read / max(seconds, 0.001):.0f}/s")
    return total


def print_account(total: Outcome, stream: TextIO = sys.stdout) -> None:
    """The account per type: in = stored + already there + rejected."""
    table = Table(title="in = stored + already there + rejected", title_justify="left")
    table.add_column("type")
    for column in ("in", "stored", "already there", "rejected"):
        table.add_column(column, justify="right")
    for name in sorted(total.read):
        table.add_row(name, *_counts(total, name))
    table.add_section()
    sums = (total.read, total.stored, total.there, total.rejected)
    table.add_row("all", *(str(sum(count.values())) for count in sums))
    Console(file=stream).print(table)
    if not total.balances:
        raise click.ClickException(BALANCE_FAILED)


def _counts(total: Outcome, name: str) -> list[str]:
    return [str(count[name]) for count in (total.read, total.stored, total.there, total.rejected)]
