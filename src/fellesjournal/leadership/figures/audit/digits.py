"""One cell of a published table: what stands there, and what numbers it may stand for.

Digits that are not printed were rounded away, halves away from nought, or cut off: a cell says
neither, so that each way gives a span. Percentages are kept in percent, durations in minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.figures.audit.spans import Span, exactly
from fellesjournal.leadership.figures.durations import minutes_in
from fellesjournal.leadership.figures.rounding import Mode

_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_MINUS = "\N{MINUS SIGN}\N{EN DASH}"
_NUMBER = re.compile(
    r"(?P<less><\s*)?(?P<sign>[-+]?)\s*(?P<whole>\d{1,3}(?: \d{3})+|\d+)(?:[.,](?P<rest>\d+))?\s*"
    r"(?P<percent>%)?"
)
_LONGEST = 60
_NOTHING = frozenset(
    {
        "",
        "-",
        "\N{EM DASH}",
        "\N{EN DASH}",
        "\N{MINUS SIGN}",
        ".",
        "..",
        ":",
        "*",
        "**",
        "?",
        "x",
        "X",
    }
)


class Kind(StrEnum):
    """What a cell is."""

    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Digits:
    """A cell as it is printed. ``value`` is what its digits say, ``step`` the worth of the last of
    them; 0 for what is exact: durations and, where the reader says so, counts. ``is_below``: printed
    as less than its digits. ``has_sign``: a minus or a plus stands before it.
    """

    text: str
    kind: Kind
    value: Fraction = Fraction()
    step: Fraction = Fraction()
    is_below: bool = False
    has_sign: bool = False

    def span(self, mode: Mode, *, is_count: bool = False, is_signed: bool = False) -> Span:
        """What it may stand for when digits were left out in this way. Nought without a sign is
        not below nought, unless ``is_signed``: what is worked out may be. Raises ValueError for an
        empty cell.
        """
        if self.kind is Kind.EMPTY:
            raise ValueError("an empty cell stands for no number")
        if self.is_below:
            return Span(Fraction(), self.value, has_high=False)
        if self.step == 0 or is_count:
            return exactly(self.value)
        if self.value == 0:
            width = self.step / 2 if mode is Mode.HALF_UP else self.step
            if self.has_sign or is_signed:
                return Span(-width, width, has_low=False, has_high=False)
            return Span(Fraction(), width, has_high=False)
        size = abs(self.value)
        found = (
            Span(size - self.step / 2, size + self.step / 2, has_high=False)
            if mode is Mode.HALF_UP
            else Span(size, size + self.step, has_high=False)
        )
        return -found if self.value < 0 else found


def digits(text: str) -> Digits:
    """A cell as it is printed. Raises ValueError, with what is wrong, for what is no number."""
    plain = text.translate(
        {ord(each): " " for each in _SPACES} | {ord(each): "-" for each in _MINUS}
    ).strip()
    if text.strip() in _NOTHING or plain in _NOTHING:
        return Digits(text.strip(), Kind.EMPTY)
    if len(plain) > _LONGEST:
        raise ValueError("longer than any number")
    if plain.endswith("min"):
        return Digits(plain, Kind.DURATION, Fraction(minutes_in(plain)))
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ValueError(f"“{plain}” is no number, percentage or duration")
    rest = found["rest"] or ""
    value = Fraction(int(found["whole"].replace(" ", "") + rest), 10 ** len(rest))
    if found["less"] and found["sign"]:
        raise ValueError(f"“{plain}”: less than, and a sign")
    return Digits(
        plain,
        Kind.PERCENT if found["percent"] else Kind.NUMBER,
        -value if found["sign"] == "-" else value,
        Fraction(1, 10 ** len(rest)),
        is_below=bool(found["less"]),
        has_sign=bool(found["sign"]),
    )


__all__ = ["Digits", "Kind", "digits"]
