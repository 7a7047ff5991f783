"""Opening an app from the chart of a patient."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from fellesjournal.access.smart.addresses import origin
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.access.smart.clients import launchable_clients
from fellesjournal.access.smart.launches import create_launch, launch_address
from fellesjournal.foundation.ui.headers import CONTENT_SECURITY_POLICY
from fellesjournal.surfaces.oauth import who
from fellesjournal.surfaces.oauth.answers import see_other
from fellesjournal.surfaces.oauth.endpoints import root_of
from fellesjournal.surfaces.oauth.who import signed_in_only


@require_http_methods(["GET", "POST"])
@signed_in_only
def apps_for_patient(request: HttpRequest, user: EndUser, patient_id: str) -> HttpResponse:
    """The apps that can be opened for a patient whom the person may see; open one."""
    found = who.seen(request, user, [patient_id])
    if not found:
        return who.page(request, "oauth/not_there.html", {}, status=404)
    apps = launchable_clients()
    if request.method == "POST":
        for app in apps:
            if app.client_id == request.POST.get("app"):
                session = who.session_about(request, user, patient_id)
                handle = create_launch(session, app, patient_id)
                return see_other(launch_address(app, handle, f"{root_of(request)}/fhir"))
    response = who.page(request, "oauth/launch.html", {"person": found[0], "apps": apps})
    places = " ".join(sorted({origin(app.launch_uri) for app in apps}))
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {places}".rstrip()
    )
    return response
