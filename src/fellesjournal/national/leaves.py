"""Single values in XML, both ways: texts, codes, times, numbers.

``read_leaf`` raises ``ValueError`` with words that name no content; ``write_leaf`` the same for
what XML or the standard has no way to say.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lxml import etree

from fellesjournal.national.binding import Bound, Form
from fellesjournal.national.documents import LONGEST_NAME
from fellesjournal.national.markup import element_markup, inner_markup
from fellesjournal.national.values import (
    Code,
    Coded,
    Content,
    Foreign,
    Quantity,
    RichText,
    Timestamp,
    collapsed,
    number,
)

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# Hints for validators. Not among them: xsi:nil, which no element of these standards allows.
_HINTS = frozenset(f"{_XSI}{n}" for n in ("schemaLocation", "noNamespaceSchemaLocation", "type"))
_XML = "{http://www.w3.org/XML/1998/namespace}"
_OID = re.compile(r"(\d+\.?)*\d+", re.ASCII)
_OID_LENGTH = 200  # the pattern above is the schema's own and slow on long nonsense
# Narrower than XML Schema's anyURI, and only for what is written; it allows single spaces
# ("tel:23 20 41 00"), as in a national example.
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?[A-Za-z0-9._~/?#@!$&'()*+,;= -]*", re.ASCII)
_CODE = {"V": "code", "DN": "display"}
_CODED = {"V": "code", "S": "system", "DN": "display", "OT": "text"}
_SHAPES = {Form.DATE_TIME: "dateTime", Form.DATE: "date", Form.YEAR: "gYear"}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def read_leaf(node: etree._Element, bound: Bound) -> Any:
    """The value of an element that is no ``Part``."""
    kind = bound.kind
    if kind is RichText and bound.form is not Form.PLAIN:
        return _rich(node)
    if kind is Foreign:
        return Foreign(element_markup(node))
    if kind is Content:
        return _content(node)
    if len(node):
        raise ValueError("elements where a single value belongs")
    if kind in {Code, Coded}:
        return _code(node, kind, named=kind is Coded and bound.form is not Form.CS)
    if kind is Quantity:
        return _quantity(node)
    if bound.form in {Form.TS, Form.URL}:
        return _from_v(node, bound.form)
    attributes(node, set())
    if bound.form is Form.FLAG:
        _no_text(node)
        return True
    return from_text(node.text or "", bound)


def from_text(text: str, bound: Bound) -> Any:
    """The value of an element's text, or of an attribute's."""
    form = bound.form
    if form in _SHAPES:
        moment = _timestamp(collapsed(text))
        if moment.shape != _SHAPES[form]:
            raise ValueError(f"not a {_SHAPES[form]}")
        return moment
    if bound.kind is bool:
        if collapsed(text) not in _TRUTH:
            raise ValueError("neither true nor false")
        return _TRUTH[collapsed(text)]
    if form is Form.INTEGER:
        return _integer(collapsed(text))
    if form is Form.OID:
        _oid(collapsed(text))
        return collapsed(text)
    if bound.kind is Decimal:
        return _decimal(collapsed(text), form)
    if bound.one_of and text not in bound.one_of:
        raise ValueError("another value than the standard gives it")
    if bound.filled and not text.strip():
        raise ValueError("is empty")
    return RichText(text) if bound.kind is RichText else text


def write_leaf(node: etree._Element, bound: Bound, value: Any) -> str | None:
    """Fill ``node``; what is ready-made XML is returned, to stand inside it."""
    if isinstance(value, RichText) and value.markup is not None:
        if bound.form is Form.PLAIN:
            raise ValueError("formatted text where only plain text may stand")
        return RichText.formatted(value.markup).markup
    if isinstance(value, Content):
        return "".join(element_of(one) for one in value.items)
    if isinstance(value, Code | Coded):
        names = _CODED if isinstance(value, Coded) else _CODE
        for attribute, field in names.items():
            _set(node, attribute, getattr(value, field), token=attribute in {"V", "S"})
        if isinstance(value, Coded):
            if bound.form is Form.CS and (value.system or value.text):
                raise ValueError("a code that names its list where none may be named")
            _oid(value.system)
    elif isinstance(value, Quantity):
        _set(node, "V", None if value.value is None else str(number(str(value.value))))
        _set(node, "U", value.unit, token=True)
    elif bound.form in {Form.TS, Form.URL}:
        if value != "":
            _set(node, "V", to_text(value, bound), token=True)
    elif bound.form is not Form.FLAG:
        node.text = to_text(value, bound)
    return None


def to_text(value: Any, bound: Bound) -> str:
    """``value`` as an element's text. Raises ``ValueError`` where it may not stand there."""
    if isinstance(value, RichText):
        value = value.plain
    if isinstance(value, Timestamp):
        if bound.form in _SHAPES and value.shape != _SHAPES[bound.form]:
            raise ValueError(f"not a {_SHAPES[bound.form]}")
        return value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(number(str(value)), "f")
    if not isinstance(value, str):
        raise ValueError(f"a {type(value).__name__} where a {bound.kind.__name__} belongs")  # noqa: TRY004 - refused alike
    if bound.filled and not value.strip():
        raise ValueError("is empty")
    if bound.one_of and value not in bound.one_of:
        raise ValueError("another value than the standard gives it")
    if bound.form is Form.OID:
        _oid(value)
    if bound.form in {Form.ADDRESS, Form.URL} and not _URI.fullmatch(value):
        raise ValueError("no address (URI)")
    return value


def element_of(foreign: Foreign) -> str:
    """The element in canonical form. Raises ``NotXml``."""
    return Foreign.of(foreign.xml.encode()).xml


def attributes(node: etree._Element, known: set[str]) -> None:
    """Raise ``ValueError`` if ``node`` has other attributes than ``known`` and hints."""
    for name in node.attrib:
        if str(name) not in known and str(name) not in _HINTS:
            short = etree.QName(str(name)).localname[:LONGEST_NAME]
            raise ValueError(f"an attribute the standard does not have: {short}")


def _code(node: etree._Element, kind: type[Code | Coded], *, named: bool) -> Code | Coded:
    names = _CODED if named else _CODE
    attributes(node, set(names))
    _no_text(node)
    found = {field: node.get(name) for name, field in names.items()}
    for token in ("code", "system"):
        if (text := found.get(token)) is not None:
            found[token] = collapsed(text)
    _oid(found.get("system"))
    return kind(**found)


def _oid(system: str | None) -> None:
    if system is not None and not (len(system) <= _OID_LENGTH and _OID.fullmatch(system)):
        raise ValueError("no OID where one belongs")


def _quantity(node: etree._Element) -> Quantity:
    attributes(node, {"V", "U"})
    _no_text(node)
    value, unit = node.get("V"), node.get("U")
    return Quantity(
        None if value is None else number(collapsed(value)),
        None if unit is None else collapsed(unit),
    )


def _from_v(node: etree._Element, form: Form) -> Timestamp | str:
    attributes(node, {"V"})
    _no_text(node)
    value = node.get("V")
    if form is Form.URL:
        return "" if value is None else collapsed(value)
    if value is None:
        raise ValueError("has no value (V)")
    return _timestamp(collapsed(value))


def _timestamp(text: str) -> Timestamp:
    try:
        return Timestamp(text)
    except ValueError as error:
        raise ValueError("not a time or date") from error


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise ValueError("not a whole number")
    return int(text)


def _decimal(text: str, form: Form) -> Decimal:
    if form is Form.DECIMAL and "e" in text.casefold():
        raise ValueError("not a decimal number")
    return number(text)


def _rich(node: etree._Element) -> RichText:
    # anyType allows any attribute; these say nothing that the text does not
    attributes(node, {f"{_XML}lang", f"{_XML}space"})
    return RichText(markup=inner_markup(node)) if len(node) else RichText(plain=node.text or "")


def _content(node: etree._Element) -> Content:
    attributes(node, set())
    if any((text or "").strip() for text in (node.text, *(one.tail for one in node))):
        raise ValueError("text where only elements belong")
    return Content(tuple(Foreign(element_markup(one)) for one in node))


def _no_text(node: etree._Element) -> None:
    if (node.text or "").strip():
        raise ValueError("text where only attributes belong")


def _set(node: etree._Element, name: str, value: str | None, *, token: bool = False) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        raise ValueError(f"a {type(value).__name__} where a text belongs")  # noqa: TRY004 - refused alike
    if token and collapsed(value) != value:
        raise ValueError("a code or unit with white space at its ends or doubled")
    node.set(name, value)
