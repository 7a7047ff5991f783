"""A block in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from fellesjournal.access.blocks.actions import Standing
from fellesjournal.access.blocks.derive import Block
from fellesjournal.access.policy.areas import ABOUT_PATIENTS
from fellesjournal.access.sessions import Session
from fellesjournal.care.privacy.directory import Choice, choices
from fellesjournal.care.privacy.documents import document
from fellesjournal.surfaces.portal.wording import FOLLOWS, area_list


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block as it is told. ``who`` and ``what`` are phrases; the days are inclusive and aware;
    ``consent`` is "" until it is made.
    """

    who: str
    names: tuple[str, ...]
    what: str
    first_care: datetime | None
    last_care: datetime | None
    starts: datetime | None
    last_day: datetime | None
    consent: str = ""
    decided: datetime | None = None
    is_first: bool = True


def rows_of(session: Session, standing: Iterable[Standing]) -> list[BlockRow]:
    """One row for each block; only the first of a Consent carries the way to end it."""
    rows = []
    for each in standing:
        for turn, block in enumerate(each.blocks):
            decided = parse_datetime(each.decided) if "T" in each.decided else None
            rows.append(
                row_of(session, block, consent=each.consent, decided=decided, is_first=turn == 0)
            )
    return rows


def row_of(
    session: Session,
    block: Block,
    *,
    consent: str = "",
    decided: datetime | None = None,
    is_first: bool = True,
) -> BlockRow:
    """A block in words."""
    named = choices(session, ["/".join(holder) for holder in block.holders])
    if not block.all_but:
        who = gettext("Closed to")
    elif named:
        who = gettext("Closed to everybody at work but")
    else:
        who = gettext("Closed to everybody at work")
    return BlockRow(
        who=who,
        names=tuple(choice_text(choice) for choice in named),
        what=_what(session, block),
        first_care=block.care_from,
        last_care=_inclusive(block.care_to),
        starts=block.starts,
        last_day=_inclusive(block.ends),
        consent=consent,
        decided=decided,
        is_first=is_first,
    )


def choice_text(choice: Choice) -> str:
    """A person or unit as it stands in lists."""
    if choice.place:
        return gettext("%(name)s, only at %(place)s") % {"name": choice.name, "place": choice.place}
    return choice.name


def _what(session: Session, block: Block) -> str:
    if block.resource is not None:
        found = document(session, "/".join(block.resource))
        return gettext("the document “%(title)s”") % {
            "title": gettext("which is not shown") if found is None else found.title
        }
    if block.areas == ABOUT_PATIENTS:
        return gettext("the whole record")
    return area_list(int(block.areas & ~FOLLOWS) or int(block.areas))


def _inclusive(end: datetime | None) -> datetime | None:
    """The last moment before an end, so that its day is the last one."""
    return None if end is None else end - timedelta(microseconds=1)
