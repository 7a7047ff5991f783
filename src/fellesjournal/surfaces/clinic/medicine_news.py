"""What was changed in the medicines, for pages where doses are given from the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.change_words import Said
from fellesjournal.care.medication.queries import changes_of, list_of
from fellesjournal.care.medication.rendering import ToldChange, told
from fellesjournal.fhir.reading import Moment
from fellesjournal.foundation.clock import NORWAY

# Assumption (configurable): so long what was changed stands above the list of medicines.
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class News:
    """One line that is other than it was: ``words`` or ``said`` say how, ``why`` the prescriber's
    reason, ``by`` who changed it, ``at`` when.
    """

    name: str
    words: str
    why: str
    by: str
    at: datetime
    said: Said | None = None


def changed_since(session: Session, patient_id: str, begin: datetime, language: str) -> list[News]:
    """What was changed in a patient's list at ``begin`` or after it, newest first; its history is
    read only when the list is that new. A renewal is no change.
    """
    found = list_of(session, patient_id)
    if found.number < 2 or not _is_since(found.changed, begin):
        return []
    changes = told(changes_of(session, found), language)
    return [
        news
        for each in changes
        if each.change.number > 1 and _is_since(each.change.at, begin)
        for news in _news(each)
    ]


def marks(changes: Iterable[ToldChange], day: date) -> dict[str, str]:
    """What stands on a line of the list, by reference, that was changed or new on a day."""
    found: dict[str, str] = {}
    for each in changes:
        if each.change.number < 2 or not _is_on(each.change.at, day):
            continue
        found |= {pair.after.reference: gettext("changed today") for pair in each.changed}
        found |= {line.reference: gettext("new today") for line in each.added}
    return found


def _news(each: ToldChange) -> list[News]:
    by = each.change.by
    at = each.change.at.at if each.change.at else datetime.min.replace(tzinfo=NORWAY)
    found = [
        News(pair.after.name, str(pair.said), pair.why, by, at, pair.said) for pair in each.changed
    ]
    found += [
        News(line.name, gettext("new: %(dose)s") % {"dose": line.dose}, line.reason, by, at)
        for line in each.added
    ]
    found += [News(gone.line.name, gettext("stopped"), gone.why, by, at) for gone in each.ended]
    return found


def split_lately(
    changes: Iterable[ToldChange], today: date
) -> tuple[list[ToldChange], list[ToldChange]]:
    """Numbers that changed what is taken within LATELY, and all others, in the order given."""
    lately: list[ToldChange] = []
    others: list[ToldChange] = []
    for each in changes:
        at = each.change.at
        is_new = at is not None and today - at.at.astimezone(NORWAY).date() <= LATELY
        is_change = each.change.number > 1 and not each.change.difference.is_empty
        (lately if is_new and is_change else others).append(each)
    return lately, others


def _is_since(at: Moment | None, begin: datetime) -> bool:
    return at is not None and at.at >= begin


def _is_on(at: Moment | None, day: date) -> bool:
    return at is not None and at.at.astimezone(NORWAY).date() == day


__all__ = ["LATELY", "News", "changed_since", "marks", "split_lately"]
