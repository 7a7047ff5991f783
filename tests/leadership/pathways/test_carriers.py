"""Pathways that travel: BPMN both ways, and as a PlanDefinition."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.fhir.validation import validate
from fellesjournal.leadership.pathways import bpmn_reading
from fellesjournal.leadership.pathways.bpmn import MODEL, OURS, written
from fellesjournal.leadership.pathways.bpmn_reading import NO_LANE, read
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
from fellesjournal.leadership.pathways.plan_definition import plan_definition
from fellesjournal.leadership.pathways.refusals import Misread, Refused, Unreadable, Why

URL = "https://fellesjournal.no/PlanDefinition/frail-elderly"
LANES = (
    Lane("Ward", Level.HOSPITAL), Lane("Home care", Level.MUNICIPALITY), Lane("GP", Level.GP),
    Lane("Patient", Level.PATIENT),
)  # fmt: skip
STEPS = (
    PathwayStep("Ward", "Discharge", "Agree on the day", ("Discharge letter",), "message",
                "ready for discharge", 4, Value.ADDING),
    PathwayStep("Home care", "First visit", limit_hours=24, documents=("Care plan", "List")),
    PathwayStep("GP", "Review medicines", "Look at the list", limit_hours=72),
    PathwayStep("Patient", "Measure at home", requires_platform=True),
    PathwayStep("Home care", "Evaluate", value=Value.WASTE),
)  # fmt: skip
KEYS = [step.key for step in STEPS]
PATHWAY = Pathway(
    "Frail <elderly> & home", Group.FRAIL_ELDERLY, "2", Kind.TO_BE, Scope.COMMON, LANES, STEPS,
    (
        Handover(KEYS[0], KEYS[1], "Report", 2, receipt=True),
        Handover(KEYS[0], KEYS[2], "Discharge letter", 0, receipt=True),
        Handover(KEYS[1], KEYS[3]),
        Handover(KEYS[1], KEYS[4], deadline_hours=48),
        Handover(KEYS[2], KEYS[4], "Answer", 24),
    ),
    pain_points=(PainPoint(KEYS[0], Pain.DOUBLE_WORK, 4, "Interviews"),),
    variants=(LocalVariant(KEYS[1], "Far to go", approved=True),),
)  # fmt: skip


def refused(why: Why) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.why is why)


def test_a_pathway_goes_out_as_bpmn_and_comes_back_whole() -> None:
    found = read(written(PATHWAY))
    assert found.pathway == PATHWAY
    assert found.left_out == ()


def test_other_tools_find_lanes_activities_and_a_drawing() -> None:
    root = etree.fromstring(written(PATHWAY))
    names = [each.get("name") for each in root.iter(f"{{{MODEL}}}lane")]
    assert names == ["Ward", "Home care", "GP", "Patient"]
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    drawn = {each.get("bpmnElement") for each in root.iter() if each.get("bpmnElement")}
    elements = {
        each.get("id") for tag in ("participant", "lane", "task", "sequenceFlow", "collaboration")
        for each in root.iter(f"{{{MODEL}}}{tag}")
    }  # fmt: skip
    assert drawn == elements
    for flow in root.iter(f"{{{MODEL}}}sequenceFlow"):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= set(ids)


_word = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)
_text = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=20)


@st.composite
def pathways(draw: st.DrawFn) -> Pathway:
    lanes = draw(st.lists(_word, min_size=1, max_size=3, unique=True))
    places = draw(
        st.lists(
            st.tuples(st.sampled_from(lanes), _word), min_size=1, max_size=6, unique_by=lambda p: p
        )
    )
    hours = st.one_of(st.none(), st.integers(0, 500))
    steps = tuple(
        PathwayStep(
            lane, purpose, draw(_text), tuple(draw(st.lists(_text, max_size=2))), draw(_text),
            draw(_text), draw(hours), draw(st.sampled_from(Value)), draw(st.booleans()),
        )
        for lane, purpose in places
    )  # fmt: skip
    keys = [step.key for step in steps]
    if len(set(keys)) != len(keys):  # «a / b» and «c» is «a» and «b / c»
        steps, keys = steps[:1], keys[:1]
    ends = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    handovers = tuple(
        Handover(start, end, draw(_text), draw(hours), draw(st.booleans()))
        for start, end in draw(st.lists(ends, max_size=5, unique=True))
    )
    scope = draw(st.sampled_from(Scope))
    return Pathway(
        draw(_text), draw(st.sampled_from(Group)), draw(_word), draw(st.sampled_from(Kind)), scope,
        tuple(Lane(name, draw(st.sampled_from(Level))) for name in lanes), steps, handovers,
        "Organization/1" if scope is Scope.ACTOR else "",
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(pathways())
def test_whatever_a_pathway_says_comes_back_from_bpmn(pathway: Pathway) -> None:
    assert read(written(pathway)).pathway == pathway


FOREIGN = f"""<?xml version="1.0"?>
<definitions xmlns="{MODEL}" id="d" targetNamespace="x">
  <collaboration id="c">
    <participant id="p1" name="Municipality" processRef="a"/>
    <participant id="p2" name="Hospital" processRef="b"/>
    <messageFlow id="m1" name="Referral" sourceRef="t1" targetRef="t3"/>
  </collaboration>
  <process id="a">
    <startEvent id="s"/>
    <userTask id="t1" name="Assess"><documentation>At home</documentation></userTask>
    <exclusiveGateway id="g" name="Acute?"/>
    <task id="t2" name="Assess"/>
    <task id="t4"/>
    <textAnnotation id="n"/>
    <sequenceFlow id="f0" sourceRef="s" targetRef="t1"/>
    <sequenceFlow id="f1" sourceRef="t1" targetRef="g"/>
    <sequenceFlow id="f2" name="no" sourceRef="g" targetRef="t2"/>
    <sequenceFlow id="f3" sourceRef="g" targetRef="t4"/>
  </process>
  <process id="b"><laneSet id="l"><lane id="l1" name="Ward"><flowNodeRef>t3</flowNodeRef></lane>
    <lane id="l2"/></laneSet>
    <task id="t3" name="Admit"/><task id="t5" name="Outside every lane"/></process>
</definitions>""".encode()


def test_a_drawing_from_elsewhere_is_read_and_what_is_left_out_is_told() -> None:
    found = read(FOREIGN)
    assert [(step.lane, step.purpose) for step in found.pathway.steps] == [
        ("Municipality", "Assess"), ("Municipality", "Assess (2)"), ("Municipality", "t4"),
        ("Ward", "Admit"), (NO_LANE, "Outside every lane"),
    ]  # fmt: skip
    assert found.pathway.steps[0].action == "At home"
    assert {lane.level for lane in found.pathway.lanes} == {Level.UNKNOWN}
    assert [(h.start[-6:], h.end[-6:], h.message) for h in found.pathway.handovers] == [
        ("Assess", "ss (2)", "no"), ("Assess", "y / t4", ""), ("Assess", " Admit", "Referral"),
    ]  # fmt: skip
    assert found.left_out == (
        "task Assess: named as another step of its lane",
        "exclusiveGateway Acute?: flows go through it",
        "textAnnotation n",
    )


def test_flows_that_go_round_in_gateways_come_to_an_end() -> None:
    circle = FOREIGN.replace(
        b'targetRef="t4"/>', b'targetRef="g"/><sequenceFlow id="f9" sourceRef="g" targetRef="s"/>'
    )
    assert read(circle).pathway.handovers


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>"""


@pytest.mark.parametrize(
    "file",
    [
        b"", b"no", b"<a/>", BOMB, b"\xff\xfe\x00",
        f'<definitions xmlns="{MODEL}"/>'.encode(),
        written(PATHWAY).replace(b'limitHours="4"', b'limitHours="soon"'),
        written(PATHWAY).replace(b'deadlineHours="2"', b'deadlineHours="-2"'),
        written(PATHWAY).replace(b'group="frail_elderly"', b'group="all"'),
        written(PATHWAY).replace(b'group="frail_elderly"', b""),
        written(PATHWAY).replace(b'severity="4"', b'severity="9"'),
        written(PATHWAY).replace(b'scope="common"', b'scope="actor"'),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_with_a_reason(file: bytes) -> None:
    with refused(Why.UNREADABLE):
        read(file)


@pytest.mark.parametrize(
    ("file", "fault", "place"),
    [
        (b"<a>\n  <b></a>", Misread.NO_XML, (2, 10)),
        (b"\n\n<a/>", Misread.NO_BPMN, (3, 1)),
        (f'<definitions xmlns="{MODEL}"/>'.encode(), Misread.NO_ACTIVITY, (0, 0)),
        (
            f"""<definitions xmlns="{MODEL}" xmlns:fj="{OURS}"><process>
  <task id="t" name="Visit"><extensionElements>
      <fj:step
        limitHours="soon"/></extensionElements></task></process></definitions>""".encode(),
            Misread.STEP, (3, 7),
        ),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_told_with_its_line_and_column(
    file: bytes, fault: Misread, place: tuple[int, int]
) -> None:
    with pytest.raises(Unreadable) as found:
        read(file)
    assert found.value.fault is fault
    assert (found.value.line, found.value.column) == place


def test_hours_that_no_calendar_holds_are_refused() -> None:
    for wrong in (b'limitHours="999999999999999999999"', b'limitHours="-1"'):
        with refused(Why.UNREADABLE):
            read(written(PATHWAY).replace(b'limitHours="4"', wrong))


def test_a_step_that_says_more_than_anybody_reads_is_refused_with_its_place() -> None:
    for wrong in (b'name="Assess"><doc', b"<documentation>At home"):
        long = FOREIGN.replace(wrong, wrong.replace(b"At home", b"x" * 5000).replace(
            b"Assess", b"x" * 400), 1)  # fmt: skip
        with pytest.raises(Unreadable) as found:
            read(long)
        assert (found.value.fault, found.value.line) == (Misread.STEP, 10)


def test_a_drawing_with_more_steps_than_anybody_sees_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bpmn_reading, "MOST_STEPS", 3)
    with pytest.raises(Unreadable) as found:
        read(FOREIGN)
    assert found.value.fault is Misread.TOO_MANY


def test_a_lane_that_is_called_as_no_lane_is_read_all_the_same() -> None:
    named = FOREIGN.replace(b'id="l1" name="Ward"', f'id="l1" name="{NO_LANE}"'.encode())
    assert len({lane.name for lane in read(named).pathway.lanes}) == len(read(named).pathway.lanes)


def test_a_drawing_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bpmn_reading, "LARGEST", 10)
    with refused(Why.UNREADABLE):
        read(FOREIGN)


def test_a_pathway_with_loose_ends_is_not_drawn() -> None:
    with refused(Why.UNREADABLE):
        written(replace(PATHWAY, lanes=LANES[:1]))
    with refused(Why.UNREADABLE):
        written(replace(PATHWAY, handovers=(Handover("x", KEYS[0]),)))


def test_a_plan_definition_is_valid_and_relates_its_actions() -> None:
    found = plan_definition(PATHWAY, URL, active=True)
    assert validate(found) == []
    assert (found["status"], found["version"]) == ("active", "2")
    last = found["action"][4]
    assert [each["actionId"] for each in last["relatedAction"]] == ["step-2", "step-3"]
    assert last["relatedAction"][1]["offsetRange"]["high"]["value"] == 24
    assert found["action"][3]["participant"][0]["type"] == "patient"
    assert found["action"][1]["timingDuration"]["value"] == 24
    assert found["action"][1]["participant"][0]["role"]["coding"][0]["code"] == "municipality"
    with pytest.raises(ValueError, match="is a plan"):
        plan_definition(replace(PATHWAY, kind=Kind.AS_IS), URL, active=True)
