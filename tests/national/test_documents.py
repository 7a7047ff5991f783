"""Hostile and broken XML is refused with line and column, quickly, and nothing is fetched."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.national.documents import MAX_BYTES, MAX_DEPTH, parse
from fellesjournal.national.refusals import NotXml

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<lolz>&d;</lolz>"""


def refusal(data: bytes) -> NotXml:
    with pytest.raises(NotXml) as caught:
        parse(data)
    return caught.value


def test_an_external_entity_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    data = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>\n<x>&e;</x>'.encode()
    refused = refusal(data)
    assert "DTD" in str(refused)
    assert "s3cret" not in str(refused)


def test_entities_that_multiply_are_refused_at_the_line_of_their_declaration() -> None:
    started = time.monotonic()
    (problem,) = refusal(LAUGHS).problems
    assert (problem.line, problem.column > 0) == (2, True)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "doctype",
    [b"<!DOCTYPE x>", b'<!DOCTYPE x SYSTEM "http://a.example/x.dtd">', b"<!DOCTYPE x []>"],
)
def test_any_document_type_declaration_is_refused(doctype: bytes) -> None:
    assert "DTD" in str(refusal(doctype + b"<x/>"))


def test_a_doctype_inside_cdata_is_only_text() -> None:
    assert parse(b"<x><![CDATA[<!DOCTYPE html>]]></x>").root.text == "<!DOCTYPE html>"


def test_a_message_of_50_megabytes_is_refused_at_once() -> None:
    data = b"<x>" + b"a" * (50 * 1024 * 1024) + b"</x>"
    started = time.monotonic()
    assert str(MAX_BYTES) in str(refusal(data))
    assert time.monotonic() - started < 1


def test_an_attachment_larger_than_ten_megabytes_is_read() -> None:
    assert (
        len(parse(b"<x>" + b"A" * (12 * 1024 * 1024) + b"</x>").root.text or "") == 12 * 1024 * 1024
    )


def test_deep_nesting_is_refused_where_it_gets_too_deep() -> None:
    (problem,) = refusal(b"<a>\n" * 100_000).problems
    assert (problem.line, problem.column) == (MAX_DEPTH + 1, 1)


def test_very_many_elements_and_attributes_are_refused() -> None:
    assert "elements" in str(refusal(b"<x>" + b"<y/>" * 100_001 + b"</x>"))
    many = " ".join(f'a{n}="1"' for n in range(65)).encode()
    assert "attributes" in str(refusal(b"<x " + many + b"/>"))


def test_a_truncated_message_is_refused_with_line_and_column() -> None:
    (problem,) = refusal(b"<x>\n  <y>text").problems
    assert (problem.line, problem.column) == (2, 10)


def test_bytes_in_another_encoding_than_declared_are_refused_with_line_and_column() -> None:
    data = '<?xml version="1.0" encoding="UTF-8"?>\n<x>blå</x>'.encode("latin-1")
    (problem,) = refusal(data).problems
    assert (problem.line, problem.column) == (2, 6)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_norwegian_letters_are_read_in_every_encoding_taken_in(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><x>blåbærsyltetøy</x>'.encode(encoding)
    assert parse(data).root.text == "blåbærsyltetøy"


@pytest.mark.parametrize("encoding", ["utf-7", "windows-1252", "shift_jis", "nonsense"])
def test_other_encodings_are_refused(encoding: str) -> None:
    refused = refusal(f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode("ascii"))
    assert "encoding" in str(refused)


def test_an_undeclared_prefix_is_refused() -> None:
    assert refusal(b"<a:x/>").problems[0].line == 1


def test_comments_and_instructions_do_not_cut_a_text() -> None:
    assert parse(b"<x>123<!-- c -->45<?p i?>6</x>").root.text == "123456"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    with contextlib.suppress(NotXml):
        parse(data)


@given(st.data())
def test_a_message_cut_or_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    whole = '<?xml version="1.0"?><a b="c"><d>é &amp; f</d><!-- g --></a>'.encode()
    at = data.draw(st.integers(0, len(whole)))
    changed = (
        whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    )
    with contextlib.suppress(NotXml):
        parse(changed)
