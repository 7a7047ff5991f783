"""Blocks from a Consent, and the Consent of a block: what the citizen has closed, to whom.

A block is an active Consent of scope patient-privacy with a provision of type deny, nested in
its root (R4) or the root itself (as HL7's own examples have it):

- ``actor``: who is shut out. Without any: all staff, but those whom a permit below excepts.
- ``period``: when the block holds. ``dataPeriod``: from which time of care the information is.
- ``class``: kinds of information, as areas of ours or as resource types (their whole area).
- ``data``: single resources.

What narrows a deny in a way the platform can't enforce (a purpose, a code, an author) is not
counted, so that the block covers more rather than less; what narrows a permit makes the permit
void. :func:`block_problems` says so at the write, so that no citizen relies on a block that
means something else. Break-the-glass is the only way past a block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fellesjournal.access.blocks.provisions import (
    ACT_CODE,
    HL7,
    SCOPE,
    Holder,
    Json,
    Rule,
    codes_of,
    elements,
    is_privacy,
    local_target,
    rules,
)
from fellesjournal.access.moments import end_of, start_of
from fellesjournal.access.policy.areas import (
    ABOUT_PATIENTS,
    AREA_BY_CODE,
    AREA_OF,
    AREA_SYSTEM,
    Area,
    area_coding,
)
from fellesjournal.fhir.issues import Issue

RESOURCE_TYPES_SYSTEM = "http://hl7.org/fhir/resource-types"
_ACTION = HL7 + "consentaction"
# To deny only these leaves reading as it was.
_NOT_READING = frozenset({"collect", "correct"})
# The actor as author or keeper of the information, not as the one shut out.
_NOT_RECIPIENTS = frozenset({"AUT", "CST"})
_UNSUPPORTED = ("purpose", "securityLabel", "code")


@dataclass(frozen=True, slots=True)
class Block:
    """What one citizen has closed.

    ``holders`` (type, id): those shut out, or with ``all_but`` those who are not. It holds
    from ``starts`` until just before ``ends``. It covers ``areas``, only ``resource`` if there
    is one, and only information about care from ``care_from`` until just before ``care_to``.
    Times are aware; None leaves a side open.
    """

    holders: tuple[Holder, ...]
    all_but: bool = False
    starts: datetime | None = None
    ends: datetime | None = None
    areas: Area = ABOUT_PATIENTS
    resource: Holder | None = None
    care_from: datetime | None = None
    care_to: datetime | None = None


def blocks_of(consent: Json) -> list[Block]:
    """The blocks an active privacy consent holds, in order; [] for any other resource.

    Never raises: an unreadable time counts as open, so that the block holds longer.
    """
    if not is_privacy(consent):
        return []
    found: dict[Block, None] = {}
    for rule in rules(consent):
        if rule.type == "deny" and _is_about_reading(rule):
            found.update(dict.fromkeys(_blocks(rule)))
    return list(found)


def block_problems(consent: Json) -> list[Issue]:
    """Why a privacy consent can't be enforced as it is written, each with its place (422)."""
    return list(_problems(consent)) if is_privacy(consent) else []


def consent_of(
    block: Block,
    patient: str,
    *,
    by: str,
    at: datetime,
    names: Mapping[Holder, str] | None = None,
) -> dict[str, Any]:
    """The Consent resource (without id) of a citizen's choice; blocks_of() gives it back.

    ``patient`` and ``by`` (who decided: herself or who represents her) are references such as
    ``Patient/1``; ``at`` is when. ``names`` are displays of holders, never person numbers.
    Raises ValueError for a block that blocks nobody, nothing or at no time.
    """
    if not block.holders and not block.all_but:
        raise ValueError("a block names whom it shuts out")
    if not block.areas & ABOUT_PATIENTS or block.areas & ~ABOUT_PATIENTS:
        raise ValueError("a block covers areas that are about patients")
    for start, end in ((block.starts, block.ends), (block.care_from, block.care_to)):
        if start is not None and end is not None and start >= end:
            raise ValueError("the period of a block ends after it starts")
    # R4 wants no type in the root rule; what the citizen closes is nested in it.
    provision: dict[str, Any] = {"type": "deny"}
    _put(provision, "period", _written_period(block.starts, block.ends))
    actors = [_actor(holder, (names or {}).get(holder)) for holder in block.holders]
    if not block.all_but:
        provision["actor"] = actors
    if block.areas != ABOUT_PATIENTS:
        provision["class"] = [area_coding(area) for area in Area if area in block.areas]
    _put(provision, "dataPeriod", _written_period(block.care_from, block.care_to))
    if block.resource is not None:
        target = {"reference": "/".join(block.resource)}
        provision["data"] = [{"meaning": "instance", "reference": target}]
    if block.all_but and actors:
        provision["provision"] = [{"type": "permit", "actor": actors}]
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"system": SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": ACT_CODE, "code": "IDSCL"}]}],
        "patient": {"reference": patient},
        "dateTime": _written(at),
        "performer": [{"reference": by}],
        "policyRule": {"text": "Sharing for care is the rule by statute; this takes from it"},
        "provision": {"provision": [provision]},
    }


def _is_about_reading(rule: Rule) -> bool:
    codes = [codes_of(action, _ACTION) for action in rule.listed("action")]
    return not codes or any(not found or found - _NOT_READING for found in codes)


def _blocks(rule: Rule) -> Iterator[Block]:
    holders, complete = _holders(rule)
    all_but = False
    if not holders or not complete:
        # Nobody named, or somebody who can't be told: everybody is shut out but the excepted.
        holders, all_but = _excepted(rule), True
    starts, ends = _period(rule.said("period"))
    care_from, care_to = _period(rule.said("dataPeriod"))
    for resource in _resources(rule):
        yield Block(
            tuple(holders), all_but, starts, ends, _areas(rule), resource, care_from, care_to
        )


def _holders(rule: Rule) -> tuple[list[Holder], bool]:
    """Whom the provision names, and whether that is all it names."""
    found: dict[Holder, None] = {}
    for actor in rule.listed("actor"):
        holder = _recipient(actor)
        if holder is None:
            return list(found), False
        found[holder] = None
    return list(found), True


def _recipient(actor: Json) -> Holder | None:
    if codes_of(actor.get("role"), HL7 + "v3-ParticipationType") & _NOT_RECIPIENTS:
        return None
    return local_target(actor.get("reference"))


def _excepted(rule: Rule) -> list[Holder]:
    """Whom permits right below a deny except; a permit that says more than who is void."""
    found: dict[Holder, None] = {}
    for inner in elements(rule.data, "provision"):
        if _is_plain_permit(inner):
            for actor in elements(inner, "actor"):
                holder = _recipient(actor)
                if holder is not None:
                    found[holder] = None
    return list(found)


def _is_plain_permit(inner: Json) -> bool:
    return inner.get("type", "permit") == "permit" and not set(inner) - {"type", "actor", "id"}


def _areas(rule: Rule) -> Area:
    areas = Area(0)
    for coding in rule.listed("class"):
        area = _area(coding)
        if area is None:
            return ABOUT_PATIENTS
        areas |= area
    return areas & ABOUT_PATIENTS or ABOUT_PATIENTS


def _area(coding: Json) -> Area | None:
    code = coding.get("code")
    if coding.get("system") == RESOURCE_TYPES_SYSTEM:
        return AREA_OF.get(code) if isinstance(code, str) else None
    if coding.get("system") == AREA_SYSTEM and isinstance(code, str):
        return AREA_BY_CODE.get(code)
    return None


def _resources(rule: Rule) -> list[Holder | None]:
    """The single resources of a provision; [None] when it is not about single ones."""
    found: dict[Holder, None] = {}
    for item in rule.listed("data"):
        target = local_target(item.get("reference"))
        if target is None or item.get("meaning") != "instance":
            return [None]
        found[target] = None
    return list(found) or [None]


def _problems(consent: Json) -> Iterator[Issue]:
    for rule in rules(consent):
        if rule.type == "deny" and _is_about_reading(rule):
            yield from _deny_problems(rule)


def _deny_problems(rule: Rule) -> Iterator[Issue]:
    place = rule.place
    for name in _UNSUPPORTED:
        if rule.said(name):
            yield _refusal(f"a block can't be limited by {name}", f"{place}.{name}")
    for turn, actor in enumerate(elements(rule.data, "actor")):
        if _recipient(actor) is None:
            yield _refusal(
                "a block names those shut out by a reference, as recipients",
                f"{place}.actor[{turn}]",
            )
    for turn, coding in enumerate(elements(rule.data, "class")):
        if _area(coding) is None:
            yield _refusal(
                f"a block is limited to areas ({AREA_SYSTEM}) or resource types",
                f"{place}.class[{turn}]",
            )
    for turn, item in enumerate(elements(rule.data, "data")):
        if item.get("meaning") != "instance" or local_target(item.get("reference")) is None:
            yield _refusal("a block is about resources of this record", f"{place}.data[{turn}]")
    for turn, inner in enumerate(elements(rule.data, "provision")):
        if not _is_plain_permit(inner) or rule.said("actor"):
            yield _refusal(
                "an exception from a block names who may see, and nothing else,"
                " and the block itself names nobody",
                f"{place}.provision[{turn}]",
            )


def _refusal(text: str, place: str) -> Issue:
    return Issue("business-rule", text, (place,))


def _period(value: object) -> tuple[datetime | None, datetime | None]:
    if not isinstance(value, dict):
        return None, None
    return _moment(value.get("start"), start_of), _moment(value.get("end"), end_of)


def _moment(text: object, edge: Callable[[str], datetime]) -> datetime | None:
    try:
        return edge(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _written_period(starts: datetime | None, ends: datetime | None) -> dict[str, str]:
    period = {}
    if starts is not None:
        period["start"] = _written(starts)
    if ends is not None:
        period["end"] = _written(ends)
    return period


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _put(element: dict[str, Any], name: str, value: dict[str, str]) -> None:
    if value:
        element[name] = value


def _actor(holder: Holder, name: str | None) -> dict[str, Any]:
    reference = {"reference": "/".join(holder)}
    if name:
        reference["display"] = name
    return {
        "role": {"coding": [{"system": HL7 + "v3-ParticipationType", "code": "PRCP"}]},
        "reference": reference,
    }
