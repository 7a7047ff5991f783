"""A mailbox shared with a message service: whole files or none, in their order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fellesjournal.foundation import mailbox as module
from fellesjournal.foundation.mailbox import Mailbox, Unreadable


def test_what_is_sent_lies_whole_in_out_and_may_be_sent_again(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.send("a.xml", b"one")
    box.send("a.xml", b"two")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.xml"]
    assert (tmp_path / "out" / "a.xml").read_bytes() == b"two"


def test_a_write_that_is_cut_short_is_never_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_handle: int) -> None:
        raise OSError("power")

    monkeypatch.setattr(os, "fsync", cut)
    box = Mailbox(tmp_path)
    with pytest.raises(OSError, match="power"):
        box.receive("a.xml", b"half")
    assert box.waiting() == []


def test_messages_are_taken_in_the_order_they_came_and_once(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    for n, name in enumerate(("z.xml", "a.xml", "m.xml")):
        box.receive(name, name.encode())
        os.utime(tmp_path / "in" / name, ns=(n, n))
    assert box.waiting() == ["z.xml", "a.xml", "m.xml"]
    assert box.read("a.xml") == b"a.xml"
    box.handled("a.xml")
    box.handled("a.xml")
    assert box.waiting() == ["z.xml", "m.xml"]
    assert (tmp_path / "handled" / "a.xml").exists()


@pytest.mark.parametrize("name", ["../a.xml", ".hidden", "a/b", "", "æ.xml", "x" * 121])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Mailbox(tmp_path).send(name, b"")


def test_what_is_too_large_or_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 3)
    box = Mailbox(tmp_path)
    box.receive("a.xml", b"four")
    with pytest.raises(Unreadable):
        box.read("a.xml")
    with pytest.raises(Unreadable):
        box.read("b.xml")
