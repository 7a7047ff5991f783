"""An answer that was taken back, as the Task of its item keeps it: who had said what, and why not.

The item stands open again; what was written is kept beside it, and in the earlier version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.acts import Resource
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.codes import extension, reference
from fellesjournal.fhir import reading

_WAS, _BY, _ENDED, _WORDS = "answer", "by", "ended", "words"
_TAKEN_BY, _AT, _WHY = "taken-by", "at", "why"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """``was_done``: it had been answered done or given, by ``by`` at ``ended``, with ``words``.

    ``taken_by`` (Practitioner/1) took that back at ``at``, and says ``why``.
    """

    was_done: bool
    by: str
    ended: datetime | None
    words: str
    taken_by: str
    at: datetime
    why: str


def with_taken_back(task: Resource, taken: TakenBack) -> Resource:
    """The Task, keeping one more answer that was taken back."""
    parts: list[Resource] = [
        {"url": _WAS, "valueCode": "done" if taken.was_done else "not-done"},
        {"url": _TAKEN_BY, "valueReference": reference(taken.taken_by)},
        {"url": _AT, "valueDateTime": taken.at.isoformat(timespec="seconds")},
        {"url": _WHY, "valueString": taken.why},
    ]
    if taken.by:
        parts.append({"url": _BY, "valueReference": reference(taken.by)})
    if taken.ended is not None:
        parts.append({"url": _ENDED, "valueDateTime": taken.ended.isoformat(timespec="seconds")})
    if taken.words:
        parts.append({"url": _WORDS, "valueString": taken.words})
    said = {"url": codes.TAKEN_BACK, "extension": parts}
    return task | {"extension": [*task.get("extension", ()), said]}


def taken_back_in(task: Resource) -> tuple[TakenBack, ...]:
    """Every answer of a Task that was taken back, oldest first."""
    said = (e for e in task.get("extension", ()) if e.get("url") == codes.TAKEN_BACK)
    found = (_read(each) for each in said)
    return tuple(each for each in found if each is not None)


def _read(said: Resource) -> TakenBack | None:
    at = reading.moment(_part(said, _AT).get("valueDateTime"))
    if at is None:
        return None
    ended = reading.moment(_part(said, _ENDED).get("valueDateTime"))
    return TakenBack(
        was_done=_part(said, _WAS).get("valueCode") == "done",
        by=reading.reference_target(_part(said, _BY).get("valueReference")),
        ended=None if ended is None else ended.at,
        words=str(_part(said, _WORDS).get("valueString", "")),
        taken_by=reading.reference_target(_part(said, _TAKEN_BY).get("valueReference")),
        at=at.at,
        why=str(_part(said, _WHY).get("valueString", "")),
    )


def _part(said: Resource, name: str) -> Resource:
    return extension(said, name) or {}


__all__ = ["TakenBack", "taken_back_in", "with_taken_back"]
