"""All addresses that Django answers; /fhir is answered beside Django (see ``wsgi``)."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("fellesjournal.surfaces.clinic.urls")),
]
