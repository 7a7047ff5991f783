"""How much awaits whoever is at work, place by place: the numbers beside the places of the bar.

Asked for by a script when a page has come, so that no page is slower for it, and never again by
itself: a page left open must not keep a session alive. Tasks are only counted: no record is opened, and
no citizen's log tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations.tasks import CODE as ANSWER_OWED
from fellesjournal.care.homecare import codes as homecare
from fellesjournal.care.homecare.tasks import KINDS
from fellesjournal.care.medication.renewals.tasks import CODE as RENEWAL_ASKED
from fellesjournal.care.pathways import codes as pathways
from fellesjournal.care.referrals.queries import CODES as REFERRED
from fellesjournal.care.results.queries import CODE as RESULT
from fellesjournal.surfaces.clinic.navigation import places_of
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only

_OPEN = "requested,received,accepted,ready,in-progress,on-hold"
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "results": RESULT,
        "message-queue": ANSWER_OWED,
        "renewals": RENEWAL_ASKED,
        "referrals": REFERRED,
        "pathway-steps": f"{pathways.TASK_CODE}|{pathways.STEP}",
        "home-care-work": ",".join(f"{homecare.TASK_CODE}|{kind}" for kind in KINDS),
    }
)
"""What is counted at each place: codes of the Tasks that its page lists."""


@require_GET
@staff_only
def waiting(request: HttpRequest) -> JsonResponse:
    """``{address: {"n": 3, "words": "3 await you"}}`` for the places of her role where something waits
    that is hers, or nobody's at her unit.
    """
    session = access_session(request)
    counts = {
        place.address: _open_tasks(session, _KINDS[place.address])
        for place in places_of(session.role)
        if place.address in _KINDS
    }
    answer = JsonResponse(
        {reverse(address): {"n": n, "words": _words(n)} for address, n in counts.items() if n}
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _open_tasks(session: Session, codes: str) -> int:
    owners = f"{session.person},{session.unit}"
    query = [("owner", owners), ("status", _OPEN), ("code", codes), ("_summary", "count")]
    return records.search(session, "Task", query).total or 0


def _words(n: int) -> str:
    return ngettext("%(n)s awaits you", "%(n)s await you", n) % {"n": n}


__all__ = ["waiting"]
