"""Plain text as the narrative of a section, and back.

A text of ours is one paragraph with line breaks, so that each character comes back as it was
typed. What other systems wrote is read into lines.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

from fellesjournal.fhir.reading import Element

_XHTML = "http://www.w3.org/1999/xhtml"
# What XML 1.0 can't hold; nobody types it, but a paste may bring it.
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLOCKS = frozenset({
    "address", "blockquote", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "table", "tr", "ul",
})  # fmt: skip


def plain(text: str) -> str:
    """Text as a note keeps it: line ends as LF, without what can't be written."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def narrative(text: str) -> dict[str, Any]:
    """A Narrative that says this plain text; it must have more than white space (txt-2)."""
    lines = "<br/>".join(escape(line, quote=False) for line in text.split("\n"))
    return {"status": "additional", "div": f'<div xmlns="{_XHTML}"><p>{lines}</p></div>'}


def text_of(element: Element) -> str:
    """The plain text of an element with a Narrative (``text``); "" when it has none."""
    found = element.get("text")
    div = found.get("div") if isinstance(found, dict) else None
    if not isinstance(div, str):
        return ""
    reader = _Reader()
    reader.feed(div)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._paragraphs = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A line break, or a block that begins on a line of its own."""
        del attrs
        if tag == "br":
            self._parts.append("\n")
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        elif tag in _BLOCKS and self._parts:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        self._parts.append(data)

    def text(self) -> str:
        """What was read."""
        return "".join(self._parts)


__all__ = ["narrative", "plain", "text_of"]
