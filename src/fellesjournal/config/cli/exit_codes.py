"""Exit codes of the command line; the table is in the package's docstring."""

from __future__ import annotations

from typing import NoReturn

import click

FAILED = 1
WRONG_USE = 2
FOUND_WRONG = 3
IN_USE = 4
INTERRUPTED = 130


class Failure(click.ClickException):
    """What click prints as ``Error: ...`` before it exits with ``exit_code``."""


def _failure(code: int) -> type[Failure]:
    return type("Failure", (Failure,), {"exit_code": code})


def fail(message: str, code: int = FAILED) -> NoReturn:
    """End the command with a message on standard error and an exit code."""
    raise _failure(code)(message)
