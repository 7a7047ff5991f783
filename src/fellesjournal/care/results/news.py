"""What a report says: whether it is news, abnormal, withdrawn or delayed, and a digest of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson

from fellesjournal.access.labels import VISIBILITY
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

DEVIATION = "urn:oid:2.16.578.1.12.4.1.1.8244"
_WITHDRAWN = frozenset({"cancelled", "entered-in-error"})
_CORRECTED = frozenset({"amended", "corrected"})
_ABNORMAL = frozenset(
    {"H", "HU", "HH", "HX", "L", "LU", "LL", "LX", "A", "AA", "POS", "DET", "R", "<", ">"}
)

# A resource as JSON.
Resource = dict[str, Any]


class Standing(StrEnum):
    """Why a result awaits acknowledgement."""

    NEW = "new"
    ADDED = "added"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class News:
    """What a report says now. ``digest`` is another one whenever anything of report or
    observations is, but for their versions and times of storage.
    """

    status: str
    has_answers: bool
    is_abnormal: bool
    digest: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether the laboratory has taken it back."""
        return self.status in _WITHDRAWN


def news_of(report: Element, observations: Sequence[Element]) -> News:
    """What a DiagnosticReport and the Observations it holds say."""
    standing = [each for each in observations if each.get("status") not in _WITHDRAWN]
    return News(
        status=reading.string(report.get("status")),
        has_answers=bool(standing or report.get("conclusion") or report.get("presentedForm")),
        is_abnormal=any(is_abnormal(each) for each in standing)
        or bool(report.get("conclusionCode")),
        digest=_digest([report, *sorted(observations, key=lambda each: str(each.get("id")))]),
    )


def _digest(resources: Iterable[Element]) -> str:
    made = hashlib.sha256()
    for each in resources:
        said = {name: value for name, value in each.items() if name not in {"meta", "text"}}
        made.update(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
    return made.hexdigest()


def is_abnormal(observation: Element) -> bool:
    """Whether the laboratory marked it (v3 or 8244), or, without its word, the number lies
    outside the reference range that came with it.
    """
    said = [
        (system, code)
        for concept in reading.elements(observation.get("interpretation"))
        for system, code, _ in reading.codings(concept)
    ]
    if said:
        return any(system == DEVIATION or code in _ABNORMAL for system, code in said)
    quantity = observation.get("valueQuantity")
    value = reading.number(quantity.get("value")) if isinstance(quantity, dict) else None
    return value is not None and any(
        _outside(value, each) for each in reading.elements(observation.get("referenceRange"))
    )


def _outside(value: Decimal, limits: Element) -> bool:
    low, high = (
        reading.number(limit.get("value")) if isinstance(limit := limits.get(end), dict) else None
        for end in ("low", "high")
    )
    return (low is not None and value < low) or (high is not None and value > high)


def is_result(report: Element) -> bool:
    """Whether a report is news to somebody: anything but the mere promise of one (registered)."""
    return report.get("status") != "registered"


def is_changed_value(observation: Element) -> bool:
    """Whether a laboratory value was changed after it was given. New ones come in reports."""
    return observation.get("status") in _CORRECTED | _WITHDRAWN and reading.has_code(
        observation.get("category"), ["laboratory"]
    )


def delayed_as(report: Element, observation: Element) -> Resource | None:
    """The observation with the report's delay (NORU of 9603); None when there is none to carry
    over, or it says already who may see it.
    """
    delays = [each for each in _visibility(report) if each.get("code") == "NORU"]
    said = [each for each in _visibility(observation) if each.get("code") != "N"]
    if not delays or said:
        return None
    meta = observation.get("meta", {})
    others = [each for each in meta.get("security", ()) if each.get("system") != VISIBILITY]
    return {**observation, "meta": {**meta, "security": [*others, *delays]}}


def _visibility(resource: Element) -> list[Resource]:
    meta = resource.get("meta")
    listed = meta.get("security", ()) if isinstance(meta, dict) else ()
    return [each for each in listed if each.get("system") == VISIBILITY]


def standing_of(news: News, before: Standing | None = None) -> Standing:
    """Why it awaits acknowledgement. ``before`` is why it did (or does) already; None for what
    is new to whom it awaits.
    """
    if news.is_withdrawn:
        return Standing.WITHDRAWN
    if news.status in _CORRECTED:
        return Standing.CORRECTED
    is_new = before is None and news.status != "appended"
    return Standing.NEW if is_new else Standing.ADDED


__all__ = [
    "News",
    "Standing",
    "delayed_as",
    "is_abnormal",
    "is_changed_value",
    "is_result",
    "news_of",
    "standing_of",
]
