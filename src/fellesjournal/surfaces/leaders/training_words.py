"""The words of training, the gate to access, and figures that follow from them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.courses.waivers import Kind
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.rollout.derived import BLOCKERS, END_USERS, Derived
from fellesjournal.leadership.rollout.training import SuperUsers
from fellesjournal.leadership.rollout.training_book import Enforcement
from fellesjournal.leadership.rollout.training_lines import Column, Fault, Unread

ENFORCEMENTS: dict[str, Promise] = {
    Enforcement.OFF: _("nothing is asked"),
    Enforcement.WARN: _("warns, and lets in"),
    Enforcement.STOP: _("stops"),
}
SUPER_USERS: dict[str, Promise] = {
    SuperUsers.NONE: _("nobody is named"),
    SuperUsers.NAMED: _("named, not trained"),
    SuperUsers.TRAINED: _("trained, not on every shift"),
    SuperUsers.ROSTERED: _("on every shift"),
}
WAIVERS: dict[str, Promise] = {
    Kind.LEADER: _("leave by a leader"),
    Kind.EMERGENCY: _("went in because care could not wait"),
}
COLUMNS: dict[str, Promise] = {
    Column.PERSON: _("person"),
    Column.ROLE: _("role"),
    Column.COURSE: _("course"),
    Column.PASSED: _("passed on"),
    Column.EXPIRES: _("holds to before"),
    Column.UNIT: _("unit"),
    Column.DAY: _("day"),
    Column.PART: _("part of the day"),
    Column.PLACE: _("where to take it"),
    Column.CONTACT: _("whom to ask"),
    Column.MONTHS: _("months"),
    Column.ROLES: _("roles"),
}
FAULTS: dict[str, Promise] = {
    Fault.MISSING: _("nothing is written"),
    Fault.UNKNOWN: _("“%(text)s” is not known here"),
    Fault.AMBIGUOUS: _("“%(text)s” may mean several; say which"),
    Fault.NO_DAY: _("“%(text)s” is no day"),
    Fault.NOT_YET: _("“%(text)s” is still to come"),
    Fault.ORDER: _("“%(text)s” is not after the day it was passed"),
    Fault.TWICE: _("“%(text)s” stands twice"),
    Fault.NO_NUMBER: _("“%(text)s” is no number of months"),
    Fault.TOO_MANY: _("too much: “%(text)s”"),
}


def unread(found: Unread) -> str:
    """A cell that can't be read, as a sentence with its line and column."""
    return gettext("Line %(line)s, column “%(column)s”: %(what)s.") % {
        "line": found.line,
        "column": COLUMNS[found.column],
        "what": str(FAULTS[found.fault]) % {"text": found.text},
    }


def evidence(found: Derived) -> str:
    """Where a figure that follows from data comes from."""
    said = {"part": found.part, "whole": found.whole, "day": on_day(found.day)}
    if found.criterion == END_USERS:
        return (
            gettext(
                "Counted from training: %(part)s of %(whole)s who work from go-live on, as known on %(day)s"
            )
            % said
        )
    if found.criterion == BLOCKERS:
        return (
            gettext(
                "Counted from dress rehearsals: %(part)s of %(whole)s played to the end, as known on %(day)s"
            )
            % said
        )
    return (
        gettext(
            "Counted from training: %(part)s of %(whole)s units with a trained one on every shift, as known on %(day)s"
        )
        % said
    )


__all__ = ["COLUMNS", "ENFORCEMENTS", "FAULTS", "SUPER_USERS", "WAIVERS", "evidence", "unread"]
