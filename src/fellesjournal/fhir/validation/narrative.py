"""The XHTML of narratives (http://hl7.org/fhir/R4/narrative.html): one div, nothing active.

The list of elements and attributes is the standard's (chapters 7-11 and 15 of HTML 4.0,
anchors, images, internal styles); whatever is not on it is refused, so that a narrative
can be shown without further thought.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

XHTML: Final = "http://www.w3.org/1999/xhtml"
MAX_DEPTH: Final = 100
MAX_PROBLEMS: Final = 20

_ELEMENTS: Final = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "address",
        "area",
        "b",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "map",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    }
)
_ATTRIBUTES: Final = frozenset(
    {
        "abbr",
        "accesskey",
        "align",
        "alt",
        "axis",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "char",
        "charoff",
        "charset",
        "cite",
        "class",
        "clear",
        "color",
        "colspan",
        "compact",
        "coords",
        "datetime",
        "dir",
        "face",
        "frame",
        "headers",
        "height",
        "href",
        "hreflang",
        "hspace",
        "id",
        "ismap",
        "lang",
        "longdesc",
        "name",
        "noshade",
        "nohref",
        "nowrap",
        "rel",
        "rev",
        "rowspan",
        "rules",
        "scope",
        "shape",
        "size",
        "space",
        "span",
        "src",
        "start",
        "style",
        "summary",
        "tabindex",
        "target",
        "title",
        "type",
        "usemap",
        "valign",
        "value",
        "vspace",
        "width",
    }
)
_ADDRESSES: Final = frozenset({"href", "src", "cite", "longdesc", "usemap"})
_XML_ATTRIBUTES: Final = frozenset(
    {"http://www.w3.org/XML/1998/namespace lang", "http://www.w3.org/XML/1998/namespace space"}
)
# Browsers ignore blanks and control characters inside a scheme.
_IGNORED: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "ftp", "urn", "cid"})
_IMAGE: Final = re.compile(r"data:image/(?:png|gif|jpe?g|webp|bmp)[;,]", re.IGNORECASE)
_STYLE: Final = re.compile(
    r"expression|javascript:|vbscript:|behaviou?r\s*:|-moz-binding|@import|\\|/\*", re.IGNORECASE
)
# A plain file name is what HL7's publisher writes into the tables of profiles.
_STYLE_URL: Final = re.compile(
    r"url\s*\((?!\s*['\"]?\s*(?:#|data:image/|[a-z0-9_\-]+\.(?:png|gif|jpe?g)\s*['\"]?\s*\)))",
    re.IGNORECASE,
)


def narrative_problems(text: str) -> tuple[tuple[str, ...], bool]:
    """What is wrong with the text of ``Narrative.div``, and whether it shows anything."""
    check = _Check()
    try:
        check.parser.Parse(text.encode(), True)  # noqa: FBT003 - the last part
    except expat.ExpatError as error:
        check.problem(f"is not well-formed XHTML: {expat.errors.messages[error.code]}")
        return tuple(check.problems), True
    except (UnicodeEncodeError, _TooDeepError) as error:
        check.problem(f"can't be read: {error}")
        return tuple(check.problems), True
    return tuple(check.problems), check.has_content


class _TooDeepError(ValueError):
    pass


class _Check:
    """Expat's handlers and what they saw."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.has_content = False
        self._depth = 0
        # Expat knows no entity without a DOCTYPE, and a DOCTYPE is refused below.
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse("a DOCTYPE is not allowed")
        self.parser.ProcessingInstructionHandler = self._refuse(
            "a processing instruction is not allowed"
        )

    def problem(self, text: str) -> None:
        if len(self.problems) < MAX_PROBLEMS and text not in self.problems:
            self.problems.append(text)

    def _refuse(self, text: str) -> Callable[..., None]:
        def handler(*_arguments: object) -> None:
            self.problem(text)

        return handler

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeepError("nested too deep")
        namespace, _, name = full_name.rpartition(" ")
        if self._depth == 1 and (namespace != XHTML or name != "div"):
            self.problem(f"must be one div in the namespace {XHTML}")
        elif namespace != XHTML or name not in _ELEMENTS:
            self.problem(f"the element {name[:40]} is not allowed (txt-1)")
        if name == "img":
            self.has_content = True
        for attribute, value in attributes.items():
            self._attribute(name, attribute, value)

    def _attribute(self, element: str, attribute: str, value: str) -> None:
        if attribute in _XML_ATTRIBUTES:
            return
        if attribute not in _ATTRIBUTES:
            self.problem(f"the attribute {attribute[:40]} of {element[:40]} is not allowed (txt-1)")
        elif attribute in _ADDRESSES:
            self._address(element, attribute, value)
        elif attribute == "style" and (_STYLE.search(value) or _STYLE_URL.search(value)):
            self.problem(f"the style of {element} may not load or run anything (txt-1)")

    def _address(self, element: str, attribute: str, value: str) -> None:
        if attribute == "src" and element != "img":
            self.problem(f"the attribute src of {element} is not allowed (txt-1)")
        compact = _IGNORED.sub("", value)
        scheme = _SCHEME.match(compact)
        if scheme is None or scheme[1].lower() in _SCHEMES:
            return
        if element == "img" and attribute == "src" and _IMAGE.match(compact):
            return
        self.problem(f"the {attribute} of {element} may not be {scheme[1][:20]}: (txt-1)")

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        if not self.has_content and not text.isspace():
            self.has_content = True
