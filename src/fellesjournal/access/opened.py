"""Who of the citizen's side has opened what was answered to her: noted by the platform on the answer.

One note for every kind of answer (a message's, a renewal's), so that each first page ends its
notice in the same way: for her who has read it, not for the others who may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from fellesjournal.fhir import reading

READ_BY = "https://fellesjournal.example/fhir/StructureDefinition/read-by"
"""Our extension on an answer: who of the citizen's side has read it (who, at)."""


def read_by(answer: Mapping[str, Any], person: str, at: datetime) -> dict[str, Any]:
    """The answer when somebody of the citizen's side (``Patient/1``) has read it."""
    now = at.isoformat(timespec="seconds")
    note = {
        "url": READ_BY,
        "extension": [
            {"url": "who", "valueReference": {"reference": person}},
            {"url": "at", "valueDateTime": now},
        ],
    }
    return {"received": now, **answer, "extension": [*answer.get("extension", ()), note]}


def readers(answer: Mapping[str, Any]) -> Iterator[tuple[str, datetime | None]]:
    """Who has read an answer, and when."""
    for each in reading.elements(answer.get("extension")):
        if each.get("url") != READ_BY:
            continue
        parts = {part.get("url"): part for part in reading.elements(each.get("extension"))}
        at = reading.moment(parts.get("at", {}).get("valueDateTime"))
        who = reading.reference_target(parts.get("who", {}).get("valueReference"))
        yield who, None if at is None else at.at


__all__ = ["READ_BY", "read_by", "readers"]
