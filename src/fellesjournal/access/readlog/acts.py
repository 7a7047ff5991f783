"""What can be done to the record, as the log numbers it."""

from __future__ import annotations

from enum import IntEnum


class Act(IntEnum):
    """The numbers are stored and hashed: never change one, never use one again."""

    READ = 1
    VREAD = 2
    HISTORY = 3
    SEARCH = 4
    EVERYTHING = 5  # Patient/$everything
    CHART = 6  # the record of one patient, on a page
    EXPORT = 7
    POST = 11
    PUT = 12
    PATCH = 13
    DELETE = 14
    TRANSACTION = 15  # several changes in one commit
    OPEN = 21  # past a closed door, on purpose: break-glass or extra confidentiality
    LOOK_UP = 22  # that somebody has a record: name and birth year, before emergency access
    REVIEW = 23  # of what staff have opened, by a leader or the data protection officer


WRITES = frozenset({Act.POST, Act.PUT, Act.PATCH, Act.DELETE, Act.TRANSACTION})
CHANGES = frozenset({Act.PUT, Act.PATCH, Act.DELETE})
"""Writes to what was there before; a transaction may hold both these and what is new."""


class Outcome(IntEnum):
    """Whether it was done. Refused: it may not be seen by who asked, or is not there."""

    DONE = 0
    REFUSED = 1


def act_of(name: str) -> Act:
    """The act of a name such as ``read``. Raises KeyError."""
    return Act[name.upper()]
