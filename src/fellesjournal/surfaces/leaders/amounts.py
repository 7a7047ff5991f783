"""Money and numbers as the leaders' pages write them, in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language, gettext

from fellesjournal.leadership.figures.rounding import in_words

Amount = Decimal | Fraction | float


def language() -> str:
    """The language of the page."""
    return get_language() or "nb"


def plain(amount: Amount, places: int = 0) -> str:
    """A number with so many decimals."""
    return in_words(amount, places, language())


def kroner(amount: Amount) -> str:
    """Whole kroner."""
    return gettext("NOK %(amount)s") % {"amount": plain(amount)}


def about(amount: float) -> str:
    """A simulated amount: to the nearest thousand, for more digits are chance."""
    return kroner(round(amount, -3))


def signed(amount: Amount) -> str:
    """A difference, with its sign."""
    return f"+{plain(amount)}" if amount > 0 else plain(amount)


def percent(share: Decimal | Fraction) -> str:
    """A share in percent, with one decimal."""
    return in_words(share, 1, language(), percent=True)


__all__ = ["Amount", "about", "kroner", "language", "percent", "plain", "signed"]
