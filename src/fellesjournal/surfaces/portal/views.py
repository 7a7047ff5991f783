"""HelsaMi's first pages, and whom one acts for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.citizens import control_of, opens
from fellesjournal.access.identity.terms import accept
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations.queries import own_messages, unread
from fellesjournal.care.homecare.coming import Coming, coming_on
from fellesjournal.care.medication.renewals.queries import CATEGORIES
from fellesjournal.care.medication.renewals.queries import unread as unread_renewals
from fellesjournal.care.privacy.actions import end_power
from fellesjournal.care.privacy.queries import acting_both_ways, whom_i_act_for
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.surfaces.portal.appointment_words import next_card
from fellesjournal.surfaces.portal.doors import CONTROL, FUNCTIONS, shown
from fellesjournal.surfaces.portal.entering import (
    TERMS_VERSION,
    act_for,
    citizen,
    in_helsami,
    open_session,
    own_id,
    page,
)
from fellesjournal.surfaces.portal.message_words import rows
from fellesjournal.surfaces.portal.renewal_words import answered
from fellesjournal.surfaces.portal.service_words import visit_word
from fellesjournal.surfaces.portal.wording import acting_rows
from fellesjournal.surfaces.signing_in.signed_in import citizen_only


@require_GET
@in_helsami
def front(request: HttpRequest) -> HttpResponse:
    """The first page."""
    given = citizen(request).name.split(" ")[0]
    session = open_session(request)
    messages = own_messages(session, *CATEGORIES) if opens(session, Area.MESSAGES) else []
    sees_medicines = opens(session, Area.MEDICATION)
    return page(
        request,
        "portal/front.html",
        {
            "given": given,
            "answers": rows(unread(session, messages), session.person),
            "renewals": answered(unread_renewals(session, messages)) if sees_medicines else [],
            "sees_letters": opens(session, Area.DOCUMENTS),
            "visits": _visits(session),
            "next_appointment": next_card(session),
            "may_open": acting_rows(whom_i_act_for(own_id(request)))
            if session.person == session.subject
            else [],
            "functions": shown(FUNCTIONS, session),
            "control": shown(CONTROL, session),
            "blocks_are_hers": session.person != session.subject and not control_of(session).blocks,
        },
    )


def _visits(session: Session) -> list[tuple[Coming, str, bool]]:
    """Today's visits of home care: each with its state in words, and whether her notes may tell of it."""
    reads = opens(session, Area.DOCUMENTS)
    return [
        (
            each,
            str(visit_word(each.visit.status, paused=each.is_paused)),
            reads and each.visit.status == "finished",
        )
        for each in coming_on(session, clock.today())
    ]


@require_http_methods(["GET", "POST"])
@citizen_only
def terms(request: HttpRequest) -> HttpResponse:
    """Accept the terms: asked for at the first sign-in."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST" and "accept" in request.POST:
        accept(citizen(request).person, TERMS_VERSION)
        safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
        return HttpResponseRedirect(after if safe else reverse("portal"))
    context = {"next": after, "missing": request.method == "POST"}
    return render(request, "portal/terms.html", context)


@require_GET
@in_helsami
def others(request: HttpRequest) -> HttpResponse:
    """Whom I may act for, and who may act for me."""
    for_others, for_her = acting_both_ways(own_id(request))
    whose = open_session(request).subject
    return page(
        request,
        "portal/others.html",
        {"others": acting_rows(for_others), "mine": acting_rows(for_her)},
        acting=next((each for each in for_others if f"Patient/{each.person}" == whose), None),
    )


@require_POST
@in_helsami
def switch(request: HttpRequest) -> HttpResponse:
    """Open another record, or one's own again: at its first page, or (``to``) at what is registered."""
    try:
        act_for(request, request.POST.get("person") or own_id(request))
    except NotAllowed:
        messages.warning(request, gettext("You can't act for that person."))
        return redirect("portal-others")
    return redirect("portal-own" if request.POST.get("to") == "own" else "portal")


@require_POST
@in_helsami
def take_back(request: HttpRequest, consent_id: str) -> HttpResponse:
    """End a power of attorney one has given."""
    end_power(open_session(request), consent_id)
    messages.success(
        request, gettext("The power of attorney has ended. It holds from this moment.")
    )
    return redirect("portal-others")
