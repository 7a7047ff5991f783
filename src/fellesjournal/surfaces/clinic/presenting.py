"""Chart data made ready for templates: ages and doses in words. Values: surfaces/measurements."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, ngettext

from fellesjournal.care.chart.clinical import Dose
from fellesjournal.care.citizens.resources import Person
from fellesjournal.surfaces.clinic.labels import label

_CHILD_UNTIL = 16


def age(person: Person, today: date) -> str:
    """``43 years``; months below two years, days below two months; "" when unknown."""
    years = person.age_on(today)
    if years is None:
        return ""
    months = person.months_on(today) or 0
    if months < 2 and (days := person.days_on(today)) is not None:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if years < 2:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def sex(person: Person, today: date) -> str:
    """``woman``, ``boy``; "" when not recorded."""
    years = person.age_on(today)
    if years is not None and years < _CHILD_UNTIL and person.sex in {"male", "female"}:
        return label("boy" if person.sex == "male" else "girl")
    return label(person.sex)


def dose(given: Dose) -> str:
    """A dosage in words: ``1 tablet, 2 times a day``."""
    if given.text or not given.period:
        return given.text or given.amount
    rhythm = _rhythm(given)
    return f"{given.amount}, {rhythm}" if given.amount else rhythm


def _rhythm(given: Dose) -> str:
    if given.every == "1":
        period = label(f"per-{given.period}") or given.period
        return gettext("%(n)s × per %(period)s") % {"n": given.times, "period": period}
    period = label(f"every-{given.period}") or given.period
    return gettext("%(n)s × every %(every)s %(period)s") % {
        "n": given.times,
        "every": given.every,
        "period": period,
    }
