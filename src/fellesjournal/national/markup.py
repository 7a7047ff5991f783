"""Pieces of XML as text: canonical (exclusive C14N), so that equal pieces are equal strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree

from fellesjournal.national.refusals import NotXml, Problem

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LINES = frozenset(
    {"p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)


def element_markup(node: etree._Element) -> str:
    """The element as canonical XML that stands on its own. Raises NotXml when it has no such form."""
    # Exclusive C14N looks at names only; xsi:type hides a prefix in a value.
    types = [one.get(_XSI_TYPE) or "" for one in node.iter()]
    prefixes = sorted({one.split(":")[0] for one in types if ":" in one})
    try:
        raw: bytes = etree.tostring(
            node, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes
        )
    except etree.C14NError as error:
        raise NotXml(Problem("a namespace in it is no absolute address")) from error
    return raw.decode()


def inner_markup(node: etree._Element) -> str:
    """What stands inside the element: texts and elements, in order."""
    return "".join(_inside(node))


def _inside(node: etree._Element) -> Iterator[str]:
    yield _escaped(node.text)
    for child in node:
        yield element_markup(child)
        yield _escaped(child.tail)


def _escaped(text: str | None) -> str:
    return escape(text or "", {"\r": "&#xD;"})


def text_lines(node: etree._Element) -> str:
    """The words of formatted text; paragraphs and table rows on lines of their own."""
    lines = (" ".join(line.split()) for line in "".join(_words(node)).split("\n"))
    return "\n".join(line for line in lines if line)


def _words(node: etree._Element) -> Iterator[str]:
    name = etree.QName(node).localname.lower()
    if name in _LINES or name == "br":
        yield "\n"
    yield _flat(node.text)
    for child in node:
        yield from _words(child)
        yield _flat(child.tail)
    if name in _LINES:
        yield "\n"
    elif name in {"td", "th"}:
        yield " "


def _flat(text: str | None) -> str:
    # line ends of the source are spaces in XHTML
    return re.sub(r"\s*\n\s*", " ", text or "")
