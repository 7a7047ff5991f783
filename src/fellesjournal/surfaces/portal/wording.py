"""What HelsaMi calls things: roles of those who act for others, and kinds of information."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.citizen import SELF_SEE, SELF_WRITE
from fellesjournal.access.readlog import words
from fellesjournal.access.readlog.words import Language
from fellesjournal.access.representation.rules import Band, Code, Representation
from fellesjournal.care.privacy.queries import Acting
from fellesjournal.fhir.reading import moment
from fellesjournal.foundation.ui.templatetags.ui import day, written


def language() -> Language:
    """The language of the page, for texts that stand with the policy and the log."""
    chosen = (get_language() or "nb")[:2]
    return cast("Language", chosen if chosen in {"nb", "nn", "en"} else "nb")


def acting_as(code: Code) -> str:
    """As what somebody acts for another (7611)."""
    return {
        Code.PARENT: gettext("as parent"),
        Code.GUARDIAN: gettext("as guardian"),
        Code.ATTORNEY: gettext("with a power of attorney"),
        Code.ASSIGNED: gettext("as assigned next of kin"),
    }[code]


@dataclass(frozen=True, slots=True)
class ActingRow:
    """A person in a list of those who act for others, in words.

    ``given`` is the name to speak of the person by; ``until`` is a phrase, "" for no known end;
    ``born`` is a day, "" if not told; ``parts`` is what is open, ``left_out`` what is not, ``does``
    what may be done besides seeing; ``consents`` are ids of the powers of attorney that can be
    taken back.
    """

    person: str
    name: str
    given: str
    as_what: str
    until: str
    born: str
    parts: str
    does: str
    left_out: str
    is_reduced: bool
    consents: tuple[str, ...]


def acting_row(found: Acting) -> ActingRow:
    """One :class:`Acting` in words."""
    leave = found.representation
    open_areas = int(SELF_SEE) & leave.areas
    # what follows other information no page shows by itself: nobody would miss it by that name
    open_areas, closed = open_areas & ~FOLLOWS, int(SELF_SEE) & ~leave.areas & ~FOLLOWS
    name = found.name or gettext("a person")
    return ActingRow(
        person=found.person,
        name=name,
        given=found.name.split(" ")[0] or name,
        as_what=acting_as(leave.code),
        until=_until(leave),
        born=day(moment(found.born)) if found.born else "",
        does=_does(leave.areas),
        parts="" if not closed else area_list(open_areas),
        left_out=area_list(closed),
        is_reduced=leave.band is Band.REDUCED,
        consents=found.consents if leave.code is Code.ATTORNEY else (),
    )


def _does(areas: int) -> str:
    """What may be done here in a record of which these areas are open, as ``a, b and c``."""
    acts = {
        Area.CONTACTS: gettext("book, move and cancel appointments"),
        Area.MESSAGES: gettext("write messages"),
        Area.REQUESTS: gettext("apply for municipal services"),
        Area.HEALTH: gettext("write measurements from home"),
        Area.PERSON: gettext("change telephone, e-mail and whom to turn to"),
    }
    allowed = int(SELF_WRITE) & areas
    does = [text for area, text in acts.items() if area & allowed]
    if Area.MEDICATION & areas and Area.MESSAGES & allowed:
        does.append(gettext("ask for renewal of medicines"))
    return words.listed(tuple(does), language())


def _until(leave: Representation) -> str:
    """Until when, in words; "" when no end is known. The next age may only be a step."""
    if leave.until is None:
        return ""
    last = written(localtime(leave.until), "j. F Y")
    if leave.code is Code.PARENT and leave.band is Band.FULL:
        return gettext("in full until %(until)s, then in part") % {"until": last}
    return gettext("until %(until)s") % {"until": last}


def acting_rows(found: Iterable[Acting]) -> list[ActingRow]:
    """Several, in their order."""
    return [acting_row(each) for each in found]


def area_list(areas: int) -> str:
    """Kinds of information as ``a, b and c``."""
    return words.listed(words.areas(int(areas), language()), language())


FOLLOWS = Area.ORIGIN | Area.COLLECTIONS
"""What tells of other information, and is closed together with it without being asked for."""


def area_choices() -> list[tuple[str, str]]:
    """The kinds of information a citizen can block: code and what it is called."""
    return [
        (area.name.lower(), words.AREAS[area][language()])
        for area in Area
        if area in SELF_SEE & ~FOLLOWS and area in words.AREAS and area.name
    ]
