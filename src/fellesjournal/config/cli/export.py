"""``fellesjournal export``: see its help."""

from __future__ import annotations

from pathlib import Path

import click

from fellesjournal.config.cli.database import open_database
from fellesjournal.config.cli.exit_codes import WRONG_USE, fail


@click.command(
    "export",
    epilog="""
\b
Example:
  fellesjournal export out/
  fellesjournal export out/ --type Patient --type Observation
""",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--type", "types", multiple=True, help="Only this resource type; may be repeated.")
def command(folder: Path, types: tuple[str, ...]) -> None:
    """Write the record to NDJSON files, one per resource type, as it stood at the start.

    A file appears under its name when it is complete; until then it ends in .partial.
    """
    with open_database():
        from rich.console import Console
        from rich.progress import track

        from fellesjournal.access.export import counts, export_type
        from fellesjournal.access.sessions import system_session

        session = system_session("system:export", purpose="HSYSADMIN")
        there = counts(session)
        unknown = sorted(set(types) - set(there))
        if unknown:
            fail(f"nothing of type {', '.join(unknown)} is there", WRONG_USE)
        folder.mkdir(parents=True, exist_ok=True)
        for name in types or sorted(there):
            partial, complete = folder / f"{name}.ndjson.partial", folder / f"{name}.ndjson"
            with partial.open("wb") as file:
                bodies = export_type(session, name)
                for body in track(
                    bodies, name, there[name], console=Console(stderr=True), transient=True
                ):
                    file.write(body + b"\n")
            partial.replace(complete)
            click.echo(f"{complete}  {there[name]}")
