r"""Values of search parameters as written in a query (http://hl7.org/fhir/R4/search.html).

Backslash escapes ``, | $ \``; a comma separates alternatives; numbers and dates may carry
a prefix. Everything that can't be read raises :class:`BadValue`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fellesjournal.fhir.temporal import interval

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 60
# A space where a form decoder ate the plus of a time zone.
_EATEN_PLUS = re.compile(r"(T[\d:.]+) (\d\d:\d\d)$", re.ASCII)


class BadValue(ValueError):
    """A value that does not fit its parameter; the message says why."""


def split(text: str, separator: str) -> list[str]:
    """The parts between unescaped separators, escapes left in place."""
    if "\\" not in text:
        return text.split(separator)
    parts, current, at = [], "", 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            current += text[at : at + 2]
            at += 2
            continue
        if text[at] == separator:
            parts.append(current)
            current = ""
        else:
            current += text[at]
        at += 1
    return [*parts, current]


def unescape(text: str) -> str:
    r"""The text meant: ``\,`` is a comma. Another escape is not known and stays as it is."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([,|$\\])", r"\1", text)


def prefixed(text: str) -> tuple[str, str]:
    """Prefix (``eq`` when there is none) and the rest."""
    if text[:2].isalpha():
        if text[:2] not in PREFIXES:
            raise BadValue(f"{text[:2]!r} is no prefix; there are {' '.join(PREFIXES)}")
        return text[:2], text[2:]
    return "eq", text


def date_value(text: str) -> tuple[int, int]:
    """What a date in a query covers, in microseconds, half-open."""
    try:
        return interval(_EATEN_PLUS.sub(r"\1+\2", text))
    except ValueError:
        raise BadValue(
            f"{text!r} is no date; dates are YYYY, YYYY-MM, YYYY-MM-DD"
            " or YYYY-MM-DDThh:mm[:ss[.sss]][Z|+hh:mm]"
        ) from None


@dataclass(frozen=True, slots=True)
class Number:
    """A number and what its digits leave open: ``[low, high)``."""

    value: Decimal
    low: Decimal
    high: Decimal


def number_value(text: str) -> Number:
    """A decimal with its implicit precision.

    100 is [99.5, 100.5), 100.00 is [99.995, 100.005); 1e2 is [95, 105), as the standard's
    own example has it.
    """
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise BadValue(f"{text!r} is no number")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadValue(f"{text!r} is no number") from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(value.adjusted()) > 300:
        raise BadValue(f"{text!r} is out of range")
    half = Decimal(5).scaleb(exponent - 1 if exponent <= 0 else exponent - 2)
    return Number(value, value - half, value + half)


def approximately(value: Decimal) -> tuple[Decimal, Decimal]:
    """Within a tenth of the value, the standard's recommendation for ``ap``."""
    tenth = abs(value) / 10
    return value - tenth, value + tenth


@dataclass(frozen=True, slots=True)
class TokenValue:
    """``system|code``: system None when not named, "" for ``|code``; code None for ``system|``."""

    system: str | None
    code: str | None


def token_value(text: str) -> TokenValue:
    """``code``, ``system|code``, ``|code`` or ``system|``."""
    parts = [unescape(part) for part in split(text, "|")]
    if len(parts) == 1:
        if not parts[0]:
            raise BadValue("the value is empty")
        return TokenValue(None, parts[0])
    if len(parts) > 2:
        raise BadValue(f"{text!r} has more than one |; a token is system|code")
    system, code = parts
    if not system and not code:
        raise BadValue("neither system nor code")
    return TokenValue(system, code or None)
