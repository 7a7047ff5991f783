"""XML from strangers: parsed without entities, network or unbounded work; places are kept.

Two parsers read each message. Expat goes first: it refuses what is large, deep or has a DTD
(national messages have none; entities, external or nested, come only with one), and notes where
each element begins. lxml then makes the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from lxml import etree

from fellesjournal.national.refusals import NotXml, Problem

# Assumption (configurable): the largest message taken in, attachments included.
MAX_BYTES = 20 * 1024 * 1024
# The deepest national example has 19 levels, formatted text included.
MAX_DEPTH = 64
MAX_ELEMENTS = 100_000
MAX_ATTRIBUTES = 64
# Names in problems come from strangers; those of the standards are shorter.
LONGEST_NAME = 40
# Expat and libxml2 agree on these; the national standards use the first two.
ENCODINGS = frozenset({"utf-8", "iso-8859-1", "utf-16", "us-ascii"})


class Document:
    """A parsed message: ``root`` and, for problems, where its elements stand."""

    def __init__(self, root: etree._Element, places: list[tuple[int, int]]) -> None:
        self.root = root
        self._places = places

    def problem(self, node: etree._Element, message: str) -> Problem:
        """``message`` about ``node``, with line and column of its start tag."""
        number = next(n for n, one in enumerate(self.root.iter()) if one is node)
        line, column = self._places[number]
        return Problem(message, line, column, path_to(node))


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read XML; comments and processing instructions are left out, so they split no text.

    Raises:
        NotXml: broken, larger than ``max_bytes``, too deep, too many elements, a DTD, or an
            encoding other than ``ENCODINGS``. Names line and column.
    """
    if len(data) > max_bytes:
        raise NotXml(Problem(f"the message is larger than {max_bytes} bytes"))
    places = _Survey().of(data)
    # ``huge_tree`` lifts libxml2's 10 MB for one text (attachments); depth and size are bounded.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise NotXml(Problem("not well-formed XML", line or 0, column or 0)) from error
    return Document(root, places)


def local_name(node: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(node).localname


def namespace(node: etree._Element) -> str:
    """The namespace, empty where there is none."""
    return etree.QName(node).namespace or ""


def path_to(node: etree._Element) -> str:
    """``/MsgHead/Document[2]/RefDoc``: names only, numbered where siblings share one."""
    return "/" + "/".join(reversed(list(_steps(node))))


def _steps(node: etree._Element | None) -> Iterator[str]:
    while node is not None:
        above = node.getparent()
        same = [] if above is None else list(above.iterchildren(node.tag))
        name = local_name(node)[:LONGEST_NAME]
        yield name + (f"[{same.index(node) + 1}]" if len(same) > 1 else "")
        node = above


class _Survey:
    """The first pass over a message: limits, and where each element begins."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []
        self._depth = 0
        self._parser = expat.ParserCreate()
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def of(self, data: bytes) -> list[tuple[int, int]]:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
        except expat.ExpatError as error:
            text = f"not well-formed XML: {expat.ErrorString(error.code)}"
            raise NotXml(Problem(text, error.lineno, error.offset + 1)) from error
        return self._places

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            self._refuse("an encoding that is not read here")

    def _doctype(self, *_: object) -> None:
        self._refuse("a document type declaration (DTD); national messages have none")

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        self._places.append((self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1))
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"elements nested deeper than {MAX_DEPTH}")
        if len(self._places) > MAX_ELEMENTS:
            self._refuse(f"more than {MAX_ELEMENTS} elements")
        if len(attributes) > MAX_ATTRIBUTES:
            self._refuse(f"more than {MAX_ATTRIBUTES} attributes on one element")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, why: str) -> NoReturn:
        parser = self._parser
        raise NotXml(Problem(why, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))
