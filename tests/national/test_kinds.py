"""One door for all kinds; hostile and broken messages never do more than be refused."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.answers import NoAnswer, heading_of, receipt_for, rejection_for
from fellesjournal.national.dialogue import (
    DEVIATION,
    Dialogue,
    DialogueMessage,
    Note,
    read_dialogue,
    write_dialogue,
)
from fellesjournal.national.ebxml import read_transport
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.kinds import READERS, VERSIONS, read_message
from fellesjournal.national.logistics import ADMITTED, LogisticsMessage, write_logistics
from fellesjournal.national.receipts import Outcome, read_receipt, write_receipt
from fellesjournal.national.referral import write_referral
from fellesjournal.national.refusals import (
    MOST_PROBLEMS,
    NotUnderstood,
    NotValid,
    NotXml,
    Refused,
)
from fellesjournal.national.values import Coded, RichText, Timestamp, volven
from tests.national.samples import info
from tests.national.test_logistics import message as logistics_message
from tests.national.test_referral import MESSAGE as REFERRAL

PROJECT = Path(__file__).resolve().parents[2]
NOW = Timestamp("2026-11-22T10:00:00+01:00")
NOTE = Note(topic=Coded("1", volven(8117)), text=RichText.formatted("<b>Feil</b> mottaker"))
WRITTEN = (
    write_dialogue(Enclosed(info=info(DEVIATION), payload=Dialogue(notes=(NOTE,)))),
    write_logistics(logistics_message(ADMITTED)),
    write_referral(REFERRAL),
    write_receipt(
        receipt_for(heading_of(write_referral(REFERRAL)), receipt_id="r", now=NOW),
    ),
)
READ_HERE = {"apprec": 3, "dialog": 4, "henvisning": 8, "epikrise": 2, "plo": 17}


def test_every_example_is_read_by_its_reader_or_refused_with_a_rejecting_receipt(
    examples: Path,
) -> None:
    read: dict[str, int] = {}
    refused = 0
    for file in sorted(examples.rglob("*.xml")):
        data = file.read_bytes()
        try:
            read_message(data)
            read[file.parent.name] = read.get(file.parent.name, 0) + 1
        except NotUnderstood as error:
            refused += 1
            with contextlib.suppress(NoAnswer):
                receipt = rejection_for(heading_of(data), error, receipt_id="r", now=NOW)
                assert read_receipt(write_receipt(receipt)).outcome is Outcome.REJECTED
    assert read == READ_HERE
    assert refused == len(list(examples.rglob("*.xml"))) - sum(READ_HERE.values())


def test_what_is_read_depends_on_the_kind() -> None:
    assert isinstance(read_message(WRITTEN[0]), type(read_dialogue(WRITTEN[0])))
    assert read_message(WRITTEN[1]) == logistics_message(ADMITTED)
    assert read_message(WRITTEN[2]) == REFERRAL
    with pytest.raises(NotUnderstood, match="SYKMELD"):
        read_message(WRITTEN[2].replace(b"HENVISNING_NYTILSTAND", b"SYKMELD"))


def test_an_unknown_kind_is_named_only_if_it_looks_like_one() -> None:
    with pytest.raises(NotUnderstood, match="unknown") as caught:
        read_message(WRITTEN[2].replace(b"HENVISNING_NYTILSTAND", b"Kari 13896912345"))
    assert "13896912345" not in str(caught.value)


def test_the_page_for_integrators_names_every_kind_with_its_versions() -> None:
    page = (PROJECT / "docs" / "messages.md").read_text()
    assert READERS.keys() == VERSIONS.keys()
    for kind, versions in VERSIONS.items():
        (row,) = [one for one in page.splitlines() if one.startswith(f"| `{kind}` |")]
        assert set(re.findall(r"\d\.\d", row)) == set(versions), kind


def test_the_example_for_programmers_runs() -> None:
    page = (PROJECT / "docs" / "messages.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["receipt"] == read_receipt(names["answer"])
    assert names["receipt"].outcome is Outcome.ACCEPTED


def test_a_namespace_that_is_no_absolute_address_is_refused() -> None:
    whole = next(each for each in WRITTEN if b"http://www.kith.no/xmlstds/dialog/" in each)
    with pytest.raises(Refused):
        read_message(whole.replace(b"http://www.kith.no/xmlstds/dialog/", b"http//dialog/"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_message_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WRITTEN))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole)))
        until = at + data.draw(st.sampled_from([0, 1, 7, 60]))
        new = data.draw(
            st.sampled_from([b"", b"<x/>", b'V="', b"&lt;", b"</mh:Type>", b"\xff", b"7"])
        )
        whole = whole[:at] + new + whole[until:]
    with contextlib.suppress(Refused):
        read_message(whole)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_message_with_elements_moved_removed_or_doubled_is_read_or_refused(
    data: st.DataObject,
) -> None:
    root = etree.fromstring(data.draw(st.sampled_from(WRITTEN)))
    nodes = list(root.iter())[1:]
    node = nodes[data.draw(st.integers(0, len(nodes) - 1))]
    above = node.getparent()
    assert above is not None
    is_text = any(str(one.tag).endswith("}TekstNotatInnhold") for one in node.iterancestors())
    change = data.draw(st.sampled_from(["remove", "double", "move", "rename", "text", "attribute"]))
    if change == "remove":
        above.remove(node)
    elif change == "double":
        above.append(etree.fromstring(etree.tostring(node, with_tail=False)))
    elif change == "move":
        above.insert(0, node)
    elif change == "rename":
        node.tag = "{urn:other}x"
    elif change == "text":
        node.text = "x"
    else:
        node.set("V", "x y")
    refused = refusal(etree.tostring(root))
    assert not isinstance(refused, NotXml)
    # places are told, never what stands there
    assert "13896912345" not in str(refused)
    # in the text of a note any element may stand
    assert refused or change != "rename" or is_text


def refusal(data: bytes) -> Refused | None:
    try:
        read_message(data)
    except Refused as refused:
        return refused
    return None


@pytest.mark.parametrize(
    "reader", [*{one.__name__: one for one in READERS.values()}.values(), read_transport]
)
@pytest.mark.parametrize(
    "data", [b"", b"<", b"<x/>", b"%PDF-1.7", b"<!DOCTYPE x><x/>", b"<MsgHead/>", b"\x00" * 9]
)
def test_nonsense_is_refused_by_every_reader(
    reader: Callable[[bytes], object], data: bytes
) -> None:
    with pytest.raises((NotXml, NotUnderstood)):
        reader(data)


def test_very_many_strange_elements_are_refused_quickly_and_with_few_words() -> None:
    strange = WRITTEN[0].replace(b"<mh:Sender>", b"<mh:Odd/>" * 90_000 + b"<mh:Sender>", 1)
    started = time.monotonic()
    with pytest.raises(NotValid) as caught:
        read_message(strange)
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert time.monotonic() - started < 20


def test_the_standard_knows_no_web_framework_and_no_database() -> None:
    code = (
        "import sys, fellesjournal.national.kinds, fellesjournal.national.ebxml;"
        "print([one for one in ('django', 'psycopg', 'fellesjournal.fhir') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_messages_are_immutable() -> None:
    read: DialogueMessage | LogisticsMessage = logistics_message(ADMITTED)
    with pytest.raises(AttributeError):
        read.payload.version = "1.5"  # type: ignore[misc]  # what is tried
