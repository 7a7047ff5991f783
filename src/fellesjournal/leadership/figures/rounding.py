"""Rounding, at display only, in the way that is named."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from enum import Enum
from fractions import Fraction

from babel.numbers import format_decimal

_EXACT = Context(prec=60)


class Mode(Enum):
    """How digits are left out. Published tables use both."""

    HALF_UP = ROUND_HALF_UP
    TRUNC = ROUND_DOWN


def rounded(
    value: Fraction | Decimal | float, places: int = 0, mode: Mode = Mode.HALF_UP
) -> Decimal:
    """The value with so many decimals; halves go away from zero, or digits are cut off."""
    exact = Fraction(value)
    scaled = exact * 10**places
    whole = _EXACT.divide(Decimal(scaled.numerator), Decimal(scaled.denominator))
    return whole.quantize(Decimal(1), mode.value, _EXACT).scaleb(-places, _EXACT)


def in_words(
    value: Fraction | Decimal | float, places: int, language: str, *, percent: bool = False
) -> str:
    """The value as it is written in a language: ``1 234,5``, ``16,7 %`` (nb, nn), ``1,234.5`` (en)."""
    shown = rounded(Fraction(value) * (100 if percent else 1), places)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    text: str = format_decimal(shown, format=pattern, locale=_LOCALES.get(language, "nb"))
    return (
        f"{text}\N{NO-BREAK SPACE}%"
        if percent and language != "en"
        else f"{text}%"
        if percent
        else text
    )


_LOCALES = {"nb": "nb", "nn": "nn", "en": "en_GB"}

__all__ = ["Mode", "in_words", "rounded"]
