"""A pathway as BPMN 2.0 with lanes, for tools that draw, with a plain layout so that it can be seen.

What BPMN has no place for stands in extension elements of our own namespace.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from fellesjournal.leadership.pathways.pathway import Handover, Pathway, PathwayStep
from fellesjournal.leadership.pathways.refusals import Refused, Why

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "urn:fellesjournal:pathway:1"
_PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": LINES, "fj": OURS}

_LEFT, _LANE_HEIGHT, _COLUMN, _WIDTH, _HEIGHT = 60, 120, 180, 140, 80


def written(pathway: Pathway) -> bytes:
    """The pathway as a BPMN file. Raises Refused when a step stands in no lane or a handover leads
    to no step; ValueError for text that XML can't hold.
    """
    _whole(pathway)
    ids = {step.key: f"step-{place}" for place, step in enumerate(pathway.steps, 1)}
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap=_PREFIXES)
    root.set("id", "definitions")
    root.set("targetNamespace", OURS)
    _add(_add(root, "collaboration", id="collaboration"), "participant",
         id="participant", name=pathway.title, processRef="process")  # fmt: skip
    process = _add(root, "process", id="process", isExecutable="false")
    _about(process, pathway)
    _lanes(process, pathway, ids)
    for step in pathway.steps:
        _task(process, step, ids[step.key], pathway.handovers, ids)
    for place, handover in enumerate(pathway.handovers, 1):
        _flow(process, handover, f"flow-{place}", ids)
    _drawn(root, pathway, ids)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _whole(pathway: Pathway) -> None:
    lanes = {lane.name for lane in pathway.lanes}
    ends = {key for each in pathway.handovers for key in (each.start, each.end)}
    if any(step.lane not in lanes for step in pathway.steps) or ends - pathway.keys:
        raise Refused(Why.UNREADABLE, "a step without a lane, or a handover to no step")


def _about(process: etree._Element, pathway: Pathway) -> None:
    said = _extension(process)
    about = _ours(
        said, "pathway", group=pathway.group, version=pathway.version, kind=pathway.kind,
        scope=pathway.scope, actor=pathway.actor,
    )  # fmt: skip
    for pain in pathway.pain_points:
        _ours(about, "pain", step=pain.step, kind=pain.kind, severity=str(pain.severity),
              evidence=pain.evidence)  # fmt: skip
    for variant in pathway.variants:
        _ours(about, "variant", step=variant.step, reason=variant.reason,
              approved=_word(variant.approved))  # fmt: skip


def _lanes(process: etree._Element, pathway: Pathway, ids: Mapping[str, str]) -> None:
    if not pathway.lanes:
        return
    lane_set = _add(process, "laneSet", id="lanes")
    for place, lane in enumerate(pathway.lanes, 1):
        found = _add(lane_set, "lane", id=f"lane-{place}", name=lane.name)
        _ours(_extension(found), "lane", level=lane.level)
        for step in pathway.steps:
            if step.lane == lane.name:
                _add(found, "flowNodeRef").text = ids[step.key]


def _task(
    process: etree._Element,
    step: PathwayStep,
    own_id: str,
    handovers: tuple[Handover, ...],
    ids: Mapping[str, str],
) -> None:
    task = _add(process, "task", id=own_id, name=step.purpose)
    said = _ours(
        _extension(task), "step", action=step.action, channel=step.channel, trigger=step.trigger,
        value=step.value, requiresPlatform=_word(step.requires_platform),
        **({} if step.limit_hours is None else {"limitHours": str(step.limit_hours)}),
    )  # fmt: skip
    for document in step.documents:
        _ours(said, "document", name=document)
    for tag, side in (("incoming", "end"), ("outgoing", "start")):
        for place, each in enumerate(handovers, 1):
            if ids[getattr(each, side)] == own_id:
                _add(task, tag).text = f"flow-{place}"


def _flow(process: etree._Element, handover: Handover, own_id: str, ids: Mapping[str, str]) -> None:
    flow = _add(
        process, "sequenceFlow", id=own_id, name=handover.message,
        sourceRef=ids[handover.start], targetRef=ids[handover.end],
    )  # fmt: skip
    hours = handover.deadline_hours
    _ours(
        _extension(flow), "handover", receipt=_word(handover.receipt),
        **({} if hours is None else {"deadlineHours": str(hours)}),
    )  # fmt: skip


def _drawn(root: etree._Element, pathway: Pathway, ids: Mapping[str, str]) -> None:
    """Lanes below each other, steps from left to right in their order."""
    diagram = etree.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", id="diagram")
    plane = etree.SubElement(
        diagram, f"{{{DIAGRAM}}}BPMNPlane", id="plane", bpmnElement="collaboration"
    )
    width = _LEFT + _COLUMN * max(1, len(pathway.steps))
    _shape(plane, "participant", 0, 0, width, _LANE_HEIGHT * max(1, len(pathway.lanes)))
    rows = {lane.name: place for place, lane in enumerate(pathway.lanes)}
    for place, lane in enumerate(pathway.lanes, 1):
        top = _LANE_HEIGHT * rows[lane.name]
        _shape(plane, f"lane-{place}", _LEFT // 2, top, width - _LEFT // 2, _LANE_HEIGHT)
    middle = {}
    for place, step in enumerate(pathway.steps):
        left, top = _LEFT + _COLUMN * place, _LANE_HEIGHT * rows[step.lane] + 20
        _shape(plane, ids[step.key], left, top, _WIDTH, _HEIGHT)
        middle[step.key] = (left, top + _HEIGHT // 2)
    for place, each in enumerate(pathway.handovers, 1):
        edge = etree.SubElement(
            plane, f"{{{DIAGRAM}}}BPMNEdge", id=f"flow-{place}-drawn", bpmnElement=f"flow-{place}"
        )
        (left, row), (right, other) = middle[each.start], middle[each.end]
        for x, y in ((left + _WIDTH, row), (right, other)):
            etree.SubElement(edge, f"{{{LINES}}}waypoint", x=str(x), y=str(y))


def _shape(plane: etree._Element, of: str, left: int, top: int, width: int, height: int) -> None:
    shape = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNShape", id=f"{of}-drawn", bpmnElement=of)
    if not of.startswith("step"):
        shape.set("isHorizontal", "true")
    etree.SubElement(
        shape, f"{{{BOUNDS}}}Bounds",
        x=str(left), y=str(top), width=str(width), height=str(height),
    )  # fmt: skip


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MODEL}}}{tag}", dict(attributes))


def _extension(parent: etree._Element) -> etree._Element:
    return _add(parent, "extensionElements")


def _ours(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{OURS}}}{tag}", dict(attributes))


def _word(value: bool) -> str:  # noqa: FBT001 - it is the value that is written
    return "true" if value else "false"


__all__ = ["MODEL", "OURS", "written"]
