"""The primitive types of R4: whether a JSON value is one (http://hl7.org/fhir/R4/datatypes.html).

The expressions are those of the standard, anchored, with ASCII classes as its authors'
engines read them. Where R4 has a rule in prose only (days of the month, 32-bit integers,
the length of a string, base64 that decodes) it is applied here as well.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from typing import Final

Check = Callable[[object], bool]

MAX_STRING: Final = 1024 * 1024
"""Characters in a string or markdown; R4: 1 MB."""

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_MONTH_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|[12][0-9]))"
)
# A leap second is allowed as in the standard's own expression; 24:00 is not.
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"

_DATE = re.compile(f"{_YEAR}(?:-(?:{_MONTH_DAY}|0[1-9]|1[0-2]))?")
_DATE_TIME = re.compile(f"{_YEAR}(?:-(?:{_MONTH_DAY}(?:T{_CLOCK}{_ZONE})?|0[1-9]|1[0-2]))?")
_INSTANT = re.compile(f"{_YEAR}-{_MONTH_DAY}T{_CLOCK}{_ZONE}")
_TIME = re.compile(_CLOCK)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CODE = re.compile(r"[^\s]+(?:\s[^\s]+)*", re.ASCII)
_URI = re.compile(r"[^\s\x00-\x1f]+", re.ASCII)
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BLANKS = re.compile(r"[ \t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ELEMENT_ID = re.compile(r"[^\s\x00-\x1f]+", re.ASCII)


def is_string(value: object) -> bool:
    """Not empty, at most 1 MB, no control characters but tab and line ends."""
    return (
        type(value) is str
        and 0 < len(value) <= MAX_STRING
        and (value.isprintable() or not _CONTROL.search(value))
    )


def is_code(value: object) -> bool:
    """No blanks at the ends, single ones inside."""
    return type(value) is str and _CODE.fullmatch(value) is not None and is_string(value)


def is_id(value: object) -> bool:
    """A resource id: 1-64 letters, digits, hyphens and dots."""
    return type(value) is str and _ID.fullmatch(value) is not None


def is_element_id(value: object) -> bool:
    """Element.id: any string without blanks (http://hl7.org/fhir/R4/element.html)."""
    return type(value) is str and _ELEMENT_ID.fullmatch(value) is not None


def is_uri(value: object) -> bool:
    """No blanks or control characters; not empty."""
    return type(value) is str and _URI.fullmatch(value) is not None


def is_oid(value: object) -> bool:
    """An ``urn:oid:`` with the arcs of an object identifier."""
    return type(value) is str and _OID.fullmatch(value) is not None


def is_uuid(value: object) -> bool:
    """``urn:uuid:...`` in lower case."""
    return type(value) is str and _UUID.fullmatch(value) is not None


def is_boolean(value: object) -> bool:
    """The JSON values true and false, never a string."""
    return type(value) is bool


def is_integer(value: object) -> bool:
    """A 32-bit integer; 1.0 is none."""
    return type(value) is int and -2147483648 <= value <= 2147483647


def is_unsigned_int(value: object) -> bool:
    """0 to 2147483647."""
    return type(value) is int and 0 <= value <= 2147483647


def is_positive_int(value: object) -> bool:
    """1 to 2147483647."""
    return type(value) is int and 1 <= value <= 2147483647


def is_decimal(value: object) -> bool:
    """A finite JSON number."""
    # A number that is not finite can't come out of the JSON parser.
    return type(value) is float or type(value) is int


def is_decimal_text(value: object) -> bool:
    """A decimal in text, as search parameters carry it."""
    return type(value) is str and _DECIMAL.fullmatch(value) is not None


def is_date(value: object) -> bool:
    """A year, month or existing day."""
    return type(value) is str and _DATE.fullmatch(value) is not None and _day_exists(value)


def is_date_time(value: object) -> bool:
    """A year, month or existing day, or a time on it with seconds and zone."""
    return type(value) is str and _DATE_TIME.fullmatch(value) is not None and _day_exists(value)


def is_instant(value: object) -> bool:
    """A time with date, seconds and zone."""
    return type(value) is str and _INSTANT.fullmatch(value) is not None and _day_exists(value)


def is_time(value: object) -> bool:
    """``hh:mm:ss``, no zone."""
    return type(value) is str and _TIME.fullmatch(value) is not None


def is_base64(value: object) -> bool:
    """Base64 that decodes; blanks between the characters don't matter."""
    if type(value) is not str or not value:
        return False
    # Not the standard's expression, which takes exponential time on some input.
    packed = _BLANKS.sub("", value)
    if len(packed) % 4 or "=" in packed[:-2]:
        return False
    try:
        return binascii.a2b_base64(packed, strict_mode=True) != b""
    except ValueError:
        return False


def _day_exists(value: str) -> bool:
    # The expression allows 29 February in every year; here the year decides.
    if value[5:10] != "02-29":
        return True
    year = int(value[:4])
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


CHECKS: Final[dict[str, Check]] = {
    "base64Binary": is_base64,
    "boolean": is_boolean,
    "canonical": is_uri,
    "code": is_code,
    "date": is_date,
    "dateTime": is_date_time,
    "decimal": is_decimal,
    "id": is_id,
    "instant": is_instant,
    "integer": is_integer,
    "markdown": is_string,
    "oid": is_oid,
    "positiveInt": is_positive_int,
    "string": is_string,
    "time": is_time,
    "unsignedInt": is_unsigned_int,
    "uri": is_uri,
    "url": is_uri,
    "uuid": is_uuid,
    "xhtml": is_string,
}
"""Primitive type -> its check. ``xhtml`` is checked further as a narrative."""
