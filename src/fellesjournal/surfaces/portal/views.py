"""HelsaMi's pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.identity.terms import accept
from fellesjournal.surfaces.portal.entering import TERMS_VERSION, citizen, in_helsami
from fellesjournal.surfaces.signing_in.signed_in import citizen_only


@require_GET
@in_helsami
def front(request: HttpRequest) -> HttpResponse:
    """The first page."""
    given = citizen(request).name.split(" ")[0]
    return render(request, "portal/front.html", {"given": given})


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
