"""Who sends to whom: each organisation one's own exchanges documents with, how much of it both can
follow, and what nobody heard of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import previous
from fellesjournal.leadership.figures.ratios import ratio
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.coverage import both_by_chance
from fellesjournal.leadership.indicators.pairs import Told
from fellesjournal.leadership.indicators.parts import Part, Shown
from fellesjournal.leadership.indicators.sa6 import SA6
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.indicator_views import month_asked
from fellesjournal.surfaces.leaders.pages import leading, page


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation at the other end, in words."""

    name: str
    is_inside: bool
    sent: str
    closed: str
    silent: str
    coverage: str


@require_GET
@for_duty(Duty.SEE_FIGURES)
def interaction(request: HttpRequest) -> HttpResponse:
    """What we send to whom, and what comes from whom. ``?month=2026-11``."""
    session = leading(request)
    own = reading.own_units(session)
    seen = reading.seen_until(session, [SA6])
    period = month_asked(request.GET.get("month", ""))
    context: dict[str, object] = {
        "month": period.start, "before": previous(period).start,
        "after": period.end if period.end <= clock.today() else None, "cut": seen.get(SA6.id),
    }  # fmt: skip
    if SA6.id in seen:
        asked = Asked(SA6, period, values=reading.values(session))
        found, names = reading.pairs_of(session, asked, own)
        others = {number for each in found for number in (each.sender, each.receiver)}
        others.discard(own.organisation)
        sent = [each for each in found if each.sender == own.organisation]
        came = [each for each in found if each.receiver == own.organisation]
        context |= {
            "tables": [
                (gettext("What we send"), _lines(sent, names, own.inside, is_sent=True)),
                (gettext("What comes to us"), _lines(came, names, own.inside, is_sent=False)),
            ],
            "own": names.get(own.organisation, own.tree[0].name),
            **_platform(len(others & own.inside), len(others)),
        }
    return page(request, "leaders/interaction.html", context)


def _lines(
    told: Iterable[Told], names: Mapping[int, str], inside: frozenset[int], *, is_sent: bool
) -> list[Line]:
    lines = []
    for each in told:
        other = each.receiver if is_sent else each.sender
        lines.append(
            Line(
                names.get(other, ""),
                other in inside,
                _count(each.parts["coverage"]),
                _share(each.parts["closed"]),
                _share(each.parts["silent"]),
                _share(each.parts["coverage"]),
            )
        )
    return sorted(lines, key=lambda line: line.name.casefold())


def _platform(inside: int, of: int) -> dict[str, object]:
    """How many of those at the other end use the platform, in words."""
    share = ratio(inside, of).value
    if share is None:
        return {"inside": 0, "of": 0}
    return {
        "inside": inside, "of": of, "share": _percent(share), "chance": _percent(both_by_chance(share)),
    }  # fmt: skip


def _share(part: Shown) -> str:
    if not isinstance(part, Part):
        return (
            gettext("held back: few")
            if part.is_small
            else gettext("held back: it would tell another")
        )
    if part.denominator == 0 or part.numerator is None:
        return "–"
    value = _percent(Fraction(part.numerator, part.denominator))
    return f"{value} ({part.numerator} / {part.denominator})"


def _count(part: Shown) -> str:
    if not isinstance(part, Part):
        return (
            gettext("held back: few")
            if part.is_small
            else gettext("held back: it would tell another")
        )
    return in_words(part.denominator, 0, get_language() or "nb")


def _percent(value: Fraction) -> str:
    return in_words(value, 1, get_language() or "nb", percent=True)
