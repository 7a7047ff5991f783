"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path, register_converter

from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.surfaces.signing_in import provider_views, session_views, views


class Kind:
    """``staff`` or ``citizen``."""

    regex = "staff|citizen"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class Named:
    """The name of a provider."""

    regex = "|".join(ProviderName)

    def to_python(self, value: str) -> ProviderName:
        """The provider's name as its type."""
        return ProviderName(value)

    def to_url(self, value: ProviderName) -> str:
        """As it is written."""
        return str(value)


register_converter(Kind, "kind_of_person")
register_converter(Named, "provider")

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/<kind_of_person:kind>/", views.start, name="sign-in-start"),
    path("sign-in/back/<provider:name>/", views.callback, name="sign-in-callback"),
    path("sign-in/done/", views.done, name="sign-in-done"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path(
        "sign-out/front-channel/<provider:name>/",
        provider_views.front_channel,
        name="front-channel-logout",
    ),
    path(
        "sign-out/back-channel/<provider:name>/",
        provider_views.back_channel,
        name="back-channel-logout",
    ),
    path("role/", session_views.role, name="role"),
    path("session/", session_views.state, name="session"),
    path("sessions/", session_views.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/end/", session_views.end_one, name="session-end"),
    path("sessions/end/", session_views.end_all, name="sessions-end"),
]
