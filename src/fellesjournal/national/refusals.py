"""Why a message was not read or not written.

A refusal names places (line, column, path) and what is wrong there, never the content found:
a problem may be logged and sent back to a stranger, a national number may not.
"""

from __future__ import annotations

from dataclasses import dataclass

# More than these help nobody, and a hostile message must not make a long answer.
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a message. Lines and columns count from 1; 0 means unknown."""

    message: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.line else "somewhere"
        return f"{place}{f' ({self.path})' if self.path else ''}: {self.message}"


class Refused(Exception):
    """A message that is not taken as it is; ``problems`` has at least one."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        super().__init__("; ".join(str(one) for one in self.problems))


class NotXml(Refused):
    """The bytes are not XML that is read here: broken, too large, too deep, or with a DTD."""


class NotUnderstood(Refused):
    """XML of a kind or a version of message that is not read here."""


class NotValid(Refused):
    """A known kind of message which does not follow its standard."""


class NotWritable(Refused):
    """What should be written would not follow the standard, or XML has no way to say it."""
