"""Attained hours in words: of each benefit of a plan, and of all plans beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.attained_hours import PlanHours, Span, hours_of
from fellesjournal.leadership.benefits.plan import Plan
from fellesjournal.leadership.benefits.worksheet import Row
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.benefit_lines import attained_now


def of_plan(plan: Plan, unit: str, rows: Sequence[Row]) -> PlanHours:
    """The hours of a plan, by the latest measurement of each of its lines."""
    return hours_of(plan, unit, rows, attained_now)


def shown(found: PlanHours, titles: Mapping[str, str]) -> dict[str, Any]:
    """A plan's hours for its page."""
    return {
        "rows": [
            {
                "title": each.title, "planned": plain(each.planned.hours, 1),
                "planned_range": _range(each.planned),
                "attained": "" if each.attained is None else plain(each.attained.hours, 1),
                "attained_range": "" if each.attained is None else _range(each.attained),
                "share": "" if each.share is None else percent(each.share),
                "indicator": titles.get(each.indicator, each.indicator),
                "status": "" if each.verdict is None else str(words.VERDICTS[each.verdict]),
                "look": "neutral" if each.verdict is None else words.LOOKS[each.verdict],
                "confounders": [f"{one.day:%d.%m.%Y}: {one.what}" for one in each.confounders],
            }
            for each in found.benefits
        ],
        **_sums(found),
    }  # fmt: skip


def of_plans(session: Session, plans: Sequence[Document[Plan]]) -> dict[str, dict[str, Any]]:
    """The sums of each plan that has counted hours, by the id of its unit."""
    rows = [each.row for each in queries.counted_rows(session)]
    found = {each.key: of_plan(each.body, each.key, rows) for each in plans}
    return {key: _sums(each) for key, each in found.items() if each.benefits}


def _sums(found: PlanHours) -> dict[str, Any]:
    attained = found.attained
    return {
        "planned": plain(found.planned.hours, 1),
        "planned_range": _range(found.planned),
        "attained": "" if attained is None else plain(attained.hours, 1),
        "attained_range": "" if attained is None else _range(attained),
        "waiting": plain(found.waiting, 1) if found.waiting else "",
        "is_certain": all(each.is_certain for each in found.benefits if each.attained is not None),
        "confounders": found.confounders,
    }


def _range(span: Span) -> str:
    if span.low == span.high:
        return ""
    return gettext("%(low)s to %(high)s") % {"low": plain(span.low, 1), "high": plain(span.high, 1)}


__all__ = ["of_plan", "of_plans", "shown"]
