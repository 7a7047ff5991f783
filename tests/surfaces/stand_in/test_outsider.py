"""The stand-in of other systems answers each message once with a receipt that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national.dialogue import PROFESSIONAL, REFERRAL_STATUS, read_dialogue
from fellesjournal.national.envelope import Address
from fellesjournal.national.receipts import read_receipt
from fellesjournal.national.values import Timestamp
from fellesjournal.surfaces.stand_in.outsider import answers_to, work
from fellesjournal.surfaces.stand_in.outsider_words import KINDS, write
from tests.care.messages.outsider import letter_from_outside


def test_a_message_is_answered_with_its_number(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.send("m1.xml", letter_from_outside("m1"))
    assert work(tmp_path) == 1
    (name,) = box.waiting()
    receipt = read_receipt(box.read(name))
    assert (receipt.status.code, receipt.original.id) == ("1", "m1")
    assert work(tmp_path) == 0


def test_a_receipt_is_not_answered() -> None:
    (answer,) = answers_to(letter_from_outside("m1"))
    assert list(answers_to(answer.content)) == []


@pytest.mark.parametrize("content", [b"", b"hei", b"<a/>"])
def test_what_is_no_message_is_not_answered(content: bytes) -> None:
    assert list(answers_to(content)) == []


def test_a_message_that_can_not_be_read_is_rejected() -> None:
    odd = letter_from_outside("m1").replace(b"DIALOG_HELSEFAGLIG", b"SYKMELDING")
    (answer,) = answers_to(odd)
    assert read_receipt(answer.content).status.code == "2"


@pytest.mark.parametrize("what", sorted(KINDS))
def test_what_it_writes_is_read_and_answered_by_itself(what: str) -> None:
    written = write(
        what, patient="01819012345", sender=Address("1", "2"), receiver=Address("3", "4"),
        now=Timestamp("2026-11-22T12:00:00Z"),
    )  # fmt: skip
    receipt, *replies = answers_to(written)
    assert read_receipt(receipt.content).status.code == "1"
    kinds = [read_dialogue(each.content).info.kind.code for each in replies]
    assert kinds == {"referral": [REFERRAL_STATUS], "ready": [PROFESSIONAL]}.get(what, [])
