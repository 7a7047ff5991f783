"""How reports of an organisation are answered, in words."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext, ngettext

from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.support.figures import Counted
from fellesjournal.surfaces.leaders.amounts import plain


def service(found: Counted, assumed: Assumptions) -> list[tuple[str, str, str]]:
    """What is told, the figure, and what it counts; nothing while nobody has reported anything."""
    if not found.reports:
        return []
    closed = found.reports - found.open
    answered = found.reports - found.unanswered
    return [
        (gettext("Time to first answer, median"), _time(found.median_first_response),
         _of(answered, found.reports, gettext("%(n)s of %(all)s are answered"))),
        (gettext("Time to close, nine of ten within"), _time(found.p90_to_close),
         _of(closed, found.reports, gettext("%(n)s of %(all)s are closed"))),
        (gettext("Open"), plain(found.open), _age(found)),
        (gettext("Can harm a patient and open for more than %(hours)s hours")
         % {"hours": plain(assumed.safety_hours)}, plain(found.unsafe), ""),
        (gettext("Opened again"), plain(found.reopened), _of(
            found.reopened, found.reports, ngettext(
                "of %(all)s report", "of %(all)s reports", found.reports))),
    ]  # fmt: skip


def _age(found: Counted) -> str:
    if found.oldest is None or found.median_age is None:
        return ""
    return gettext("oldest %(oldest)s, median %(median)s") % {
        "oldest": written(found.oldest), "median": written(found.median_age),
    }  # fmt: skip


def _time(duration: timedelta | None) -> str:
    return "–" if duration is None else written(duration)


def _of(n: int, every: int, text: str) -> str:
    return text % {"n": plain(n), "all": plain(every)}


__all__ = ["service"]
