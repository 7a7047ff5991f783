"""What a message says, taken twice: from the dataclasses, and from the XML by XPath alone."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from fellesjournal.national.values import Foreign, RichText


def said(value: Any) -> list[str]:
    """Every text and code in the dataclasses, sorted, white space collapsed."""
    return sorted(" ".join(one.split()) for one in _said(value))


def stands_in(xml: bytes | etree._Element) -> list[str]:
    """Every text and attribute in the XML, sorted the same way; hints of schemas left out."""
    root = etree.fromstring(xml) if isinstance(xml, bytes) else xml
    texts = found(root, "//text()[normalize-space()]")
    hints = "http://www.w3.org/2001/XMLSchema-instance"
    values = found(root, f"//@*[namespace-uri() != '{hints}' and normalize-space()]")
    return sorted(" ".join(str(one).split()) for one in [*texts, *values])


def found(root: etree._Element, path: str) -> list[Any]:
    """What an XPath that gives a list finds; ``l:Name`` in it means that name in any namespace."""
    return list(root.xpath(_any_namespace(path)))  # type: ignore[arg-type]  # a list by contract


def text(root: etree._Element, path: str) -> str:
    """The text of the first node found, or an empty one."""
    return str(root.xpath(f"string({_any_namespace(path)})"))


def _any_namespace(path: str) -> str:
    return re.sub(r"\bl:(\w+)", r"*[local-name()='\1']", path)


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, Decimal | int):
        yield str(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _said(one)
    elif isinstance(value, Foreign):
        yield from stands_in(value.xml.encode())
    elif isinstance(value, RichText) and value.markup is not None:
        yield from stands_in(f"<x>{value.markup}</x>".encode())
    elif value is not None:
        for field in dataclasses.fields(value):
            if not (getattr(value, "versioned", False) and field.name == "version"):
                yield from _said(getattr(value, field.name))
