"""Dialogue messages: requests, answers, professional dialogue, deviations, status of referrals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.binding import Schema
from fellesjournal.national.dialogue import (
    ANSWER,
    DEVIATION,
    KINDS,
    PROFESSIONAL,
    REFERRAL_STATUS,
    REFERRAL_STATUSES,
    REQUEST,
    Dialogue,
    DialogueMessage,
    Note,
    Request,
    read_dialogue,
    referral_status,
    write_dialogue,
)
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import DIALOGUE_1_0, DIALOGUE_1_1
from fellesjournal.national.values import Coded, RichText, volven
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import parts
from tests.national.official import OfficialSchemas
from tests.national.samples import info

XSD = {"1.0": "dialogmelding.xsd", "1.1": "dialogmelding-v1.1.xsd"}
NOTE = Note(topic=Coded("1", volven(8117)), text=RichText("Feil mottaker"))
QUESTION = Request(type=Coded("99", volven(9152)), question=RichText("Når?"))


@st.composite
def messages(draw: st.DrawFn, schema: Schema) -> Any:
    kind = draw(st.sampled_from(KINDS))
    status = st.just(Coded("1", REFERRAL_STATUSES))
    chosen: dict[Any, Any] = {(Note, "topic"): status} if kind == REFERRAL_STATUS else {}
    dialogue = draw(parts(Dialogue, schema))
    part: type[Request | Note] = Request if kind == REQUEST else Note
    says = tuple(draw(st.lists(parts(part, schema, chosen), min_size=1, max_size=2)))
    both = {"requests": says, "notes": ()} if kind == REQUEST else {"notes": says, "requests": ()}
    return Enclosed(info=info(kind), payload=replace(dialogue, **both))


ANY = st.one_of(messages(DIALOGUE_1_0), messages(DIALOGUE_1_1))


def test_every_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    files = sorted((examples / "dialog").glob("*.xml"))
    assert len(files) == 4
    for file in files:
        data = file.read_bytes()
        message = read_dialogue(data)
        assert said(message) == stands_in(data), file.name
        written = write_dialogue(message)
        assert read_dialogue(written) == message, file.name
        schema = XSD[message.payload.version]
        assert official.errors(written, "MsgHead-v1_2.xsd", schema) == [], file.name


def test_topics_questions_and_threads_are_those_found_by_xpath(examples: Path) -> None:
    for file in sorted((examples / "dialog").glob("*.xml")):
        root = etree.parse(str(file)).getroot()
        message = read_dialogue(file.read_bytes())
        topics = [note.topic.code for note in message.payload.notes]
        assert topics == found(root, "//l:Notat/l:TemaKodet/@V")
        asked = [one.type.code for one in message.payload.requests]
        assert asked == found(root, "//l:Dialogmelding/l:Foresporsel/l:TypeForesp/@V")
        told = "".join(n.text.text if n.text else "" for n in message.payload.notes)
        assert told == text(root, "//l:TekstNotatInnhold")
        thread = message.info.conversation
        assert (thread.first if thread else "") == text(root, "//l:RefToConversation")


def test_the_status_of_a_referral_is_its_code_of_9148(examples: Path) -> None:
    file = examples / "dialog" / "Status_paa_henvisning-InnkaltEtterViderehenvisning.xml"
    message = read_dialogue(file.read_bytes())
    status = referral_status(message)
    assert status is not None
    assert (status.code, status.volven) == ("1", 9148)
    assert len(message.info.copies) == 1
    other = Enclosed(info=info(DEVIATION), payload=Dialogue(notes=(NOTE,)))
    assert referral_status(other) is None


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same(message: DialogueMessage) -> None:
    assert read_dialogue(write_dialogue(message)) == message


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=ANY)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, message: DialogueMessage
) -> None:
    written = write_dialogue(message)
    assert official.errors(written, "MsgHead-v1_2.xsd", XSD[message.payload.version]) == []


def test_an_answer_keeps_thread_question_and_formatting() -> None:
    thread = Conversation(parent="a", first="b")
    text_ = RichText.formatted('<div xmlns="http://www.w3.org/1999/xhtml"><p>Ja<br/>nå</p></div>')
    answer = Note(topic=Coded("5", volven(9069)), text=text_, request=QUESTION)
    message = Enclosed(
        info=replace(info(ANSWER), conversation=thread), payload=Dialogue(notes=(answer,))
    )
    again = read_dialogue(write_dialogue(message))
    assert again == message
    assert again.payload.notes[0].text is not None
    assert again.payload.notes[0].text.text == "Ja\nnå"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (REQUEST, Dialogue()),
        (REQUEST, Dialogue(notes=(NOTE,))),
        (PROFESSIONAL, Dialogue(requests=(QUESTION,))),
        (REFERRAL_STATUS, Dialogue(notes=(NOTE,))),
        (DEVIATION, Dialogue(notes=(NOTE,), requests=(QUESTION,))),
        ("EPIKRISE", Dialogue(notes=(NOTE,))),
        (DEVIATION, Dialogue(notes=(NOTE,), version="3.0")),
    ],
)
def test_what_does_not_fit_the_kind_is_not_written(kind: str, payload: Dialogue) -> None:
    with pytest.raises(NotWritable):
        write_dialogue(Enclosed(info=info(kind), payload=payload))


def test_what_does_not_fit_the_kind_is_not_read_either() -> None:
    whole = write_dialogue(Enclosed(info=info(DEVIATION), payload=Dialogue(notes=(NOTE,))))
    for kind in (REQUEST, REFERRAL_STATUS):
        with pytest.raises(NotValid):
            read_dialogue(whole.replace(DEVIATION.encode(), kind.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"dialog/2013-01-23", b"dialog/2031-01-01"),
        (b"DIALOG_AVVIK", b"DIALOG_NOE_NYTT"),
        (b"Dialogmelding", b"Dialogbok"),
    ],
)
def test_an_unknown_version_or_kind_is_not_understood(old: bytes, new: bytes) -> None:
    whole = write_dialogue(Enclosed(info=info(DEVIATION), payload=Dialogue(notes=(NOTE,))))
    with pytest.raises(NotUnderstood):
        read_dialogue(whole.replace(old, new))


def test_elements_of_version_1_1_are_refused_in_1_0() -> None:
    payload = Dialogue(requests=(replace(QUESTION, subject="Emne"),))
    message = Enclosed(info=info(REQUEST), payload=payload)
    with pytest.raises(NotWritable, match="subject"):
        write_dialogue(replace(message, payload=replace(payload, version="1.0")))
    whole = write_dialogue(message).replace(b"dialog/2013-01-23", b"dialog/2006-10-11")
    with pytest.raises(NotValid, match="EmneSporsmal is no element"):
        read_dialogue(whole)
