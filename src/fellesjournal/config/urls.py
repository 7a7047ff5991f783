"""All addresses that Django answers; /fhir is answered beside Django (see ``wsgi``)."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("fellesjournal.surfaces.signing_in.urls")),
    path("", include("fellesjournal.surfaces.support.urls")),
    path("helsami/", include("fellesjournal.surfaces.portal.urls")),
    path("", include("fellesjournal.surfaces.oauth.urls")),
    path("", include("fellesjournal.surfaces.clinic.urls")),
    path("admin/", include("fellesjournal.surfaces.administration.urls")),
    path("leaders/", include("fellesjournal.surfaces.leaders.urls")),
]
handler500 = "fellesjournal.surfaces.failing.server_error"
if settings.STAND_IN:
    urlpatterns.append(path("stand-in/", include("fellesjournal.surfaces.stand_in.urls")))
if settings.DEBUG:
    urlpatterns.append(path("ui/", include("fellesjournal.surfaces.clinic.gallery")))
