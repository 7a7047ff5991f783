"""Logistics messages (PLO 1.5, 1.6): admitted, ready, withdrawn, discharged, dead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.binding import Schema
from fellesjournal.national.care import DISCHARGED_TO, DischargedTo, Sending, TimedEvent
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.logistics import (
    ACTIONS,
    ADMITTED,
    DEAD,
    DISCHARGED,
    KINDS,
    READY,
    WITHDRAWN,
    Discharge,
    Logistics,
    LogisticsMessage,
    OneEvent,
    SeveralEvents,
    event_code,
    main_event,
    read_logistics,
    write_logistics,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import LOGISTICS_1_5, LOGISTICS_1_6
from fellesjournal.national.values import Code, Coded, Timestamp
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas
from tests.national.samples import info

XSD = {"1.5": "Pasientlogistikk-v1.5.xsd", "1.6": "Pasientlogistikk-v1.6.xsd"}
THREAD = Conversation(parent="m-1", first="m-1")
AT = Timestamp("2026-11-22T10:00:00+01:00")


def event(code: str) -> TimedEvent:
    return TimedEvent(code=event_code(code), at=AT, is_estimate=False)


TOLD: dict[str, dict[str, Any]] = {
    ADMITTED: {"admitted": OneEvent(event=event("1"))},
    READY: {"ready": SeveralEvents(events=(event("1"), event("3")))},
    WITHDRAWN: {"withdrawn": SeveralEvents(events=(event("1"), event("3"), event("4")))},
    DISCHARGED: {
        "discharged": Discharge(to=DischargedTo(to=Coded("1", DISCHARGED_TO)), event=event("2"))
    },
    DEAD: {"dead": OneEvent(event=event("13"))},
}
EMPTY = {"admitted": None, "ready": None, "withdrawn": None, "discharged": None, "dead": None}


def message(kind: str, action: str = "N") -> LogisticsMessage:
    says = Logistics(sending=Sending(action=Code(action)), **TOLD[kind])
    return Enclosed(info=replace(info(kind), conversation=THREAD), payload=says)


@st.composite
def messages(draw: st.DrawFn, schema: Schema) -> Any:
    kind = draw(st.sampled_from(KINDS))
    chosen: Chosen = {(Sending, "action"): st.sampled_from([Code(one) for one in ACTIONS])}
    says = replace(draw(parts(Logistics, schema, chosen)), **(EMPTY | TOLD[kind]))
    return replace(message(kind), payload=says)


ANY = st.one_of(messages(LOGISTICS_1_5), messages(LOGISTICS_1_6))


def files(examples: Path) -> list[Path]:
    return sorted((examples / "plo").glob("Pasientlogistikk*.xml"))


def test_every_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    assert len(files(examples)) == 7
    for file in files(examples):
        data = file.read_bytes()
        read = read_logistics(data)
        assert said(read) == stands_in(data), file.name
        written = write_logistics(read)
        assert read_logistics(written) == read, file.name
        schema = XSD[read.payload.version]
        assert official.errors(written, "MsgHead-v1_2.xsd", schema) == [], file.name


def test_events_times_and_destinations_are_those_found_by_xpath(examples: Path) -> None:
    seen = set()
    for file in files(examples):
        root = etree.parse(str(file)).getroot()
        read = read_logistics(file.read_bytes())
        events = read.payload.events
        codes = [one.code.code if one.code else None for one in events]
        assert codes == found(root, "//l:Hendelsekode/@V")
        times = [one.at.value for one in events]
        assert times == found(root, "//l:TidspunktForHendelse/@V")
        assert read.payload.sending.action.code == text(root, "//l:Forsendelsesstatus/@V")
        to = read.payload.discharged.to.to.code if read.payload.discharged else ""
        assert to == text(root, "//l:UtTil/@V")
        assert main_event(read) in events
        seen.add((read.info.kind.code, read.payload.version))
    assert seen == {(kind, "1.6") for kind in KINDS} | {(ADMITTED, "1.5")}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same(any_message: LogisticsMessage) -> None:
    assert read_logistics(write_logistics(any_message)) == any_message


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_message=ANY)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, any_message: LogisticsMessage
) -> None:
    written = write_logistics(any_message)
    schema = XSD[any_message.payload.version]
    assert official.errors(written, "MsgHead-v1_2.xsd", schema) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_event_of_each_kind_is_the_main_one(kind: str) -> None:
    codes = {ADMITTED: "1", READY: "3", WITHDRAWN: "4", DISCHARGED: "2", DEAD: "13"}
    assert main_event(read_logistics(write_logistics(message(kind)))) == event(codes[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_kind_in_the_form_of_another_is_refused(kind: str, other: str) -> None:
    mixed = replace(message(kind), info=replace(message(other).info))
    if kind == other:
        assert write_logistics(mixed)
        return
    with pytest.raises(NotWritable, match="form of another"):
        write_logistics(mixed)
    whole = write_logistics(message(kind))
    with pytest.raises(NotValid, match="form of another"):
        read_logistics(whole.replace(kind.encode(), other.encode()))


def test_a_message_without_the_event_it_is_about_is_refused() -> None:
    whole = write_logistics(message(READY))
    with pytest.raises(NotValid, match="code 3 of 9121"):
        read_logistics(whole.replace(b'V="3" S="2.16.578.1.12.4.1.1.9121"', b'V="3"'))


@pytest.mark.parametrize("action", ["M", "C"])
def test_a_cancellation_must_refer_to_what_it_cancels(action: str) -> None:
    with pytest.raises(NotWritable, match="ConversationRef"):
        write_logistics(replace(message(ADMITTED, action), info=info(ADMITTED)))
    assert write_logistics(message(ADMITTED, action))
    with pytest.raises(NotWritable, match="action"):
        write_logistics(message(ADMITTED, "H"))


def test_another_version_or_kind_is_not_understood() -> None:
    whole = write_logistics(message(ADMITTED))
    with pytest.raises(NotUnderstood, match="version"):
        read_logistics(
            whole.replace(b"Pasientlogistikk/2012-04-01", b"Pasientlogistikk/2017-11-30")
        )
    with pytest.raises(NotUnderstood, match="LOG_NYTT"):
        read_logistics(whole.replace(b"LOG_INNLAGT", b"LOG_NYTT"))
