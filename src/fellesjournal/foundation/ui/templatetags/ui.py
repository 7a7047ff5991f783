"""How numbers, dates and person numbers are written."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import Protocol

from django import template
from django.utils import dateformat, formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from fellesjournal.foundation.ui.forms import ONCE_FIELD

register = template.Library()

_SIGNIFICANT = 3
_NORWEGIAN_PHONE = re.compile(r"(?P<land>\+47)?(?P<number>[0-9]{8})")
# Mobile and service numbers are written 3-2-3, others in pairs.
_MOBILE = "489"


class MomentLike(Protocol):
    """A point in time and how exactly it is known: 4 year, 7 month, 10 day, 16 minute."""

    @property
    def at(self) -> datetime:
        """Where it begins; aware."""
        ...

    @property
    def precision(self) -> Enum:
        """How exactly it is known."""
        ...


@register.simple_tag
def once() -> SafeString:
    """A hidden field by which a form that is sent again is known, so that it is done once."""
    return format_html('<input type="hidden" name="{}" value="{}">', ONCE_FIELD, uuid.uuid4())


@register.filter
def number(value: Decimal | float | None) -> str:
    """A clinical number in the reader's language: ``1 234,5``.

    As recorded, trailing zeros included, while it has at most two decimals; a longer one
    (an instrument's raw value) is shown with three significant digits.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        decimals = max(0, min(2, _SIGNIFICANT - 1 - exact.adjusted()))
        exact = round(exact, decimals) if abs(exact) >= Decimal("0.01") else exact
    return formats.number_format(exact, use_l10n=True, force_grouping=abs(exact) >= 10_000)


@register.filter
def exact_number(value: Decimal | None) -> str:
    """A number with every digit it was recorded with."""
    return "" if value is None else formats.number_format(value, use_l10n=True)


@register.filter
def moment(value: MomentLike | None) -> str:
    """As exact as it is known: ``2019``, ``03.2019``, ``14.03.2019``, ``14.03.2019 10:32``."""
    return _written(value, with_time=True)


@register.filter
def day(value: MomentLike | None) -> str:
    """As :func:`moment`, without the time of day."""
    return _written(value, with_time=False)


def _written(value: MomentLike | None, *, with_time: bool) -> str:
    if value is None:
        return ""
    english = get_language() == "en"
    form = {
        4: "Y",
        7: "M Y" if english else "m.Y",
        10: "j M Y" if english else "d.m.Y",
        16: ("j M Y H:i" if english else "d.m.Y H:i")
        if with_time
        else ("j M Y" if english else "d.m.Y"),
    }[value.precision.value]
    return dateformat.format(localtime(value.at), form)


@register.filter
def on_day(value: date | None) -> str:
    """A calendar day, as :func:`day` writes it: a deadline, or when something was received."""
    return "" if value is None else dateformat.format(value, _day_form())


@register.filter
def at_time(value: datetime | None) -> str:
    """An aware moment in Norwegian time, as :func:`moment` writes it: ``14.03.2019 10:32``."""
    return "" if value is None else dateformat.format(localtime(value), f"{_day_form()} H:i")


def _day_form() -> str:
    return "j M Y" if get_language() == "en" else "d.m.Y"


# How a date in words is written in English, by its Norwegian form: no point after the day, and
# never a month as a number, which half of the readers would take for the day.
_ENGLISH = {
    "l j. F": "l j F",
    "l j. F Y": "l j F Y",
    "F Y": "F Y",
    "j. F Y": "j F Y",
    "j. F Y H:i": "j F Y H:i",
    "j. F H:i": "j F H:i",
    "d.m.Y H:i": "j M Y H:i",
    "d.m. H:i": "j M H:i",
    "j.n. H:i": "j M H:i",
    "j.n.": "j M",
}


@register.filter(expects_localtime=True)
def written(value: date | None, form: str) -> str:
    """A date or a local time in a Norwegian form such as ``l j. F``, or in its English one:
    ``søndag 22. november``, ``Sunday 22 November``. Raises KeyError for a form without one.
    """
    if not value:
        return ""
    english = _ENGLISH[form]
    return dateformat.format(value, english if get_language() == "en" else form)


@register.filter
def machine_time(value: MomentLike | None) -> str:
    """For the ``datetime`` attribute of ``<time>``."""
    if value is None:
        return ""
    at = localtime(value.at)
    length: int = value.precision.value
    return at.isoformat()[:length] if length <= 10 else at.isoformat(timespec="minutes")


@register.filter
def person_number(value: str) -> str:
    """Eleven digits as they are read aloud: ``010190 12345``; anything else unchanged."""
    return f"{value[:6]} {value[6:]}" if len(value) == 11 and value.isdigit() else value


@register.filter
def phone(value: str) -> str:
    """A Norwegian number as it is read aloud: ``900 00 002`` (mobile), ``73 82 10 00``, with or
    without +47 in front; anything else unchanged.
    """
    found = _NORWEGIAN_PHONE.fullmatch("".join((value or "").split()))
    if found is None:
        return value
    land, number = found["land"] or "", found["number"]
    cuts = (0, 3, 5, 8) if number[0] in _MOBILE else (0, 2, 4, 6, 8)
    return " ".join([*filter(None, [land]), *(number[a:b] for a, b in pairwise(cuts))])
