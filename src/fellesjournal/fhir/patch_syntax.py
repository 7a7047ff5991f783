"""The steps of a FHIRPath that names a place: ``Patient.name.where(use = 'official').given[0]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from fellesjournal.fhir.issues import BadRequest

_NAME = re.compile(r"`([^`]+)`|([%$]?[A-Za-z_][A-Za-z0-9_]*(?:\[x\])?)")
_INDEX = re.compile(r"\[\s*([0-9]{1,9})\s*\]")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """A name (``arguments`` None) or a function with the text of its arguments, then indexers."""

    name: str
    arguments: str | None
    indexes: tuple[int, ...]


@lru_cache(maxsize=512)
def _steps(path: str) -> tuple[Step, ...] | None:
    """The steps of a path; None for what is no such path."""
    found: list[Step] = []
    at = 0
    text = path.strip()
    while at < len(text):
        if found:
            if text[at] != ".":
                return None
            at += 1
        named = _NAME.match(text, at)
        if named is None:
            return None
        at = named.end()
        arguments = None
        if at < len(text) and text[at] == "(":
            end = _closing(text, at)
            if end is None:
                return None
            arguments = text[at + 1 : end]
            at = end + 1
        indexes = []
        while (index := _INDEX.match(text, at)) is not None:
            indexes.append(int(index[1]))
            at = index.end()
        found.append(Step(named[1] or named[2], arguments, tuple(indexes)))
    return tuple(found) or None


def steps(path: str, location: str) -> list[Step]:
    """The steps of a path. Raises BadRequest."""
    found = _steps(path) if len(path) <= _LONGEST else None
    if found is None:
        raise BadRequest(f"{path[:200]!r} is no path to an element", location)
    return list(found)


def _closing(text: str, opening: int) -> int | None:
    """Where the parenthesis that opens there closes; quotes are passed over."""
    depth = 0
    quote = ""
    at = opening
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote:
                quote = ""
        elif char in {"'", "`", '"'}:
            quote = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return None
