"""Addresses of the authorization server."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.oauth import (
    authorizing,
    choosing,
    clients,
    endpoints,
    launching,
    my_apps,
    registering,
)

urlpatterns = [
    # protocol: the addresses stand in the discovery documents
    path("oauth/authorize", authorizing.begin, name="oauth-authorize"),
    path("oauth/token", endpoints.token, name="oauth-token"),
    path("oauth/introspect", endpoints.introspect, name="oauth-introspect"),
    path("oauth/revoke", endpoints.revoke, name="oauth-revoke"),
    path("oauth/jwks", endpoints.jwks, name="oauth-jwks"),
    path("oauth/style", endpoints.style, name="oauth-style"),
    path("oauth/register", registering.register, name="oauth-register"),
    # pages
    path("oauth/authorize/<str:key>/patient/", choosing.patient, name="oauth-patient"),
    path("oauth/authorize/<str:key>/encounter/", choosing.encounter, name="oauth-encounter"),
    path("oauth/authorize/<str:key>/consent/", authorizing.consent, name="oauth-consent"),
    path("oauth/launch/<str:patient_id>/", launching.apps_for_patient, name="patient-apps"),
    path("oauth/apps/", my_apps.apps, name="my-apps"),
    path("admin/clients/", clients.overview, name="clients"),
    path("admin/clients/new/", clients.new, name="client-new"),
    path("admin/clients/invitation/", clients.invitation, name="client-invitation"),
    path("admin/clients/<str:client_id>/", clients.one, name="client"),
]
