"""Whether a patient is ready for discharge: told by all that was said, in whatever order.

Each thing said is a dated fact of the Encounter by somebody: a notice that she is ready (from a
time), the same notice with another time, or that the notice is withdrawn (9121: 3 and 4). None is
overwritten; where she stands is a function of the set of them. A withdrawal ends its own notice,
whether a change of it came before or after. The time between notice and withdrawal, which the
municipality pays for, can therefore always be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.discharges import READINESS, part
from fellesjournal.care.stays import codes
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said. ``notice`` ties a change or withdrawal to the notice it is about; ``since``
    is from when she is ready (None in a withdrawal); times are aware.
    """

    notice: str
    at: datetime
    by: str
    by_name: str
    since: datetime | None
    words: str = ""

    @property
    def is_withdrawal(self) -> bool:
        """Whether this ends its notice."""
        return self.since is None


@dataclass(frozen=True, slots=True)
class Ready:
    """A notice that stands: said when and by whom, ready since when."""

    notice: str
    at: datetime
    by_name: str
    since: datetime


def standing(said: Iterable[Said]) -> Ready | None:
    """The notice that stands, if any: that which was first said last, as it was last changed."""
    facts = list(said)
    ended = {each.notice for each in facts if each.is_withdrawal}
    notices: dict[str, list[Said]] = {}
    for each in facts:
        if each.notice not in ended:
            notices.setdefault(each.notice, []).append(each)
    if not notices:
        return None
    listed = [sorted(each, key=_order) for each in notices.values()]
    newest = max(listed, key=lambda each: _order(each[0]))
    first, last = newest[0], newest[-1]
    assert last.since is not None  # withdrawn notices are left out
    return Ready(first.notice, first.at, first.by_name, last.since)


def _order(said: Said) -> tuple[datetime, str, str]:
    return said.at, said.notice, "" if said.since is None else said.since.isoformat()


def read_said(encounter: Element) -> tuple[Said, ...]:
    """All that was said in an Encounter about being ready, in the order it stands there."""
    listed = reading.elements(encounter.get("extension"))
    read = (_said(each) for each in listed if each.get("url") == READINESS)
    return tuple(each for each in read if each is not None)


def _said(extension: Element) -> Said | None:
    at = reading.moment(part(extension, "at").get("valueDateTime"))
    if at is None:
        return None
    code = (part(extension, "event").get("valueCoding") or {}).get("code")
    since = reading.moment(part(extension, "from").get("valueDateTime"))
    by = part(extension, "by").get("valueReference")
    return Said(
        notice=str(part(extension, "notice").get("valueString", "")),
        at=at.at,
        by=reading.reference_target(by),
        by_name=reading.reference_text(by),
        since=None if code == codes.NOT_READY else (since or at).at,
        words=str(part(extension, "text").get("valueString", "")),
    )


def as_extension(said: Said) -> dict[str, Any]:
    """The extension that says it in an Encounter."""
    event = codes.NOT_READY if said.is_withdrawal else codes.READY
    coding = {"system": codes.PLO_EVENT, "code": event, "display": codes.PLO_EVENTS[event]}
    by = {"reference": said.by} | ({"display": said.by_name} if said.by_name else {})
    inner: list[Mapping[str, Any]] = [
        {"url": "event", "valueCoding": coding},
        {"url": "notice", "valueString": said.notice},
        {"url": "at", "valueDateTime": said.at.isoformat()},
        {"url": "by", "valueReference": by},
    ]
    if said.since is not None:
        inner.append({"url": "from", "valueDateTime": said.since.isoformat()})
    if said.words:
        inner.append({"url": "text", "valueString": said.words})
    return {"url": READINESS, "extension": inner}


__all__ = ["Ready", "Said", "as_extension", "read_said", "standing"]
