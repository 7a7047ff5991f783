"""What compiled expressions run in, and how they say that they can't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fellesjournal.fhir.validation.expressions.values import Collection, Item


class Unsupported(ValueError):
    """The expression uses something that is not compiled here."""


class Undecidable(Exception):
    """The answer depends on something outside the resource."""


@dataclass(slots=True)
class Scope:
    """What names outside the focus stand for: the resource, its container, ``$this``."""

    resource: Item
    root: Item
    context: Collection
    this: Collection
    index: int = 0


Run = Callable[[Collection, Scope], Collection]


def truth(collection: Collection) -> bool | None:
    """A collection as a boolean: None for empty; one item that is no boolean counts as true."""
    if not collection:
        return None
    return collection[0].value is not False
