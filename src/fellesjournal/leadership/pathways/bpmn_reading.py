"""BPMN 2.0 from our own export and from other tools, read into a pathway.

Of drawings from elsewhere, activities become steps and flows become handovers, through gateways
and events; what a pathway has no place for is told, never silently left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar
from xml.parsers import expat

from lxml import etree

from fellesjournal.leadership.pathways.bpmn import MODEL, OURS
from fellesjournal.leadership.pathways.pathway import (
    Group,
    Handover,
    Kind,
    Lane,
    Level,
    LocalVariant,
    Pain,
    PainPoint,
    Pathway,
    PathwayStep,
    Scope,
    Value,
)
from fellesjournal.leadership.pathways.refusals import Misread, Unreadable

Made = TypeVar("Made")
LARGEST = 5_000_000
"""Bytes; a drawing of a pathway has some ten thousand."""
MOST_STEPS = 300
"""Activities; with more nobody sees a pathway in it any more."""
NO_LANE = "(no lane)"

_ACTIVITIES = frozenset({
    "task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "scriptTask",
    "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
})  # fmt: skip
_PASSED = frozenset({
    "startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway",
    "eventBasedGateway",
})  # fmt: skip
_SILENT = frozenset({"startEvent", "endEvent"})
_OTHERS = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation"})


@dataclass(frozen=True, slots=True)
class Read:
    """A pathway that was read, and what of the drawing it has no place for."""

    pathway: Pathway
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Drawing:
    file: bytes
    root: etree._Element
    lane_of: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read(file: bytes, *, group: Group = Group.FRAIL_ELDERLY) -> Read:
    """A BPMN file as a pathway. ``group`` is for drawings that do not say it: those are as-is and
    common, of version 1. Raises Unreadable, with line and column, for what is no BPMN, too large,
    without activity, or has a value that can't be.
    """
    drawing = _Drawing(file, _parsed(file))
    lanes = _lanes(drawing)
    steps = _steps(drawing)
    if not steps:
        raise Unreadable(Misread.NO_ACTIVITY)
    if len(steps) > MOST_STEPS:
        raise Unreadable(Misread.TOO_MANY, str(len(steps)))
    if any(step.lane == NO_LANE for step in steps) and NO_LANE not in {ln.name for ln in lanes}:
        lanes = (*lanes, Lane(NO_LANE, Level.UNKNOWN))
    handovers = _handovers(drawing)
    for tag in sorted(_OTHERS):
        drawing.left_out += [_told(each) for each in drawing.root.iter(f"{{{MODEL}}}{tag}")]
    return Read(_pathway(drawing, group, lanes, steps, handovers), tuple(drawing.left_out))


def _parsed(file: bytes) -> etree._Element:
    if len(file) > LARGEST:
        raise Unreadable(Misread.TOO_LARGE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(file, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Unreadable(Misread.NO_XML, "", line or 0, column or 0) from None
    if root.tag != f"{{{MODEL}}}definitions" or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(Misread.NO_BPMN, "", *_place(file, root))
    return root


def _refuse(drawing: _Drawing, node: etree._Element, fault: Misread, about: str) -> NoReturn:
    raise Unreadable(fault, about, *_place(drawing.file, node)) from None


def _place(file: bytes, node: etree._Element) -> tuple[int, int]:
    """At which line and column an element begins. The tree knows a line at most, and that of a long
    tag's end; expat tells where each begins, and gets files without a document type only.
    """
    wanted = next(n for n, each in enumerate(node.getroottree().iter("*")) if each is node)
    if node.getroottree().docinfo.internalDTD is not None:
        return 1, 1
    found: list[tuple[int, int]] = []
    parser = expat.ParserCreate()

    def begins(_name: str, _attributes: dict[str, str]) -> None:
        found.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.StartElementHandler = begins
    try:
        parser.Parse(file, True)  # noqa: FBT003 - the last and only part
    except (expat.ExpatError, ValueError, LookupError):  # an encoding that only the tree knows
        return 0, 0
    return found[wanted]


def _lanes(drawing: _Drawing) -> tuple[Lane, ...]:
    """Lanes with a name; a pool that has none is one itself."""
    found: dict[str, Lane] = {}
    for lane in drawing.root.iter(f"{{{MODEL}}}lane"):
        if lane.find(f"{{{MODEL}}}childLaneSet") is not None:
            continue  # its children are the lanes
        name = (lane.get("name") or lane.get("id") or NO_LANE).strip() or NO_LANE
        said = lane.find(f"{{{MODEL}}}extensionElements/{{{OURS}}}lane")
        found.setdefault(name, Lane(name, _level(said)))
        for node in lane.iter(f"{{{MODEL}}}flowNodeRef"):
            drawing.lane_of[(node.text or "").strip()] = name
    pools = {
        each.get("processRef"): (each.get("name") or "").strip()
        for each in drawing.root.iter(f"{{{MODEL}}}participant")
    }
    for process in drawing.root.iter(f"{{{MODEL}}}process"):
        name = pools.get(process.get("id"), "")
        if name and process.find(f"{{{MODEL}}}laneSet") is None:
            found.setdefault(name, Lane(name, Level.UNKNOWN))
            for node in process.iter():
                drawing.lane_of.setdefault(node.get("id", ""), name)
    return tuple(found.values())


def _level(said: etree._Element | None) -> Level:
    try:
        return Level((said.get("level") if said is not None else None) or "unknown")
    except ValueError:
        return Level.UNKNOWN


def _steps(drawing: _Drawing) -> tuple[PathwayStep, ...]:
    found: dict[str, PathwayStep] = {}
    for node in _flow_nodes(drawing.root):
        if _name_of(node) not in _ACTIVITIES:
            continue
        own_id = node.get("id", "")
        step = _step(drawing, node, drawing.lane_of.get(own_id, NO_LANE))
        again = 2
        while step.key in found:
            drawing.left_out.append(f"{_told(node)}: named as another step of its lane")
            step = _step(drawing, node, step.lane, f" ({again})")
            again += 1
        found[step.key] = step
        drawing.keys[own_id] = step.key
    return tuple(found.values())


def _step(drawing: _Drawing, node: etree._Element, lane: str, more: str = "") -> PathwayStep:
    purpose = node.get("name", "") if (node.get("name") or "").strip() else node.get("id") or "?"
    said = node.find(f"{{{MODEL}}}extensionElements/{{{OURS}}}step")
    try:
        if said is None:
            notes = [
                (each.text or "").strip() for each in node.findall(f"{{{MODEL}}}documentation")
            ]
            return PathwayStep(lane, purpose + more, action="\n".join(filter(None, notes)))
        return PathwayStep(
            lane, purpose + more, said.get("action", ""),
            tuple(each.get("name", "") for each in said.iter(f"{{{OURS}}}document")),
            said.get("channel", ""), said.get("trigger", ""), _whole(said.get("limitHours")),
            Value(said.get("value", "necessary")), said.get("requiresPlatform") == "true",
        )  # fmt: skip
    except ValueError as error:
        place = node if said is None else said
        _refuse(drawing, place, Misread.STEP, f"{purpose[:60]}: {error}")


def _handovers(drawing: _Drawing) -> tuple[Handover, ...]:
    """Every flow from activity to activity; flows through gateways and events are followed."""
    flows = [
        *drawing.root.iter(f"{{{MODEL}}}sequenceFlow"),
        *drawing.root.iter(f"{{{MODEL}}}messageFlow"),
    ]
    after: dict[str, list[etree._Element]] = {}
    for flow in flows:
        after.setdefault(flow.get("sourceRef", ""), []).append(flow)
    for node in _flow_nodes(drawing.root):
        if _name_of(node) in _PASSED - _SILENT:
            drawing.left_out.append(f"{_told(node)}: flows go through it")
    found: list[Handover] = []
    for flow in flows:
        start = drawing.keys.get(flow.get("sourceRef", ""))
        if start is not None:
            found += _leading(drawing, start, flow, after)
    return tuple(dict.fromkeys(found))


def _leading(
    drawing: _Drawing, start: str, first: etree._Element, after: dict[str, list[etree._Element]]
) -> Iterator[Handover]:
    seen: set[str] = set()
    waiting = [first]
    while waiting:
        flow = waiting.pop(0)
        target = flow.get("targetRef", "")
        if target in drawing.keys:
            yield _handover(drawing, start, drawing.keys[target], first, flow)
        elif target not in seen:
            seen.add(target)
            waiting += after.get(target, [])


def _handover(
    drawing: _Drawing, start: str, end: str, first: etree._Element, last: etree._Element
) -> Handover:
    said = first.find(f"{{{MODEL}}}extensionElements/{{{OURS}}}handover")
    message = first.get("name", "") or last.get("name", "")
    if said is None:
        return Handover(start, end, message)
    hours = said.get("deadlineHours")
    try:
        return Handover(start, end, message, _whole(hours), said.get("receipt") == "true")
    except ValueError as error:
        _refuse(drawing, said, Misread.HANDOVER, f"{start}: {error}")


def _pathway(
    drawing: _Drawing,
    group: Group,
    lanes: tuple[Lane, ...],
    steps: tuple[PathwayStep, ...],
    handovers: tuple[Handover, ...],
) -> Pathway:
    participant = next(drawing.root.iter(f"{{{MODEL}}}participant"), None)
    title = "" if participant is None else participant.get("name", "")
    said = next(drawing.root.iter(f"{{{OURS}}}pathway"), None)
    if said is None:
        return Pathway(title, group, "1", Kind.AS_IS, Scope.COMMON, lanes, steps, handovers)
    pains = [_or_refuse(drawing, p, _pain) for p in said.iter(f"{{{OURS}}}pain")]
    variants = [_or_refuse(drawing, v, _variant) for v in said.iter(f"{{{OURS}}}variant")]

    def whole(said: etree._Element) -> Pathway:
        return Pathway(
            title, Group(_must(said, "group")), said.get("version", "1"),
            Kind(_must(said, "kind")), Scope(_must(said, "scope")), lanes, steps, handovers,
            said.get("actor", ""), tuple(pains), tuple(variants),
        )  # fmt: skip

    return _or_refuse(drawing, said, whole)


def _or_refuse(
    drawing: _Drawing, said: etree._Element, make: Callable[[etree._Element], Made]
) -> Made:
    """What an element says; what can't be is told with its place."""
    try:
        return make(said)
    except ValueError as error:
        _refuse(drawing, said, Misread.PATHWAY, str(error))


def _pain(said: etree._Element) -> PainPoint:
    kind, severity = Pain(_must(said, "kind")), int(_must(said, "severity"))
    return PainPoint(_must(said, "step"), kind, severity, said.get("evidence", ""))


def _variant(said: etree._Element) -> LocalVariant:
    return LocalVariant(_must(said, "step"), said.get("reason", ""), said.get("approved") == "true")


def _flow_nodes(root: etree._Element) -> Iterator[etree._Element]:
    return (each for each in root.iter(f"{{{MODEL}}}*"))


def _name_of(node: etree._Element) -> str:
    return etree.QName(node).localname


def _told(node: etree._Element) -> str:
    return f"{_name_of(node)} {node.get('name') or node.get('id') or ''}".strip()


def _must(said: etree._Element, name: str) -> str:
    found = said.get(name)
    if found is None:
        raise ValueError(f"{name} is missing")
    return found


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


__all__ = ["LARGEST", "MOST_STEPS", "NO_LANE", "Read", "read"]
