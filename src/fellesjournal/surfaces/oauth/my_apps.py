"""The page "Apps with access": what apps a person let in, and how to end it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.smart import authorizations, scopes, tokens
from fellesjournal.access.smart.authorizations import Authorization, EndUser
from fellesjournal.access.smart.clients import all_clients
from fellesjournal.surfaces.oauth import who, wording
from fellesjournal.surfaces.oauth.who import signed_in_only


@dataclass(frozen=True, slots=True)
class Access:
    """One thing a person agreed to, as the page shows it."""

    name: str
    about: str
    lines: list[wording.Line]
    since: datetime
    ends: datetime
    authorization: Authorization


@require_http_methods(["GET", "POST"])
@signed_in_only
def apps(request: HttpRequest, user: EndUser) -> HttpResponse:
    """List what apps hold now; end one of them."""
    live = authorizations.live_of(user.person)
    if request.method == "POST":
        wanted = request.POST.get("end", "")
        # only her own: the list was read for her
        for each in live:
            if str(each.id) == wanted:
                authorizations.revoke(each.id, "ended by the person")
                tokens.forget()
                messages.success(request, gettext("The access has ended."))
        return redirect("my-apps")
    names = {client.client_id: client.name for client in all_clients()}
    about = [each.patient for each in live if each.patient]
    patients = {person.id: person.name for person in who.seen(request, user, about)}
    shown = [
        Access(
            name=names.get(each.client_id, each.client_id),
            about=patients.get(each.patient, ""),
            lines=wording.lines(scopes.parse(each.scope)),
            since=_time(each.made),
            ends=_time(each.ends),
            authorization=each,
        )
        for each in live
    ]
    return who.page(request, "oauth/apps.html", {"shown": shown})


def _time(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
