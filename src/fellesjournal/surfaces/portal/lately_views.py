"""What those who act for her have done lately: a page, and a part of the first page.

The first page fetches it when it stands: it costs statements of its own (ui.md section 11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fellesjournal.access import patients
from fellesjournal.access.acts import content
from fellesjournal.access.conversing import is_conversation
from fellesjournal.access.readlog.on_behalf import Written, written_on_behalf
from fellesjournal.access.renewing import REQUEST, is_renewal_request
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import written as on_paper
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page

_WITHIN = timedelta(days=30)
_MOST = 200
_SHOWN = 5
_RENEWAL = "renewal"

# What was done, by the type of what was written: when it was new, and when it stood before ("":
# nothing to tell of, such as a message that was marked as read).
_DONE: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "Appointment": (_("%(name)s booked an appointment"), _("%(name)s changed an appointment")),
    "Communication": (_("%(name)s wrote a message"), ""),
    _RENEWAL: (_("%(name)s asked for a renewal of medicines"), ""),
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
_KINDS = tuple(kind for kind in _DONE if kind != _RENEWAL)
# Where it stands now: the page of its kind, as far as she may open it.
_PAGES: Mapping[str, str] = {
    "Appointment": "portal-appointments", "Communication": "portal-messages",
    _RENEWAL: "portal-medicines", "ServiceRequest": "portal-services",
    "Observation": "portal-readings", "Patient": "portal-own", "RelatedPerson": "portal-own",
    "Consent": "portal-blocks",
}  # fmt: skip

_CALLED_OFF = _("%(name)s called off an appointment")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing done on a day, as a sentence, with the page where it stands ("" for none)."""

    sentence: str
    day: date
    href: str


@require_GET
@in_helsami
def lately(request: HttpRequest) -> HttpResponse:
    """What others did on her behalf in the last month; in her own record alone."""
    session = open_session(request)
    if session.person != session.subject:
        return redirect("portal")
    found = written_on_behalf(session, since=clock.now() - _WITHIN, kinds=_KINDS, most=_MOST)
    return page(request, "portal/lately.html", {"rows": _rows(session, found)[:_SHOWN]})


def _rows(session: Session, found: Sequence[Written]) -> list[Row]:
    """A sentence for each, newest first; the same on the same day stands once."""
    bodies = _read(session, found)
    rows: dict[Row, None] = {}
    for each in found:
        body = bodies.get(f"{each.kind}/{each.id}", {})
        is_renewal = REQUEST in each.categories or is_renewal_request(body)
        kind = _RENEWAL if is_renewal else each.kind
        sentence = _sentence(each, kind)
        if sentence:
            said = str(sentence) % {"name": each.name or gettext("Somebody who acts for you")}
            day = each.at.astimezone(clock.NORWAY).date()
            rows[Row(said + _which(body), day, _href(kind, body))] = None
    return list(rows)


def _sentence(each: Written, kind: str) -> str | Promise:
    """What was done, by what it was written as: an appointment that was called off is no change."""
    if each.kind == "Appointment" and each.status == "cancelled":
        return _CALLED_OFF
    return _DONE[kind][0 if each.is_new else 1]


def _read(session: Session, found: Sequence[Written]) -> dict[str, Element]:
    """What stands of the appointments and messages that were written; one round trip."""
    told = [(each.kind, each.id) for each in found if each.kind in {"Appointment", "Communication"}]
    return {each.reference: content(each) for each in patients.read_known(session, told)}


def _which(body: Element) -> str:
    """When an appointment is; "" for all else."""
    at = reading.first_moment(body, "start") if body.get("resourceType") == "Appointment" else None
    return "" if at is None else f" ({on_paper(at.at.astimezone(clock.NORWAY), 'j. F H:i')})"


def _href(kind: str, body: Element) -> str:
    """The page where it stands; a conversation's own when that can be told."""
    if is_conversation(body):
        parent = next(map(reading.reference_target, reading.elements(body.get("partOf"))), "")
        return reverse("portal-message", args=[parent.partition("/")[2] or str(body["id"])])
    return reverse(_PAGES[kind])


__all__ = ["lately"]
