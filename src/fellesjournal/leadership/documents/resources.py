"""A kind of document, and a version of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Generic, TypeVar

import msgspec

from fellesjournal.access.policy.rules import Duty

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Body]):
    """A kind of document: its name in the table, the type of its bodies, and whose duty it is to
    save and to read it; ``read_by_apps``: through an app of hers too; ``read_by_all``: whoever is signed
    in, for what is about nobody. A name is never given to another type.

    ``by_author``: for documents that anybody who is signed in may begin. Of a document she has begun
    it is told what stands (None: nothing yet) and what is to follow, and answers whether she may save
    that. Those she has begun she reads. None: nobody does without the duty.
    """

    name: str
    type: type[Body]
    saved_by: frozenset[Duty]
    read_by: frozenset[Duty] = field(default=frozenset({Duty.SEE_FIGURES}))
    read_by_apps: bool = False
    read_by_all: bool = False
    by_author: Callable[[Body | None, Body], bool] | None = None

    def encoded(self, body: Body) -> str:
        """The body as it is kept."""
        return msgspec.json.encode(body, enc_hook=_to_plain).decode()

    def decoded(self, kept: str) -> Body:
        """The body of what is kept. Raises msgspec.ValidationError with its place for what a
        later program does not understand.
        """
        return msgspec.json.decode(kept, type=self.type, dec_hook=_from_plain)


@dataclass(frozen=True, slots=True)
class Document(Generic[Body]):
    """One version of a document: ``version`` counts from 1; ``author`` is a reference."""

    key: str
    version: int
    body: Body
    author: str
    role: str
    unit: str
    at: datetime
    reason: str


def _to_plain(value: object) -> object:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(f"a document holds no {type(value).__name__}")


def _from_plain(wanted: type[Any], value: Any) -> Any:
    if wanted is Fraction:
        return Fraction(value)
    raise NotImplementedError(f"a document holds no {wanted.__name__}")


__all__ = ["Document", "Kind"]
