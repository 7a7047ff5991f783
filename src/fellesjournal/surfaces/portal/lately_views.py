"""What those who act for her have done lately: a page, and a part of the first page.

The first page fetches it when it stands: it costs statements of its own (ui.md section 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fellesjournal.access.readlog.on_behalf import Written, written_on_behalf
from fellesjournal.access.renewing import REQUEST
from fellesjournal.foundation import clock
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page

_WITHIN = timedelta(days=30)
_MOST = 200
_SHOWN = 5

# What was done, by the type of what was written: when it was new, and when it stood before ("":
# nothing to tell of, such as a message that was marked as read).
_DONE: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "Appointment": (_("%(name)s booked an appointment"), _("%(name)s changed an appointment")),
    "Communication": (_("%(name)s wrote a message"), ""),
    "ServiceRequest": (
        _("%(name)s sent an application"),
        _("%(name)s changed an application"),
    ),
    "Observation": (
        _("%(name)s wrote down a measurement"),
        _("%(name)s corrected a measurement"),
    ),
    "Patient": ("", _("%(name)s changed your contact information")),
    "RelatedPerson": (
        _("%(name)s changed your next of kin"),
        _("%(name)s changed your next of kin"),
    ),
    "Consent": (
        _("%(name)s changed who may see or do what"),
        _("%(name)s changed who may see or do what"),
    ),
}

_CALLED_OFF = _("%(name)s called off an appointment")
_RENEWAL = _("%(name)s asked for a renewal of medicines")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing done on a day, as a sentence."""

    sentence: str
    day: date


@require_GET
@in_helsami
def lately(request: HttpRequest) -> HttpResponse:
    """What others did on her behalf in the last month; in her own record alone."""
    session = open_session(request)
    if session.person != session.subject:
        return redirect("portal")
    found = written_on_behalf(
        session, since=clock.now() - _WITHIN, kinds=tuple(_DONE), most=_MOST
    )  # fmt: skip
    return page(request, "portal/lately.html", {"rows": _rows(found)[:_SHOWN]})


def _rows(found: list[Written]) -> list[Row]:
    """A sentence for each, newest first; the same on the same day stands once."""
    rows: dict[Row, None] = {}
    for each in found:
        sentence = _sentence(each)
        if sentence:
            said = str(sentence) % {"name": each.name or gettext("Somebody who acts for you")}
            rows[Row(said, each.at.astimezone(clock.NORWAY).date())] = None
    return list(rows)


def _sentence(each: Written) -> str | Promise:
    if each.kind == "Appointment" and each.status == "cancelled":
        return _CALLED_OFF
    if each.is_new and REQUEST in each.categories:
        return _RENEWAL
    return _DONE[each.kind][0 if each.is_new else 1]


__all__ = ["lately"]
