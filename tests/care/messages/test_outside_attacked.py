"""Files that an outsider puts into the mailbox: forged receipts, numbers used again, odd numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.letters import Letter
from fellesjournal.care.messages.outside.receiving import Fate, take_in, take_in_all
from fellesjournal.care.messages.states import State
from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national.answers import end_of, heading_of, receipt_for
from fellesjournal.national.receipts import read_receipt, write_receipt
from tests.care.messages.outsider import NOW, letter_from_outside, party
from tests.care.messages.test_outside import OFFICE, documents, office, send, stands, work
from tests.staff import SYSTEM

__all__ = ["office"]


def test_inv_1_a_receipt_from_somebody_else_is_no_evidence(
    office: Session, letter: Letter, box: Path
) -> None:
    made = send(office, letter)
    work()
    (file,) = (box / "out").iterdir()
    receipt = receipt_for(heading_of(file.read_bytes()), receipt_id="r1", now=NOW)
    stranger = end_of(party("7001", "7002").organisation)
    forged = write_receipt(receipt.__class__(**{**vars(receipt), "sender": stranger}))
    assert take_in(SYSTEM, forged) is Fate.UNANSWERABLE
    assert stands(made).state is State.HANDED_OVER
    assert take_in(SYSTEM, write_receipt(receipt)) is Fate.RECEIPT
    assert stands(made).state is State.ACCEPTED


def test_inv_1_a_receipt_for_what_went_no_national_way_is_no_evidence(
    office: Session, letter: Letter, box: Path
) -> None:
    inside, outside = send(office, letter, "Organization/ward"), send(office, letter)
    work()
    (file,) = (box / "out").iterdir()
    content = file.read_bytes().replace(outside.message.encode(), inside.message.encode())
    forged = write_receipt(receipt_for(heading_of(content), receipt_id="r1", now=NOW))
    assert take_in(SYSTEM, forged) is Fate.UNANSWERABLE
    assert stands(inside).state is State.DELIVERED


def test_inv_5_another_message_with_a_number_used_before_is_refused_not_lost(
    office: Session, box: Path
) -> None:
    before = documents()
    assert take_in(SYSTEM, letter_from_outside("m1")) is Fate.QUEUED
    assert take_in(SYSTEM, letter_from_outside("m1", text="Noe annet.")) is Fate.REJECTED
    assert take_in(SYSTEM, letter_from_outside("m1")) is Fate.QUEUED
    assert documents() == before + 1
    assert len(queries.received(office, OFFICE)) == 1
    answers = [read_receipt(path.read_bytes()).status.code for path in (box / "out").iterdir()]
    assert sorted(str(each) for each in answers) == ["1", "2"]


@pytest.mark.parametrize("number", ["a&_id=b", "a,b", "a|b", "a$b", "x" * 300, "å", "a+b"])
def test_inv_5_a_message_with_an_odd_number_is_answered_and_holds_up_no_other(
    office: Session, box: Path, number: str
) -> None:
    odd = letter_from_outside("NUMBER").replace(b"NUMBER", number.replace("&", "&amp;").encode())
    Mailbox(box).receive("1.xml", odd)
    Mailbox(box).receive("2.xml", letter_from_outside("m2"))
    fates = take_in_all(SYSTEM)
    assert (fates[Fate.REJECTED], fates[Fate.QUEUED]) == (1, 1)
    assert Mailbox(box).waiting() == []
    assert len(queries.received(office, OFFICE)) == 1


def test_inv_5_what_the_record_does_not_take_is_refused_with_a_reason(
    office: Session, box: Path
) -> None:
    del office
    blank = letter_from_outside("m1").replace(b"Tilbakemelding", b"&#160;")
    assert take_in(SYSTEM, blank) in {Fate.REJECTED, Fate.QUEUED}
    assert len(list((box / "out").iterdir())) == 1


def test_a_link_in_the_mailbox_is_not_followed(box: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hemmelig")
    Mailbox(box).receive("a.xml", b"x")
    (box / "in" / "link.xml").symlink_to(secret)
    assert Mailbox(box).waiting() == ["a.xml"]
