"""``fellesjournal table-audit``: see its help."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from fellesjournal.config.cli.exit_codes import FOUND_WRONG, fail
from fellesjournal.leadership.figures.audit.formulas import NotAFormula, formula
from fellesjournal.leadership.figures.audit.spans import Span
from fellesjournal.leadership.figures.audit.tables import MOST_CHARACTERS, NotATable, pasted
from fellesjournal.leadership.figures.audit.verdicts import (
    NotInTheTable,
    Verdict,
    judged,
    suggested,
)


@click.command(
    "table-audit",
    epilog="""
\b
Example:
  fellesjournal table-audit published.csv --check "[change] = [now] / [before] - 1"
""",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "checks", multiple=True, help="How a column (or row) follows from others.")
@click.option("--rounded", multiple=True, help="A row or column whose whole numbers are rounded.")
def command(file: Path, checks: tuple[str, ...], rounded: tuple[str, ...]) -> None:
    """Hold a published table against itself: what its printed digits can and can't mean.

    The file has headings in its first line and a name before each row; cells stand between tabs or
    semicolons. Without a check, a last row or column called Sum or Total is checked. Prints a line
    for each cell that follows from others: row, column, what is printed, verdict, why, and what the
    others give (percent, minutes): of that cell, or of the one named under "not told", which is empty.
    Exit code 3 if a cell is inconsistent.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")[: MOST_CHARACTERS + 1]
        table = pasted(text)
        formulas = [formula(each) for each in checks] or suggested(table)
        found = judged(table, formulas, rounded=rounded)
    except UnicodeDecodeError:
        fail(f"{file} is not UTF-8")
    except NotATable as refused:
        places = [
            f"row {each.row}, column {each.column}: {each.wrong} {each.said}"
            for each in refused.problems
        ]
        fail("no table:\n" + "\n".join(places))
    except (NotAFormula, NotInTheTable) as refused:
        fail(f"no check: {refused}")
    writer = csv.writer(sys.stdout, delimiter=";")
    writer.writerow(["row", "column", "printed", "verdict", "why", "least", "most", "not told"])
    for each in found:
        writer.writerow(
            [
                each.row,
                each.column,
                each.shown,
                each.verdict,
                each.why,
                *_ends(each.given),
                each.not_told,
            ]
        )
    if any(each.verdict is Verdict.INCONSISTENT for each in found):
        sys.exit(FOUND_WRONG)


def _ends(given: Span | None) -> tuple[str, str]:
    if given is None:
        return "", ""
    low, high = ("" if end is None else f"{float(end):g}" for end in (given.low, given.high))
    return low, high
