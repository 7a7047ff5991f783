"""The stand-in of other systems answers each message once with a receipt that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.national.receipts import read_receipt
from fellesjournal.surfaces.stand_in.outsider import answer_to, work
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
    answer = answer_to(letter_from_outside("m1"))
    assert answer is not None
    assert answer_to(answer[1]) is None


@pytest.mark.parametrize("content", [b"", b"hei", b"<a/>"])
def test_what_is_no_message_is_not_answered(content: bytes) -> None:
    assert answer_to(content) is None


def test_a_message_that_can_not_be_read_is_rejected() -> None:
    answer = answer_to(letter_from_outside("m1").replace(b"DIALOG_HELSEFAGLIG", b"SYKMELDING"))
    assert answer is not None
    assert read_receipt(answer[1]).status.code == "2"
