"""Reading a PDF as a test needs it: its words in order, what it is tagged with, its language and title.

It knows what our PDFs are made of (fonts by glyph with a table back to characters, deflated streams)
and refuses nothing else. Words are compared without spaces, for a line may break at any of them.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

_OBJECT = re.compile(rb"(\d+) 0 obj\s")
_LENGTH = re.compile(rb"/Length (\d+)")
_TOKEN = re.compile(
    rb"<<|>>|\[|\]|<(?P<hex>[0-9A-Fa-f\s]*)>|\((?P<string>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)"
    rb"|(?P<word>/?[^\s<>\[\]()/]+)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r\n": b"",
}


class Paper:
    """A PDF that was opened."""

    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF-1.7")
        self.content = content
        self.heads: dict[int, bytes] = {}
        self.streams: dict[int, bytes] = {}
        self._read(content)
        self.pages = [
            _squeezed(self._text(head)) for head in self.heads.values() if _is(head, b"Page")
        ]

    @property
    def text(self) -> str:
        """All words in order, without spaces."""
        return "".join(self.pages)

    @property
    def tags(self) -> Counter[str]:
        """How many structure elements there are of each kind: H1, Table, TH, Figure."""
        every = b"\n".join(self.heads.values())
        return Counter(each.decode() for each in re.findall(rb"/S ?/([A-Z][A-Za-z0-9]*)", every))

    @property
    def language(self) -> str:
        """That of the whole document."""
        root = next(head for head in self.heads.values() if _is(head, b"Catalog"))
        found = re.search(rb"/Lang ?\((.*?)\)", root)
        assert found is not None
        return found[1].decode()

    @property
    def title(self) -> str:
        """As the window of a reader shows it."""
        found = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", self._metadata, re.DOTALL)
        assert found is not None
        return found[1].decode()

    @property
    def is_for_all(self) -> bool:
        """Whether it says that it is PDF/UA-1 and has a tree of tags."""
        says = re.search(rb"pdfuaid:part(>|=\")1", self._metadata) is not None
        return says and self.tags["Document"] == 1

    @property
    def is_across(self) -> bool:
        """Whether its first page is wider than high."""
        page = next(head for head in self.heads.values() if _is(head, b"Page"))
        box = re.search(rb"/MediaBox ?\[([^\]]*)\]", page)
        assert box is not None
        _, _, width, height = map(float, box[1].split())
        return width > height

    def says(self, words: str) -> bool:
        """Whether these words stand in it, one after the other."""
        return _squeezed(words) in self.text

    @property
    def _metadata(self) -> bytes:
        return next(self.streams[n] for n, head in self.heads.items() if _is(head, b"Metadata"))

    def _read(self, content: bytes) -> None:
        at = 0
        while found := _OBJECT.search(content, at):
            end = content.index(b"endobj", found.end())
            begin = content.find(b"stream", found.end(), end)
            head = content[found.end() : end if begin < 0 else begin]
            number = int(found[1])
            self.heads[number] = head
            at = end
            if begin >= 0:
                length = _LENGTH.search(head)
                assert length is not None
                start = begin + len(b"stream")
                start += 2 if content[start : start + 2] == b"\r\n" else 1
                at = start + int(length[1])
                body = content[start:at]
                self.streams[number] = zlib.decompress(body) if b"/Filter" in head else body

    def _text(self, page: bytes) -> str:
        resources = _referred(page, b"Resources")
        fonts_of = self.heads[resources] if resources else page
        fonts_at = _referred(fonts_of, b"Font")
        fonts = {
            name: self._characters(int(number))
            for name, number in re.findall(
                rb"/([A-Za-z]+\d+) (\d+) 0 R", self.heads[fonts_at] if fonts_at else fonts_of
            )
            if b"/ToUnicode" in self.heads.get(int(number), b"")
        }
        contents = _referred(page, b"Contents")
        assert contents
        return "".join(_shown(self.streams[contents], fonts))

    def _characters(self, font: int) -> tuple[int, dict[int, str]]:
        """How many bytes a glyph has, and what each is read as."""
        table = self.streams[_referred(self.heads[font], b"ToUnicode")]
        wide = 2 if b"/Type0" in self.heads[font] else 1
        found: dict[int, str] = {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for glyph, said in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                found[int(glyph, 16)] = bytes.fromhex(said.decode()).decode("utf-16-be")
        assert b"beginbfrange" not in table, "ranges are not read here"
        return wide, found


def _shown(content: bytes, fonts: dict[bytes, tuple[int, dict[int, str]]]) -> Iterator[str]:
    """The words that a page shows. What stands for a part of it (ActualText) is said instead of it."""
    before: list[bytes] = []
    font: tuple[int, dict[int, str]] = (2, {})
    marks: list[bool] = []
    strings: list[bytes] = []
    for token in _TOKEN.finditer(content):
        word = token["word"]
        if token["hex"] is not None:
            strings.append(bytes.fromhex(token["hex"].decode()))
        elif token["string"] is not None:
            strings.append(_plain(token["string"]))
        elif word == b"Tf":
            font = fonts[before[-2].lstrip(b"/")]
        elif word in {b"Tj", b"TJ"}:
            if not any(marks):
                yield "".join(_read_as(each, font) for each in strings)
            strings = []
        elif word in {b"BDC", b"BMC"}:
            stands_for = b"/ActualText" in before
            if stands_for and not any(marks):
                yield strings[-1].decode(
                    "utf-16-be" if strings[-1][:2] == b"\xfe\xff" else "latin-1"
                )
            marks.append(stands_for)
            strings, before = [], []
        elif word == b"EMC":
            marks.pop()
        if word is not None:
            before.append(word)


def _read_as(string: bytes, font: tuple[int, dict[int, str]]) -> str:
    wide, characters = font
    glyphs = (string[n : n + wide] for n in range(0, len(string), wide))
    return "".join(characters[int.from_bytes(each)] for each in glyphs)


def _plain(string: bytes) -> bytes:
    def said(found: re.Match[bytes]) -> bytes:
        if found[1][:1].isdigit():
            return bytes([int(found[1], 8)])
        return _ESCAPED.get(found[1], found[1])

    return _ESCAPE.sub(said, string)


def _is(head: bytes, kind: bytes) -> bool:
    return re.search(rb"/Type ?/" + kind + rb"\b", head) is not None


def _referred(head: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", head)
    return int(found[1]) if found else 0


def _squeezed(words: str) -> str:
    return "".join(words.replace("\ufeff", "").split())


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []
        self.is_in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "table":
            self.found.append([])
        elif tag == "tr" and self.found:
            self.found[-1].append([])
        elif tag in {"td", "th"}:
            self.found[-1][-1].append("")
            self.is_in = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.is_in = False

    def handle_data(self, data: str) -> None:
        if self.is_in:
            self.found[-1][-1][-1] += data


def tables_of(page: str) -> list[list[list[str]]]:
    """The words of each table of a page, row by row and cell by cell."""
    reader = _Tables()
    reader.feed(page)
    return reader.found


__all__ = ["Paper", "tables_of"]
