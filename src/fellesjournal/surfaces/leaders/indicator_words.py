"""Indicators in words: a figure, why there is none, and what the definition says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.access.directory.units import Unit
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.figures.periods import Period, month_of
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.indicators.asking import Asked, assumptions_of
from fellesjournal.leadership.indicators.definition import Indicator, Scoring, Text
from fellesjournal.leadership.indicators.measuring import Measured

_HOUR, _DAY = Fraction(60), Fraction(1440)
"""In minutes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in words. ``value`` is "" when ``why_not`` says why there is none."""

    figure: Figure
    value: str
    interval: str
    counts: str
    why_not: str
    carried: str = ""
    """Since when it stands as it is, where too few are new to show more."""
    companions: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()

    @property
    def period(self) -> str:
        """Of when it is."""
        return period_of(self.figure.period)


@dataclass(frozen=True, slots=True)
class Look:
    """One indicator as a leader sees it: ``rows`` her ``unit`` and all below, ``over_time`` her own,
    oldest first. Without rows, and ``cut`` None, while its tables are being made.
    """

    asked: Asked
    unit: Unit
    rows: Sequence[tuple[Unit, Shown]]
    over_time: Sequence[Shown]
    cut: datetime | None


def said(text: Text) -> str:
    """A text of a definition in the language of the page."""
    return text.get(get_language() or "nb") or text.get("nb", "")


def one_pager(indicator: Indicator) -> list[tuple[str, str]]:
    """What an indicator is, by name: exactly id, title, description, category, services, functionality."""
    return [
        (gettext("ID"), ", ".join([indicator.id, *indicator.aliases])),
        (gettext("Title"), said(indicator.titles)),
        (gettext("Description"), said(indicator.description)),
        (gettext("Category and dashboard"), said(indicator.categories)),
        (gettext("Relevant services"), said(indicator.services)),
        (gettext("Functionality"), said(indicator.functionality)),
    ]


def counting(indicator: Indicator) -> list[tuple[str, str, str]]:
    """How it is counted: name, words, and the key of the assumption they are, "" for others."""
    balance = [(gettext("Balanced by"), said(indicator.balance), "")] if indicator.balance else []
    return [
        (gettext("Numerator"), said(indicator.numerator), ""),
        (gettext("Denominator"), said(indicator.denominator), ""),
        (
            gettext("Left out, and counted"),
            "; ".join(said(each) for each in indicator.exclusions.values()),
            "",
        ),
        (
            gettext("Always shown beside"),
            "; ".join(said(each.titles) for each in indicator.companions),
            "",
        ),
        *balance,
        *(
            (gettext("Assumption"), gettext(each.title), each.key)
            for each in assumptions_of(indicator)
        ),
        (gettext("Version"), f"{indicator.version}, {indicator.hash}", ""),
        (gettext("Source"), said(indicator.source), ""),
    ]


def shown(indicator: Indicator, found: Measured) -> Shown:
    """A figure as the page writes it."""
    figure = found.figure
    interval = figure.interval
    return Shown(
        figure,
        value="" if figure.value is None else value_of(indicator, figure.value),
        interval="" if interval is None else f"{_share(interval.low)}–{_share(interval.high)}",
        counts="" if figure.numerator is None or figure.denominator is None
        else f"{_whole(figure.numerator)} / {_whole(figure.denominator)}",
        why_not=_why_not(figure),
        carried=written(localtime(figure.data_cut), "j. F H:i") if found.is_carried else "",
        companions=tuple(
            (
                said(each.titles),
                _companion(beside.value, is_hidden=beside.is_hidden, is_share=each.is_share, unit=each.unit),
            )
            for each, beside in zip(indicator.companions, found.companions, strict=True)
        ),
        excluded=() if figure.value is None else tuple(
            (said(text), _left_out(figure.excluded.get(name, 0)))
            for name, text in indicator.exclusions.items()
        ),
    )  # fmt: skip


def _left_out(count: int | None) -> str:
    return gettext("held back: few") if count is None else _whole(count)


def period_of(period: Period) -> str:
    """A month by its name, other periods by how long they are and their last day."""
    if period == month_of(period.start):
        return written(period.start, "F Y")
    last = period.end - timedelta(days=1)
    of = {"days": period.days, "day": written(last, "j. F Y")}
    return gettext("%(days)s days to %(day)s") % of


def interval_word() -> str:
    """What an interval is headed with, on the page (whose templates write % twice) and on paper."""
    return gettext("95 %% interval") % ()


def value_of(indicator: Indicator, value: Fraction | float) -> str:
    """A value in the unit of its indicator: ``56,3 %``, ``12,00 min``."""
    if indicator.scoring is Scoring.PROPORTION:
        return _share(value)
    return _amount(value, indicator.unit)


def _why_not(figure: Figure) -> str:
    if figure.status is Status.NO_OBSERVATIONS:
        return gettext("nothing to count")
    if figure.status is Status.SUPPRESSED and figure.reason == "few":
        return gettext("held back: few")
    if figure.status is Status.SUPPRESSED:
        return gettext("held back: it would tell another")
    return ""


def _companion(value: Fraction | None, *, is_hidden: bool, is_share: bool, unit: str) -> str:
    if value is None:
        return gettext("held back: few") if is_hidden else "–"
    return _share(value) if is_share else _amount(value, unit)


def _amount(value: Fraction | float, unit: str) -> str:
    """A number in its unit; of minutes nobody reads as such, hours or days."""
    exact = Fraction(value)
    if unit == "min" and exact == 0:
        return f"0 {unit}"
    if unit == "min" and abs(exact) >= 2 * _DAY:
        return gettext("%(number)s days and nights") % {"number": _number(exact / _DAY)}
    if unit == "min" and abs(exact) >= 2 * _HOUR:
        return gettext("%(number)s hours") % {"number": _number(exact / _HOUR)}
    return f"{_number(value)} {unit}".strip()


def _share(value: Fraction | float) -> str:
    return in_words(value, 1, get_language() or "nb", percent=True)


def _number(value: Fraction | float) -> str:
    return in_words(value, 2, get_language() or "nb")


def _whole(value: Fraction | int) -> str:
    return in_words(value, 0, get_language() or "nb")


__all__ = [
    "Look", "Shown", "counting", "interval_word", "one_pager", "period_of", "said", "shown",
    "value_of",
]  # fmt: skip
